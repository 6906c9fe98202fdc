"""What a new version asks of people, against the one before: more, the same or less, in words a resident understands.

Pure: two specs in, a list of changes out. Every field of the spec is compared; one that nobody has taught this module
counts as more, so that nothing slips through unnoticed. Rewording what people must meet counts as more as well: no
program can tell whether other words ask less.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from django.db.models import TextChoices

from mingtang.lib.money import format_yuan
from mingtang.rulebook.enums import (
    Burden,
    CaseKind,
    Direction,
    PowerHolder,
    PowerType,
    SilenceRule,
    Visibility,
)
from mingtang.rulebook.enums import ChangeKind as Kind
from mingtang.rulebook.spec import Fee, Material, Procedure, Result, Spec, Work


@dataclass(frozen=True)
class Change:
    """One difference. ``field`` names the spec's field; ``reworded`` marks what counts as more in both ways."""

    field: str
    kind: Kind
    direction: Direction
    sentence: str
    reworded: bool = False


@dataclass(frozen=True)
class Diff:
    changes: tuple[Change, ...]
    burden: Burden

    @property
    def up(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.direction is Direction.UP)


UP, SAME, DOWN = Direction.UP, Direction.SAME, Direction.DOWN
LIKE = 0.5  # two texts that share half of their pairs of characters are one text reworded


def diff(old: Spec | None, new: Spec) -> Diff:
    """Everything that differs. More dominates: one change upwards makes the whole version ``up``.

    ``old`` None: the item is new. What it asks is named once as a whole, and each fee by itself.
    """
    if old is None:
        return Diff((_whole(new), *_fees("fees", (), new.fees)), Burden.NEW)
    changes = tuple(
        change
        for field in fields(Spec)
        if getattr(old, field.name) != getattr(new, field.name)
        for change in COMPARED.get(field.name, _unknown)(field.name, getattr(old, field.name), getattr(new, field.name))
    )
    directions = {change.direction for change in changes}
    return Diff(changes, Burden.UP if UP in directions else Burden.DOWN if DOWN in directions else Burden.SAME)


def _whole(spec: Spec) -> Change:
    asked = sum(not material.fetched_by_us for material in spec.materials)
    days = f"承诺 {spec.promised_days} 个工作日办结" if spec.promised_days else "当场办结"
    fee = f"收费 {len(spec.fees)} 项" if spec.fees else "不收费"
    return Change(
        "name",
        Kind.OTHER,
        UP,
        f"新增事项“{spec.name}”：条件 {len(spec.conditions)} 条，要交的材料 {asked} 份，{days}，{fee}。",
    )


def _way(before: int, after: int) -> Direction:
    return UP if after > before else DOWN if after < before else SAME


Found = Iterator[Change]
Compare = Callable[[str, Any, Any], Found]
T = TypeVar("T")


def _unknown(field: str, before: Any, after: Any) -> Found:
    yield Change(field, Kind.OTHER, UP, f"“{field}”有改动。", reworded=True)


def _wording(label: str) -> Compare:
    """Words that ask nothing of anybody."""

    def compare(field: str, before: str, after: str) -> Found:
        yield Change(field, Kind.OTHER, SAME, f"{label}由“{_short(before)}”改为“{_short(after)}”。")

    return compare


def _list_wording(label: str) -> Compare:
    def compare(field: str, before: Any, after: Any) -> Found:
        yield Change(field, Kind.OTHER, SAME, f"{label}有改动。")

    return compare


def _short(text: str) -> str:
    return (text if len(text) <= 60 else text[:59] + "…") or "没有写"


def _ordered(label: str, weights: Mapping[str, int], kind: Kind, words: type[TextChoices]) -> Compare:
    """A choice whose values weigh differently on people; an unknown value weighs most."""
    names = dict(words.choices)

    def compare(field: str, before: str, after: str) -> Found:
        worst = max(weights.values()) + 1
        way = _way(weights.get(before, worst), weights.get(after, worst))
        yield Change(field, kind, way, f"{label}由“{names.get(before, before)}”改为“{names.get(after, after)}”。")

    return compare


def _number(label: str, unit: str, kind: Kind, zero: str = "") -> Compare:
    def words(value: int) -> str:
        return zero if zero and value == 0 else f"{value} {unit}"

    def compare(field: str, before: int, after: int) -> Found:
        yield Change(field, kind, _way(before, after), f"{label}由{words(before)}改为{words(after)}。")

    return compare


