"""What does not fit in the power list: overlaps, orphans, powers nobody can use, a power or a basis that is gone.

Functions only: the public page, the desk and the alarms show the same findings.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from mingtang.lib.text import squeeze
from mingtang.people.enums import DECIDE, Permission
from mingtang.people.models import Assignment, Delegation, Post
from mingtang.rulebook import facts
from mingtang.rulebook.enums import PowerType, VersionState
from mingtang.rulebook.laws.resolve import Shelf
from mingtang.rulebook.models import Item, Power
from mingtang.rulebook.powers.enums import PlanClass, PowerStatus
from mingtang.towns.models import Jurisdiction

NAMED = 6  # of the powers that rest on one article, by name
_MARKS = re.compile(r"[《》〈〉“”（）()、，。·\-—]|^中华人民共和国")


class FindingKind(models.TextChoices):
    SAME_NAME = "same_name", "两家单位都有同名权力"
    SAME_BASIS = "same_basis", "两家单位依据同一条款"
    NO_ITEM = "no_item", "有权力，没有办事指南"
    NO_POWER = "no_power", "有事项，没有对应的权力"
    ENDED_POWER = "ended_power", "权力已经取消或上交，事项还在办"
    DISSOLVED = "dissolved", "行使单位已经撤销"
    NO_DECIDER = "no_decider", "没有能作决定的岗位"
    NO_BASIS = "no_basis", "依据查不到，或者已经失效"


@dataclass(frozen=True)
class Finding:
    """One thing to mend: what is wrong, about which powers and items, and which units must mend it."""

    kind: FindingKind
    sentence: str
    owner: str
    powers: tuple[Power, ...] = ()
    items: tuple[Item, ...] = ()


def _plain(text: str) -> str:
    return _MARKS.sub("", _MARKS.sub("", squeeze(text)))


def _names(rows: Iterable[Power]) -> str:
    return "、".join(dict.fromkeys(row.unit.name for row in rows))


def _held_twice(powers: Iterable[Power], keys: Callable[[Power], Iterable[str]]) -> Iterator[tuple[Power, ...]]:
    """Groups of powers with an equal key and more than one holder; each group once."""
    by_key: dict[str, dict[int, Power]] = defaultdict(dict)
    for power in powers:
        for key in keys(power):
            by_key[key][power.pk] = power
    seen = set()
    for group in by_key.values():
        if len({row.unit_id for row in group.values()}) > 1 and frozenset(group) not in seen:
            seen.add(frozenset(group))
            yield tuple(group.values())


def overlaps(powers: Iterable[Power]) -> Iterator[Finding]:
    """Two units hold a power of the same name, or two powers on the same article."""
    powers = list(powers)
    for group in _held_twice(powers, lambda power: [_plain(power.name)]):
        sentence = f"“{group[0].name}”同时列在{_names(group)}名下，要定一家主办。"
        yield Finding(FindingKind.SAME_NAME, sentence, _names(group), group)
    by_key = {}
    for power in powers:
        by_key[power.pk] = {f"{_plain(row.law)}\0{squeeze(row.article)}": row for row in power.basis.all()}
    for group in _held_twice(powers, lambda power: by_key[power.pk]):
        shared = next(iter(set.intersection(*(set(by_key[power.pk]) for power in group))))
        sentence = (
            f"{_names(group)}的权力都依据{by_key[group[0].pk][shared]}："
            f"{'、'.join(row.name for row in group[:NAMED])}{f'等 {len(group)} 项' if len(group) > NAMED else ''}。"
            "要写清各自的范围。"
        )
        yield Finding(FindingKind.SAME_BASIS, sentence, _names(group), group)


def applied_for(power: Power) -> bool:
    """Whether people can apply for it, so that it needs a guide: not a penalty, not a unit's own household."""
    return power.type in PowerType.values and power.plan_class != PlanClass.INTERNAL


class _Deciders:
    """Who can decide at a moment: posts held, with the power to decide, with a valid letter for the item."""

    def __init__(self, town: Jurisdiction, at: datetime) -> None:
        held = Exists(Assignment.objects.current(at).filter(post=OuterRef("pk")))
        posts = list(Post.objects.filter(town=town).select_related("unit").annotate(held=held))
        self.held = {post.pk for post in posts if post.held}
        self.posts = {post.code: post for post in posts}
        letters = Delegation.objects.filter(town=town, step_code=DECIDE).valid(at)
        self.letters = set(letters.values_list("post_id", "item_code"))

    def why_not(self, item: Item) -> str:
        """Empty when the post named in the guide can decide; else what is missing."""
        code = item.facts.decider_post
        post = self.posts.get(code)
        if post is None:
            return f"指南写的决定岗位“{code}”不存在"
        if Permission.CASE_DECIDE not in post.permissions:
            return f"{post}没有作决定的权限"
        if post.pk not in self.held:
            return f"{post}现在没有人"
        if (post.pk, item.code) not in self.letters:
            return f"{post}没有有效的授权书"
        return ""

    def why_not_power(self, power: Power, items: list[Item]) -> str:
        """A power is decided through its items; one that has none by the post it names."""
        if items:
            whys = [self.why_not(item) for item in items]
            return "" if "" in whys else whys[0]
        if power.post is None:
            return "没有写明由哪个岗位行使"
        return "" if power.post_id in self.held else f"{power.post}现在没有人"


