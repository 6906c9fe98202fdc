"""Periods, due dates and which document fills which slot: pure."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.oversight.periods import MONTHS, Paper, Rule, Waiting, due, named, owed, pair, period_of, title_of
from mingtang.workdays.calendar import DayMark, WorkCalendar
from mingtang.workdays.seed import SEED_YEARS, seed_marks

CALENDAR = WorkCalendar(seed_marks(), SEED_YEARS)
PLAIN = WorkCalendar({}, range(1990, 2070))
DAYS = st.dates(date(2005, 1, 1), date(2060, 12, 31))
LENGTHS = st.sampled_from(sorted(MONTHS))


@given(LENGTHS, DAYS)
def test_periods_of_a_length_cover_every_day_once(length, day):
    period = period_of(length, day)
    assert period.first <= day <= period.last
    after = period_of(length, period.last + timedelta(days=1))
    assert after.first == period.last + timedelta(days=1) and after.key != period.key
    assert period_of(length, period.first) == period_of(length, period.last) == period


@given(LENGTHS, DAYS)
def test_what_a_period_is_called_names_it_again(length, day):
    period = period_of(length, day)
    assert named(f"关于{title_of(period.key)}情况的公示", length) == period.key


def test_due_dates_are_counted_after_the_period_or_stand_as_the_law_says():
    third = period_of("quarter", date(2026, 8, 1))
    # The holiday of October and its make-up days lie between.
    assert due(Rule("quarter", days=20), third, CALENDAR)[0] == CALENDAR.add_working_days(date(2026, 9, 30), 20)
    assert due(Rule("quarter"), third, CALENDAR) == (date(2026, 9, 30), False)
    report = Rule("year", month=1, day=31, years_after=1)
    # 31 January 2027 is a Sunday: an organ's date stays.
    assert due(report, period_of("year", date(2026, 5, 1)), CALENDAR) == (date(2027, 1, 31), False)


def test_the_twenty_ninth_of_february_is_the_last_day_of_february():
    leap = Rule("year", month=2, day=29)
    found = [due(leap, period_of("year", date(year, 6, 1)), PLAIN)[0] for year in (2024, 2025, 2028)]
    assert found == [date(2024, 2, 29), date(2025, 2, 28), date(2028, 2, 29)]


def test_a_date_counted_into_a_year_without_a_calendar_is_provisional():
    year = period_of("year", date(2026, 3, 1))
    assert due(Rule("year", days=20), year, CALENDAR)[1] is True
    confirmed = WorkCalendar({date(2027, 1, 1): DayMark(False, "元旦")}, (*SEED_YEARS, 2027))
    assert due(Rule("year", days=20), year, confirmed)[1] is False


@given(LENGTHS, DAYS, st.integers(0, 60), st.integers(0, 900))
def test_nothing_is_owed_for_the_time_before(length, since, days, lasts):
    until = since + timedelta(days=lasts)
    found = list(owed(Rule(length, days=days), since, until, PLAIN))
    keys = [period.key for period, _, _ in found]
    assert len(keys) == len(set(keys)) and keys
    for period, last, _ in found:
        assert period.last >= since and last >= since and period.first <= until
    # Nothing is left out: the periods follow each other to the day that was asked for.
    for (one, _, _), (two, _, _) in pairwise(found):
        assert two.first == one.last + timedelta(days=1)
    assert found[-1][0].last >= until


@pytest.mark.parametrize(
    ("rule", "since", "keys"),
    [
        (Rule("year", month=1, day=31), date(2026, 11, 24), ["2027"]),
        (Rule("year", month=1, day=31, years_after=1), date(2026, 11, 24), ["2026", "2027"]),
        (Rule("once", on=date(2026, 12, 1)), date(2026, 11, 24), ["once"]),
        (Rule("once", on=date(2026, 11, 1)), date(2026, 11, 24), []),
        (Rule("event", days=20), date(2026, 11, 24), []),
    ],
)
def test_a_day_of_its_own_is_owed_once_it_lies_ahead(rule, since, keys):
    assert [period.key for period, _, _ in owed(rule, since, date(2027, 3, 1), PLAIN)] == keys


@pytest.mark.parametrize(
    ("title", "length", "key"),
    [
        ("2026年第三季度社会救助情况", "quarter", "2026-Q3"),
        ("2026年3季度", "quarter", "2026-Q3"),
        ("2026年下半年", "half", "2026-H2"),
        ("2026年7月份村级财务", "month", "2026-07"),
        ("2026年7月3日值班安排", "month", ""),
        ("2026年13月", "month", ""),
        ("2026年度部门决算", "year", "2026"),
        ("2026年第三季度", "year", ""),
        ("2025年决算和2026年预算", "year", ""),
        ("没有年份", "year", ""),
        ("2026年度", "event", ""),
    ],
)
def test_a_title_names_one_period_or_none(title, length, key):
    assert named(title, length) == key


def _quarters(*excused):
    return [
        Waiting(number, f"2026-Q{number}", date(2026, 3 * number - 2, 1), number in excused) for number in range(1, 5)
    ]


def test_a_document_fills_the_period_it_names_else_the_oldest_that_waits():
    papers = [
        Paper(11, "社会救助情况", date(2026, 7, 10)),
        Paper(12, "2026年第三季度社会救助情况", date(2026, 10, 10)),
        Paper(13, "社会救助情况", date(2026, 10, 12)),
        Paper(14, "2026年第三季度社会救助情况（更正）", date(2026, 10, 13)),
    ]
    found = {slot: paper.document for slot, paper in pair("quarter", _quarters(), papers)}
    assert found == {1: 11, 3: 12, 2: 13}


def test_no_document_fills_a_period_that_had_not_begun():
    assert pair("quarter", _quarters()[2:], [Paper(1, "2026年第四季度", date(2026, 6, 1))]) == []


def test_what_was_excused_is_filled_last():
    papers = [Paper(1, "情况", date(2026, 12, 1)), Paper(2, "情况", date(2026, 12, 2))]
    assert [(slot, one.document) for slot, one in pair("quarter", _quarters(1, 2, 3), papers)] == [(4, 1), (3, 2)]


@given(st.lists(DAYS, max_size=12), st.lists(DAYS, max_size=12))
def test_each_slot_and_each_document_is_used_once(begun, published):
    waiting = [Waiting(number, f"p{number}", day, False) for number, day in enumerate(begun)]
    papers = [Paper(number, "情况", day) for number, day in enumerate(published)]
    found = pair("quarter", waiting, papers)
    assert len({slot for slot, _ in found}) == len({paper.document for _, paper in found}) == len(found)
    assert all(waiting[slot].first_on <= paper.on for slot, paper in found)
