"""Rule packs: the limits of the law as data, each with the dates between which it selects.

A rule is chosen by the day its ``anchor`` names: intake and limits by the day of receipt, publication by the day the
information came into being, remedies by the day of the decision. ``mark`` says what stands behind it: only ``law`` is
printed as law; ``model`` is another place's rule, ``own`` our undertaking, ``unread`` a text nobody here has read yet.

Periodic duties (quarterly village affairs, annual reports) are no clocks and live with their columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal

from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.workdays.calendar import UNIT_NAMES, Owner, Unit

Mark = Literal["law", "model", "own", "unread"]
Anchor = Literal["receipt", "coming_into_being", "decision", "expiry"]
Sense = Literal["at_most", "at_least", "before"]

LICENCE_LAW = "中华人民共和国行政许可法"
INFORMATION = "中华人民共和国政府信息公开条例"
PETITIONS_2005 = "信访条例"
PETITIONS_2022 = "信访工作条例"
REVIEW_LAW = "中华人民共和国行政复议法"
LITIGATION_LAW = "中华人民共和国行政诉讼法"


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit. ``amount`` of ``unit`` from ``starts``; valid from ``valid_from`` to the day before ``valid_to``.

    ``sense``: at most (a limit), at least (a minimum posting period, runs full), before (counted back from ``starts``).
    ``owner``: whose limit it is; a person's last day moves off a rest day. ``extension`` is the most it may grow, in
    the same unit, once, by ``extension_by``. ``on_lapse``: what follows when it passes.
    """

    id: str
    title: str
    starts: str
    amount: int
    unit: Unit
    law: str
    article: str
    mark: Mark = "law"
    anchor: Anchor = "receipt"
    owner: Owner = "organ"
    sense: Sense = "at_most"
    extension: int = 0
    extension_by: str = ""
    on_lapse: str = ""
    valid_from: date = date(1949, 10, 1)
    valid_to: date | None = None
    note: str = ""

    @property
    def limit(self) -> str:
        """``20个工作日``: the amount with its unit."""
        return f"{self.amount}{UNIT_NAMES[self.unit]}"

    @property
    def basis(self) -> tuple[str, str]:
        """Law and article."""
        return self.law, self.article

    @property
    def citation(self) -> str:
        """The basis as a page or paper may print it; empty when it may not be printed as law (law-check, head note)."""
        return f"《{self.law}》{self.article}" if self.mark == "law" else ""

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


_FOI_2019 = date(2019, 5, 15)
_FOI_2007 = date(2008, 5, 1)
_XF_2022 = date(2022, 5, 1)
_XF_2005 = date(2005, 5, 1)
_REVIEW_2023 = date(2024, 1, 1)
_LICENCE = date(2004, 7, 1)
_FROM_MEMORY = "凭记忆录入，未核对原文，不得作为法定依据印出。"

# The packs are tables: kept one rule to a line or two, which the formatter would spread over ten.
# fmt: off
_LICENCES = (
    Rule("LIC_CORRECT", "一次性告知补正", "收到材料", 5, "working_days", LICENCE_LAW, "第三十二条第一款第四项",
         on_lapse="逾期不告知的，自收到申请材料之日起即为受理"),
    Rule("LIC_NOT_OURS", "告知不受理或者不属本机关职权", "收到材料", 0, "working_days", LICENCE_LAW,
         "第三十二条第一款第一、二项", note="即时告知，当日为限。"),
    Rule("LIC_DECIDE", "作出行政许可决定", "受理", 20, "working_days", LICENCE_LAW, "第四十二条第一款",
         extension=10, extension_by="本行政机关负责人"),
    Rule("LIC_JOINT", "统一、联合或者集中办理", "受理", 45, "working_days", LICENCE_LAW, "第四十二条第二款",
         extension=15, extension_by="本级人民政府负责人",
         note="限两个以上机关各有职权、且本级政府决定统一、联合或者集中办理的事项。"),
    Rule("LIC_PRELIM", "下级机关审查后报送上级", "受理", 20, "working_days", LICENCE_LAW, "第四十三条"),
    Rule("LIC_DELIVER", "颁发、送达行政许可证件", "作出决定", 10, "working_days", LICENCE_LAW, "第四十四条",
         note="第四十四条只管准予许可的证件；不予许可的决定照此送达是本镇自定。"),
    Rule("LIC_HEAR_REQ", "提出听证申请", "被告知听证权利", 5, "working_days", LICENCE_LAW, "第四十七条第一款",
         owner="person", on_lapse="视为放弃听证", note="当事人的期限，从宽按工作日计算。"),
    Rule("LIC_HEAR_HOLD", "组织听证", "收到听证申请", 20, "working_days", LICENCE_LAW, "第四十七条第一款"),
    Rule("LIC_HEAR_NOTICE", "举行听证前通知", "举行听证", 7, "working_days", LICENCE_LAW, "第四十八条第一款第一项",
         sense="before"),
    Rule("LIC_INSPECT", "指派两名以上工作人员检验、检测、检疫", "受理", 5, "working_days", LICENCE_LAW,
         "第五十五条第二款"),
    Rule("LIC_RENEW", "申请延续有效期", "有效期届满", 30, "calendar_days", LICENCE_LAW, "第五十条", owner="person",
         sense="before", anchor="expiry", on_lapse="届满前未作决定的，视为准予延续"),
)

