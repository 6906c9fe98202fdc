"""What the implementation list must agree in (`law.md` 5.5–5.7). Pure."""

import re
from collections.abc import Iterator

from mingtang.rulebook.enums import (
    CaseKind,
    ExerciseLevel,
    FileRole,
    HolderNature,
    OnlineDepth,
    PowerHolder,
    PowerType,
    Scope,
    Served,
    Way,
)
from mingtang.rulebook.requirements.issue import Issue
from mingtang.rulebook.requirements.text import CONTENT, FEE, FLOW, MAX_MONTHS, PAPERS
from mingtang.rulebook.spec import Spec

_CHOICES = (
    ("level", ExerciseLevel, "行使层级"),
    ("holder_nature", HolderNature, "实施主体性质"),
    ("scope", Scope, "通办范围"),
    ("online_depth", OnlineDepth, "网上办理深度"),
)
_NATURE = {
    PowerHolder.OWN: HolderNature.ORGAN,
    PowerHolder.LAW_AUTHORISED: HolderNature.AUTHORISED,
    PowerHolder.ENTRUSTED: HolderNature.ENTRUSTED,
}
_PAPERS = ("证照", "批文")
# Their widths differ by version of the standard and by province (`law.md` 5.6): only what cannot be a code is refused.
_BASIC_CODE = re.compile(r"[0-9A-Z]{10,12}")
_TASK_CODE = re.compile(r"[0-9A-Z-]{20,50}")


def rules(spec: Spec) -> list[Issue]:
    """The cross-field checks of the implementation list."""
    return [*_codes(spec), *_visits(spec), *_people(spec), *_results(spec), *_files(spec)]


def _codes(spec: Spec) -> Iterator[Issue]:
    listing = spec.listing
    for field, choices, title in _CHOICES:
        if getattr(listing, field) not in choices.values:
            yield Issue(f"listing.{field}", f"没有选定{title}。")
    if not listing.ways or not set(listing.ways) <= set(Way.values):
        yield Issue("listing.ways", "没有选定办理形式：窗口、网上还是快递。")
    if spec.power_holder in _NATURE and listing.holder_nature in HolderNature.values:
        wanted = _NATURE[PowerHolder(spec.power_holder)]
        if listing.holder_nature != wanted:
            yield Issue("listing.holder_nature", f"职权来源和实施主体性质对不上：应当是“{wanted.label}”。")
    if spec.power_holder == PowerHolder.ENTRUSTED and not listing.entrusted_by.strip():
        yield Issue("listing.entrusted_by", "受委托办理的，要写明是哪个机关委托的。")
    if spec.power_holder != PowerHolder.ENTRUSTED and listing.entrusted_by.strip():
        yield Issue("listing.entrusted_by", "不是受委托办理的，不要写委托机关。")
    for field, pattern, title in (("basic_code", _BASIC_CODE, "基本编码"), ("task_code", _TASK_CODE, "实施编码")):
        if (code := getattr(listing, field)) and not pattern.fullmatch(code):
            why = "不合规：只用大写字母、数字和短横线，位数见实施清单；没有就留空。"
            yield Issue(f"listing.{field}", f"{title}“{code[:40]}”{why}")


def _visits(spec: Spec) -> Iterator[Issue]:
    listing = spec.listing
    if spec.visits not in range(11):
        yield Issue("visits", "到现场的次数要在 0 到 10 之间。", FLOW)
    if spec.visits and not listing.visit_reason.strip():
        yield Issue("listing.visit_reason", "要群众到现场的，请写明为什么非到不可。", FLOW)
    if not spec.visits and not spec.online and not listing.courier:
        yield Issue("visits", "不用到现场，也不能在网上办，就要支持快递收件。请改正其中一项。", FLOW)
    if spec.visits and listing.online_depth == OnlineDepth.ALL:
        yield Issue("visits", "写了全程网办，就不能再要群众到现场。", FLOW)
    if spec.online != (Way.ONLINE in listing.ways) or spec.online == (listing.online_depth == OnlineDepth.NONE):
        yield Issue("online", "能不能在网上办，和办理形式、网上办理深度要一致。", FLOW)
    if not spec.online and Way.WINDOW not in listing.ways and Way.COURIER not in listing.ways:
        yield Issue("listing.ways", "没有一种办理形式能用。", FLOW)
    if listing.online_payment and not spec.fees:
        yield Issue("listing.online_payment", "不收费的事项不用网上缴费。", FEE)


def _people(spec: Spec) -> Iterator[Issue]:
    if not spec.served or not set(spec.served) <= set(Served.values):
        yield Issue("served", f"面向谁办，请从{'、'.join(Served.values)}里选。", CONTENT)
        return
    persons = Served.PERSON in spec.served
    if spec.listing.person_themes and not persons:
        yield Issue("listing.person_themes", "不面向自然人的事项，不要选面向个人的主题。", CONTENT)
    if spec.listing.firm_themes and set(spec.served) == {Served.PERSON}:
        yield Issue("listing.firm_themes", "只面向自然人的事项，不要选面向单位的主题。", CONTENT)
    if spec.power_type == PowerType.LICENCE:
        if not spec.questions:
            yield Issue("questions", "行政许可至少要写一个常见问题和解答。", CONTENT)
        if spec.kind != CaseKind.INSTANT and not spec.steps:
            yield Issue("steps", "行政许可要写明受理、审核、审批、办结、送达，还缺审核环节。", FLOW)
    if any(not row.question.strip() or not row.answer.strip() for row in spec.questions):
        yield Issue("questions", "常见问题要有问有答。", CONTENT)


def _results(spec: Spec) -> Iterator[Issue]:
    shown = {file.of for file in spec.files if file.role == FileRole.RESULT}
    for result in spec.results:
        if result.name.endswith("证") and result.kind != "证照":
            yield Issue("results", f"结果“{result.name}”是证，类型要选“证照”。", CONTENT)
        if result.kind in _PAPERS and result.name not in shown:
            yield Issue(
                "files", f"结果“{result.name}”没有放样本，请上传一张样本图，让群众知道拿到的是什么样。", CONTENT
            )
        if not 0 <= result.months <= MAX_MONTHS or (result.months and result.kind not in _PAPERS):
            yield Issue(
                "results", f"结果“{result.name}”有效几个月，只有证照和批文才写，最多 {MAX_MONTHS} 个月。", CONTENT
            )
        if not result.validity.strip():
            yield Issue("results", f"结果“{result.name}”没有写明有效期；长期有效的就写长期有效。", CONTENT)


def _files(spec: Spec) -> Iterator[Issue]:
    keys, names = {row.key for row in spec.materials}, {row.name for row in spec.results}
    for file in spec.files:
        known = names if file.role == FileRole.RESULT else keys
        if file.role not in FileRole.values or file.of not in known:
            yield Issue("files", f"文件“{file.name}”没有对上任何一项材料或者结果，请重新选定。", PAPERS)
