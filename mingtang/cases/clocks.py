"""The clocks of a case: started, stopped and read here, counted in ``workdays``."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from mingtang.cases.enums import ClockKind
from mingtang.cases.models import Case, Clock
from mingtang.workdays import clocks
from mingtang.workdays.calendar import WorkCalendar, Working
from mingtang.workdays.tables import calendar_for

SERVICE_DAYS = 10


def start(case: Case, kind: str, *, at: datetime, working_days: int, step_key: str = "", round: int = 1) -> Clock:
    """Start a clock whose day 0 is the day of ``at``."""
    counted = clocks.Clock(start=at, amount=working_days)
    due = calendar_for(case.town).last_day(counted.start_day, working_days)
    return Clock.objects.create(
        case=case,
        kind=kind,
        step_key=step_key,
        round=round,
        started_on=counted.start_day,
        working_days=working_days,
        due_on=due.day,
        provisional=due.provisional,
    )


def stop(case: Case, *kinds: str, at: datetime, step_key: str = "") -> None:
    """Stop the running clocks of these kinds."""
    rows = case.clocks.filter(kind__in=kinds, stopped_at__isnull=True)
    (rows.filter(step_key=step_key) if step_key else rows).update(stopped_at=at)


def stop_all(case: Case, *, at: datetime) -> None:
    case.clocks.filter(stopped_at__isnull=True).update(stopped_at=at)


def start_handling(case: Case, *, at: datetime) -> None:
    """Acceptance starts the statutory and the promised clock."""
    spec = case.version.spec
    if spec.statutory_days is not None:
        start(case, ClockKind.STATUTORY, at=at, working_days=spec.statutory_days)
    start(case, ClockKind.PROMISE, at=at, working_days=spec.promised_days)


@dataclass(frozen=True)
class Read:
    """A clock as a page shows it."""

    clock: Clock
    reading: clocks.Reading
    working: Working

    @property
    def state_title(self) -> str:
        return "已停止" if self.clock.stopped_at else clocks.STATE_NAMES[self.reading.state]


def _counted(clock: Clock) -> clocks.Clock:
    begin = timezone.make_aware(datetime.combine(clock.started_on, datetime.min.time()))
    return clocks.Clock(start=begin, amount=clock.working_days)


def read(clock: Clock, calendar: WorkCalendar, at: datetime) -> Read:
    """The clock at a moment, or at the moment it was stopped, with its working."""
    counted = _counted(clock)
    return Read(clock, counted.read(calendar, clock.stopped_at or at), counted.working(calendar))


def read_all(case: Case, at: datetime | None = None) -> list[Read]:
    calendar = calendar_for(case.town)
    return [read(clock, calendar, at or timezone.now()) for clock in case.clocks.order_by("pk")]


def resident_days(case: Case, at: datetime | None = None) -> int:
    """群众天: calendar days from first contact to service or an early end; they never pause."""
    return clocks.resident_days(case.contact_at, case.ended_at or at or timezone.now())
