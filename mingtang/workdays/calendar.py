"""Working days, pure: which days count, which day is the n-th, and the working that shows it.

行政许可法 art. 82: limits of an organ are working days, without statutory holidays; weekends that the State Council's
notice makes working days count. The day of receipt is day 0. Months and years end on the day of the same number, else
on the last of the month (民法典 art. 202).
"""

import calendar as gregorian
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mingtang.lib.errors import Refused

Unit = Literal["working_days", "calendar_days", "hours", "months", "years"]
Owner = Literal["organ", "person"]

UNIT_NAMES: dict[Unit, str] = {
    "working_days": "个工作日",
    "calendar_days": "日",
    "hours": "小时",
    "months": "个月",
    "years": "年",
}
#: The days a calendar can count over. Years without a notice follow the plain week and are provisional.
FIRST_YEAR, LAST_YEAR = 1990, 2069
ORDINARY, WEEKEND, MAKE_UP = "工作日", "周末", "调休上班"
RECEIVED = "收到当日，不计"


@dataclass(frozen=True, slots=True)
class DayMark:
    """What the calendar says of one day that differs from the plain week or has a name."""

    is_workday: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days that do not count, both ends included, and the legal ground (行政许可法 art. 45)."""

    first: date
    last: date
    ground: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refused("扣除期间的结束日期早于开始日期，请核对。")


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a working: ``number`` is its place in the count, None when it does not count; ``why`` says why."""

    day: date
    counted: bool
    number: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """A last day, and the last working day on or before it, when the alarm is raised.

    ``provisional``: a day that was counted lies in a year whose calendar is not confirmed yet.
    """

    day: date
    alarm_on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Working:
    """A deadline that shows its working: every day in order, from the day of receipt to the last day."""

    start: date
    amount: int
    unit: Unit
    due: Due
    days: tuple[CountedDay, ...]


