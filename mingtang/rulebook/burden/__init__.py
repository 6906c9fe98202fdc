"""What a new version asks of people, against the one before: more, the same or less, in words a resident understands.

Pure: two specs in, a list of changes out. Every field of the spec is compared; one that nobody has taught this package
counts as more, so that nothing slips through unnoticed. Rewording what people must meet counts as more as well: no
program can tell whether other words ask less.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from mingtang.rulebook.burden import rows, words
from mingtang.rulebook.burden.common import DOWN, SAME, UP, Change, Compare, likeness, unknown
from mingtang.rulebook.compose import Saved
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
from mingtang.rulebook.spec import Spec

WITH_PARTS = "（随合起来办的事项改动，已经按程序决定。）"


@dataclass(frozen=True)
class Diff:
    changes: tuple[Change, ...]
    burden: Burden

    @property
    def up(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.direction is Direction.UP)


def diff(old: Spec | None, new: Spec) -> Diff:
    """Everything that differs. More dominates: one change upwards makes the whole version ``up``.

    ``old`` None: the item is new. What it asks is named once as a whole, and each fee by itself.
    """
    if old is None:
        return Diff((_whole(new), *rows.fees("fees", (), new.fees)), Burden.NEW)
    changes = tuple(
        change
        for field in fields(Spec)
        if getattr(old, field.name) != getattr(new, field.name)
        for change in COMPARED.get(field.name, unknown)(field.name, getattr(old, field.name), getattr(new, field.name))
    )
    return Diff(changes, _burden(changes))


def _burden(changes: Sequence[Change]) -> Burden:
    directions = {change.direction for change in changes}
    return Burden.UP if UP in directions else Burden.DOWN if DOWN in directions else Burden.SAME


def brought_by_parts(found: Diff, parts: Diff) -> Diff:
    """What a joint thing changes, where its parts changed meanwhile: the very same changes were decided with the parts.

    They stay to be read, under the field ``parts``, and weigh no more; whatever the parts did not change so does.
    """
    decided = Counter(parts.changes)
    changes = []
    for change in found.changes:
        if decided[change]:
            decided[change] -= 1
            way = DOWN if change.direction is DOWN else SAME
            change = replace(change, field="parts", direction=way, sentence=change.sentence + WITH_PARTS)
        changes.append(change)
    return Diff(tuple(changes), _burden(changes))


def composed_diff(together: Spec, new: Spec, names: Sequence[str], saved: Saved) -> Diff:
    """A new joint thing against what its parts ask together (``compose.compose`` of them)."""
    spared = []
    if saved.papers:
        spared.append(f"少交 {saved.papers} 份材料")
    if saved.visits:
        spared.append(f"少跑 {saved.visits} 次")
    if saved.days:
        spared.append(f"承诺时限加起来少 {saved.days} 个工作日")
    sentence = "，".join([f"把“{'”“'.join(names)}”合成一件事，一次申请", *spared]) + "。原来的事项还可以单独办。"
    first = Change("parts", Kind.OTHER, DOWN, sentence)
    changes = (first, *diff(together, new).changes)
    more = any(change.direction is UP for change in changes)
    return Diff(changes, Burden.UP if more else Burden.DOWN)


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
    "name": words.wording("名称"),
    "kind": words.ordered("办件类型", _KINDS, Kind.DAYS, CaseKind),
    "power_type": words.ordered("事项类型", _POWERS, Kind.CONDITION, PowerType),
    "power_holder": words.ordered("职权来源", dict.fromkeys(PowerHolder, 0), Kind.OTHER, PowerHolder),
    "holder": words.wording("实施机关"),
    "served": words.served,
    "summary": words.wording("办什么的说明"),
    "basis": words.list_wording("列出的依据"),
    "situations": rows.situations,
    "conditions": words.conditions,
    "materials": rows.materials,
    "window_post": words.wording("收件岗位"),
    "decider_post": words.wording("决定岗位"),
    "steps": rows.steps,
    "intake_days": words.number("收件审查", "个工作日", Kind.DAYS),
    "statutory_days": words.statutory,
    "promised_days": words.number("承诺时限", "个工作日", Kind.DAYS, "当场办结"),
    "joint_decision": words.wording("联合办理的决定"),
    "silence_rule": words.ordered("逾期不告知的后果", _SILENCE, Kind.CONDITION, SilenceRule),
    "superior": words.superior,
    "ex_officio": words.bound("不等申请就启动的依据", Kind.CONDITION),
    "in_person": words.in_person,
    "procedures": rows.procedures,
    "fees": rows.fees,
    "results": rows.results,
    "publication": words.publication,
    "place": words.wording("地点"),
    "hours": words.wording("时间"),
    "phone": words.wording("咨询电话"),
    "complaint_phone": words.wording("监督电话"),
    "visits": words.number("到现场的次数", "次", Kind.VISIT, "不用到现场"),
    "online": words.online,
    "visibility": words.ordered("进度", dict.fromkeys(Visibility, 0), Kind.OTHER, Visibility),
    "synonyms": words.list_wording("通俗名称"),
    "questions": words.list_wording("常见问题"),
    "files": words.list_wording("表格和样本"),
    "parts": words.list_wording("合起来办的事项"),
    "listing": words.listing,
}

__all__ = ["COMPARED", "Change", "Diff", "brought_by_parts", "composed_diff", "diff", "likeness"]
