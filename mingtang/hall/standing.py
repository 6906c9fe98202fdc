"""Which items are in the hall: every item in force, entered, let stay outside, overdue, or simply missing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Prefetch

from mingtang.hall.models import Entry, Exemption, HandOver, Milestone
from mingtang.rulebook import facts
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction


class StandingKind(models.TextChoices):
    """Worst first: the order of the page."""

    OVERDUE = "overdue", "暂缓已到期，还没有进驻"
    MISSING = "missing", "没有进驻，也没有批准暂缓"
    MOVED = "moved", "登记的窗口和办事指南不一致"
    EXEMPT = "exempt", "批准暂缓"
    ENTERED = "entered", "已进驻"


@dataclass(frozen=True)
class Standing:
    """Where one item stands on a day. ``entries``: its windows now; ``exemption``: the one that runs or has run out."""

    item: Item
    kind: StandingKind
    entries: tuple[Entry, ...]
    exemption: Exemption | None

    @property
    def is_gap(self) -> bool:
        return self.kind in (StandingKind.OVERDUE, StandingKind.MISSING, StandingKind.MOVED)


def fits(entry: Entry, item: Item) -> bool:
    """Whether the registered window is the one the guide in force sends people to."""
    return entry.window.post.code == item.facts.window_post


def _kind(item: Item, entries: list[Entry], exemption: Exemption | None, today: date) -> StandingKind:
    if entries:
        return StandingKind.ENTERED if any(fits(entry, item) for entry in entries) else StandingKind.MOVED
    if exemption is None:
        return StandingKind.MISSING
    return StandingKind.OVERDUE if exemption.days_late(today) > 0 else StandingKind.EXEMPT


def standing_of(item: Item, today: date) -> Standing:
    """Where one item that stands is on a day."""
    entries = list(Entry.objects.filter(item=item, left_on__isnull=True).select_related("window__post", "unit"))
    exemption = Exemption.objects.filter(item=item, ended_on__isnull=True).select_related("unit").first()
    return Standing(item, _kind(item, entries, exemption, today), tuple(entries), exemption)


def standings(town: Jurisdiction, today: date) -> list[Standing]:
    """Every item in force with where it stands, worst first. Three queries."""
    entered: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(town=town, left_on__isnull=True).select_related("window__post", "unit"):
        entered[entry.item_id].append(entry)
    exempt = {
        row.item_id: row for row in Exemption.objects.filter(town=town, ended_on__isnull=True).select_related("unit")
    }
    found = []
    for item in facts.in_force(town):
        entries, exemption = entered[item.pk], exempt.get(item.pk)
        found.append(Standing(item, _kind(item, entries, exemption, today), tuple(entries), exemption))
    order = list(StandingKind)
    return sorted(found, key=lambda row: order.index(row.kind))


@dataclass(frozen=True)
class Stalled:
    """A milestone past its day that lacks a signature: which, of which plan, who has not signed, how many days late."""

    milestone: Milestone
    waits_for: str
    days_late: int


def waits_for(milestone: Milestone) -> str:
    """The sides that have not signed; empty when both have."""
    sides = [] if milestone.unit_signed_at else [milestone.plan.unit.name]
    return "、".join(sides if milestone.centre_signed_at else [*sides, "便民服务中心"])


def plans(town: Jurisdiction) -> list[HandOver]:
    """The hand-over plans, unfinished ones first."""
    rows = HandOver.objects.filter(town=town).select_related("item__current", "unit")
    rows = rows.prefetch_related(Prefetch("milestones", Milestone.objects.select_related("plan__unit")))
    return sorted(rows, key=lambda plan: plan.done_at is not None)


def stalled(town: Jurisdiction, today: date) -> list[Stalled]:
    """Milestones whose day is past without both signatures, the latest first."""
    rows = Milestone.objects.filter(plan__town=town, plan__done_at__isnull=True, due_on__lt=today)
    rows = rows.select_related("plan__unit", "plan__item__current").order_by("due_on", "pk")
    return [Stalled(row, waits_for(row), (today - row.due_on).days) for row in rows if not row.is_done]
