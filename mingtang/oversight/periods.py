"""Periods and due dates, pure: which periods a duty owes, when each is due, which one a title names.

A date that a law or a plan fixes stays where it is when it falls on a rest day: it binds an organ, whose alarm is
raised on the working day before (`workdays.calendar`).
"""

import calendar as gregorian
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mingtang.workdays.calendar import WorkCalendar

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
ONCE = "once"
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_NAMED = {
    "month": re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月(?!\s*\d{1,2}\s*日)"),
    "quarter": re.compile(r"(\d{4})\s*年\s*第?\s*([一二三四1-4])\s*季度"),
    "half": re.compile(r"(\d{4})\s*年\s*(上|下)半年"),
    "year": re.compile(r"(\d{4})\s*年(?!\s*\d{1,2}\s*月)(?!\s*第?\s*[一二三四1-4]\s*季度)(?!\s*[上下]半年)"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """When a duty is due.

    ``days``: working days after the last day of the period (0: on that day), or after the event. A yearly duty may name
    its day instead (``month`` and ``day``, ``years_after`` the year of the period); one that is due ``once`` names it
    whole (``on``).
    """

    trigger: str
    days: int = 0
    month: int = 0
    day: int = 0
    years_after: int = 0
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included. ``key`` is unique within a duty: 2026, 2026-H1, 2026-Q3, 2026-07, once."""

    key: str
    first: date
    last: date


def period_of(trigger: str, day: date) -> Period:
    """The period in which a day lies."""
    length = MONTHS[trigger]
    number = (day.month - 1) // length
    first = date(day.year, number * length + 1, 1)
    end = number * length + length
    last = date(day.year, end, gregorian.monthrange(day.year, end)[1])
    key = {
        "month": f"{day.year}-{day.month:02d}",
        "quarter": f"{day.year}-Q{number + 1}",
        "half": f"{day.year}-H{number + 1}",
        "year": str(day.year),
    }[trigger]
    return Period(key, first, last)


def title_of(key: str) -> str:
    """A period as people say it; empty for one that has no name of its own."""
    year, _, part = key.partition("-")
    if not year.isdigit():
        return ""
    if not part:
        return f"{year}年"
    if part[0] == "Q":
        return f"{year}年第{'一二三四'[int(part[1]) - 1]}季度"
    if part[0] == "H":
        return f"{year}年{'上下'[int(part[1]) - 1]}半年"
    return f"{year}年{int(part)}月"


def due(rule: Rule, period: Period, calendar: WorkCalendar) -> tuple[date, bool]:
    """The last day for a period, and whether it is provisional: a year it was counted through is not confirmed yet."""
    if rule.on is not None:
        return rule.on, False
    if rule.month:
        year = period.last.year + rule.years_after
        return date(year, rule.month, min(rule.day, gregorian.monthrange(year, rule.month)[1])), False
    if not rule.days:
        return period.last, False
    found = calendar.last_day(period.last, rule.days)
    return found.day, found.provisional


def owed(rule: Rule, since: date, until: date, calendar: WorkCalendar) -> Iterator[tuple[Period, date, bool]]:
    """Every period that begins by ``until``, with its last day. None that was over before ``since``, and none whose
    last day lies before it: a duty binds from the day it was opened."""
    if rule.trigger == ONCE:
        if rule.on is not None and since <= rule.on and since <= until:
            yield Period(ONCE, since, rule.on), rule.on, False
        return
    if rule.trigger not in MONTHS:
        return
    period = period_of(rule.trigger, since)
    while period.first <= until:
        last, provisional = due(rule, period, calendar)
        if last >= since:
            yield period, last, provisional
        period = period_of(rule.trigger, period.last + timedelta(days=1))


def named(title: str, trigger: str) -> str:
    """The key of the one period of this length that a title names; empty when it names none, or several."""
    pattern = _NAMED.get(trigger)
    if pattern is None:
        return ""
    found = set()
    for match in pattern.finditer(title):
        year = int(match[1])
        if trigger == "year":
            found.add(str(year))
        elif trigger == "half":
            found.add(f"{year}-H{1 if match[2] == '上' else 2}")
        elif trigger == "quarter":
            found.add(f"{year}-Q{_NUMBERS[match[2]]}")
        elif 1 <= int(match[2]) <= 12:
            found.add(f"{year}-{int(match[2]):02d}")
    return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A slot that waits, as `pair` reads it."""

    slot: int
    period: str
    first_on: date
    excused: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A published document, as `pair` reads it."""

    document: int
    title: str
    on: date


def pair(trigger: str, waiting: Iterable[Waiting], papers: Iterable[Paper]) -> list[tuple[int, Paper]]:
    """Which document fills which slot of one duty, documents in the order they were published.

    Each fills one: the period its title names; else the oldest that waits and had begun, so that what was forgotten is
    made good before a later period counts as done; else the latest that was excused.
    """
    left = sorted(waiting, key=lambda one: one.first_on)
    found: list[tuple[int, Paper]] = []
    for paper in sorted(papers, key=lambda one: (one.on, one.document)):
        begun = [one for one in left if one.first_on <= paper.on]
        if key := named(paper.title, trigger):
            wanted = [one for one in begun if one.period == key]
        else:
            wanted = [one for one in begun if not one.excused] or begun[-1:]
        if wanted:
            found.append((wanted[0].slot, paper))
            left.remove(wanted[0])
    return found
