"""What was promised and what came of it, measured from the records: of each item the limit that its guide promises, of
each public utility the days for an answer. Nobody types a figure. Nothing here tells of one person: a promise that was
not kept is a day, how many days over it, and a post."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from mingtang.cases.enums import CaseState, ClockKind
from mingtang.cases.models import Clock
from mingtang.people.models import Post
from mingtang.rulebook.enums import Visibility
from mingtang.rulebook.models import ItemFacts, Version
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.models import Tenant
from mingtang.voices.models import Matter

NONE_DUE = "这一期没有到期的件。"


@dataclass(frozen=True)
class Broken:
    """One promise that was not kept: its last day, how many days over it so far, whether it is still open."""

    due: date
    days: int
    is_open: bool


@dataclass(frozen=True)
class Measured:
    """The promises whose last day lies in a span: kept, not kept, and those that may still be kept."""

    kept: int = 0
    broken: tuple[Broken, ...] = ()
    waiting: int = 0

    @property
    def longest(self) -> int:
        return max((one.days for one in self.broken), default=0)


@dataclass(frozen=True)
class Promise:
    """One line of the register. ``owner`` answers for it; ``limit``: working days, None where they differ by kind."""

    key: tuple[str, int]
    code: str
    name: str
    unit: str
    owner: Post | None
    limit: int | None
    measured: Measured = Measured()


def sentence(kept: int, broken: int, longest: int) -> str:
    """What is said of a period that is over."""
    if not kept + broken:
        return NONE_DUE
    whole = f"到期 {kept + broken} 件"
    if not broken:
        return f"{whole}，都按承诺的时限办了。"
    return f"{whole}，{kept} 件按时，{broken} 件没有做到，最长超过 {longest} 天。"


def register(town: Jurisdiction, first: date, last: date) -> list[Promise]:
    """Every promise of the town with what came of it in a span, both days included. Those of items by their code, then
    those of the utilities. Five queries."""
    items, tenants = of_items(town, first, last), of_tenants(town, first, last)
    return [
        Promise(**vars(one) | {"measured": (items if one.key[0] == "item" else tenants).get(one.key[1], Measured())})
        for one in promised(town)
    ]


def promised(town: Jurisdiction) -> list[Promise]:
    """What is promised now: an item that can be applied for, a utility that was taken in. Three queries."""
    posts = Post.objects.filter(town=town).select_related("unit").order_by("-is_leader", "pk")
    by_code, by_unit = {}, {}
    for post in posts:
        by_code[post.code] = post
        by_unit.setdefault(post.unit_id, post)
    rows = ItemFacts.objects.filter(town=town, suspended=False).order_by("item__code")
    fields = ("item_id", "item__code", "name", "unit_id", "unit__name", "decider_post", "days")
    found = [
        Promise(("item", key), code, name, unit, by_code.get(decider) or by_unit.get(unit_id), days)
        for key, code, name, unit_id, unit, decider, days in rows.values_list(*fields)
    ]
    tenants = Tenant.objects.filter(town=town, unit__dissolved_on__isnull=True).select_related("unit", "owner__unit")
    found += [
        Promise(("tenant", row.pk), row.unit.code, f"{row.unit.name}答复诉求", row.unit.name, row.owner, None)
        for row in tenants
    ]
    return found


def sealed(items: Iterable[int]) -> set[int]:
    """Of these items those whose cases are told of to nobody: only how many are counted."""
    current = ItemFacts.objects.filter(item__in=items).values("version")
    versions = Version.objects.filter(pk__in=current).defer("bpmn")
    return {row.item_id for row in versions if row.spec.visibility == Visibility.SEALED}


def of_items(town: Jurisdiction, first: date, last: date) -> dict[int, Measured]:
    """By item the promised limits of its cases. What the applicant ended before the day is no promise kept."""
    clocks = Clock.objects.filter(case__town=town, kind=ClockKind.PROMISE, due_on__range=(first, last))
    rows = clocks.values_list("case__item_id", "due_on", "stopped_at", "case__state")
    ended = {CaseState.WITHDRAWN, CaseState.LAPSED}
    return _measured(
        (item, due, at)
        for item, due, at, state in rows
        if not (state in ended and at is not None and timezone.localdate(at) <= due)
    )


def of_tenants(town: Jurisdiction, first: date, last: date) -> dict[int, Measured]:
    """By utility the days within which it answers what people tell it."""
    rows = Matter.objects.filter(town=town, due_on__range=(first, last))
    return _measured(rows.values_list("unit__tenancy", "due_on", "answered_at"))


def _measured(rows: Iterable[tuple[int, date, datetime | None]]) -> dict[int, Measured]:
    """(whose, last day, when it was done)"""
    today = timezone.localdate()
    kept: dict[int, int] = defaultdict(int)
    waiting: dict[int, int] = defaultdict(int)
    broken: dict[int, list[Broken]] = defaultdict(list)
    for whose, due, at in rows:
        over = ((timezone.localdate(at) if at else today) - due).days
        if over > 0:
            broken[whose].append(Broken(due, over, at is None))
        elif at:
            kept[whose] += 1
        else:
            waiting[whose] += 1
    return {
        whose: Measured(kept[whose], tuple(sorted(broken[whose], key=lambda one: -one.days)), waiting[whose])
        for whose in {*kept, *waiting, *broken}
    }
