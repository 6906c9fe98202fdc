"""A clock: a limit that has begun. What its last day is, whether that may still change, and what colour it shows.

Clocks pause only by suspensions with a legal ground and an end (行政许可法 art. 45). Green, then yellow once 80 % of
the limit is used or its last working day has come, then red when it has passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Self

from mingtang.lib.errors import Refused
from mingtang.lib.text import CHINA
from mingtang.workdays.calendar import UNIT_NAMES, Owner, Suspension, Unit, WorkCalendar, Working
from mingtang.workdays.packs import Rule

State = Literal["green", "yellow", "red"]
STATE_NAMES: dict[State, str] = {"green": "正常", "yellow": "临近期限", "red": "已超期"}
#: The share of a limit after which it is yellow, in percent.
YELLOW_AT = 80


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock at one moment. ``used`` and ``total`` are in the clock's unit (for months and years: calendar days).

    ``due_at`` is the last moment in time: the end of ``due``'s day, or the hour for a limit in hours. ``paused`` is the
    ground on which the day does not count, else empty.
    """

    due: date
    due_at: datetime
    alarm_on: date
    provisional: bool
    state: State
    used: int
    total: int
    paused: str

    @property
    def left(self) -> int:
        """What is left of the limit, never below 0."""
        return max(0, self.total - self.used)


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit of ``amount`` + ``extension`` of ``unit`` from ``start``, whose day is day 0.

    ``rule`` is kept for its basis when the limit comes from a pack.
    """

    start: datetime
    amount: int
    unit: Unit = "working_days"
    owner: Owner = "organ"
    suspensions: tuple[Suspension, ...] = ()
    extension: int = 0
    rule: Rule | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            raise TypeError("a clock starts at an aware moment")
        if self.unit == "hours" and self.suspensions:
            raise Refused("按小时计算的期限不能扣除，请核对。")
        if self.amount < 0 or self.extension < 0:
            raise Refused("期限和延长的时间不能是负数，请核对。")

    @classmethod
    def of(cls, rule: Rule, start: datetime, *, suspensions: Sequence[Suspension] = (), extension: int = 0) -> Self:
        """The clock of a rule. Raises Refused when the extension is longer than the rule allows."""
        if rule.sense == "before":
            raise TypeError(f"{rule.id} is counted back from its event: use WorkCalendar.latest_before")
        if extension and not rule.extension:
            raise Refused(f"“{rule.title}”的期限不能延长。")
        if extension > rule.extension:
            raise Refused(f"“{rule.title}”最多延长{rule.extension}{UNIT_NAMES[rule.unit]}，请改短。")
        return cls(start, rule.amount, rule.unit, rule.owner, tuple(suspensions), extension, rule)

    @property
    def total(self) -> int:
        return self.amount + self.extension

    @property
    def start_day(self) -> date:
        """The day the limit began, in China."""
        return self.start.astimezone(CHINA).date()

    def read(self, calendar: WorkCalendar, at: datetime) -> Reading:
        """The clock at a moment: pass the moment it was stopped for a clock that has ended."""
        if self.unit == "hours":
            return self._read_hours(calendar, at)
        today = at.astimezone(CHINA).date()
        due = calendar.last_day(self.start_day, self.total, self.unit, owner=self.owner, suspensions=self.suspensions)
        used, total = self._used(calendar, today, due.day)
        if today > due.day:
            state: State = "red"
        elif today >= due.alarm_on or used * 100 >= total * YELLOW_AT:
            state = "yellow"
        else:
            state = "green"
        paused = next((s.ground for s in self.suspensions if s.first <= today <= s.last), "")
        due_at = datetime.combine(due.day + timedelta(days=1), datetime.min.time(), CHINA)
        return Reading(due.day, due_at, due.alarm_on, due.provisional, state, used, total, paused)

    def working(self, calendar: WorkCalendar) -> Working:
        """Every day from the start to the last, with what counted and why. Not for limits in hours."""
        return calendar.working(self.start_day, self.total, self.unit, owner=self.owner, suspensions=self.suspensions)

    def _used(self, calendar: WorkCalendar, today: date, due: date) -> tuple[int, int]:
        if self.unit == "working_days":
            return calendar.working_days_between(self.start_day, today, self.suspensions), self.total
        spent = _calendar_days(self.start_day, today, self.suspensions)
        return spent, _calendar_days(self.start_day, due, self.suspensions)

    def _read_hours(self, calendar: WorkCalendar, at: datetime) -> Reading:
        due_at = (self.start + timedelta(hours=self.total)).astimezone(CHINA)
        used = max(0, int((at - self.start).total_seconds() // 3600))
        state: State = "green"
        if at > due_at:
            state = "red"
        elif (at - self.start) * 100 >= timedelta(hours=self.total) * YELLOW_AT:
            state = "yellow"
        day = due_at.date()
        # Hours run through nights and rest days: no calendar can change them.
        return Reading(day, due_at, calendar.workday_on_or_before(day), False, state, used, self.total, "")


def _calendar_days(after: date, until: date, suspensions: Sequence[Suspension]) -> int:
    """Calendar days after ``after`` up to and with ``until`` that are not suspended."""
    days = range(after.toordinal() + 1, until.toordinal() + 1)
    return sum(not any(s.first.toordinal() <= day <= s.last.toordinal() for s in suspensions) for day in days)


def resident_days(first_contact: datetime, until: datetime) -> int:
    """群众天: calendar days from first contact to service or an early end, that day included; they never pause."""
    return (until.astimezone(CHINA).date() - first_contact.astimezone(CHINA).date()).days
