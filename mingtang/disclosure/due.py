"""By when a document must be public, and how near that day is: the one place where it is counted.

信息公开条例 26: within 20 working days after it came into being or was changed; what the document's kind says counts
where it ends sooner. What another source had published before it was taken over has no such day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from mingtang.disclosure.enums import Provenance
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.kind import Due
from mingtang.disclosure.models import Document, Edition
from mingtang.lib.text import CHINA
from mingtang.workdays.calendar import FIRST_YEAR, LAST_YEAR, UNIT_NAMES, WorkCalendar
from mingtang.workdays.clocks import Clock, State
from mingtang.workdays.tables import calendar_for

LAW = Due()


@dataclass(frozen=True, slots=True)
class Light:
    """How a limit stands: ``day`` is the last, ``left`` or ``late`` what is left of it or over it, in ``unit``."""

    state: State
    day: date
    left: int
    late: int
    unit: str
    basis: str
    provisional: bool

    @property
    def words(self) -> str:
        if self.late:
            return f"晚了 {self.late} {self.unit}"
        return f"还有 {self.left} {self.unit}" if self.left else "今天到期"


def last_day(document: Document, calendar: WorkCalendar | None = None) -> date:
    """The last day on which the document is published in time, in the town's calendar."""
    calendar = calendar or calendar_for(document.town)
    since = _came_into_being(document)
    rule = _rule(document.kind, since, calendar)
    return calendar.last_day(since, rule.days, rule.unit).day


def light(edition: Edition, calendar: WorkCalendar, at: datetime) -> Light | None:
    """The limit of an edition at a moment: now for one in the making, ``published_at`` for one that is out.

    None for what was published elsewhere before.
    """
    document = edition.document
    if document.provenance == Provenance.HISTORICAL:
        return None
    since = _came_into_being(document) if edition.number == 1 else _change_begun(edition)
    rule = _rule(document.kind, since, calendar)
    read = Clock(datetime.combine(since, time.min, CHINA), rule.days, rule.unit).read(calendar, at)
    # On a day of rest after the last the count stands still: it is late all the same.
    late = max(read.used - read.total, 1) if read.state == "red" else 0
    return Light(read.state, read.due, read.left, late, UNIT_NAMES[rule.unit], rule.basis, read.provisional)


def most_urgent(
    editions: Iterable[Edition], calendar: WorkCalendar, at: datetime
) -> list[tuple[Edition, Light | None]]:
    """Editions in the making with their lights, the earliest last day first, those without one at the end."""
    lit = [(edition, light(edition, calendar, at)) for edition in editions]
    return sorted(lit, key=lambda pair: (pair[1].day if pair[1] else date.max, pair[0].pk))


def _came_into_being(document: Document) -> date:
    return _within(document.generated_on or timezone.localdate(document.created_at))


def _change_begun(edition: Edition) -> date:
    return _within(timezone.localdate(edition.begun_at or edition.revision.created_at))


def _within(day: date) -> date:
    """A day from which the calendar can count on."""
    return min(max(day, date(FIRST_YEAR, 1, 1)), date(LAST_YEAR - 1, 1, 1))


def _rule(kind: str, since: date, calendar: WorkCalendar) -> Due:
    """The law's limit or the kind's, whichever ends sooner."""
    return min((kind_of(kind).due, LAW), key=lambda rule: calendar.last_day(since, rule.days, rule.unit).day)