_PROCEDURE = "湖南省行政程序规定"
_PROC_NOTE = "只见摘录；期限是工作日还是自然日、历次修改均未核对原文。"
_PROVINCE = (
    Rule("PROC_ONE", "依申请的行政执法行为", "受理", 20, "working_days", _PROCEDURE, "第八十一条", mark="unread",
         extension=10, extension_by="本机关负责人", note=_PROC_NOTE),
    Rule("PROC_JOINT", "两个以上部门办理", "受理", 45, "working_days", _PROCEDURE, "第八十一条", mark="unread",
         extension=15, extension_by="本级人民政府负责人", note=_PROC_NOTE),
    Rule("PROC_LEVEL", "下级或者上级审查", "受理", 20, "working_days", _PROCEDURE, "第八十一条", mark="unread",
         note=_PROC_NOTE),
    Rule("PROC_EXOFFICIO", "依职权的行政执法行为", "立案", 60, "working_days", _PROCEDURE, "第八十一条", mark="unread",
         extension=30, extension_by="本机关负责人", note=_PROC_NOTE),
)

_INFORMATION_2007 = (
    Rule("PUB", "主动公开政府信息", "信息形成或者变更", 20, "working_days", INFORMATION, "（2007年）第十八条",
         mark="unread", anchor="coming_into_being", valid_from=_FOI_2007, valid_to=_FOI_2019, note=_FROM_MEMORY),
    Rule("FOI_REPLY", "答复信息公开申请", "收到申请", 15, "working_days", INFORMATION, "（2007年）第二十四条",
         mark="unread", extension=15, extension_by="政府信息公开工作机构负责人", valid_from=_FOI_2007,
         valid_to=_FOI_2019, note=_FROM_MEMORY),
)

_INFORMATION_2019 = tuple(
    replace(rule, valid_from=_FOI_2019)
    for rule in (
        Rule("PUB", "主动公开政府信息", "信息形成或者变更", 20, "working_days", INFORMATION, "第二十六条",
             anchor="coming_into_being", on_lapse="逾期预警"),
        Rule("FOI_CORRECT", "告知补正申请", "收到申请", 7, "working_days", INFORMATION, "第三十条"),
        Rule("FOI_REPLY", "答复信息公开申请", "收到申请或者补正", 20, "working_days", INFORMATION, "第三十三条第二款",
             extension=20, extension_by="政府信息公开工作机构负责人", on_lapse="视为未履行答复义务"),
        Rule("FOI_3P", "第三方提出意见", "收到征求意见书", 15, "working_days", INFORMATION, "第三十二条",
             owner="person", on_lapse="由行政机关决定是否公开"),
        Rule("FOI_COAGENCY", "共同制作机关提出意见", "收到征求意见书", 15, "working_days", INFORMATION, "第三十四条",
             on_lapse="视为同意公开"),
        Rule("FOI_RECORD", "更正与本人有关的信息", "收到更正申请", 20, "working_days", "", "", mark="own",
             note="第四十一条没有规定期限，二十个工作日是本镇自定。"),
    )
)