def _statutory(field: str, before: int | None, after: int | None) -> Found:
    """A limit that the law sets protects people: none at all is the longest."""

    def words(value: int | None) -> str:
        return "法律没有规定" if value is None else f"{value} 个工作日"

    way = _way(10**9 if before is None else before, 10**9 if after is None else after)
    yield Change(field, Kind.DAYS, way, f"法定时限由{words(before)}改为{words(after)}。")


def _online(field: str, before: bool, after: bool) -> Found:
    sentence = "可以在网上办了。" if after else "不能再在网上办，只能到窗口。"
    yield Change(field, Kind.VISIT, DOWN if after else UP, sentence)


# Lists of texts ------------------------------------------------------------------------------------------------------


def _served(field: str, before: tuple[str, ...], after: tuple[str, ...]) -> Found:
    for name in _only(before, after):
        yield Change(field, Kind.CONDITION, UP, f"不再面向“{name}”。")
    for name in _only(after, before):
        yield Change(field, Kind.CONDITION, DOWN, f"也面向“{name}”。")
    if Counter(before) == Counter(after):
        yield Change(field, Kind.OTHER, SAME, "面向的人换了先后次序。")


def _conditions(field: str, before: tuple[str, ...], after: tuple[str, ...]) -> Found:
    gone, come = list(_only(before, after)), list(_only(after, before))
    for old, new in _reworded(gone, come):
        gone.remove(old)
        come.remove(new)
        yield Change(field, Kind.CONDITION, UP, f"条件由“{_short(old)}”改为“{_short(new)}”。", reworded=True)
    for text in come:
        yield Change(field, Kind.CONDITION, UP, f"增加条件“{_short(text)}”。")
    for text in gone:
        yield Change(field, Kind.CONDITION, DOWN, f"取消条件“{_short(text)}”。")
    if Counter(before) == Counter(after):
        yield Change(field, Kind.OTHER, SAME, "条件换了先后次序。")


def _only(here: Iterable[str], there: Iterable[str]) -> Iterable[str]:
    return (Counter(here) - Counter(there)).elements()


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset({text})


def likeness(one: str, other: str) -> float:
    """Shared pairs of characters over all of them; 1 for equal texts. Symmetric."""
    mine, theirs = _pairs(one), _pairs(other)
    return len(mine & theirs) / len(mine | theirs)


def _reworded(gone: Sequence[str], come: Sequence[str]) -> list[tuple[str, str]]:
    """The likeliest pairs of a text that went and one that came; the same pairs whichever way one looks."""
    scored = sorted(((likeness(old, new), *sorted((old, new)), old, new) for old in gone for new in come), reverse=True)
    left, right, found = Counter(gone), Counter(come), []
    for score, _, _, old, new in scored:
        if score >= LIKE and left[old] and right[new]:
            left[old] -= 1
            right[new] -= 1
            found.append((old, new))
    return found


# Lists of records ----------------------------------------------------------------------------------------------------


def _keyed(key: Callable[[T], str], rows: Iterable[T]) -> dict[str, T]:
    """By key; a key that occurs again gets a number, so that none hides another."""
    found: dict[str, T] = {}
    for row in rows:
        name, again = key(row), 1
        while name in found:
            again += 1
            name = f"{key(row)}#{again}"
        found[name] = row
    return found


def _records(
    key: Callable[[T], str],
    added: Callable[[str, T], Change],
    removed: Callable[[str, T], Change],
    changed: Callable[[str, T, T], Found],
    order: str,
) -> Compare:
    def compare(field: str, before: Sequence[T], after: Sequence[T]) -> Found:
        old, new = _keyed(key, before), _keyed(key, after)
        yield from (removed(field, row) for name, row in old.items() if name not in new)
        yield from (added(field, row) for name, row in new.items() if name not in old)
        for name, row in new.items():
            if name in old and old[name] != row:
                yield from changed(field, old[name], row)
        if [name for name in old if name in new] != [name for name in new if name in old]:
            yield Change(field, Kind.OTHER, SAME, f"{order}换了先后次序。")

    return compare


def _asked(material: Material) -> int:
    """0: we fetch it ourselves; 1: it may be brought; 2: it must be."""
    return 0 if material.fetched_by_us else 2 if material.required else 1


_HOW = {0: "由我们调取", 1: "没有也可以", 2: "必须交"}


def _material_added(field: str, row: Material) -> Change:
    how = _HOW[_asked(row)]
    return Change(field, Kind.MATERIAL, _way(0, _asked(row)), f"增加材料“{row.name}”（{how}，{row.copies} 份）。")


