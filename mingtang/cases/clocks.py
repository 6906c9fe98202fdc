"""The clocks of a case: started, stopped and read here, counted in ``workdays``."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from mingtang.cases.enums import ClockKind, Outcome
from mingtang.cases.models import Case, Clock, Pause
from mingtang.workdays import clocks
from mingtang.workdays.calendar import Suspension, WorkCalendar, Working
from mingtang.workdays.tables import calendar_for

SERVICE_DAYS = 10
# What a special procedure stops (许可法 45). The steps wait with the limits they serve; intake and service lie outside.
PAUSED_KINDS = (ClockKind.STATUTORY, ClockKind.PROMISE, ClockKind.STEP)
# The clock that binds a stage of the process, by its task; a step of the version has one of its own, or none.
LIMITS = {
    "intake": ClockKind.INTAKE,
    "decide": ClockKind.PROMISE,
    "reported_up": ClockKind.SUPERIOR,
    "serve": ClockKind.SERVICE,
}


def start(case: Case, kind: str, *, at: datetime, working_days: int, step_key: str = "", round: int = 1) -> Clock:
    """Start a clock whose day 0 is the day of ``at``."""
    counted = clocks.Clock(start=at, amount=working_days)
    due = calendar_for(case.town).last_day(counted.start_day, working_days)
    clock = Clock.objects.create(
        case=case,
        kind=kind,
        step_key=step_key,
        round=round,
        started_on=counted.start_day,
        working_days=working_days,
        due_on=due.day,
        provisional=due.provisional,
    )
    if not step_key:  # a step's task is entered with the day of its own limit (``process``)
        _bind(clock)
    return clock


def _bind(clock: Clock) -> None:
    """The open task that the clock limits is due on its last day: what the to-do list is ordered by."""
    task = clock.step_key or next((task for task, kind in LIMITS.items() if kind == clock.kind), "")
    if task:
        clock.case.steps.filter(key=task, done_at__isnull=True).update(due_on=clock.due_on)


def due_on(case: Case, task: str) -> date | None:
    """The last day of the limit that runs already when this task opens; None where none does."""
    if task not in LIMITS:
        return None
    running = case.clocks.filter(kind=LIMITS[task], stopped_at__isnull=True)
    return running.order_by("-pk").values_list("due_on", flat=True).first()


def stop(case: Case, *kinds: str, at: datetime, step_key: str = "") -> None:
    """Stop the running clocks of these kinds."""
    rows = case.clocks.filter(kind__in=kinds, stopped_at__isnull=True)
    (rows.filter(step_key=step_key) if step_key else rows).update(stopped_at=at)


def stop_all(case: Case, *, at: datetime) -> None:
    """The case is over: every limit stops, and a special procedure that still runs ends."""
    case.clocks.filter(stopped_at__isnull=True).update(stopped_at=at)
    for pause in case.pauses.filter(ended_at__isnull=True):
        end_pause(pause, at=at)
    case.send_ups.filter(ended_at__isnull=True).update(ended_at=at)


def start_intake(case: Case, *, at: datetime) -> Clock:
    """The papers are in, or in again: whether they can be accepted is said within the intake days (许可法 32)."""
    round = 1 + case.clocks.filter(kind=ClockKind.INTAKE).count()
    return start(case, ClockKind.INTAKE, at=at, working_days=case.version.spec.intake_days, round=round)


def start_handling(case: Case, *, at: datetime) -> None:
    """Acceptance starts the statutory and the promised clock; a case taken up again starts them anew."""
    spec, round = case.version.spec, 1 + case.clocks.filter(kind=ClockKind.PROMISE).count()
    if spec.statutory_days is not None:
        start(case, ClockKind.STATUTORY, at=at, working_days=spec.statutory_days, round=round)
    start(case, ClockKind.PROMISE, at=at, working_days=spec.promised_days, round=round)


def go_on(case: Case, *, at: datetime) -> None:
    """Sent back from above: the town has what was left of its limits when it sent the case up, a day at the least."""
    calendar, spans = calendar_for(case.town), spans_of(case)
    for kind in (ClockKind.STATUTORY, ClockKind.PROMISE):
        if last := case.clocks.filter(kind=kind).order_by("pk").last():
            left = read(last, calendar, at, spans).reading.left
            start(case, kind, at=at, working_days=max(1, left), round=last.round + 1)


def start_service(case: Case, *, at: datetime) -> None:
    """The decision starts the clock of its service (许可法 44)."""
    round = 1 + case.clocks.filter(kind=ClockKind.SERVICE).count()
    start(case, ClockKind.SERVICE, at=at, working_days=SERVICE_DAYS, round=round)


def start_verifying(case: Case) -> None:
    """A grant starts the days in which we look into what was pledged in the place of papers."""
    if case.outcome == Outcome.REFUSED:
        return
    calendar, decided_on = calendar_for(case.town), timezone.localdate(case.decided_at)
    for row in case.pledges.all():
        row.verify_by = calendar.add_working_days(decided_on, case.version.spec.material(row.material_key).verify_days)
        row.save(update_fields=["verify_by"])


def spans_of(case: Case) -> tuple[Suspension, ...]:
    """The days of the case that do not count, from its special procedures."""
    return tuple(span for pause in case.pauses.all() if (span := pause.span))


def move(case: Case, *, extension: int = 0) -> None:
    """Count the running limits of handling again, over the pauses; ``extension`` is added to the statutory one."""
    calendar, spans = calendar_for(case.town), spans_of(case)
    for clock in case.clocks.filter(kind__in=PAUSED_KINDS, stopped_at__isnull=True):
        if clock.kind == ClockKind.STATUTORY:
            clock.extension += extension
        due = calendar.last_day(clock.started_on, clock.working_days + clock.extension, suspensions=spans)
        clock.due_on, clock.provisional = due.day, due.provisional
        clock.save(update_fields=["extension", "due_on", "provisional"])
        _bind(clock)


def end_pause(pause: Pause, *, at: datetime) -> None:
    """The special procedure is over at ``at``: that day counts again."""
    pause.ended_at, pause.ended_on = at, timezone.localdate(at)
    pause.save(update_fields=["ended_at", "ended_on"])


@dataclass(frozen=True)
class Read:
    """A clock as a page shows it."""

    clock: Clock
    reading: clocks.Reading
    working: Working

    @property
    def state_title(self) -> str:
        return "已停止" if self.clock.stopped_at else clocks.STATE_NAMES[self.reading.state]

    @property
    def note(self) -> str:
        """In words what moved the date: an extension, days that did not count; empty where nothing did."""
        said = []
        if self.clock.extension:
            said.append(f"原来 {self.clock.working_days} 个工作日，延长了 {self.clock.extension} 个工作日")
        grounds = dict.fromkeys(day.why for day in self.working.days if day.why.startswith("扣除"))
        if grounds:
            left_out = "、".join(why.removeprefix("扣除：") for why in grounds)
            said.append(f"不计特别程序的日子：{left_out}")
        return "；".join(said) + "。" if said else ""


def counted(clock: Clock, spans: tuple[Suspension, ...] = ()) -> clocks.Clock:
    """The limit as ``workdays`` counts it; ``spans`` are the days of the case that do not count."""
    begin = timezone.make_aware(datetime.combine(clock.started_on, datetime.min.time()))
    stops = spans if clock.kind in PAUSED_KINDS else ()
    return clocks.Clock(start=begin, amount=clock.working_days, extension=clock.extension, suspensions=stops)


def read(clock: Clock, calendar: WorkCalendar, at: datetime, spans: tuple[Suspension, ...] = ()) -> Read:
    """The clock at a moment, or at the moment it was stopped, with its working."""
    limit = counted(clock, spans)
    return Read(clock, limit.read(calendar, clock.stopped_at or at), limit.working(calendar))


def read_all(case: Case, at: datetime | None = None) -> list[Read]:
    calendar, spans = calendar_for(case.town), spans_of(case)
    return [read(clock, calendar, at or timezone.now(), spans) for clock in case.clocks.order_by("pk")]


def resident_days(case: Case, at: datetime | None = None) -> int:
    """群众天: calendar days from first contact to service or an early end; they never pause."""
    return clocks.resident_days(case.contact_at, case.ended_at or at or timezone.now())