class WorkCalendar:
    """The days of FIRST_YEAR to LAST_YEAR, immutable. Every question is answered from two arrays in constant time."""

    def __init__(self, marks: Mapping[date, DayMark], confirmed_years: Collection[int]) -> None:
        self.confirmed_years = frozenset(confirmed_years)
        self._marks = dict(marks)
        self._first = date(FIRST_YEAR, 1, 1).toordinal()
        self._last = date(LAST_YEAR, 12, 31).toordinal()
        # _workdays: ordinals of all working days, ascending. _rank[i]: how many of them lie on or before day i.
        self._workdays = array("i")
        self._rank = array("i")
        for ordinal in range(self._first, self._last + 1):
            mark = self._marks.get(date.fromordinal(ordinal))
            if mark.is_workday if mark else (ordinal - 1) % 7 < 5:
                self._workdays.append(ordinal)
            self._rank.append(len(self._workdays))

    def is_workday(self, day: date) -> bool:
        """Whether the day is a working day. Raises Refused outside FIRST_YEAR to LAST_YEAR."""
        rank = self._rank_of(day.toordinal())
        return rank > 0 and self._workdays[rank - 1] == day.toordinal()

    def is_confirmed(self, day: date) -> bool:
        return day.year in self.confirmed_years

    def reason(self, day: date) -> str:
        """Why the day counts or not: the holiday's name, 调休上班, 周末 or 工作日."""
        mark = self._marks.get(day)
        if mark is None:
            return WEEKEND if day.weekday() >= 5 else ORDINARY
        if mark.is_workday and day.weekday() >= 5 and MAKE_UP not in mark.reason:
            return f"{MAKE_UP}（{mark.reason}）" if mark.reason else MAKE_UP
        return mark.reason or (ORDINARY if mark.is_workday else "放假")

    def add_working_days(self, start: date, amount: int, suspensions: Sequence[Suspension] = ()) -> date:
        """The ``amount``-th working day after ``start`` (day 0) without suspended days; ``start`` itself for 0."""
        if amount < 0:
            raise Refused("工作日数不能是负数，请核对。")
        if amount == 0:
            return start
        cursor = start.toordinal()
        for first, last in merged(suspensions):
            if last <= cursor:
                continue
            if (due := self._nth_after(cursor, amount)) < first:
                return date.fromordinal(due)
            amount -= max(0, self._rank_of(first - 1) - self._rank_of(cursor)) if first > cursor else 0
            cursor = last
        return date.fromordinal(self._nth_after(cursor, amount))

    def working_days_between(self, after: date, until: date, suspensions: Sequence[Suspension] = ()) -> int:
        """How many working days lie after ``after``, up to and with ``until``, without suspended ones; 0 when none."""
        low, high = after.toordinal(), until.toordinal()
        if high <= low:
            return 0
        count = self._rank_of(high) - self._rank_of(low)
        for first, last in merged(suspensions):
            first, last = max(first, low + 1), min(last, high)
            if first <= last:
                count -= self._rank_of(last) - self._rank_of(first - 1)
        return count

    def workday_on_or_after(self, day: date) -> date:
        """The day itself if it is a working day, else the next one: where a person's last day moves to."""
        return day if self.is_workday(day) else date.fromordinal(self._nth_after(day.toordinal(), 1))

    def workday_on_or_before(self, day: date) -> date:
        """The day itself if it is a working day, else the one before: where an organ's alarm is raised."""
        rank = self._rank_of(day.toordinal())
        if rank == 0:
            raise _outside(day)
        return date.fromordinal(self._workdays[rank - 1])

    def latest_before(self, event: date, amount: int, unit: Unit) -> date:
        """The latest day that lies ``amount`` of ``unit`` before ``event`` (7 working days before a hearing)."""
        if unit == "calendar_days":
            return event - timedelta(days=amount)
        if unit != "working_days":
            raise TypeError(f"{unit} is not counted back")
        rank = self._rank_of(event.toordinal() - 1)
        if not 0 < amount <= rank:
            raise Refused("倒数的工作日数应为正数，且不能超出工作日历的范围，请核对。")
        return date.fromordinal(self._workdays[rank - amount])

    def last_day(
        self,
        start: date,
        amount: int,
        unit: Unit = "working_days",
        *,
        owner: Owner = "organ",
        suspensions: Sequence[Suspension] = (),
    ) -> Due:
        """The last day of a limit that began on ``start`` (day 0).

        A person's calendar limit that ends on a rest day ends on the next working day; an organ's own stays and raises
        its alarm on the working day before. ``hours`` has no last day here: use ``clocks``.
        """
        if unit == "working_days":
            last = self.add_working_days(start, amount, suspensions)
        else:
            last = _skip(start, add_calendar(start, amount, unit), suspensions)
            if owner == "person":
                last = self.workday_on_or_after(last)
        return Due(last, self.workday_on_or_before(last), self.reaches_unconfirmed(start, last))

    def reaches_unconfirmed(self, start: date, last: date) -> bool:
        """Whether a day after ``start``, up to and with ``last``, lies in a year without a confirmed calendar."""
        if last <= start:
            return last.year not in self.confirmed_years
        begin = start + timedelta(days=1)
        return any(year not in self.confirmed_years for year in range(begin.year, last.year + 1))

    def working(
        self,
        start: date,
        amount: int,
        unit: Unit = "working_days",
        *,
        owner: Owner = "organ",
        suspensions: Sequence[Suspension] = (),
    ) -> Working:
        """``last_day`` with every day in order: counted or not, and why."""
        due = self.last_day(start, amount, unit, owner=owner, suspensions=suspensions)
        days = [CountedDay(start, False, None, RECEIVED)]
        days.extend(self._count(start, due.day, unit, amount, suspensions))
        return Working(start, amount, unit, due, tuple(days))

    def _count(
        self, start: date, last: date, unit: Unit, amount: int, suspensions: Sequence[Suspension]
    ) -> Iterator[CountedDay]:
        number = 0
        own_last = last if unit == "working_days" else _skip(start, add_calendar(start, amount, unit), suspensions)
        for ordinal in range(start.toordinal() + 1, last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if ground := next((s.ground for s in suspensions if s.first <= day <= s.last), None):
                yield CountedDay(day, False, None, f"扣除：{ground}")
            elif unit == "working_days" and not self.is_workday(day):
                yield CountedDay(day, False, None, self.reason(day))
            elif day > own_last:
                yield CountedDay(day, False, None, f"期限末日遇休息日，顺延（{self.reason(day)}）")
            else:
                number += 1
                yield CountedDay(day, True, number, self.reason(day) if unit == "working_days" else "计入")

    def _rank_of(self, ordinal: int) -> int:
        if not self._first <= ordinal <= self._last:
            raise _outside(date.fromordinal(ordinal))
        return self._rank[ordinal - self._first]

    def _nth_after(self, ordinal: int, amount: int) -> int:
        rank = self._rank_of(ordinal)
        try:
            return self._workdays[rank + amount - 1]
        except IndexError:
            raise Refused(f"期限超出了工作日历的范围（{FIRST_YEAR}年至{LAST_YEAR}年），请核对工作日数。") from None


def _outside(day: date) -> Refused:
    return Refused(f"{day.isoformat()}超出了工作日历的范围（{FIRST_YEAR}年至{LAST_YEAR}年），请核对日期。")


def merged(suspensions: Sequence[Suspension]) -> list[tuple[int, int]]:
    """The suspended days as ordinals: sorted, both ends included, overlapping and touching periods joined."""
    spans: list[tuple[int, int]] = []
    for first, last in sorted((s.first.toordinal(), s.last.toordinal()) for s in suspensions):
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return spans


def add_calendar(start: date, amount: int, unit: Unit) -> date:
    """``start`` plus days, months or years; 31 January plus one month is the last day of February."""
    if unit not in ("calendar_days", "months", "years"):
        raise TypeError(f"{unit} is not counted in whole calendar days")
    if not 0 <= amount <= 366 * (LAST_YEAR - FIRST_YEAR):
        raise Refused("期限不能是负数，也不能超过八十年，请核对。")
    if unit == "calendar_days":
        return start + timedelta(days=amount)
    year, month = divmod(start.year * 12 + start.month - 1 + amount * (12 if unit == "years" else 1), 12)
    if year > LAST_YEAR:
        raise Refused(f"期限超出了工作日历的范围（{FIRST_YEAR}年至{LAST_YEAR}年），请核对。")
    return date(year, month + 1, min(start.day, gregorian.monthrange(year, month + 1)[1]))


def _skip(start: date, last: date, suspensions: Sequence[Suspension]) -> date:
    """``last`` put off by every suspended calendar day that lies in the period, as it grows."""
    due = last.toordinal()
    for first, end in merged(suspensions):
        first = max(first, start.toordinal() + 1)
        if first <= end and first <= due:
            due += end - first + 1
    return date.fromordinal(due)
