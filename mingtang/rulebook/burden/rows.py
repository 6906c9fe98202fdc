"""Lists of records: materials, steps, fees, situations, procedures, results."""

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices

from mingtang.lib.money import format_yuan
from mingtang.rulebook.burden.common import (
    DOWN,
    SAME,
    SEEN,
    UP,
    Change,
    Direction,
    Found,
    others,
    records,
    said,
    short,
    towards,
)
from mingtang.rulebook.enums import ChangeKind as Kind
from mingtang.rulebook.enums import Medium
from mingtang.rulebook.spec import Fee, Material, Option, Procedure, Reduction, Result, Situation, Work


def _asked(material: Material) -> int:
    """0: we fetch it ourselves; 1: it may be brought; 2: it must be."""
    return 0 if material.fetched_by_us else 2 if material.required else 1


_HOW = {0: "由我们调取", 1: "没有也可以", 2: "必须交"}


def _material_added(field: str, row: Material) -> Change:
    how = _HOW[_asked(row)]
    return Change(field, Kind.MATERIAL, towards(0, _asked(row)), f"增加材料“{row.name}”（{how}，{row.copies} 份）。")


def _material_removed(field: str, row: Material) -> Change:
    return Change(field, Kind.MATERIAL, towards(_asked(row), 0), f"不再要材料“{row.name}”。")


def _material_changed(field: str, old: Material, new: Material) -> Found:
    # What we fetch ourselves, before or after, costs nobody anything but that very change.
    free = 0 in (_asked(old), _asked(new))

    def change(way: Direction, sentence: str, reworded: bool = False) -> Change:
        return Change(field, Kind.MATERIAL, SAME if free else way, sentence, reworded and not free)

    name = f"材料“{new.name}”"
    if _asked(old) != _asked(new):
        way = towards(_asked(old), _asked(new))
        yield Change(field, Kind.MATERIAL, way, f"{name}由{_HOW[_asked(old)]}改为{_HOW[_asked(new)]}。")
    elif old.required != new.required:
        yield Change(field, Kind.OTHER, SAME, f"{name}是否必要有改动，仍由我们调取。")
    if old.copies != new.copies:
        yield change(towards(old.copies, new.copies), f"{name}由 {old.copies} 份改为 {new.copies} 份。")
    if old.deferrable != new.deferrable:
        yield change(DOWN if new.deferrable else UP, f"{name}{'可以' if new.deferrable else '不能再'}后补。")
    if old.pledge != new.pledge:
        yield from _pledge(name, old.pledge, new.pledge, change)
    if old.verify_days != new.verify_days:
        yield Change(
            field, Kind.OTHER, SAME, f"{name}的承诺由 {old.verify_days} 改为 {new.verify_days} 个工作日内核查。"
        )
    if old.name != new.name:
        yield change(UP, f"材料“{old.name}”改为“{new.name}”。", True)
    for attribute, label in (("issuer", "出具单位"), ("form", "形式"), ("standard", "标准")):
        before, after = getattr(old, attribute), getattr(new, attribute)
        if before != after:
            yield change(UP, f"{name}的{label}由“{short(before)}”改为“{short(after)}”。", True)
    if old.medium != new.medium:
        way = towards(_MEDIA.get(old.medium, 2), _MEDIA.get(new.medium, 2))
        yield change(
            UP if way is SAME else way, f"{name}由{_label(Medium, old)}改为{_label(Medium, new)}。", way is SAME
        )
    if (old.when, old.when_label) != (new.when, new.when_label):
        yield from _when(field, name, old, new, change)
    if old.basis != new.basis:
        yield Change(field, Kind.OTHER, SAME, f"{name}的依据改写为“{short(new.basis)}”。")
    if old.note != new.note:
        way, again = said(old.note, new.note)
        kind = Kind.OTHER if way is SAME else Kind.MATERIAL
        yield Change(field, kind, way, f"{name}的填写说明改写为“{short(new.note)}”。", again)
    if old.source != new.source:
        yield Change(field, Kind.OTHER, SAME, f"{name}的来源渠道有改动。")
    yield from others(field, Kind.MATERIAL, name, old, new)


