"""The lifecycle of an order 代办单, as one table, and what an agent promises. A row that is not here is refused.

``sources`` is empty for an act that opens an order. ``target`` None: the state stays. ``who``: resident (with number
and code), clerk (who writes down a telephone call), agent (holds a post of the order's station), window (the post the
order was handed to), holder and taker (the post that holds an original, and the one it is offered to).
"""

from dataclasses import dataclass

from mingtang.agents.enums import OrderState as S
from mingtang.lib.lifecycle import Row
from mingtang.people.enums import Permission as P

LIVE = (S.ASKED, S.TAKEN, S.HANDING_IN, S.HANDED_IN, S.COLLECTED)
BEGUN = (S.TAKEN, S.HANDING_IN, S.HANDED_IN, S.COLLECTED, S.DELIVERED, S.WITHDRAWN, S.NOT_POSSIBLE)
INTAKE, AGENT, WINDOW = (P.CASE_INTAKE,), ("agent",), ("window",)
BY_AGENT, MANDATE = "许可法 29（委托代理人）", "民法典 173（取消委托）"
NOTICE, FREE = "许可法 32（一次性告知）", "house rule: 免费代办，限时办结"
CHAIN = "house rule: 原件交接有人签收"

ORDER: dict[str, Row] = {
    "ask": Row((), S.ASKED, ("resident", "clerk"), INTAKE, "申请代办", FREE),
    "begin": Row((), S.TAKEN, AGENT, INTAKE, "当面接单", BY_AGENT),
    "take": Row((S.ASKED,), S.TAKEN, AGENT, INTAKE, "接单", BY_AGENT),
    "decline": Row((S.ASKED,), S.DECLINED, AGENT, INTAKE, "不接单", FREE),
    "renew": Row((S.TAKEN, S.HANDING_IN, S.HANDED_IN, S.COLLECTED), None, AGENT, INTAKE, "重新签委托", BY_AGENT),
    "entrust": Row((S.TAKEN, S.HANDED_IN), None, AGENT, INTAKE, "再收原件", CHAIN),
    "hand_in": Row((S.TAKEN,), S.HANDING_IN, AGENT, INTAKE, "交窗口", BY_AGENT),
    "take_back": Row((S.HANDING_IN,), S.TAKEN, AGENT, INTAKE, "取回", CHAIN),
    "receive": Row((S.HANDING_IN,), S.HANDED_IN, WINDOW, INTAKE, "接收", CHAIN),
    "send_back": Row((S.HANDING_IN,), S.TAKEN, WINDOW, INTAKE, "退回代办员", CHAIN),
    "submit": Row((S.TAKEN, S.HANDED_IN), S.HANDED_IN, ("agent", "window"), INTAKE, "收件", BY_AGENT),
    "collect": Row((S.HANDED_IN,), S.COLLECTED, AGENT, INTAKE, "领取结果", BY_AGENT),
    "deliver": Row((S.COLLECTED,), S.DELIVERED, AGENT, INTAKE, "送到本人", FREE),
    "not_possible": Row((S.TAKEN, S.HANDED_IN), S.NOT_POSSIBLE, ("agent", "window"), INTAKE, "办不了", NOTICE),
    "withdraw": Row(LIVE, S.WITHDRAWN, ("resident", "agent"), INTAKE, "收回委托", MANDATE),
    "offer_papers": Row(BEGUN, None, ("holder",), INTAKE, "交出原件", CHAIN),
    "accept_papers": Row(BEGUN, None, ("taker",), INTAKE, "签收原件", CHAIN),
    "refuse_papers": Row(BEGUN, None, ("holder", "taker"), INTAKE, "不签收原件", CHAIN),
    "settle_lost": Row(BEGUN, None, ("holder",), INTAKE, "了结丢失的原件", "民法典 929；house rule: 原件丢了我们赔"),
    "return_papers": Row(BEGUN, None, ("holder",), INTAKE, "还给本人", CHAIN),
}


@dataclass(frozen=True)
class Promise:
    """Within how many working days what is done, and by whom. A house rule, printed on the slip."""

    days: int
    what: str
    who: str


# What a resident may let the agent do; money is never part of it.
SCOPE = {"hands_in": "递交材料", "answers": "补交材料", "collects": "领取结果"}
# For how many days an original may be away from its owner before the list turns red. A house rule.
KEEP_DAYS = 5
READY = "ready"  # handed in, and every case is decided or ended
PROMISES: dict[str, Promise] = {
    S.ASKED: Promise(2, "接单", "代办员"),
    S.TAKEN: Promise(3, "交到窗口", "代办员"),
    S.HANDING_IN: Promise(1, "接收", "窗口"),
    S.HANDED_IN: Promise(1, "收件", "窗口"),
    READY: Promise(3, "领取结果", "代办员"),
    S.COLLECTED: Promise(3, "送到本人", "代办员"),
}
