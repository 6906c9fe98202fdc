"""The day of the lunar month, by which markets are held."""

from datetime import date, timedelta

import pytest

from mingtang.workdays.lunar import day_of_month

pytestmark = pytest.mark.pure
# 春节 is the first of the first month: as the State Council's notices name it.
NEW_YEARS = [
    date(1990, 1, 27), date(2000, 2, 5), date(2007, 2, 18), date(2013, 2, 10), date(2018, 2, 16), date(2019, 2, 5),
    date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29),
    date(2026, 2, 17), date(2027, 2, 6), date(2033, 1, 31), date(2057, 2, 4),
]  # fmt: skip
# 端午 (fifth) and 中秋 (fifteenth)
OTHERS = [(date(2026, 6, 19), 5), (date(2026, 9, 25), 15), (date(2018, 6, 18), 5), (date(2025, 10, 6), 15)]


@pytest.mark.parametrize("day", NEW_YEARS, ids=str)
def test_spring_festival_is_the_first_and_the_eve_is_the_last(day):
    assert day_of_month(day) == 1
    assert day_of_month(day - timedelta(days=1)) in (29, 30)


@pytest.mark.parametrize(("day", "number"), OTHERS)
def test_festivals_fall_on_their_day(day, number):
    assert day_of_month(day) == number


def test_days_run_on_one_by_one_and_months_have_29_or_30():
    day, number = date(1990, 1, 27), 1
    while day.year < 2070:
        day += timedelta(days=1)
        following = day_of_month(day)
        assert following == number + 1 or (following == 1 and number in (29, 30)), day
        number = following