def _pledge(name: str, before: str, after: str, change: Callable[..., Change]) -> Found:
    """A written pledge in its place: a way more, or one less; other words of it may bind more."""
    if before and after:
        yield change(UP, f"{name}可以承诺代替的，承诺由“{short(before)}”改为“{short(after)}”。", True)
    else:
        yield change(DOWN if after else UP, f"{name}{'可以' if after else '不能再'}用书面承诺代替。")


# Whatever may come on paper or as a file asks least.
_MEDIA = {Medium.EITHER: 0, Medium.PAPER: 1, Medium.ELECTRONIC: 1}


def _label(words: type[TextChoices], row: Any) -> str:
    return dict(words.choices).get(row.medium, row.medium) or "没有写明形式"


def _when(field: str, name: str, old: Any, new: Any, change: Callable[..., Change]) -> Found:
    """For whom it holds: for everybody asks most; two different conditions cannot be compared."""
    if old.when == new.when:
        yield Change(field, Kind.OTHER, SAME, f"{name}的适用情形改称“{short(new.when_label)}”。")
    elif not old.when:
        yield change(DOWN, f"{name}只在“{short(new.when_label)}”时要。")
    elif not new.when:
        yield change(UP, f"{name}由只在“{short(old.when_label)}”时要改为人人都要。")
    else:
        sentence = f"{name}的适用情形由“{short(old.when_label)}”改为“{short(new.when_label)}”。"
        yield change(UP, sentence, True)


def _step_changed(field: str, old: Work, new: Work) -> Found:
    name = f"环节“{new.name}”"
    if old.working_days != new.working_days:
        way = towards(old.working_days, new.working_days)
        yield Change(field, Kind.DAYS, way, f"{name}由 {old.working_days} 个工作日改为 {new.working_days} 个工作日。")
    if (old.group is None) != (new.group is None):
        sentence = f"{name}不再和别的环节同时办。" if new.group is None else f"{name}改为和别的环节同时办。"
        yield Change(field, Kind.STEP, UP if new.group is None else DOWN, sentence)
    elif old.group != new.group:
        yield Change(field, Kind.OTHER, SAME, f"{name}换了同时办理的组。")
    if old.standard != new.standard:
        sentence = f"{name}的审查标准由“{short(old.standard)}”改为“{short(new.standard)}”。"
        yield Change(field, Kind.STEP, UP, sentence, reworded=True)
    if old.name != new.name:
        yield Change(field, Kind.OTHER, SAME, f"环节“{old.name}”改称“{new.name}”。")
    if old.post != new.post:
        yield Change(field, Kind.OTHER, SAME, f"{name}换了经办岗位。")
    if old.basis != new.basis:
        yield Change(field, Kind.OTHER, SAME, f"{name}的依据改写为“{short(new.basis)}”。")
    if (old.when, old.when_label) != (new.when, new.when_label):
        yield from _when(
            field, name, old, new, lambda way, said, reworded=False: Change(field, Kind.STEP, way, said, reworded)
        )
    yield from others(field, Kind.STEP, name, old, new)


def _price(fee: Fee) -> str:
    return f"{format_yuan(fee.amount)}／{fee.per}"


def _fee_changed(field: str, old: Fee, new: Fee) -> Found:
    name = f"收费“{new.name}”"

    def change(way: Direction, sentence: str, reworded: bool = False) -> Change:
        return Change(field, Kind.FEE, way, sentence, reworded)

    sentence = f"{name}由 {_price(old)} 改为 {_price(new)}。"
    if old.per != new.per:
        # Another unit makes two amounts incomparable.
        yield change(UP, sentence, True)
    elif old.amount != new.amount:
        yield change(towards(old.amount, new.amount), sentence)
    if old.quantity != new.quantity:
        yield change(UP, f"{name}的计数办法有改动。", True)
    if old.most != new.most:
        cap = f"{name}一件最多收的由{_cap(old)}改为{_cap(new)}。"
        yield change(towards(old.most or _NO_CAP, new.most or _NO_CAP), cap)
    if (old.when, old.when_label) != (new.when, new.when_label):
        yield from _when(field, name, old, new, change)
    if old.valid_from != new.valid_from:
        yield change(towards_text(new.valid_from, old.valid_from), f"{name}开始收的日期有改动。")
    if old.valid_to != new.valid_to:
        yield change(towards_text(old.valid_to or "9", new.valid_to or "9"), f"{name}停止收的日期有改动。")
    for attribute, label in (("payer", "收费对象"), ("scope", "收费范围")):
        if getattr(old, attribute) != getattr(new, attribute):
            yield change(UP, f"{name}的{label}改写为“{short(getattr(new, attribute))}”。", True)
    for attribute, label in _FEE_WORDS.items():
        if getattr(old, attribute) != getattr(new, attribute):
            yield Change(field, Kind.OTHER, SAME, f"{name}的{label}改写为“{short(getattr(new, attribute))}”。")
    if old.reductions != new.reductions:
        yield from _reductions(field, old.reductions, new.reductions)
    yield from others(field, Kind.FEE, name, old, new)