_REMEDIES = (
    Rule("FOI_APPEAL", "申请行政复议", "知道或者应当知道该行为", 60, "calendar_days", REVIEW_LAW, "第二十条第一款",
         owner="person", anchor="decision", valid_from=_REVIEW_2023,
         note="不予公开、逾期不答复须先申请复议（第二十三条）；没有告知权利的，最长一年（第二十条）。"),
    Rule("FOI_APPEAL", "申请行政复议", "知道该行为", 60, "calendar_days", REVIEW_LAW, "（2017年）第九条", mark="unread",
         owner="person", anchor="decision", valid_to=_REVIEW_2023, note=_FROM_MEMORY),
    Rule("SUIT_AFTER_REVIEW", "不服复议决定提起诉讼", "收到复议决定书", 15, "calendar_days", LITIGATION_LAW,
         "第四十五条", owner="person", anchor="decision", valid_from=date(2015, 5, 1)),
    Rule("SUIT", "直接提起诉讼", "知道或者应当知道该行为", 6, "months", LITIGATION_LAW, "第四十六条第一款",
         owner="person", anchor="decision", valid_from=date(2015, 5, 1)),
    Rule("SERVE_PUBLIC", "公告送达", "发布公告", 30, "calendar_days", "中华人民共和国民事诉讼法", "第九十五条",
         sense="at_least", valid_from=date(2022, 1, 1)),
    Rule("SERVE_PUBLIC", "公告送达", "发布公告", 60, "calendar_days", "中华人民共和国民事诉讼法",
         "（2017年）第九十二条", mark="unread", sense="at_least", valid_to=date(2022, 1, 1), note=_FROM_MEMORY),
)


def _petitions(law: str, notice: str, done: str, review: str, recheck: str) -> tuple[Rule, ...]:
    """The same 15, 60 + 30 and 30 days stand in both regulations; only the articles differ."""
    return (
        Rule("XF_NOTICE", "书面告知是否受理", "收到信访事项", 15, "calendar_days", law, notice),
        Rule("XF_DONE", "办结信访事项", "受理", 60, "calendar_days", law, done, extension=30,
             extension_by="本机关、单位负责人",
             note="只管有权处理的投诉请求；建议和另有法定程序的事项依其规定。"),
        Rule("XF_REVIEW", "请求复查", "收到书面答复", 30, "calendar_days", law, review, owner="person",
             anchor="decision", on_lapse="信访程序终结"),
        Rule("XF_REVIEW_DONE", "答复复查请求", "收到复查请求", 30, "calendar_days", law, review),
        Rule("XF_RECHECK", "请求复核", "收到复查意见", 30, "calendar_days", law, recheck, owner="person",
             anchor="decision", on_lapse="信访程序终结"),
        Rule("XF_RECHECK_DONE", "答复复核请求", "收到复核请求", 30, "calendar_days", law, recheck),
    )


_PETITION_RULES_2005 = tuple(
    replace(rule, valid_from=_XF_2005, valid_to=_XF_2022)
    for rule in _petitions(PETITIONS_2005, "第二十二条第二款", "第三十三条", "第三十四条", "第三十五条")
)
_PETITION_RULES_2022 = tuple(
    replace(rule, valid_from=_XF_2022)
    for rule in (
        *_petitions(PETITIONS_2022, "第二十三条", "第三十四条", "第三十五条", "第三十六条"),
        Rule("XF_OBJECT", "对转送、交办提出异议", "收到转送、交办", 5, "working_days", PETITIONS_2022, "第二十三条",
             on_lapse="由收到的机关办理"),
    )
)

_PROCUREMENT = "中华人民共和国政府采购法实施条例"
_TENDER = "中华人民共和国招标投标法实施条例"
_LAND = "中华人民共和国土地管理法实施条例"
_DECISIONS = "重大行政决策程序暂行条例"
_LAND_NOTE = "责任主体是县级以上人民政府，本镇负责张贴并留存张贴证明。"
_OPEN = (
    Rule("BUDGET", "公开预算、决算", "批复", 20, "calendar_days", "中华人民共和国预算法", "第十四条",
         anchor="coming_into_being", valid_from=date(2015, 1, 1)),
    Rule("TENDER_CAND", "公示中标候选人", "收到评标报告", 3, "calendar_days", _TENDER, "第五十四条",
         valid_from=date(2012, 2, 1)),
    Rule("TENDER_SHOW", "中标候选人公示期", "开始公示", 3, "calendar_days", _TENDER, "第五十四条", sense="at_least",
         valid_from=date(2012, 2, 1)),
    Rule("TENDER_OBJECTION", "答复公示期内的异议", "收到异议", 3, "calendar_days", _TENDER, "第五十四条",
         valid_from=date(2012, 2, 1)),
    Rule("PROC_RESULT", "公告中标、成交结果", "中标、成交供应商确定", 2, "working_days", _PROCUREMENT, "第四十三条",
         valid_from=date(2015, 3, 1)),
    Rule("PROC_CONTRACT", "公告政府采购合同", "合同签订", 2, "working_days", _PROCUREMENT, "第五十条",
         valid_from=date(2015, 3, 1)),
    Rule("PROC_SINGLE", "单一来源采购公示期", "开始公示", 5, "working_days", _PROCUREMENT, "第三十八条",
         sense="at_least", valid_from=date(2015, 3, 1)),
    Rule("LAND_PRE", "征收土地预公告", "发布预公告", 10, "working_days", _LAND, "第二十六条", sense="at_least",
         valid_from=date(2021, 9, 1), note=_LAND_NOTE),
    Rule("LAND_PLAN", "征地补偿安置方案公告", "发布公告", 30, "calendar_days", _LAND, "第二十八条", sense="at_least",
         valid_from=date(2021, 9, 1), note=_LAND_NOTE),
    Rule("LAND_FINAL", "发布征收土地公告", "收到批准文件", 15, "working_days", _LAND, "第三十一条",
         valid_from=date(2021, 9, 1), note=_LAND_NOTE),
    Rule("DECISION_DRAFT", "决策草案公开征求意见", "公布草案", 30, "calendar_days", _DECISIONS, "第十五条",
         sense="at_least", valid_from=date(2019, 9, 1),
         note="一般不少于三十日，缩短须说明理由；条例约束县级以上政府，本镇参照执行。"),
    Rule("PIA_KEEP", "保存个人信息保护影响评估记录", "评估完成", 3, "years", "中华人民共和国个人信息保护法",
         "第五十六条", sense="at_least", valid_from=date(2021, 11, 1)),
    Rule("LOG_KEEP", "留存网络日志", "产生日志", 6, "months", "中华人民共和国网络安全法", "第二十一条第三项",
         mark="unread", sense="at_least", valid_from=date(2017, 6, 1), note="该法2025年修改，条号未核对。"),
)

