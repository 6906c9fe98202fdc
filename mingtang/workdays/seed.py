"""The seed: the State Council's notices for 2004 to 2026, read from the chinesecalendar package."""

from datetime import date
from functools import cache

from chinese_calendar import constants

from mingtang.workdays.calendar import MAKE_UP, DayMark, WorkCalendar

SOURCE = "国务院办公厅放假通知（chinesecalendar 1.x）"
#: Years whose notice the package holds. The package's own end is asserted by a test, so that an update is noticed.
SEED_YEARS = range(2004, 2027)

_NAMES = {
    constants.Holiday.tomb_sweeping_day.value: "清明节",
    constants.Holiday.dragon_boat_festival.value: "端午节",
    constants.Holiday.mid_autumn_festival.value: "中秋节",
}


def _name(code: str) -> str:
    return _NAMES.get(code) or constants.Holiday(code).chinese


@cache
def seed_marks() -> dict[date, DayMark]:
    """The days that differ from the plain week or carry a holiday's name. Read only: one dict for all callers."""
    marks = {day: DayMark(False, _name(code)) for day, code in constants.holidays.items()}
    marks |= {day: DayMark(True, f"{MAKE_UP}（{_name(code)}）") for day, code in constants.workdays.items()}
    return {day: mark for day, mark in sorted(marks.items()) if day.year in SEED_YEARS}


@cache
def seed_calendar() -> WorkCalendar:
    """The calendar of a house that has no database yet."""
    return WorkCalendar(seed_marks(), SEED_YEARS)
