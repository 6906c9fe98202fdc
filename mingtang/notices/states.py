"""The way of a message, as one table. A row that is not here is refused.

``who``: system (the sender) or staff. An unclear answer leads back to waiting, at a later time; a clear no, or the last
attempt, to failed, where a person decides.
"""

from mingtang.lib.lifecycle import Row
from mingtang.notices.enums import MessageState as S
from mingtang.people.enums import Permission as P

SYSTEM, SEND, RULE = ("system",), (P.NOTICE_SEND,), "house rule: ADR 0019"

MESSAGE: dict[str, Row] = {
    "queue": Row((), S.WAITING, SYSTEM, (), "排队", RULE),
    "claim": Row((S.WAITING, S.SENDING), S.SENDING, SYSTEM, (), "取出来发", RULE),
    "sent": Row((S.SENDING,), S.SENT, SYSTEM, (), "发出", RULE),
    "again": Row((S.SENDING,), S.WAITING, SYSTEM, (), "过一会儿再发", RULE),
    "lapse": Row((S.SENDING,), S.GIVEN_UP, SYSTEM, (), "过了时候，不再发", "house rule: ADR 0026"),
    "fail": Row((S.SENDING,), S.FAILED, SYSTEM, (), "没有发成", RULE),
    "retry": Row((S.FAILED,), S.WAITING, ("staff",), SEND, "再发一次", RULE),
    "to_paper": Row((S.WAITING, S.FAILED), S.WAITING, ("staff",), SEND, "改成寄信", RULE),
    "give_up": Row((S.WAITING, S.FAILED), S.GIVEN_UP, ("staff",), SEND, "不再发", RULE),
    "drop": Row((S.WAITING, S.FAILED), S.GIVEN_UP, ("addressee",), (), "本人不想再收", "个人信息保护法 15"),
    "printed": Row((S.WAITING,), S.PRINTED, ("staff",), SEND, "登记打印寄出", RULE),
}
ENDED = (S.SENT, S.PRINTED, S.GIVEN_UP)