def _orphans(powers: list[Power], by_power: dict[int, list[Item]], deciders: _Deciders) -> Iterator[Finding]:
    for power in powers:
        items = by_power.get(power.pk, [])
        if power.unit.dissolved_on:
            sentence = f"“{power.name}”的行使单位{power.unit.name}已经撤销，要换成现在的单位。"
            yield Finding(FindingKind.DISSOLVED, sentence, "司法所", (power,))
        if not items and applied_for(power):
            sentence = f"“{power.name}”还没有公布办事指南，群众没法申请。"
            yield Finding(FindingKind.NO_ITEM, sentence, power.unit.name, (power,))
        elif why := deciders.why_not_power(power, items):
            sentence = f"“{power.name}”现在没有能作决定的岗位：{why}。"
            yield Finding(FindingKind.NO_DECIDER, sentence, power.unit.name, (power,), tuple(items))


def _bases(powers: Iterable[Power], town: Jurisdiction, on: date) -> Iterator[Finding]:
    """Powers on a law or article that is not in force."""
    cited = [(power, row) for power in powers for row in power.basis.all()]
    shelf = Shelf.for_citations(town, {(row.law, row.article) for _, row in cited})
    for power, row in cited:
        answer = shelf.resolve(row.law, row.article, on)
        if not answer.holds:
            sentence = f"“{power.name}”的依据对不上：{answer.why}"
            yield Finding(FindingKind.NO_BASIS, sentence, power.unit.name, (power,))


def _items(items: Iterable[Item], linked: dict[int, list[Power]]) -> Iterator[Finding]:
    for item in items:
        powers, owner = linked.get(item.pk, []), item.unit.name if item.unit else "便民服务中心"
        if not powers:
            sentence = f"“{item.facts.name}”没有对应权力清单里的任何一项，要写明凭什么办。"
            yield Finding(FindingKind.NO_POWER, sentence, owner, (), (item,))
        for power in powers:
            if not power.is_listed:
                sentence = (
                    f"“{power.name}”已于 {power.ended_on} {power.get_status_display().removeprefix('已')}，"
                    f"“{item.facts.name}”还在办，要停办或者另找依据。"
                )
                yield Finding(FindingKind.ENDED_POWER, sentence, owner, (power,), (item,))


def findings(town: Jurisdiction, at: datetime | None = None, about: Power | None = None) -> list[Finding]:
    """What does not fit, in the order of ``FindingKind``: everything, or what is ``about`` one power.

    Eight queries, whatever the size of the list.
    """
    at = at or timezone.now()
    everything = list(Power.objects.filter(town=town).select_related("unit", "post__unit").prefetch_related("basis"))
    held = Power.items.through.objects.filter(power__town=town, item__facts__suspended=False)
    items = facts.in_force(town)
    if about is not None:
        held, items = held.filter(power=about), items.filter(powers=about)
    items = {item.pk: item for item in items}
    by_power: dict[int, list[Item]] = defaultdict(list)
    linked: dict[int, list[Power]] = defaultdict(list)
    powers = {power.pk: power for power in everything}
    for power_id, item_id in held.order_by("item__code").values_list("power_id", "item_id"):
        if item_id not in items:
            continue  # put in force a moment ago
        by_power[power_id].append(items[item_id])
        linked[item_id].append(powers[power_id])
    listed = [power for power in everything if power.is_listed]
    own = [power for power in listed if about in (None, power)]
    found = [*overlaps(listed), *_orphans(own, by_power, _Deciders(town, at)), *_items(items.values(), linked)]
    found += _bases(own, town, timezone.localdate(at))
    order = list(FindingKind)
    return sorted((one for one in found if about is None or about in one.powers), key=lambda one: order.index(one.kind))


def alarmed_items(town: Jurisdiction) -> set[str]:
    """Codes of items in force that stand on a power which is cancelled or handed up."""
    rows = Item.objects.filter(town=town, current__state=VersionState.IN_FORCE)
    return set(
        rows.filter(powers__status__in=[PowerStatus.CANCELLED, PowerStatus.HANDED_UP]).values_list("code", flat=True)
    )
