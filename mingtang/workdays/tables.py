"""From the tables to a ``WorkCalendar``: one per town, kept in memory until a row changes."""

import threading

from django.db.models import Max

from mingtang.towns.models import Jurisdiction
from mingtang.workdays.calendar import DayMark, WorkCalendar
from mingtang.workdays.models import CalendarDay, CalendarStamp, CalendarYear

_kept: dict[int | None, tuple[str, WorkCalendar]] = {}
_keeping = threading.Lock()


def calendar_for(town: Jurisdiction | None = None) -> WorkCalendar:
    """The national calendar with the town's own days over it. A committed change shows at the next call."""
    key = town.pk if town else None
    token = CalendarStamp.objects.values_list("token", flat=True).first() or ""
    with _keeping:
        kept = _kept.get(key)
    if kept and kept[0] == token:
        return kept[1]
    marks = {row.date: DayMark(row.is_workday, row.reason) for row in CalendarDay.objects.filter(town__isnull=True)}
    if town:
        own = CalendarDay.objects.filter(town=town)
        marks |= {row.date: DayMark(row.is_workday, row.reason) for row in own}
    years = CalendarYear.objects.filter(confirmed=True).values_list("year", flat=True)
    built = WorkCalendar(marks, list(years))
    with _keeping:
        _kept[key] = (token, built)
    return built


def last_confirmed_year() -> int | None:
    """The last confirmed year, for the banner that asks for the next one; None before the calendar is seeded."""
    return CalendarYear.objects.filter(confirmed=True).aggregate(last=Max("year"))["last"]
