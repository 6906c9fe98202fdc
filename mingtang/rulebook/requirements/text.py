"""What a spec says by itself: the six disclosures, the choices, the limits, plain words. Pure."""

import re
from collections import Counter
from collections.abc import Iterator

from mingtang.rulebook import fee_rules
from mingtang.rulebook.enums import (
    CaseKind,
    Disclosed,
    DisclosedField,
    Medium,
    PowerHolder,
    PowerType,
    SilenceRule,
    Source,
    Visibility,
    Way,
)
from mingtang.rulebook.laws.citing import citations
from mingtang.rulebook.requirements.issue import Issue
from mingtang.rulebook.spec import Spec

CONTENT, BASIS, PAPERS, FLOW, TIME, FEE = ("内容", "依据", "条件和申报材料", "办事流程", "办理时限", "收费标准")
MAX_COPIES, MAX_DAYS, MAX_MONTHS = 20, 400, 1200
# 许可法 43: the lower organ has twenty working days to look at it and send it up.
SEND_UP_DAYS = 20
_CHOICES = (
    ("kind", CaseKind, "办件类型", FLOW),
    ("power_type", PowerType, "事项类型", CONTENT),
    ("power_holder", PowerHolder, "职权来源", BASIS),
    ("silence_rule", SilenceRule, "逾期不告知的后果", TIME),
    ("visibility", Visibility, "进度是否公开", ""),
)
# 安阳条例 13 and the plan row 90: a list that ends in "and others" is no list.
_VAGUE = re.compile(
    r"其[他它](?:相关|有关|需要提供的|应当提交的|必要的?)*的?(?:证明)?(?:材料|资料|文件|证件|证明|手续|条件|费用)"
    r"|(?:有关|相关)(?:材料|资料|文件|证件|证明|手续|部门|单位|规定|人员)"
    r"|等(?:材料|资料|文件|证件|证明|手续|条件|费用)"
)
# 0730-5550001, 12345, 400-810-0000, and a desk's extension behind it.
_PHONE = re.compile(r"(?:0\d{2,3}-\d{7,8}|1\d{4}|400-?\d{3}-?\d{4})(?:[-转]\d{1,6})?")


def six(spec: Spec) -> list[Issue]:
    """六公开: content, basis, conditions and materials, flow, time limit, fee."""
    found = []
    if not spec.summary.strip() or not spec.results:
        found.append(Issue("summary", "没有写明办什么、办成后得到什么。", CONTENT))
    if not spec.basis or any(not row.law or not row.article for row in spec.basis):
        found.append(Issue("basis", "依据要写到法律名称和条款。", BASIS))
    if not spec.conditions or not all(text.strip() for text in spec.conditions):
        found.append(Issue("conditions", "没有写明申请条件。", PAPERS))
    if not spec.materials:
        found.append(Issue("materials", "没有列出申报材料。不需要材料的，也要写明身份核验的方式。", PAPERS))
    if not spec.window_post or not spec.decider_post:
        found.append(Issue("steps", "没有写明收件岗位和决定岗位。", FLOW))
    if spec.kind != CaseKind.INSTANT and not spec.promised_days:
        found.append(Issue("promised_days", "承诺件和联办件要写明承诺几个工作日，不能是 0。", TIME))
    if any(fee_rules.is_unsaid(fee) for fee in spec.fees):
        found.append(Issue("fees", "没有写明收不收费、收多少。不收费的，请删去空着的收费项。", FEE))
        return found
    return found + [Issue(*row) for row in fee_rules.problems(spec)]


def rules(spec: Spec) -> list[Issue]:
    """What must agree within a spec, field by field, and the words nobody can act on."""
    return [
        *_choices(spec),
        *_limits(spec),
        *_superior(spec),
        *_publication(spec),
        *_in_person(spec),
        *_phones(spec),
        *_materials(spec),
        *_steps(spec),
        *_vague(spec),
    ]


def _choices(spec: Spec) -> Iterator[Issue]:
    for field, choices, title, disclosure in _CHOICES:
        if getattr(spec, field) not in choices.values:
            labels = "、".join(str(label) for label in choices.labels)
            yield Issue(field, f"{title}只能是{labels}中的一种。", disclosure)
    if spec.power_type == PowerType.PAYMENT and spec.visibility != Visibility.SEALED:
        yield Issue("visibility", "行政给付的办件不公开进度，只能凭查询码查看。请改为凭码查询。")
    if spec.power_type == PowerType.LICENCE and spec.silence_rule != SilenceRule.STATUTORY:
        yield Issue("silence_rule", "行政许可逾期不告知即为受理，这是法律规定，不能改。", TIME)
    if spec.power_type != PowerType.LICENCE and spec.silence_rule == SilenceRule.STATUTORY:
        yield Issue("silence_rule", "不是行政许可的，不能写成法律规定的逾期受理。可以写成我们的承诺。", TIME)
    if spec.kind == CaseKind.JOINT and not any(step.group for step in spec.steps):
        yield Issue("steps", "联办件要有同时办理的环节。", FLOW)


