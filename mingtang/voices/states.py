"""The lifecycle of an obstacle 办不成事, as one table. A row that is not here is refused.

``sources`` is empty for the act that opens one. ``target`` None: the state stays. ``who``: resident, clerk (who is
told), owner (holds the post that answers for it), holder (of the post it is handed to), head. Every end is one of four.
"""

from mingtang.lib.lifecycle import Row
from mingtang.people.enums import Permission as P
from mingtang.voices.enums import MatterState as M
from mingtang.voices.enums import ObstacleState as S

# Whoever serves people, keeps a rule or answers for one.
WORKING = (P.CASE_INTAKE, P.CASE_WORK, P.CASE_DECIDE, P.WINDOW_RUN, P.ITEM_AGREE, P.ITEM_DECIDE)
# To say publicly that a thing cannot be done is for those who answer for the rule.
ANSWERING = (P.CASE_DECIDE, P.WINDOW_RUN, P.ITEM_AGREE, P.ITEM_DECIDE)
DESK, FIRST, END = (
    "国发〔2022〕5号：办不成事反映窗口",
    "首问责任制",
    "house rule: no end without a cause mended or named",
)

OBSTACLE: dict[str, Row] = {
    "report": Row((), S.OPEN, ("resident", "clerk"), (P.CASE_INTAKE,), "反映办不成的事", DESK),
    "sort": Row((S.OPEN,), None, ("owner",), WORKING, "归类", "house rule: counted by reason and unit"),
    "offer": Row((S.OPEN,), S.HANDING_OVER, ("owner",), WORKING, "转交", FIRST),
    "take_over": Row((S.HANDING_OVER,), S.OPEN, ("holder",), WORKING, "接下", FIRST),
    "decline": Row((S.HANDING_OVER,), S.OPEN, ("holder",), WORKING, "退回", FIRST),
    "assign": Row((S.OPEN, S.HANDING_OVER), S.OPEN, ("head",), (P.WINDOW_RUN,), "指定负责的岗位", FIRST),
    "solve": Row((S.OPEN,), S.ENDED, ("owner",), WORKING, "写明办成了", END),
    "change": Row((S.OPEN,), S.ENDED, ("owner",), WORKING, "提出改规定", END),
    "explain": Row((S.OPEN,), S.ENDED, ("owner",), ANSWERING, "公布办不成的理由", END),
    "pass_on": Row((S.OPEN,), S.ENDED, ("owner",), WORKING, "转给有权办的机关", END),
}

WATCHED = "政务公开工作规划 二（二）：便于群众监督；house rule: who is challenged does not close it alone"
AGAIN = "反馈回应制；house rule: nobody looks twice at their own answer"
SAYS = "政务公开工作规划 二（二）：投诉、建议、咨询和求助"
# 诉求: what somebody wants of a public utility. Besides residents, with the code: keeper of the unit, the office.
MATTER: dict[str, Row] = {
    "tell": Row((), M.OPEN, ("resident",), (), "反映", SAYS),
    "answer": Row((M.OPEN,), M.ANSWERED, ("keeper",), (P.TENANT_KEEP,), "答复", SAYS),
    "accept": Row((M.ANSWERED,), M.ENDED, ("resident",), (), "认可答复", "反馈回应制"),
    "dispute": Row((M.ANSWERED,), M.DISPUTED, ("resident",), (), "不认可答复", "反馈回应制"),
    # 核对 alone: the challenged unit says how it was, another person of the office ends it.
    "challenge": Row((), M.OPEN, ("resident",), (), "反映不一样", WATCHED),
    "propose": Row(
        (M.OPEN,), M.PROPOSED, ("keeper",), (P.TENANT_KEEP, P.ITEM_AGREE, P.ITEM_DECIDE), "答复核对", WATCHED
    ),
    "confirm": Row((M.PROPOSED,), M.ENDED, ("office",), (P.OVERSEE,), "认定", WATCHED),
    "send_back": Row((M.PROPOSED,), M.OPEN, ("office",), (P.OVERSEE,), "退回重答", WATCHED),
    # Once: who was not content with how a challenge ended is answered by a third person.
    "ask_again": Row((M.ENDED,), M.DISPUTED, ("resident",), (), "请再核对一次", AGAIN),
    "decide_again": Row((M.DISPUTED,), M.ENDED, ("head", "justice"), (P.ITEM_DECIDE, P.ITEM_APPROVE), "再核对", AGAIN),
    "rule": Row((M.DISPUTED,), M.ENDED, ("office",), (P.OVERSEE,), "复核", "信息公开条例 55：可以向主管部门申诉"),
}
