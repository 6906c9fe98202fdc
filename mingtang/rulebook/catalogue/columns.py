"""What every field of a spec is called in the spreadsheet, and what may stand in it: the one table of titles.

Which columns there are follows from the dataclasses of ``spec``; a field without a title here is refused when the
module is loaded, so that no new field can be forgotten.
"""

from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from mingtang.rulebook import spec as specs
from mingtang.rulebook.enums import (
    CaseKind,
    Disclosed,
    DisclosedField,
    ExerciseLevel,
    FeeNature,
    FileRole,
    FundWay,
    HolderNature,
    Medium,
    OnlineDepth,
    PowerHolder,
    PowerType,
    Scope,
    Served,
    SilenceRule,
    Source,
    Visibility,
    Way,
)


class Form(StrEnum):
    """How a value is written into a cell and read from it (``cells``)."""

    TEXT = "text"
    WHOLE = "whole"
    MONEY = "money"
    FLAG = "flag"
    DAY = "day"
    CODE = "code"
    CODES = "codes"
    TEXTS = "texts"
    WHEN = "when"


@dataclass(frozen=True)
class Column:
    """``field`` of the record; ``told`` says what to write; ``words`` are the codes with their labels."""

    field: str
    title: str
    told: str = ""
    form: Form = Form.TEXT
    words: Any = None
    optional: bool = False
    width: int = 16


@dataclass(frozen=True)
class _Said:
    title: str
    told: str = ""
    form: Form | None = None
    words: Any = None
    width: int = 16


def _t(title: str, told: str = "", width: int = 16) -> _Said:
    return _Said(title, told, width=width)


def _w(title: str, words: Any, told: str = "") -> _Said:
    return _Said(title, told, words=words)


_WHEN = _Said(
    "什么时候要",
    "空着就是每次都要。写情形的代码、比较和 and、or、not，例如：kind == 'new' and area > 120",
    Form.WHEN,
    width=24,
)
_WHEN_LABEL = _t("什么时候要（给群众看）", "用一句话说明左边的条件，例如：新建的才要", 20)