def _limits(spec: Spec) -> Iterator[Issue]:
    if spec.kind == CaseKind.INSTANT and spec.promised_days:
        yield Issue("promised_days", "即办件当场办结，承诺时限要写 0。", TIME)
    if spec.kind == CaseKind.INSTANT and spec.steps:
        yield Issue("steps", "即办件在窗口当场办结，不能再有审核环节。请删去环节，或者改为承诺件。", TIME)
    if spec.promised_days < 0 or spec.promised_days > MAX_DAYS:
        yield Issue("promised_days", f"承诺时限要在 0 到 {MAX_DAYS} 个工作日之间。", TIME)
    if spec.statutory_days is not None:
        if not 1 <= spec.statutory_days <= MAX_DAYS:
            yield Issue("statutory_days", f"法定时限要在 1 到 {MAX_DAYS} 个工作日之间；没有规定的请留空。", TIME)
        if spec.promised_days > spec.statutory_days:
            yield Issue("promised_days", "承诺时限比法定时限长。请改短承诺时限。", TIME)
    if spec.intake_days not in range(1, 6):
        yield Issue("intake_days", "收件审查最长 5 个工作日。", TIME)
    if not spec.place or not spec.hours:
        yield Issue("place", "没有写明办理地点和办理时间。")


def _superior(spec: Spec) -> Iterator[Issue]:
    """Decided above, or begun without an application (许可法 29, 43)."""
    above = spec.superior
    if above.organ.strip() and not above.basis.strip():
        yield Issue("superior.basis", "由上级决定的，要写明凭哪一条报上级。", FLOW)
    if not above.organ.strip() and (above.basis.strip() or above.working_days is not None):
        yield Issue("superior.organ", "写了上级的时限或者依据，却没有写报哪个机关。", FLOW)
    if above.organ and spec.kind == CaseKind.INSTANT:
        yield Issue("superior.organ", "即办件在窗口当场办结，不能再报上级决定。", FLOW)
    if above.organ and spec.power_type == PowerType.LICENCE and not 0 < (spec.statutory_days or 0) <= SEND_UP_DAYS:
        told = f"由上级决定的许可，镇里最迟 {SEND_UP_DAYS} 个工作日审完报送，法定时限要写 1 到 {SEND_UP_DAYS}。"
        yield Issue("statutory_days", told, TIME)
    if above.working_days is not None and not 1 <= above.working_days <= MAX_DAYS:
        yield Issue("superior.working_days", f"上级的时限要在 1 到 {MAX_DAYS} 个工作日之间；没有规定的请留空。", TIME)
    if spec.ex_officio and spec.power_type == PowerType.LICENCE:
        yield Issue("ex_officio", "行政许可只能依申请办理，不能不等申请就启动。请删去。", BASIS)
    if spec.ex_officio and spec.parts:
        yield Issue("ex_officio", "一件事由申请人申请办理，不能不等申请就启动。请删去。", BASIS)


def _publication(spec: Spec) -> Iterator[Issue]:
    """What everybody learns of a grant: no law, no publication; aid never on the net (`lifecycles.md`, grants)."""
    row = spec.publication
    if row.scope not in Disclosed.values:
        yield Issue("publication.scope", "没有选定准予的结果公开到哪里。法律没有要求公开的，选“只公布办了多少件”。")
        return
    if row.scope == Disclosed.NONE:
        if row.fields or row.days or row.basis.strip():
            yield Issue("publication.scope", "结果只公布数量的，不要写公开的内容、天数和依据。")
        return
    if not row.basis.strip():
        yield Issue("publication.basis", "公开办理结果要有依据，请写到法律名称和条款；没有的只公布数量。")
    if not row.fields or not set(row.fields) <= set(DisclosedField.values):
        yield Issue("publication.fields", "没有选定公开哪些内容。")
    if not 0 <= row.days <= MAX_DAYS:
        yield Issue("publication.days", f"公开的天数要在 0 到 {MAX_DAYS} 之间。")
    if row.scope == Disclosed.WEB and spec.visibility == Visibility.SEALED:
        yield Issue("publication.scope", "只能凭查询码看进度的事项，结果不能公开到网站。")
    if spec.power_type == PowerType.PAYMENT and not row.days:
        yield Issue("publication.days", "救助、补助的名单公示要写明几天，到期撤下。")


