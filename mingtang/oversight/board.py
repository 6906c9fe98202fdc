"""How the duties stand, counted from the slots: the board's numbers all come from one query, so they add up."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce

from mingtang.disclosure.columns import schemes
from mingtang.lib.text import chinese_date
from mingtang.oversight.enums import SlotState, Source, Trigger
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.periods import title_of
from mingtang.people.models import Unit
from mingtang.towns.viewer import Viewer

# What waits longest for somebody stands first, then what is due next, then what is done.
ORDER = (SlotState.EMPTY, SlotState.BROKEN, SlotState.DUE, SlotState.LATE, SlotState.EXCUSED, SlotState.ON_TIME)


@dataclass(frozen=True)
class Cell:
    """How many slots of a topic that a unit answers for are in a state."""

    topic: str
    unit: str
    state: str
    count: int


@dataclass
class Row:
    """A line of a table: its label, the counts by state, all of them."""

    key: str
    label: str
    counts: Counter[str]

    @property
    def total(self) -> int:
        return self.counts.total()


def _placed(rows: QuerySet[Any], duty: str = "duty__") -> QuerySet[Any]:
    """With ``topic`` and ``unit``: what is a column's belongs to its heading, or to its scheme; all else to its source.
    ``duty``: the way to the duty from these rows."""
    column = Coalesce(f"{duty}column__parent__code", f"{duty}column__scheme")
    of_column = When(**{f"{duty}source": Source.COLUMN}, then=column)
    topic = Case(of_column, default=F(f"{duty}source"), output_field=CharField())
    unit = Coalesce(f"{duty}owner__unit__code", f"{duty}column__owner__unit__code")
    return rows.annotate(topic=topic, unit=unit)


def topics() -> dict[str, str]:
    """Every topic a slot may have, by its key, in the order of the board."""
    found: dict[str, str] = {}
    for scheme in schemes().values():
        if scheme.duty:
            found |= dict(scheme.groups) or {scheme.code: scheme.name}
    return found | {str(value): label for value, label in Source.choices if value != Source.COLUMN}


def units(viewer: Viewer) -> dict[str, str]:
    return dict(Unit.objects.visible_to(viewer).filter(dissolved_on__isnull=True).values_list("code", "name"))


def cells(viewer: Viewer, today: date) -> list[Cell]:
    """All slots of the town in one query."""
    rows = _placed(Slot.objects.visible_to(viewer).standing(today)).order_by()
    counted = rows.values_list("topic", "unit", "state").annotate(count=Count("pk"))
    return [Cell(*row) for row in counted]


def fits(cell: Cell, topic: str = "", unit: str = "", state: str = "") -> bool:
    return topic in ("", cell.topic) and unit in ("", cell.unit) and state in ("", cell.state)


def rows(found: Iterable[Cell], names: dict[str, str], key: Callable[[Cell], str]) -> list[Row]:
    """One row for each name that has a slot, in the order of ``names``; what has none of them under its own key."""
    counts: dict[str, Counter[str]] = {}
    for cell in found:
        counts.setdefault(key(cell), Counter())[cell.state] += cell.count
    order = [name for name in names if name in counts] + sorted(set(counts) - set(names))
    return [Row(name, names.get(name, name), counts[name]) for name in order]


@dataclass
class Crossing:
    """What a unit answers for in a topic: how many duties, and how their slots stand."""

    duties: int
    counts: Counter[str]


def matrix(found: Iterable[Cell], viewer: Viewer) -> tuple[list[str], list[tuple[str, list[Crossing]]]]:
    """Units × topics: the labels of the topics, and each unit with what it answers for. Every unit and every topic that
    the town has is there, also where nobody answers for anything."""
    by: dict[tuple[str, str], Crossing] = {}
    running = _placed(Duty.objects.visible_to(viewer).filter(closed_on__isnull=True), "").order_by()
    for unit, topic, count in running.values_list("unit", "topic").annotate(count=Count("pk")):
        by[unit, topic] = Crossing(count, Counter())
    for cell in found:
        by.setdefault((cell.unit, cell.topic), Crossing(0, Counter())).counts[cell.state] += cell.count
    used = {topic for _, topic in by}
    shown = {key: label for key, label in topics().items() if key in used or key not in Source.values}
    nothing = Crossing(0, Counter())
    table = [(label, [by.get((unit, topic), nothing) for topic in shown]) for unit, label in units(viewer).items()]
    return list(shown.values()), table


def listed(viewer: Viewer, today: date, *, topic: str = "", unit: str = "", state: str = "") -> QuerySet[Slot]:
    """Slots as the board lists them: empty ones first, of these the most asked for, then by date."""
    found = _placed(Slot.objects.visible_to(viewer).standing(today))
    wanted = {"topic": topic, "unit": unit, "state": state}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    place = Case(
        *(When(state=state, then=Value(number)) for number, state in enumerate(ORDER)), output_field=IntegerField()
    )
    return with_names(found).order_by(place, "-nudges", "due_on", "pk")


def with_names(slots: QuerySet[Slot]) -> QuerySet[Slot]:
    """With all that a line of the board names, in one query, without the texts."""
    return slots.select_related(
        "duty__owner__unit",
        "duty__column__owner__unit",
        "duty__plan",
        "about__current__revision",
        "proof__current__revision",
        "listed",
        "excuse_paper",
    ).only(
        *(field.name for field in Slot._meta.concrete_fields),
        *("duty__" + field.name for field in Duty._meta.concrete_fields),
        "duty__column__code", "duty__column__name", "duty__column__basis", "duty__column__rhythm",
        "duty__column__days", "duty__column__owner__name", "duty__column__owner__unit__name",
        "duty__owner__name", "duty__owner__unit__name", "duty__plan__index_number",
        "about__index_number", "about__generated_on", "about__current__revision__title",
        "proof__index_number", "proof__current__state", "proof__current__revision__title",
        "listed__number", "listed__template", "listed__village", "listed__from_on", "listed__to_on", "listed__state",
        "excuse_paper__index_number",
    )  # fmt: skip


def label(slot: Slot) -> str:
    """Which period, or which document: one that is not public yet only by the day it came into being."""
    if slot.about is not None:
        if slot.about.current is not None:
            return slot.about.current.revision.title
        return f"{chinese_date(slot.about.generated_on)}形成的一份信息"
    if slot.duty.trigger == Trigger.CONTINUOUS:
        return f"{chinese_date(slot.first_on)}起"
    return title_of(slot.period)


def titled(slot: Slot) -> str:
    """The duty with its period; what is done once has none."""
    return "　".join(filter(None, (slot.duty.name, label(slot))))


def days_late(slot: Slot, today: date) -> int:
    """Days between the last day and what came, or today; 0 where nothing is late."""
    return max(0, ((slot.proved_on or slot.excused_on or today) - slot.due_on).days)
