import csv
import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.errors import Refused
from mingtang.workdays.calendar import DayMark, Suspension, WorkCalendar, add_calendar
from mingtang.workdays.loader import read_calendar
from mingtang.workdays.seed import SEED_YEARS, seed_calendar, seed_marks

CALENDAR = seed_calendar()
days = st.dates(date(2004, 1, 1), date(2030, 12, 31))
amounts = st.integers(0, 90)


@st.composite
def suspensions(draw, around: date) -> tuple[Suspension, ...]:
    spans = draw(st.lists(st.tuples(st.integers(-20, 120), st.integers(0, 30)), max_size=4))
    firsts = [(around + timedelta(days=at), length) for at, length in spans]
    return tuple(Suspension(first, first + timedelta(days=length), "检验") for first, length in firsts)


@pytest.mark.shared
def test_every_day_of_twenty_years_equals_the_shared_table(shared):
    with (shared / "data/holidays/workdays_2007_2026.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7305
    wrong = [row for row in rows if CALENDAR.is_workday(date.fromisoformat(row["date"])) != (row["is_workday"] == "1")]
    assert wrong == []


@pytest.mark.shared
def test_the_seed_says_the_same_as_the_notices_of_every_year(shared):
    for year in range(2007, 2027):
        for item in json.loads((shared / f"data/holidays/{year}.json").read_text(encoding="utf-8"))["days"]:
            assert CALENDAR.is_workday(date.fromisoformat(item["date"])) != item["isOffDay"], item
    with pytest.raises(Refused, match="放假通知"):
        read_calendar(shared / "data/holidays/2027.json")


def test_the_seed_ends_where_its_package_ends():
    """A new year in the package must be named in SEED_YEARS, or it would lie unused."""
    from chinese_calendar import constants

    assert max(constants.holidays).year == SEED_YEARS[-1]
    assert min(seed_marks()).year == SEED_YEARS[0]


def by_hand(start: date, amount: int, pauses: tuple[Suspension, ...] = ()) -> date:
    day = start
    while amount:
        day += timedelta(days=1)
        amount -= CALENDAR.is_workday(day) and not any(pause.first <= day <= pause.last for pause in pauses)
    return day


@given(days, amounts, st.data())
def test_the_arrays_count_as_a_person_counts(start, amount, data):
    pauses = data.draw(suspensions(start))
    due = CALENDAR.add_working_days(start, amount, pauses)
    assert due == by_hand(start, amount, pauses)
    assert CALENDAR.working_days_between(start, due, pauses) == amount


@given(days, st.integers(1, 60))
def test_the_day_before_the_last_is_one_short(start, amount):
    due = CALENDAR.add_working_days(start, amount)
    assert CALENDAR.is_workday(due)
    assert CALENDAR.working_days_between(start, due - timedelta(days=1)) == amount - 1
    assert CALENDAR.add_working_days(start, amount + 1) > due


@given(
    days, amounts, st.sampled_from(["working_days", "calendar_days"]), st.sampled_from(["organ", "person"]), st.data()
)
def test_the_working_shows_every_day_and_ends_on_the_last(start, amount, unit, owner, data):
    pauses = data.draw(suspensions(start))
    working = CALENDAR.working(start, amount, unit, owner=owner, suspensions=pauses)
    shown = [line.day for line in working.days]
    assert shown == [start + timedelta(days=n) for n in range((working.due.day - start).days + 1)]
    assert [line.number for line in working.days if line.counted] == list(range(1, amount + 1))
    assert all(line.why for line in working.days)


def test_the_national_holiday_of_2018_is_shown_day_by_day():
    working = CALENDAR.working(date(2018, 9, 28), 3)
    whys = {line.day.isoformat()[5:]: (line.counted, line.why) for line in working.days}
    assert whys["09-28"] == (False, "收到当日，不计")
    assert whys["09-29"] == (True, "调休上班（国庆节）")
    assert whys["10-01"] == whys["10-07"] == (False, "国庆节")
    assert whys["10-08"] == (True, "工作日")
    assert working.due.day == date(2018, 10, 8)
    assert CALENDAR.reason(date(2018, 10, 13)) == "周末"


def test_a_suspended_day_is_shown_with_its_ground():
    pause = Suspension(date(2018, 10, 22), date(2018, 10, 26), "检验检测")
    working = CALENDAR.working(date(2018, 10, 18), 2, suspensions=[pause])
    assert working.due.day == date(2018, 10, 29)
    assert [line.why for line in working.days if line.day == date(2018, 10, 24)] == ["扣除：检验检测"]


def test_a_suspension_cannot_end_before_it_begins():
    with pytest.raises(Refused):
        Suspension(date(2018, 10, 2), date(2018, 10, 1), "听证")


@pytest.mark.parametrize(
    ("start", "amount", "provisional"),
    [
        (date(2026, 12, 1), 22, False),
        (date(2026, 12, 31), 1, True),
        (date(2026, 12, 30), 1, False),
        (date(2026, 12, 20), 20, True),
        (date(2003, 12, 31), 3, False),
        (date(2003, 12, 30), 1, True),
        (date(2027, 3, 1), 0, True),
    ],
)
def test_a_deadline_that_reaches_an_unconfirmed_year_is_provisional(start, amount, provisional):
    assert CALENDAR.last_day(start, amount).provisional is provisional


def test_a_gap_between_confirmed_years_is_provisional():
    calendar = WorkCalendar({}, [2025, 2027])
    assert calendar.last_day(date(2025, 12, 1), 400).provisional
    assert not calendar.last_day(date(2025, 12, 1), 20).provisional


def test_a_persons_last_day_moves_off_a_rest_day_and_an_organs_does_not():
    start = date(2018, 9, 6)
    person = CALENDAR.last_day(start, 30, "calendar_days", owner="person")
    organ = CALENDAR.last_day(start, 30, "calendar_days", owner="organ")
    assert (organ.day, organ.alarm_on) == (date(2018, 10, 6), date(2018, 9, 30))
    assert (person.day, person.alarm_on) == (date(2018, 10, 8), date(2018, 10, 8))
    last = CALENDAR.working(start, 30, "calendar_days", owner="person").days[-1]
    assert "顺延" in last.why and not last.counted


def test_months_and_years_end_on_the_same_number_or_the_last_day():
    assert add_calendar(date(2018, 1, 31), 1, "months") == date(2018, 2, 28)
    assert add_calendar(date(2018, 8, 31), 6, "months") == date(2019, 2, 28)
    assert add_calendar(date(2018, 12, 15), 1, "months") == date(2019, 1, 15)
    assert add_calendar(date(2020, 2, 29), 3, "years") == date(2023, 2, 28)


def test_calendar_days_grow_by_the_days_suspended():
    pauses = [
        Suspension(date(2018, 10, 10), date(2018, 10, 12), "听证"),
        Suspension(date(2018, 10, 12), date(2018, 10, 14), "鉴定"),
    ]
    assert CALENDAR.last_day(date(2018, 10, 8), 5, "calendar_days", suspensions=pauses).day == date(2018, 10, 18)


def test_counting_back_from_a_hearing():
    assert CALENDAR.latest_before(date(2018, 10, 18), 7, "working_days") == date(2018, 10, 9)
    assert CALENDAR.latest_before(date(2018, 12, 31), 30, "calendar_days") == date(2018, 12, 1)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CALENDAR.add_working_days(date(2018, 1, 1), -1),
        lambda: CALENDAR.add_working_days(date(2069, 12, 1), 50),
        lambda: CALENDAR.is_workday(date(1989, 12, 31)),
        lambda: CALENDAR.last_day(date(2018, 1, 1), 10**9, "calendar_days"),
        lambda: CALENDAR.last_day(date(2018, 1, 1), 60, "years"),
        lambda: CALENDAR.last_day(date(2018, 1, 1), -1, "months"),
    ],
)
def test_what_lies_outside_the_calendar_is_refused_with_a_sentence(ask):
    with pytest.raises(Refused, match=r"。$"):
        ask()


def test_a_days_own_mark_goes_before_the_week():
    calendar = WorkCalendar(
        {date(2018, 10, 20): DayMark(True, "抗洪抢险"), date(2018, 10, 19): DayMark(False, "")}, [2018]
    )
    assert calendar.is_workday(date(2018, 10, 20)) and calendar.reason(date(2018, 10, 20)) == "调休上班（抗洪抢险）"
    assert calendar.reason(date(2018, 10, 19)) == "放假"
