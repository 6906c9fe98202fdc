"""The publication gate: what an item version still lacks. The editor's to-do list is this list."""

from dataclasses import dataclass

from mingtang.flows import model as flow_model
from mingtang.people.models import Post
from mingtang.rulebook.enums import CaseKind, PowerHolder, PowerType, SilenceRule, Visibility
from mingtang.rulebook.laws.resolve import dead_bases
from mingtang.rulebook.models import Item
from mingtang.rulebook.spec import Spec, flow_of
from mingtang.towns.models import Jurisdiction

_CHOICES = (
    ("kind", CaseKind, "办件类型"),
    ("power_type", PowerType, "事项类型"),
    ("power_holder", PowerHolder, "职权来源"),
    ("silence_rule", SilenceRule, "逾期不告知的后果"),
    ("visibility", Visibility, "进度是否公开"),
)
VAGUE = ("其他材料", "其它材料", "有关材料", "相关材料", "等材料", "相关部门", "有关部门")


@dataclass(frozen=True)
class Issue:
    """``disclosure`` names which of the six disclosures it belongs to, or is empty."""

    field: str
    sentence: str
    disclosure: str = ""


def lanes(town: Jurisdiction, spec: Spec) -> dict[str, str]:
    """Post code → name shown in the flow, for the posts a spec names."""
    codes = {spec.window_post, spec.decider_post, *(step.post for step in spec.steps)}
    return {post.code: str(post) for post in Post.objects.filter(town=town, code__in=codes).select_related("unit")}


def six(spec: Spec) -> list[Issue]:
    """六公开: content, basis, conditions and materials, flow, time limit, fee."""
    found = []
    if not spec.summary.strip() or not spec.results:
        found.append(Issue("summary", "没有写明办什么、办成后得到什么。", "内容"))
    if not spec.basis or any(not row.law or not row.article for row in spec.basis):
        found.append(Issue("basis", "依据要写到法律名称和条款。", "依据"))
    if not spec.conditions:
        found.append(Issue("conditions", "没有写明申请条件。", "条件和申报材料"))
    if not spec.materials:
        found.append(Issue("materials", "没有列出申报材料。不需要材料的，也要写明身份核验的方式。", "条件和申报材料"))
    if not spec.window_post or not spec.decider_post:
        found.append(Issue("steps", "没有写明收件岗位和决定岗位。", "办事流程"))
    if spec.kind != CaseKind.INSTANT and not spec.promised_days:
        found.append(Issue("promised_days", "承诺件和联办件要写明承诺几个工作日，不能是 0。", "办理时限"))
    for fee in spec.fees:
        if fee.amount <= 0 or not fee.basis or not fee.name:
            found.append(
                Issue("fees", f"收费“{fee.name or '（未命名）'}”要有项目、标准和依据，金额要大于 0。", "收费标准")
            )
    return found


def _rules(spec: Spec) -> list[Issue]:
    found = []
    for field, choices, title in _CHOICES:
        if getattr(spec, field) not in choices.values:
            found.append(Issue(field, f"{title}只能是{'、'.join(str(label) for label in choices.labels)}中的一种。"))
    if spec.power_type == PowerType.PAYMENT and spec.visibility != Visibility.SEALED:
        found.append(Issue("visibility", "行政给付的办件不公开进度，只能凭查询码查看。请改为凭码查询。"))
    if spec.kind == CaseKind.INSTANT and spec.promised_days:
        found.append(Issue("promised_days", "即办件当场办结，承诺时限要写 0。"))
    if spec.statutory_days is not None and spec.promised_days > spec.statutory_days:
        found.append(Issue("promised_days", "承诺时限比法定时限长。请改短承诺时限。"))
    if spec.kind == CaseKind.JOINT and len({step.group for step in spec.steps if step.group}) == 0:
        found.append(Issue("steps", "联办件要有同时办理的环节。"))
    if spec.power_type == PowerType.LICENCE and spec.silence_rule != SilenceRule.STATUTORY:
        found.append(Issue("silence_rule", "行政许可逾期不告知即为受理，这是法律规定，不能改。"))
    if spec.power_type != PowerType.LICENCE and spec.silence_rule == SilenceRule.STATUTORY:
        found.append(Issue("silence_rule", "不是行政许可的，不能写成法律规定的逾期受理。可以写成我们的承诺。"))
    if not spec.phone or not spec.complaint_phone:
        found.append(Issue("phone", "咨询电话和监督电话都要写。"))
    elif spec.phone == spec.complaint_phone:
        found.append(Issue("complaint_phone", "咨询电话和监督电话不能是同一个号码。"))
    if not spec.place or not spec.hours:
        found.append(Issue("place", "没有写明办理地点和办理时间。"))
    if spec.intake_days not in range(1, 6):
        found.append(Issue("intake_days", "收件审查最长 5 个工作日。"))
    keys = [material.key for material in spec.materials]
    if len(keys) != len(set(keys)):
        found.append(Issue("materials", "有两项材料用了同一个代码。"))
    for material in spec.materials:
        if material.copies < 0 or not material.basis:
            found.append(Issue("materials", f"材料“{material.name}”要写明份数和依据。"))
    return found


def _vague(spec: Spec) -> list[Issue]:
    texts = [("materials", material.name) for material in spec.materials]
    texts += [("conditions", text) for text in spec.conditions] + [("summary", spec.summary)]
    return [
        Issue(field, f"“{text[:40]}”里有“{word}”，群众不知道要带什么、找谁。请写具体。")
        for field, text in texts
        for word in VAGUE
        if word in text
    ]


def gate(item: Item, spec: Spec) -> list[Issue]:
    """Everything that keeps this spec from being published; empty when nothing does."""
    found = six(spec) + _rules(spec) + _vague(spec)
    found += [Issue(*row) for row in dead_bases(item.town, spec)]
    if item.unit is None:
        found.append(Issue("unit", "没有选定实施单位。"))
    elif item.unit.dissolved_on:
        found.append(Issue("unit", f"实施单位“{item.unit.name}”已经撤销，请换成现在的单位。"))
    names = lanes(item.town, spec)
    for code in dict.fromkeys([spec.window_post, *(step.post for step in spec.steps), spec.decider_post]):
        if code and code not in names:
            found.append(Issue("steps", f"组织里没有代码为“{code}”的岗位。请先登记岗位，或者改正代码。"))
    if spec.window_post and spec.decider_post:
        flow = flow_of(spec, code=item.code, number=1, lanes=names)
        found += [Issue("steps", sentence) for sentence in flow_model.validate(flow)]
    return found