def _material_removed(field: str, row: Material) -> Change:
    return Change(field, Kind.MATERIAL, _way(_asked(row), 0), f"不再要材料“{row.name}”。")


def _material_changed(field: str, old: Material, new: Material) -> Found:
    # What we fetch ourselves, before or after, costs nobody anything but that very change.
    free = 0 in (_asked(old), _asked(new))

    def change(way: Direction, sentence: str, reworded: bool = False) -> Change:
        return Change(field, Kind.MATERIAL, SAME if free else way, sentence, reworded and not free)

    name = f"材料“{new.name}”"
    if _asked(old) != _asked(new):
        way = _way(_asked(old), _asked(new))
        yield Change(field, Kind.MATERIAL, way, f"{name}由{_HOW[_asked(old)]}改为{_HOW[_asked(new)]}。")
    elif old.required != new.required:
        yield Change(field, Kind.OTHER, SAME, f"{name}是否必要有改动，仍由我们调取。")
    if old.copies != new.copies:
        yield change(_way(old.copies, new.copies), f"{name}由 {old.copies} 份改为 {new.copies} 份。")
    if old.deferrable != new.deferrable:
        yield change(DOWN if new.deferrable else UP, f"{name}{'可以' if new.deferrable else '不能再'}后补。")
    if old.name != new.name:
        yield change(UP, f"材料“{old.name}”改为“{new.name}”。", True)
    for attribute, label in (("issuer", "出具单位"), ("form", "形式"), ("standard", "标准")):
        before, after = getattr(old, attribute), getattr(new, attribute)
        if before != after:
            yield change(UP, f"{name}的{label}由“{_short(before)}”改为“{_short(after)}”。", True)
    if old.basis != new.basis:
        yield Change(field, Kind.OTHER, SAME, f"{name}的依据改写为“{_short(new.basis)}”。")
    yield from _others(field, Kind.MATERIAL, name, old, new)


_MATERIAL_SEEN = {"key", "name", "issuer", "form", "copies", "required", "fetched_by_us", "deferrable", "standard"}
_SEEN: dict[type, set[str]] = {
    Material: _MATERIAL_SEEN | {"basis"},
    Work: {"key", "name", "post", "working_days", "group", "standard"},
    Fee: {"name", "amount", "per", "basis"},
    Procedure: {"name", "article"},
    Result: {"name", "kind"},
}


def _others(field: str, kind: Kind, name: str, old: Any, new: Any) -> Found:
    """Fields of a record that nobody has taught this module: more, until someone does."""
    for one in fields(new):
        if one.name not in _SEEN[type(new)] and getattr(old, one.name) != getattr(new, one.name):
            yield Change(field, kind, UP, f"{name}的“{one.name}”有改动。", reworded=True)


def _step_changed(field: str, old: Work, new: Work) -> Found:
    name = f"环节“{new.name}”"
    if old.working_days != new.working_days:
        way = _way(old.working_days, new.working_days)
        yield Change(field, Kind.DAYS, way, f"{name}由 {old.working_days} 个工作日改为 {new.working_days} 个工作日。")
    if (old.group is None) != (new.group is None):
        sentence = f"{name}不再和别的环节同时办。" if new.group is None else f"{name}改为和别的环节同时办。"
        yield Change(field, Kind.STEP, UP if new.group is None else DOWN, sentence)
    elif old.group != new.group:
        yield Change(field, Kind.OTHER, SAME, f"{name}换了同时办理的组。")
    if old.standard != new.standard:
        sentence = f"{name}的审查标准由“{_short(old.standard)}”改为“{_short(new.standard)}”。"
        yield Change(field, Kind.STEP, UP, sentence, reworded=True)
    if old.name != new.name:
        yield Change(field, Kind.OTHER, SAME, f"环节“{old.name}”改称“{new.name}”。")
    if old.post != new.post:
        yield Change(field, Kind.OTHER, SAME, f"{name}换了经办岗位。")
    yield from _others(field, Kind.STEP, name, old, new)


def _price(fee: Fee) -> str:
    return f"{format_yuan(fee.amount)}／{fee.per}"


def _fee_changed(field: str, old: Fee, new: Fee) -> Found:
    sentence = f"收费“{new.name}”由 {_price(old)} 改为 {_price(new)}。"
    if old.per != new.per:
        # Another unit makes two amounts incomparable.
        yield Change(field, Kind.FEE, UP, sentence, reworded=True)
    elif old.amount != new.amount:
        yield Change(field, Kind.FEE, _way(old.amount, new.amount), sentence)
    if old.basis != new.basis:
        yield Change(field, Kind.OTHER, SAME, f"收费“{new.name}”的依据改写为“{_short(new.basis)}”。")
    yield from _others(field, Kind.FEE, f"收费“{new.name}”", old, new)


