from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.errors import Refused
from mingtang.lib.text import CHINA
from mingtang.workdays.calendar import Suspension
from mingtang.workdays.clocks import Clock, resident_days
from mingtang.workdays.packs import rule
from mingtang.workdays.seed import seed_calendar

CALENDAR = seed_calendar()
START = datetime(2018, 10, 18, 14, 52, tzinfo=CHINA)


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2018, month, day, hour, tzinfo=CHINA)


def test_a_licence_clock_goes_green_yellow_red():
    clock = Clock.of(rule("LIC_DECIDE", START.date()), START)
    readings = {
        when: clock.read(CALENDAR, when) for when in (at(10, 18), at(11, 8), at(11, 9), at(11, 15, 23), at(11, 16, 0))
    }
    assert [reading.state for reading in readings.values()] == ["green", "green", "yellow", "yellow", "red"]
    first = readings[at(10, 18)]
    assert (first.due, first.used, first.left, first.provisional) == (date(2018, 11, 15), 0, 20, False)
    assert first.due_at == at(11, 16, 0)
    assert readings[at(11, 9)].used == 16
    assert readings[at(11, 16, 0)].left == 0


def test_a_short_limit_is_yellow_on_its_last_working_day():
    clock = Clock(START, 1)
    assert clock.read(CALENDAR, at(10, 18)).state == "green"
    assert clock.read(CALENDAR, at(10, 19)).state == "yellow"
    assert clock.read(CALENDAR, at(10, 20)).state == "red"


def test_an_organs_calendar_limit_warns_on_the_working_day_before_its_rest_day():
    clock = Clock(datetime(2018, 9, 28, 9, tzinfo=CHINA), 8, "calendar_days")
    reading = clock.read(CALENDAR, at(9, 30))
    assert (reading.due, reading.alarm_on, reading.state) == (date(2018, 10, 6), date(2018, 9, 30), "yellow")
    assert clock.read(CALENDAR, at(10, 6, 23)).state == "yellow"
    assert clock.read(CALENDAR, at(10, 7, 0)).state == "red"


def test_an_extension_beyond_the_rule_is_refused():
    licence = rule("LIC_DECIDE", START.date())
    assert Clock.of(licence, START, extension=10).read(CALENDAR, START).due == date(2018, 11, 29)
    with pytest.raises(Refused, match="最多延长10个工作日"):
        Clock.of(licence, START, extension=11)
    with pytest.raises(Refused, match="不能延长"):
        Clock.of(rule("LIC_PRELIM", START.date()), START, extension=1)
    with pytest.raises(Refused):
        Clock.of(licence, START, extension=-1)


def test_a_suspension_stops_the_count_and_is_named_while_it_runs():
    pause = Suspension(date(2018, 10, 22), date(2018, 10, 26), "听证")
    clock = Clock.of(rule("LIC_DECIDE", START.date()), START, suspensions=[pause])
    reading = clock.read(CALENDAR, at(10, 24))
    assert (reading.paused, reading.used, reading.due) == ("听证", 1, date(2018, 11, 22))
    assert clock.read(CALENDAR, at(10, 29)).paused == ""
    assert clock.working(CALENDAR).due.day == date(2018, 11, 22)


def test_hours_run_through_nights_and_rest_days():
    clock = Clock.of(rule("HOT_RETURN", START.date()), datetime(2018, 10, 19, 17, 30, tzinfo=CHINA))
    reading = clock.read(CALENDAR, at(10, 20, 12))
    assert reading.due_at == datetime(2018, 10, 20, 17, 30, tzinfo=CHINA)
    assert (reading.state, reading.used, reading.total, reading.provisional) == ("green", 18, 24, False)
    assert clock.read(CALENDAR, at(10, 20, 13)).state == "yellow"
    assert clock.read(CALENDAR, at(10, 20, 18)).state == "red"
    with pytest.raises(Refused):
        Clock(START, 24, "hours", suspensions=(Suspension(START.date(), START.date(), "听证"),))


def test_months_of_a_person_end_on_a_working_day():
    clock = Clock.of(rule("SUIT", START.date()), datetime(2018, 4, 6, tzinfo=CHINA))
    assert clock.read(CALENDAR, START).due == date(2018, 10, 8)


def test_the_day_is_chinas_not_the_servers():
    late = datetime.fromisoformat("2018-10-18T16:30:00+00:00")
    assert Clock(late, 1).start_day == date(2018, 10, 19)
    with pytest.raises(TypeError):
        Clock(datetime(2018, 10, 18), 1)  # noqa: DTZ001
    with pytest.raises(TypeError):
        Clock.of(rule("LIC_RENEW", START.date()), START)


@given(st.integers(0, 60), st.integers(0, 100))
def test_states_only_ever_grow_worse(amount, offset):
    clock, order = Clock(START, amount), ["green", "yellow", "red"]
    now, later = START + timedelta(days=offset), START + timedelta(days=offset + 1)
    first, second = clock.read(CALENDAR, now), clock.read(CALENDAR, later)
    assert order.index(first.state) <= order.index(second.state)
    assert (first.state == "red") == (now.date() > first.due)
    assert first.used <= second.used


def test_resident_days_never_pause():
    assert resident_days(START, at(10, 18, 23)) == 0
    assert resident_days(START, at(11, 1, 0)) == 14