_NO_CAP = 10**12
_FEE_WORDS = {"basis": "依据", "code": "编码", "nature": "性质", "fund": "资金管理方式", "receipt": "票据种类"}


def towards_text(before: str, after: str) -> Direction:
    """Of ISO dates, which sort as they are written."""
    return UP if after > before else DOWN if after < before else SAME


def _cap(fee: Fee) -> str:
    return format_yuan(fee.most) if fee.most else "不封顶"


def _reduction_changed(field: str, old: Reduction, new: Reduction) -> Found:
    name = f"减免“{new.label}”"
    if old.percent != new.percent:
        sentence = f"{name}由减 {old.percent}% 改为减 {new.percent}%。"
        yield Change(field, Kind.FEE, towards(new.percent, old.percent), sentence)
    if old.when != new.when:
        yield Change(field, Kind.FEE, UP, f"{name}的条件有改动。", reworded=True)
    if old.basis != new.basis:
        yield Change(field, Kind.OTHER, SAME, f"{name}的依据改写为“{short(new.basis)}”。")
    yield from others(field, Kind.FEE, name, old, new)


_reductions = records(
    lambda row: row.label,
    lambda field, row: Change(field, Kind.FEE, DOWN, f"增加减免“{row.label}”，减 {row.percent}%。"),
    lambda field, row: Change(field, Kind.FEE, UP, f"取消减免“{row.label}”。"),
    _reduction_changed,
    "减免",
)


def _procedure_changed(field: str, old: Procedure, new: Procedure) -> Found:
    if old.article != new.article:
        yield Change(field, Kind.OTHER, SAME, f"特别程序“{new.name}”的依据改写为“{short(new.article)}”。")
    yield from others(field, Kind.STEP, f"特别程序“{new.name}”", old, new)


def _result_changed(field: str, old: Result, new: Result) -> Found:
    if old.kind != new.kind:
        yield Change(field, Kind.OTHER, SAME, f"“{new.name}”的类型由“{old.kind}”改为“{new.kind}”。")
    if old.validity != new.validity:
        sentence = f"“{new.name}”的有效期由“{short(old.validity)}”改为“{short(new.validity)}”。"
        yield Change(field, Kind.OTHER, UP, sentence, reworded=True)
    if old.months != new.months:
        sentence = f"“{new.name}”由{_months(old)}改为{_months(new)}。"
        yield Change(field, Kind.OTHER, towards(new.months or _NO_END, old.months or _NO_END), sentence)
    yield from others(field, Kind.OTHER, f"“{new.name}”", old, new)


_NO_END = 10**6


def _months(result: Result) -> str:
    return f" {result.months} 个月有效" if result.months else "没有期限"


def _question_changed(field: str, old: Situation, new: Situation) -> Found:
    name = f"情况“{new.question}”"
    if (old.question, old.unit) != (new.question, new.unit):
        yield Change(field, Kind.CONDITION, UP, f"情况“{old.question}”改为“{new.question}”。", reworded=True)
    if old.hint != new.hint:
        way, again = said(old.hint, new.hint)
        yield Change(field, Kind.OTHER, way, f"{name}的提示改写为“{short(new.hint)}”。", again)
    if old.most != new.most:
        sentence = f"{name}最多可以填的数由 {old.most} 改为 {new.most}。"
        yield Change(field, Kind.CONDITION, towards(new.most, old.most), sentence)
    if old.options != new.options:
        yield from _options(field, old.options, new.options)
    yield from others(field, Kind.CONDITION, name, old, new)


