"""How long a document is in force, for every day it may begin on."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mingtang.disclosure.kinds import PLAIN, kind_of
from mingtang.disclosure.kinds.kind import read
from mingtang.disclosure.kinds.life import faults, term

NORMATIVE = kind_of("normative")


def stated(**fields):
    return {"fields": fields, "sheets": {}}


def whole(first, title="管理规定", **fields):
    return term(NORMATIVE, title, stated(effective_on=first.isoformat(), **fields), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("first", "title", "last"),
    [
        (date(2026, 3, 1), "集市管理规定", date(2031, 3, 1)),
        (date(2026, 3, 1), "集市管理暂行规定", date(2028, 3, 1)),
        (date(2026, 3, 1), "集市管理办法（试行）", date(2028, 3, 1)),
        (date(2024, 2, 29), "集市管理规定", date(2029, 2, 28)),
        (date(2024, 2, 29), "集市管理暂行规定", date(2026, 2, 28)),
    ],
)
def test_five_years_and_two_on_trial(first, title, last):
    assert whole(first, title) == (first, last)


def test_without_a_first_day_it_is_the_day_of_publication():
    assert term(NORMATIVE, "规定", stated(), date(2026, 5, 6)) == (date(2026, 5, 6), date(2031, 5, 6))
    assert term(PLAIN, "通知", {}, date(2026, 5, 6)) is None


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2064, 12, 31)), st.integers(1, 5))
@example(date(2024, 2, 29), 4)
@example(date(2024, 2, 29), 1)
def test_it_ends_on_the_same_day_of_the_year_or_the_last_of_the_month(first, years):
    begin, last = whole(first, years=years)
    assert begin == first
    assert last.year == first.year + years
    if (first.month, first.day) == (2, 29):
        assert (last + timedelta(days=1)).day in {1, 29} and last.month == 2
        assert last.day == (29 if last.year % 4 == 0 else 28)
    else:
        assert (last.month, last.day) == (first.month, first.day)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31)))
def test_whoever_begins_later_never_ends_before(first):
    assert whole(first)[1] <= whole(first + timedelta(days=1))[1]


@pytest.mark.parametrize(("years", "title"), [(6, "规定"), (0, "规定"), (3, "暂行规定")])
def test_more_years_than_the_rule_allows_are_a_fault(years, title):
    found = list(faults(NORMATIVE, title, stated(years=years)))
    assert [one.where for one in found] == ["field-years"]
    assert "最长" in found[0].sentence


def test_fewer_years_are_no_fault():
    assert not list(faults(NORMATIVE, "规定", stated(years=3)))
    assert not list(faults(NORMATIVE, "规定", stated(years="")))
    assert not list(faults(PLAIN, "通知", {}))


def test_a_life_that_names_no_field_is_a_fault_of_the_pack():
    with pytest.raises(ValueError, match="life has no day"):
        read('code="x"\nname="x"\ngroup="x"\nabout="x"\n[life]\nyears=5\ntrial_years=2\nbasis="x"\nstart="gone"')