TITLES: dict[type, dict[str, _Said]] = {
    specs.Spec: {
        "name": _t("事项名称", "群众看到的名称，最多 120 个字", 28),
        "kind": _w("办件类型", CaseKind),
        "power_type": _w("事项类型", PowerType),
        "power_holder": _w("职权来源", PowerHolder),
        "holder": _t("实施机关", "以谁的名义决定", 20),
        "served": _w("服务对象", Served),
        "summary": _t("办什么", "一两句话说明办什么、办成后得到什么", 40),
        "window_post": _t("收件岗位", "岗位代码，见“岗位”表"),
        "decider_post": _t("决定岗位", "岗位代码，见“岗位”表"),
        "intake_days": _t("收件审查天数", "1 到 5 个工作日"),
        "statutory_days": _t("法定时限", "工作日；法律没有规定的空着"),
        "promised_days": _t("承诺时限", "工作日；即办件填 0"),
        "joint_decision": _t("联办机构", "", 24),
        "silence_rule": _w("逾期不告知", SilenceRule),
        "ex_officio": _t("依职权启动的依据", "不用申请、我们也可以启动的写依据；只能申请的空着", 24),
        "place": _t("办理地点", "", 28),
        "hours": _t("办理时间", "", 28),
        "phone": _t("咨询电话"),
        "complaint_phone": _t("监督电话", "不能和咨询电话相同"),
        "visits": _t("到场次数", "要群众到现场几次；不用去填 0"),
        "online": _t("网上能办"),
        "visibility": _w("进度公开", Visibility),
        "synonyms": _t("别名", "群众平时怎么叫", 28),
    },
    specs.Superior: {
        "organ": _t("上级决定机关", "由上级决定的写机关全称；本镇决定的空着", 20),
        "working_days": _t("上级时限", "工作日；没有规定的空着"),
        "basis": _t("报送上级的依据", "", 24),
    },
    specs.InPerson: {
        "apply": _t("必须本人申请的依据", "法律要求本人来的写到名称和条款；可以代办的空着", 24),
        "collect": _t("必须本人领取的依据", "法律要求本人来的写到名称和条款；可以代领的空着", 24),
    },
    specs.Publication: {
        "scope": _w("结果公开到哪里", Disclosed),
        "fields": _w("结果公开的内容", DisclosedField),
        "days": _t("结果公开几天", "日历天；有效期内一直公开的填 0"),
        "basis": _t("结果公开的依据", "", 24),
    },
    specs.Listing: {
        "basic_code": _t("基本编码", "国家基本目录里的编码", 20),
        "task_code": _t("实施编码", "一体化平台的实施编码", 26),
        "level": _w("行使层级", ExerciseLevel),
        "holder_nature": _w("实施主体性质", HolderNature),
        "entrusted_by": _t("委托部门"),
        "ways": _w("办理形式", Way),
        "visit_reason": _t("必须到场的原因", "", 24),
        "scope": _w("通办范围", Scope),
        "quota": _t("数量限制", "没有限制的空着"),
        "online_depth": _w("网上办理深度", OnlineDepth, "不能网上办的空着"),
        "online_payment": _t("网上支付"),
        "appointment": _t("预约办理"),
        "courier": _t("物流快递"),
        "intermediary": _t("中介服务", "没有的空着"),
        "person_themes": _t("面向自然人主题", "", 20),
        "firm_themes": _t("面向法人主题", "", 20),
        "rights": _t("申请人的权利", "", 28),
        "duties": _t("申请人的义务", "", 28),
        "traffic": _t("交通指引", "", 28),
    },
    specs.Basis: {
        "law": _t("法律法规", "全称", 36),
        "article": _t("条款", "例如：第五十七条", 18),
    },
    specs.Situation: {
        "key": _t("代码", "字母开头，条件里用它"),
        "question": _t("问题", "问群众的话", 32),
        "hint": _t("提示", "", 28),
        "unit": _t("单位", "填数的情形才要，例如：平方米"),
        "most": _t("最大数", "填数的情形最多填到几；选答案的填 0"),
    },
    specs.Option: {
        "key": _t("代码", "条件里用它"),
        "label": _t("答案", "给群众选的话", 32),
        "bars": _t("选了就不能办的原因", "选了还能办的空着", 32),
    },
    specs.Material: {
        "key": _t("代码", "同一事项里不重复"),
        "name": _t("材料名称", "", 32),
        "issuer": _t("出具单位", "", 18),
        "form": _t("材料类型", "例如：原件核对，复印件留存", 22),
        "medium": _w("材料形式", Medium),
        "source": _w("来源渠道", Source),
        "copies": _t("份数"),
        "required": _t("必要"),
        "fetched_by_us": _t("由我们调取"),
        "deferrable": _t("容缺后补"),
        "pledge": _t("可以承诺代替", "写明承诺什么；不能用承诺代替的空着", 28),
        "verify_days": _t("承诺核查天数", "决定以后几个工作日内核查；不能承诺的填 0"),
        "standard": _t("受理标准", "", 24),
        "basis": _t("要求的依据", "", 24),
        "note": _t("填报须知", "", 24),
        "when": _WHEN,
        "when_label": _WHEN_LABEL,
    },
    specs.Work: {
        "key": _t("代码", "同一事项里不重复"),
        "name": _t("环节名称", "", 20),
        "post": _t("岗位", "岗位代码，见“岗位”表"),
        "working_days": _t("工作日", "这个环节几个工作日"),
        "group": _t("并行组", "同时办的环节写同一个名字；不同时办的空着"),
        "standard": _t("审查标准", "", 28),
        "basis": _t("依据", "", 24),
        "when": _WHEN,
        "when_label": _WHEN_LABEL,
    },
    specs.Fee: {
        "code": _t("代码", "同一事项里不重复"),
        "name": _t("收费项目", "", 24),
        "nature": _w("收费性质", FeeNature),
        "fund": _w("资金管理", FundWay),
        "amount": _Said("收费标准（元）", "每一个计价单位收多少元，最多两位小数", Form.MONEY),
        "per": _t("计价单位", "例如：证、平方米"),
        "quantity": _t("数量取自", "填数的情形的代码；空着按 1 算"),
        "most": _Said("一件最多收（元）", "没有上限填 0", Form.MONEY),
        "payer": _t("谁来交", "", 20),
        "scope": _t("收费范围", "", 20),
        "receipt": _t("票据", "", 18),
        "basis": _t("收费依据", "", 28),
        "when": _WHEN,
        "when_label": _WHEN_LABEL,
        "valid_from": _Said("执行起日", "例如：2026-01-01；没有起日的空着", Form.DAY),
        "valid_to": _Said("执行止日", "含当天；没有止日的空着", Form.DAY),
    },
    specs.Reduction: {
        "label": _t("谁可以减免", "", 24),
        "when": _WHEN,
        "percent": _t("减百分之几", "0 到 100；100 是全免"),
        "basis": _t("减免依据", "", 28),
    },
    specs.Procedure: {
        "name": _t("特别程序", "例如：听证", 20),
        "article": _t("依据", "", 28),
    },
    specs.Result: {
        "name": _t("结果名称", "", 28),
        "kind": _t("结果类型", "例如：证照、批文"),
        "validity": _t("有效期", "例如：长期有效"),
        "months": _t("有效月数", "没有期限的填 0"),
    },
    specs.Question: {
        "question": _t("问题", "", 32),
        "answer": _t("回答", "", 60),
    },
    specs.Enclosure: {
        "role": _w("用途", FileRole),
        "of": _t("对应", "材料的代码，或者结果的名称"),
        "name": _t("文件名", "", 28),
        "sha256": _t("文件指纹", "不要改；新文件请在编辑页里上传", 24),
    },
    specs.Part: {
        "code": _t("事项编码（组成）", "组成一件事的事项", 20),
        "version": _t("版本（组成）", "第几版"),
    },
}

_BY_TYPE = {str: Form.TEXT, int: Form.WHOLE, bool: Form.FLAG}


def is_list(hint: Any) -> bool:
    """Whether a field holds records, which stand on a sheet of their own."""
    return get_origin(hint) is tuple and is_dataclass(get_args(hint)[0])


def columns_of(kind: type, leave: tuple[str, ...] = (), within: str = "") -> tuple[Column, ...]:
    """The columns of one kind of record in the order of its fields, without lists of records and without ``leave``;
    ``within`` is the field that holds the record where it is one of another."""
    hints = get_type_hints(kind)
    return tuple(
        _column(within + field.name, hints[field.name], TITLES[kind][field.name])
        for field in fields(kind)
        if field.name not in leave and not is_list(hints[field.name]) and not is_dataclass(hints[field.name])
    )


def _column(field: str, hint: Any, said: _Said) -> Column:
    kinds = [one for one in get_args(hint) or (hint,) if one not in (type(None), Ellipsis)]
    many, optional = get_origin(hint) is tuple, type(None) in get_args(hint)
    if said.words:
        form = Form.CODES if many else Form.CODE
    else:
        form = said.form or (Form.TEXTS if many else _BY_TYPE[kinds[0]])
    return Column(field, said.title, said.told, form, said.words, optional, said.width)