def _in_person(spec: Spec) -> Iterator[Issue]:
    """Only a law sends people themselves (许可法 29), and what is sent or done online needs nobody to come."""
    for name, what in (("apply", "申请"), ("collect", "领结果")):
        basis = getattr(spec.in_person, name)
        if basis and not any(citations(basis)):
            told = f"{what}要本人来的，依据要写到法律名称和条款；没有的，别人可以代办。"
            yield Issue(f"in_person.{name}", told, BASIS)
    if spec.in_person.apply and (spec.online or Way.COURIER in spec.listing.ways):
        yield Issue("in_person.apply", "写了申请要本人来，就不能又在网上或者用快递申请。请改正其中一项。", FLOW)
    if spec.in_person.collect and spec.listing.courier:
        yield Issue("in_person.collect", "写了领结果要本人来，结果就不能快递。请改正其中一项。", FLOW)
    if (spec.in_person.apply or spec.in_person.collect) and not spec.visits:
        yield Issue("visits", "写了要本人来，到现场的次数就不能是 0。", FLOW)


def _phones(spec: Spec) -> Iterator[Issue]:
    if not spec.phone or not spec.complaint_phone:
        yield Issue("phone", "咨询电话和监督电话都要写。")
        return
    if spec.phone == spec.complaint_phone:
        yield Issue("complaint_phone", "咨询电话和监督电话不能是同一个号码。")
    for field, title in (("phone", "咨询电话"), ("complaint_phone", "监督电话")):
        for number in re.split(r"[、,，/；;\s]+", getattr(spec, field).strip()):
            if not _PHONE.fullmatch(number):
                yield Issue(field, f"{title}“{number[:30]}”要带区号，写成 0730-5550001 这样，几个号码用顿号分开。")


def _materials(spec: Spec) -> Iterator[Issue]:
    keys = Counter(material.key for material in spec.materials)
    if any(count > 1 for count in keys.values()):
        yield Issue("materials", "有两项材料用了同一个代码。", PAPERS)
    names = Counter((material.name, material.when) for material in spec.materials)
    for (name, _), count in names.items():
        if count > 1:
            yield Issue("materials", f"材料“{name}”列了 {count} 次，请合并。", PAPERS)
    for material in spec.materials:
        if not material.basis or material.copies not in range(MAX_COPIES + 1):
            yield Issue("materials", f"材料“{material.name}”要写明份数和依据，份数最多 {MAX_COPIES} 份。", PAPERS)
        for name, title in (("name", "名称"), ("issuer", "由谁出具"), ("form", "形式"), ("standard", "受理标准")):
            if not getattr(material, name).strip():
                yield Issue("materials", f"材料“{material.name or '（未命名）'}”没有写明{title}。", PAPERS)
        if material.medium not in Medium.values or material.source not in Source.values:
            yield Issue("materials", f"材料“{material.name}”要选定纸质还是电子，和来源渠道。", PAPERS)
        if bool(material.pledge.strip()) != (0 < material.verify_days <= MAX_DAYS):
            told = "可以用承诺代替的，要写明承诺什么、决定以后几个工作日内核查；不能的两样都不写。"
            yield Issue("materials", f"材料“{material.name}”{told}", PAPERS)
        if material.pledge and material.fetched_by_us:
            yield Issue("materials", f"材料“{material.name}”由我们调取，不用承诺代替。", PAPERS)
        if not material.fetched_by_us and not material.copies and material.medium == Medium.PAPER:
            yield Issue("materials", f"材料“{material.name}”要交纸质的，份数不能是 0。", PAPERS)


def _steps(spec: Spec) -> Iterator[Issue]:
    for step in spec.steps:
        if not step.standard.strip():
            yield Issue("steps", f"环节“{step.name}”没有写明审查标准。", FLOW)
        if not step.basis.strip():
            yield Issue("steps", f"环节“{step.name}”没有写明依据。没有依据的环节不能设。", FLOW)


def _vague(spec: Spec) -> Iterator[Issue]:
    for field, disclosure, text in _texts(spec):
        for word in dict.fromkeys(found[0] for found in _VAGUE.finditer(text)):
            yield Issue(field, f"“{text[:40]}”里有“{word}”，群众不知道要带什么、找谁。请写具体。", disclosure)


def _texts(spec: Spec) -> Iterator[tuple[str, str, str]]:
    """Whatever people act upon, with its field and disclosure."""
    yield "summary", CONTENT, spec.summary
    for text in spec.conditions:
        yield "conditions", PAPERS, text
    for situation in spec.situations:
        for option in situation.options:
            yield "situations", PAPERS, option.label
            yield "situations", PAPERS, option.bars
    for material in spec.materials:
        for text in (
            *(material.name, material.issuer, material.form, material.standard, material.note),
            material.pledge,
        ):
            yield "materials", PAPERS, text
        yield "materials", PAPERS, material.when_label
    for step in spec.steps:
        yield "steps", FLOW, step.name
        yield "steps", FLOW, step.standard
    for fee in spec.fees:
        for text in (fee.name, fee.scope, fee.payer):
            yield "fees", FEE, text
