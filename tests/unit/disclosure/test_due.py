"""By when a document must be public, on every day around the last."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mingtang.disclosure import due
from mingtang.disclosure.enums import Provenance
from mingtang.disclosure.models import Document, Edition, Revision
from mingtang.lib.text import CHINA
from mingtang.workdays.seed import seed_calendar

CALENDAR = seed_calendar()


def edition(generated_on=date(2026, 3, 2), kind="plain", number=1, **fields):
    document = Document(kind=kind, generated_on=generated_on, created_at=noon(date(2026, 3, 5)))
    return Edition(document=document, number=number, revision=Revision(created_at=noon(date(2026, 3, 6))), **fields)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)


def light(row, day):
    return due.light(row, CALENDAR, noon(day))


def test_twenty_working_days_after_it_came_into_being():
    row = edition()
    assert due.last_day(row.document, CALENDAR) == date(2026, 3, 30)
    states = {day: light(row, date(2026, 3, day)).state for day in (2, 23, 24, 30, 31)}
    assert states == {2: "green", 23: "green", 24: "yellow", 30: "yellow", 31: "red"}
    assert light(row, date(2026, 3, 30)).words == "今天到期"
    assert light(row, date(2026, 4, 2)).words == "晚了 3 个工作日"
    assert "第二十六条" in light(row, date(2026, 3, 2)).basis


def test_a_day_of_rest_after_the_last_day_is_late_already():
    row = edition(date(2026, 3, 6))
    assert due.last_day(row.document, CALENDAR) == date(2026, 4, 3)
    assert light(row, date(2026, 4, 4)).late == 1  # a Saturday


def test_the_rule_of_the_kind_counts_where_it_ends_sooner():
    assert due.last_day(edition(kind="procurement-result").document, CALENDAR) == date(2026, 3, 4)
    assert due.last_day(edition(kind="budget-town").document, CALENDAR) == date(2026, 3, 22)
    assert light(edition(kind="budget-town"), date(2026, 3, 24)).words == "晚了 2 日"


def test_a_document_without_a_date_counts_from_the_day_it_was_entered():
    assert due.last_day(edition(None).document, CALENDAR) == CALENDAR.last_day(date(2026, 3, 5), 20).day


def test_a_correction_counts_from_the_day_it_was_begun():
    assert light(edition(number=2, begun_at=noon(date(2026, 6, 1))), date(2026, 6, 1)).left == 20
    old = edition(number=2)  # of an earlier release, which did not keep the day
    assert light(old, date(2026, 3, 6)).left == 20


def test_what_was_published_elsewhere_has_no_last_day():
    row = edition()
    row.document.provenance = Provenance.HISTORICAL
    assert light(row, date(2026, 6, 1)) is None


@given(st.dates(), st.dates(min_value=date(1990, 1, 1), max_value=date(2069, 12, 31)))
def test_any_date_that_was_typed_has_a_light(generated_on, day):
    assert light(edition(generated_on), day).words


@given(st.dates(min_value=date(2004, 1, 1), max_value=date(2025, 12, 31)), st.integers(0, 90))
def test_late_is_said_after_the_last_day_and_never_before(generated_on, days):
    row, day = edition(generated_on), generated_on + timedelta(days=days)
    assert (light(row, day).late > 0) == (day > due.last_day(row.document, CALENDAR))


def test_the_most_urgent_stands_first():
    rows = [edition(date(2026, 3, 9)), edition(date(2026, 3, 9), "procurement-result"), edition(date(2026, 3, 2))]
    for key, row in enumerate(rows):
        row.pk = key
    rows[2].document.provenance = Provenance.HISTORICAL
    assert [row.pk for row, _ in due.most_urgent(rows, CALENDAR, noon(date(2026, 3, 10)))] == [1, 0, 2]