_MODELS = (
    Rule("HOT_DONE", "办结12345工单", "接到工单", 5, "working_days", "安阳市政务服务条例", "第五十条", mark="model",
         extension=5, extension_by="承办单位负责人", on_lapse="督办"),
    Rule("HOT_RETURN", "退回不属本单位职责的工单", "接到工单", 24, "hours", "安阳市政务服务条例", "第五十条",
         mark="model", on_lapse="由接单单位办理"),
    Rule("NETAPPLY", "审查网上申请", "网上提交", 1, "working_days", "安阳市政务服务条例", "第四十二条", mark="model"),
    Rule("REVIEW_CONTACT", "联系实名差评人", "收到差评", 1, "working_days", "安阳市政务服务条例", "第五十二条",
         mark="model"),
    Rule("REVIEW_FIX", "整改差评事项", "收到差评", 15, "working_days", "", "", mark="model",
         note="各地通行做法，未见原文。"),
    Rule("VILLAGE_BOARD", "村务公开栏张贴", "张贴", 5, "calendar_days", "山东省村务公开条例", "第十三条", mark="model",
         sense="at_least"),
    Rule("VILLAGE_OBJ", "答复村民对村务公开的异议", "收到异议", 5, "calendar_days", "山东省村务公开条例", "第十六条",
         mark="model"),
    Rule("FOI_CONFIRM", "确认网上提交的信息公开申请", "网上提交", 1, "working_days", "", "", mark="own"),
    Rule("FINDING_REPLY", "答复检查发现的问题", "收到检查意见", 5, "working_days", "", "", mark="own"),
    Rule("ROUTE", "分派群众诉求", "收到诉求", 1, "working_days", "", "", mark="own"),
)

RULES: tuple[Rule, ...] = (
    *(replace(rule, valid_from=_LICENCE) for rule in _LICENCES),
    *_PROVINCE, *_INFORMATION_2007, *_INFORMATION_2019, *_REMEDIES,
    *_PETITION_RULES_2005, *_PETITION_RULES_2022, *_OPEN, *_MODELS,
)
# fmt: on


@cache
def _by_id() -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for each in RULES:
        found.setdefault(each.id, []).append(each)
    return {key: tuple(sorted(rules, key=lambda r: r.valid_from)) for key, rules in found.items()}


def rule(id: str, on: date) -> Rule:
    """The rule of that name in force on the day its anchor names.

    Raises KeyError for a name no pack knows (a programming error), Refused when none is in force on that day.
    """
    for candidate in _by_id()[id]:
        if candidate.in_force(on):
            return candidate
    title = _by_id()[id][0].title
    raise Refused(f"“{title}”的期限规定在{chinese_date(on)}尚未施行或者已经失效，请核对日期。")


def rules_on(on: date, ids: Iterable[str] | None = None) -> tuple[Rule, ...]:
    """All rules in force on a day, or those of the given names, in the order of the packs."""
    wanted = None if ids is None else frozenset(ids)
    return tuple(each for each in RULES if each.in_force(on) and (wanted is None or each.id in wanted))