def _procedure_changed(field: str, old: Procedure, new: Procedure) -> Found:
    if old.article != new.article:
        yield Change(field, Kind.OTHER, SAME, f"特别程序“{new.name}”的依据改写为“{_short(new.article)}”。")
    yield from _others(field, Kind.STEP, f"特别程序“{new.name}”", old, new)


def _result_changed(field: str, old: Result, new: Result) -> Found:
    if old.kind != new.kind:
        yield Change(field, Kind.OTHER, SAME, f"“{new.name}”的类型由“{old.kind}”改为“{new.kind}”。")
    yield from _others(field, Kind.OTHER, f"“{new.name}”", old, new)


_fees = _records(
    lambda fee: fee.name,
    lambda field, fee: Change(field, Kind.FEE, _way(0, fee.amount), f"增加收费“{fee.name}”，{_price(fee)}。"),
    lambda field, fee: Change(field, Kind.FEE, _way(fee.amount, 0), f"取消收费“{fee.name}”（原来 {_price(fee)}）。"),
    _fee_changed,
    "收费项目",
)
_KINDS = {CaseKind.INSTANT: 0, CaseKind.PROMISED: 1, CaseKind.JOINT: 1}
# What binds people weighs more than what is given to them.
_POWERS = {
    PowerType.PUBLIC_SERVICE: 0,
    PowerType.PAYMENT: 0,
    PowerType.REWARD: 0,
    PowerType.CONFIRMATION: 1,
    PowerType.OTHER_POWER: 1,
    PowerType.LICENCE: 2,
}
_SILENCE = {SilenceRule.STATUTORY: 0, SilenceRule.PROMISE: 1, SilenceRule.NONE: 2}

COMPARED: dict[str, Compare] = {
    "name": _wording("名称"),
    "kind": _ordered("办件类型", _KINDS, Kind.DAYS, CaseKind),
    "power_type": _ordered("事项类型", _POWERS, Kind.CONDITION, PowerType),
    "power_holder": _ordered("职权来源", dict.fromkeys(PowerHolder, 0), Kind.OTHER, PowerHolder),
    "holder": _wording("实施机关"),
    "served": _served,
    "summary": _wording("办什么的说明"),
    "basis": _list_wording("列出的依据"),
    "conditions": _conditions,
    "materials": _records(lambda material: material.key, _material_added, _material_removed, _material_changed, "材料"),
    "window_post": _wording("收件岗位"),
    "decider_post": _wording("决定岗位"),
    "steps": _records(
        lambda step: step.key,
        lambda field, step: Change(field, Kind.STEP, UP, f"增加环节“{step.name}”，{step.working_days} 个工作日。"),
        lambda field, step: Change(field, Kind.STEP, DOWN, f"取消环节“{step.name}”。"),
        _step_changed,
        "环节",
    ),
    "intake_days": _number("收件审查", "个工作日", Kind.DAYS),
    "statutory_days": _statutory,
    "promised_days": _number("承诺时限", "个工作日", Kind.DAYS, "当场办结"),
    "joint_decision": _wording("联合办理的决定"),
    "silence_rule": _ordered("逾期不告知的后果", _SILENCE, Kind.CONDITION, SilenceRule),
    "procedures": _records(
        lambda procedure: procedure.name,
        lambda field, row: Change(field, Kind.STEP, UP, f"增加可以停下期限的特别程序“{row.name}”。"),
        lambda field, row: Change(field, Kind.STEP, DOWN, f"取消特别程序“{row.name}”。"),
        _procedure_changed,
        "特别程序",
    ),
    "fees": _fees,
    "results": _records(
        lambda result: result.name,
        lambda field, row: Change(field, Kind.OTHER, DOWN, f"还可以得到“{row.name}”。"),
        lambda field, row: Change(field, Kind.OTHER, UP, f"不再给“{row.name}”。"),
        _result_changed,
        "办理结果",
    ),
    "place": _wording("地点"),
    "hours": _wording("时间"),
    "phone": _wording("咨询电话"),
    "complaint_phone": _wording("监督电话"),
    "visits": _number("到现场的次数", "次", Kind.VISIT, "不用到现场"),
    "online": _online,
    "visibility": _ordered("进度", dict.fromkeys(Visibility, 0), Kind.OTHER, Visibility),
    "synonyms": _list_wording("通俗名称"),
    "questions": _list_wording("常见问题"),
}