def _option_changed(field: str, old: Option, new: Option) -> Found:
    if old.label != new.label:
        sentence = f"答案“{short(old.label)}”改为“{short(new.label)}”。"
        yield Change(field, Kind.CONDITION, UP, sentence, reworded=True)
    if old.bars != new.bars:
        both = bool(old.bars and new.bars)
        sentence = f"选“{new.label}”的：{new.bars}" if new.bars else f"选“{new.label}”的，现在可以办了。"
        yield Change(field, Kind.CONDITION, UP if new.bars else DOWN, sentence.rstrip("。") + "。", reworded=both)
    yield from others(field, Kind.CONDITION, f"答案“{new.label}”", old, new)


def _option_weight(option: Option) -> Direction:
    """One more answer that goes on is less; one that ends the way is more."""
    return UP if option.bars else DOWN


def _option_gone(field: str, option: Option) -> Change:
    way = DOWN if option.bars else UP
    return Change(field, Kind.CONDITION, way, f"不再列出“{option.label}”这种情况。")


_options = records(
    lambda option: option.key,
    lambda field, row: Change(field, Kind.CONDITION, _option_weight(row), f"增加“{row.label}”这种情况。"),
    _option_gone,
    _option_changed,
    "答案",
)


def _situation_weight(situation: Situation, bars: Direction) -> Direction:
    """A question by itself asks nothing; one with an answer that ends the way does."""
    return bars if any(option.bars for option in situation.options) else SAME


materials = records(lambda material: material.key, _material_added, _material_removed, _material_changed, "材料")
steps = records(
    lambda step: step.key,
    lambda field, step: Change(field, Kind.STEP, UP, f"增加环节“{step.name}”，{step.working_days} 个工作日。"),
    lambda field, step: Change(field, Kind.STEP, DOWN, f"取消环节“{step.name}”。"),
    _step_changed,
    "环节",
)
fees = records(
    lambda fee: fee.name,
    lambda field, fee: Change(field, Kind.FEE, towards(0, fee.amount), f"增加收费“{fee.name}”，{_price(fee)}。"),
    lambda field, fee: Change(field, Kind.FEE, towards(fee.amount, 0), f"取消收费“{fee.name}”（原来 {_price(fee)}）。"),
    _fee_changed,
    "收费项目",
)
situations = records(
    lambda row: row.key,
    lambda field, row: Change(field, Kind.CONDITION, _situation_weight(row, UP), f"增加要问的情况“{row.question}”。"),
    lambda field, row: Change(field, Kind.CONDITION, _situation_weight(row, DOWN), f"不再问“{row.question}”。"),
    _question_changed,
    "要问的情况",
)
procedures = records(
    lambda procedure: procedure.name,
    lambda field, row: Change(field, Kind.STEP, UP, f"增加可以停下期限的特别程序“{row.name}”。"),
    lambda field, row: Change(field, Kind.STEP, DOWN, f"取消特别程序“{row.name}”。"),
    _procedure_changed,
    "特别程序",
)
results = records(
    lambda result: result.name,
    lambda field, row: Change(field, Kind.OTHER, DOWN, f"还可以得到“{row.name}”。"),
    lambda field, row: Change(field, Kind.OTHER, UP, f"不再给“{row.name}”。"),
    _result_changed,
    "办理结果",
)
SEEN.update(
    {
        Material: {
            *("key", "name", "issuer", "form", "medium", "source", "copies", "required", "fetched_by_us"),
            *("deferrable", "pledge", "verify_days", "standard", "basis", "note", "when", "when_label"),
        },
        Work: {"key", "name", "post", "working_days", "group", "standard", "basis", "when", "when_label"},
        Fee: {
            *("code", "name", "nature", "fund", "amount", "per", "quantity", "most", "payer", "scope", "receipt"),
            *("basis", "when", "when_label", "reductions", "valid_from", "valid_to"),
        },
        Reduction: {"label", "when", "percent", "basis"},
        Situation: {"key", "question", "hint", "unit", "most", "options"},
        Option: {"key", "label", "bars"},
        Procedure: {"name", "article"},
        Result: {"name", "kind", "validity", "months"},
    }
)
