"""The lifecycle of a case: every act of the law, as one table. A row that is not here is refused.

``sources`` is empty for an act that begins a case. ``target`` None: the state stays. ``who``: applicant, clerk (at the
window), owner (of the step), decider, head, office, justice, system. ``powers``: what a member of staff must hold.
"""

from mingtang.cases.enums import CaseState as S
from mingtang.lib.lifecycle import Row
from mingtang.people.enums import Permission as P

OPEN = (S.DRAFT, S.SUBMITTED, S.SUPPLEMENT_DUE, S.ACCEPTED, S.SUSPENDED, S.REPORTED_UP, S.DECIDED)
ENDED_EARLY = (S.NOT_ACCEPTED, S.NOT_REQUIRED, S.PASSED_ON, S.WITHDRAWN, S.LAPSED)


INTAKE, WORK, DECIDE = (P.CASE_INTAKE,), (P.CASE_WORK,), (P.CASE_DECIDE,)

CASE: dict[str, Row] = {
    "submit": Row((), S.SUBMITTED, ("applicant", "clerk"), INTAKE, "提交申请", "许可法 29, 32"),
    "open_ex_officio": Row((), S.ACCEPTED, ("office",), WORK, "依职权启动", "社会救助暂行办法 17"),
    "verify_pledge": Row((S.DECIDED, S.CLOSED), None, ("owner", "head"), WORK + DECIDE, "核查承诺", "安阳条例 25–29"),
    "correct_on_the_spot": Row((S.SUBMITTED,), None, ("applicant", "clerk"), INTAKE, "当场更正", "许可法 32(三)"),
    "request_supplement": Row((S.SUBMITTED,), S.SUPPLEMENT_DUE, ("clerk",), INTAKE, "一次性告知", "许可法 32(四)"),
    "remind": Row((S.SUPPLEMENT_DUE,), None, ("clerk",), INTAKE, "提醒补正", "item's basis: before a lapse"),
    "supply": Row((S.SUPPLEMENT_DUE,), None, ("applicant", "clerk"), INTAKE, "补交材料", "许可法 32(五)"),
    "supply_complete": Row(
        (S.SUPPLEMENT_DUE,), S.SUBMITTED, ("applicant", "clerk", "system"), INTAKE, "补正完成", "许可法 32(五)"
    ),
    "accept": Row((S.SUBMITTED,), S.ACCEPTED, ("clerk",), INTAKE, "受理", "许可法 32"),
    "hand_in_deferred": Row(
        (S.ACCEPTED, S.SUSPENDED), None, ("applicant", "clerk"), INTAKE, "补交容缺材料", "许可法 32；安阳条例 24"
    ),
    "miss_deferred": Row((S.ACCEPTED, S.SUSPENDED), None, ("system",), (), "容缺到期没有补交", "安阳条例 24"),
    "accept_by_silence": Row((S.SUBMITTED,), S.ACCEPTED, ("system",), (), "逾期未告知，视为受理", "许可法 32(四)"),
    "not_required": Row((S.SUBMITTED,), S.NOT_REQUIRED, ("clerk",), INTAKE, "告知不需要办理", "许可法 32(一)"),
    "pass_on": Row((S.SUBMITTED,), S.PASSED_ON, ("clerk",), INTAKE, "转办", "社会救助暂行办法 60"),
    "not_accept": Row((S.SUBMITTED,), S.NOT_ACCEPTED, ("decider",), DECIDE, "不予受理", "许可法 32, 78, 79"),
    "charge": Row(
        (S.ACCEPTED, S.SUSPENDED, S.REPORTED_UP, S.DECIDED),
        None,
        ("clerk", "office"),
        (*INTAKE, P.MONEY_MATCH),
        "发出缴款通知",
        "许可法 58–59；营商条例 25",
    ),
    "opinion": Row((S.ACCEPTED,), None, ("owner",), WORK, "出具意见", "许可法 34"),
    "recuse": Row(OPEN[1:], None, ("owner", "clerk", "head"), INTAKE + WORK + DECIDE, "回避", "公务员法 76；许可法 48"),
    "record_authority": Row(OPEN[1:], None, ("clerk",), INTAKE, "登记委托变动", "民法典 165, 173；许可法 29"),
    "return_for_redo": Row((S.ACCEPTED,), None, ("decider", "head"), DECIDE, "退回重办", "house rule"),
    "tell_interested_party": Row((S.ACCEPTED,), None, ("owner",), WORK, "告知利害关系人", "许可法 36, 47"),
    "record_views": Row((S.ACCEPTED, S.SUSPENDED), None, ("owner",), WORK, "记录利害关系人的答复", "许可法 36, 47"),
    "record_hearing": Row(
        (S.ACCEPTED, S.SUSPENDED), None, ("owner", "head"), WORK + DECIDE + (P.CASE_READ,), "登记听证笔录", "许可法 48"
    ),
    "hold_hearing": Row((S.ACCEPTED,), S.SUSPENDED, ("head",), DECIDE, "组织听证", "许可法 46–48"),
    "suspend": Row((S.ACCEPTED,), S.SUSPENDED, ("head",), DECIDE, "启动特别程序", "许可法 45"),
    "resume": Row((S.SUSPENDED,), S.ACCEPTED, ("head", "system"), DECIDE, "恢复办理", "许可法 45"),
    "extend": Row((S.ACCEPTED,), None, ("head",), DECIDE, "延期", "许可法 42；营商条例 36"),
    "explain_delay": Row(
        (S.SUBMITTED, S.ACCEPTED, S.SUSPENDED, S.DECIDED),
        None,
        ("owner", "clerk", "decider"),
        INTAKE + WORK + DECIDE,
        "说明晚的原因",
        "营商条例 36",
    ),
    "send_up": Row((S.ACCEPTED,), S.REPORTED_UP, ("head",), DECIDE, "报送上级", "许可法 43"),
    "record_result": Row((S.REPORTED_UP,), S.DECIDED, ("head",), DECIDE, "登记上级决定", "许可法 35, 43"),
    "take_back": Row((S.REPORTED_UP,), S.ACCEPTED, ("head",), DECIDE, "上级退回", "许可法 35, 43"),
    "decide": Row((S.ACCEPTED,), S.DECIDED, ("decider",), DECIDE, "作出决定", "许可法 37–39, 24"),
    "serve": Row((S.DECIDED,), S.CLOSED, ("clerk",), INTAKE, "送达", "许可法 44"),
    "withdraw": Row(OPEN[1:], S.WITHDRAWN, ("applicant",), INTAKE, "撤回申请", "house rule: any open state"),
    "lapse": Row((S.SUPPLEMENT_DUE,), S.LAPSED, ("head",), DECIDE, "视为放弃", "item's basis"),
    "rebase": Row(
        (S.SUBMITTED, S.SUPPLEMENT_DUE, S.ACCEPTED), None, ("head",), DECIDE, "适用新法", "法释〔2009〕20号 9"
    ),
    "enter_ruling": Row(
        (S.CLOSED, S.DECIDED, S.NOT_ACCEPTED, S.NOT_REQUIRED, S.LAPSED),
        None,
        ("justice", "office"),
        (P.ITEM_APPROVE,),
        "登记复议或者诉讼结果",
        "复议法 63–67；行诉法 70, 72",
    ),
    "self_correct": Row(
        (S.CLOSED, S.DECIDED, S.NOT_ACCEPTED, S.NOT_REQUIRED, S.WITHDRAWN),
        S.ACCEPTED,
        ("head",),
        DECIDE,
        "自行纠正",
        "许可法 8",
    ),
    "take_in_again": Row((S.WITHDRAWN, S.LAPSED), S.SUBMITTED, ("head",), DECIDE, "重新审查材料", "许可法 8, 32"),
    "correct_clerical_error": Row((S.DECIDED, S.CLOSED), None, ("decider",), DECIDE, "更正笔误", "house rule"),
    "archive": Row((S.CLOSED,), None, ("office",), (P.CASE_READ,), "归档", "在线规定 12"),
}
