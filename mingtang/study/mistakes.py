"""The town's own mistakes, as the house holds them: what a question is made from. Words masked, persons not named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from mingtang import guard
from mingtang.cases.models import Reopening
from mingtang.disclosure.actions import RETURNED
from mingtang.disclosure.models import Edition
from mingtang.events.models import Event
from mingtang.oversight.enums import SlotState
from mingtang.oversight.models import Slot
from mingtang.people.models import Staff
from mingtang.rulebook.models import Slip
from mingtang.study.enums import Mistake
from mingtang.towns.models import Jurisdiction
from mingtang.voices.enums import ObstacleState
from mingtang.voices.models import Obstacle

MOST = 10


@dataclass(frozen=True)
class Found:
    """One record. ``source`` finds it again; ``words`` say what went wrong; ``place`` is the key or number by
    which the desk opens it."""

    mistake: str
    source: str
    words: str
    place: str
    at: datetime


def recent(town: Jurisdiction) -> list[Found]:
    """The newest of every kind, newest first."""
    found = [one for mistake in Mistake for one in _of(town, mistake)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def find(town: Jurisdiction, mistake: str, source: str) -> Found | None:
    """The record of a kind under its source, or nothing."""
    return next(iter(_of(town, Mistake(mistake), source)), None)


def _of(town: Jurisdiction, mistake: Mistake, source: str = "") -> Iterator[Found]:
    names = [name.partition("（")[0] for name in Staff.objects.filter(town=town).values_list("name", flat=True)]
    key = source.rpartition(":")[2]
    if source and not key.isdigit():
        return
    for pk, words, place, at in _READ[mistake](town, Q(pk=key) if source else Q()):
        yield Found(mistake, f"{mistake}:{pk}", _masked(words, names), place, at)


def _masked(words: str, names: list[str]) -> str:
    """Numbers and names hidden; the person who writes the question reads it over."""
    words = guard.accepted(words, guard.proposals(words))
    for name in names:
        if len(name) > 1:
            words = words.replace(name, "某同事")
    return words


Row = tuple[int, str, str, datetime]


def _returned(town: Jurisdiction, only: Q) -> Iterator[Row]:
    for row in Event.objects.filter(only, town=town, type=RETURNED).exclude(reason="").order_by("-pk")[:MOST]:
        number = row.subject.partition(":")[2]
        yield row.pk, f"一份信息送审以后被退回：{row.reason}", number, row.recorded_at


def _editions(town: Jurisdiction, only: Q, *wanted: Q) -> QuerySet[Edition]:
    rows = Edition.objects.filter(only, *wanted, document__town=town).select_related("revision")
    return rows.defer("revision__body_html", "revision__body_text", "revision__facts")


def _corrected(town: Jurisdiction, only: Q) -> Iterator[Row]:
    rows = _editions(town, only, Q(number__gt=1, published_at__isnull=False), ~Q(note=""))
    for row in rows.order_by("-published_at")[:MOST]:
        yield row.pk, f"《{row.revision.title}》公开以后更正：{row.note}", str(row.pk), row.published_at


def _withdrawn(town: Jurisdiction, only: Q) -> Iterator[Row]:
    for row in _editions(town, only, Q(withdrawn_at__isnull=False)).order_by("-withdrawn_at")[:MOST]:
        words = f"一份信息公开以后撤下（{row.get_withdrawn_ground_display()}）：{row.withdrawn_reason}"
        yield row.pk, words, str(row.pk), row.withdrawn_at


def _reopened(town: Jurisdiction, only: Q) -> Iterator[Row]:
    rows = Reopening.objects.filter(only, case__town=town).select_related("case__version")
    for row in rows.defer("case__version__bpmn", "case__version__data").order_by("-opened_at")[:MOST]:
        words = f"“{row.case.version.name}”的一件{row.reason}。"
        yield row.pk, words, row.case.number, row.opened_at


def _slips(town: Jurisdiction, only: Q) -> Iterator[Row]:
    rows = Slip.objects.filter(only, town=town).select_related("version").defer("version__bpmn", "version__data")
    for row in rows.order_by("-made_at")[:MOST]:
        words = f"办“{row.version.name}”，多要了：{row.asked}" + (f"。说的理由：{row.why}" if row.why else "")
        yield row.pk, words, row.number, row.made_at


def _late(town: Jurisdiction, only: Q) -> Iterator[Row]:
    rows = Slot.objects.filter(only, town=town).standing(timezone.localdate())
    rows = rows.filter(state__in=(SlotState.LATE, SlotState.EMPTY)).select_related("duty")
    for row in rows.order_by("-due_on")[:MOST]:
        words = f"任务“{row.duty.name}”到期没有办。"
        noon = timezone.make_aware(datetime.combine(row.due_on, datetime.min.time()))
        yield row.pk, words, row.duty.code, noon


def _obstacles(town: Jurisdiction, only: Q) -> Iterator[Row]:
    """Only what was published about them: what the person wrote is sealed."""
    rows = Obstacle.objects.filter(only, town=town, state=ObstacleState.ENDED).exclude(text="")
    for row in rows.order_by("-ended_at")[:MOST]:
        words = f"群众反映办不成（{row.get_reason_display()}）：{row.text}"
        yield row.pk, words, str(row.pk), row.ended_at


_READ: dict[Mistake, Callable[[Jurisdiction, Q], Iterator[Row]]] = {
    Mistake.RETURNED: _returned,
    Mistake.CORRECTED: _corrected,
    Mistake.WITHDRAWN: _withdrawn,
    Mistake.REOPENED: _reopened,
    Mistake.SLIP: _slips,
    Mistake.LATE: _late,
    Mistake.OBSTACLE: _obstacles,
}
