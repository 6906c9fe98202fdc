"""The lifecycle of a contact 来访, as one table. A row that is not here is refused.

``sources`` is empty for an act that opens a contact. ``target`` None: the state stays; that of ``settle`` is reached
with the last errand. ``who``: resident (with number and code, or before the kiosk), clerk (at the window), owner (of
the contact), holder (of the post it is handed to), system. ``powers`` are asked of members of staff.
"""

from mingtang.hall.enums import ContactState as S
from mingtang.lib.lifecycle import Row
from mingtang.people.enums import Permission as P

INTAKE = (P.CASE_INTAKE,)
FIRST, NUMBERS, RULE = "首问责任制", "house rule: 号号有下落", "house rule: published rule of calling"
RESIDENT, TOLD = ("resident",), ("resident", "clerk")

CONTACT: dict[str, Row] = {
    "take": Row((), S.WAITING, RESIDENT, (), "取号", NUMBERS),
    "book": Row((), S.BOOKED, RESIDENT, (), "预约", NUMBERS),
    "enter_slip": Row((), S.OWNED, ("clerk",), INTAKE, "登记号单", NUMBERS),
    "receive": Row((), S.OWNED, ("clerk",), INTAKE, "当面接待", FIRST),
    "check_in": Row((S.BOOKED,), S.WAITING, TOLD, INTAKE, "报到", RULE),
    "call": Row((S.WAITING,), S.CALLED, ("clerk",), INTAKE, "叫号", RULE),
    "recall": Row((S.CALLED,), None, ("clerk",), INTAKE, "再叫一次", RULE),
    "skip": Row((S.CALLED,), S.PASSED, ("clerk",), INTAKE, "过号", RULE),
    "come_back": Row((S.PASSED,), S.WAITING, TOLD, INTAKE, "过号回来", RULE),
    "start": Row((S.CALLED,), S.OWNED, ("clerk",), INTAKE, "开始接待", FIRST),
    "add": Row((S.OWNED,), None, ("owner",), INTAKE, "加办一件", NUMBERS),
    "settle": Row((S.OWNED,), S.ENDED, ("owner",), (P.CASE_INTAKE, P.CASE_WORK), "写明下落", FIRST),
    "forward": Row((S.OWNED,), S.WAITING, ("owner",), INTAKE, "到别的窗口接着办", FIRST),
    "offer": Row((S.OWNED,), S.HANDING_OVER, ("owner",), (P.CASE_INTAKE, P.CASE_WORK), "转交", FIRST),
    "take_over": Row((S.HANDING_OVER,), S.OWNED, ("holder",), (P.CASE_INTAKE, P.CASE_WORK), "接下", FIRST),
    "decline": Row((S.HANDING_OVER,), S.OWNED, ("holder",), (P.CASE_INTAKE, P.CASE_WORK), "退回", FIRST),
    "leave": Row((S.WAITING, S.CALLED, S.PASSED), S.ENDED, RESIDENT, (), "不等了", NUMBERS),
    "nobody": Row((S.WAITING, S.CALLED, S.PASSED), S.ENDED, RESIDENT, (), "窗口没人，走了", NUMBERS),
    "cancel": Row((S.BOOKED,), S.ENDED, RESIDENT, (), "取消预约", NUMBERS),
    "withdraw": Row(
        (S.OWNED, S.HANDING_OVER), S.ENDED, ("resident", "owner"), (P.CASE_INTAKE, P.CASE_WORK), "收回委托", NUMBERS
    ),
    "close_day": Row((S.BOOKED, S.WAITING, S.CALLED, S.PASSED), S.ENDED, ("system",), (), "当天没等到", NUMBERS),
}
