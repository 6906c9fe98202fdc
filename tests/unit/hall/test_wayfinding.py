"""Which window now: the one the guide names, or the nearest that stands in for it and is open."""

from datetime import UTC, datetime, timedelta

import pytest

from mingtang.hall import actions
from mingtang.hall.models import Site, Window
from mingtang.hall.wayfinding import Ways
from tests.factories.cast import CENTRE, staff
from tests.factories.hall import band

pytestmark = pytest.mark.django_db


def close(number: int, instead: int | None) -> None:
    actions.close_window(
        window=Window.objects.get(number=number),
        by=staff(CENTRE),
        reason="培训",
        substitute=Window.objects.get(number=instead) if instead else None,
    )


def way(town, post="window-3"):
    found = Ways(town).of(post)
    return tuple(window.number if window else None for window in (found.window, found.go_to))


def test_an_open_window_is_where_to_go(town, django_assert_num_queries):
    with django_assert_num_queries(2):
        ways = Ways(town)
        assert not ways.of("window-3").closed and ways.of("window-1").go_to.number == 1
    assert way(town, "land-review") == (None, None)


def test_a_closed_window_leads_along_those_that_stand_in(town):
    close(3, 4)
    assert way(town) == (3, 4)
    close(4, 1)
    assert way(town) == (3, 1)


def test_a_ring_of_closed_windows_leads_nowhere(town):
    close(3, 4)
    close(4, 3)
    assert way(town) == (3, None)


def test_a_second_window_of_the_same_post_needs_nobody_to_stand_in(town):
    third = Window.objects.get(number=3)
    Window.objects.create(
        town=town, site=third.site, unit=third.unit, post=third.post, number=9, name="建房用地（村口站）"
    )
    close(3, None)
    assert way(town) == (9, 9)
    close(9, 1)
    assert way(town) == (3, 1)


def test_a_general_window_takes_in_what_no_stand_in_does(town):
    close(3, None)
    assert way(town) == (3, None)
    Window.objects.filter(number=1).update(kind="general")
    assert way(town) == (3, 1)


def test_who_sits_there_now_goes_before_who_comes_later(town):
    third = Window.objects.get(number=3)
    Window.objects.create(town=town, site=third.site, unit=third.unit, post=third.post, number=2, name="甲")
    station = Site.objects.create(town=town, code="village", letter="B", name="村站", address="村部", phone="1")
    Window.objects.create(town=town, site=station, unit=third.unit, post=third.post, number=9, name="乙")
    band(third.site, "weekday", 9, 12, "window-3")
    band(station, "weekday", 8, 9, "window-3")
    at = datetime(2026, 3, 16, 0, 30, tzinfo=UTC)  # a Monday, half past eight
    found = Ways(town, at).of("window-3")
    assert (found.go_to.number, found.duty.open) == (9, True)
    later = Ways(town, at + timedelta(hours=8)).of("window-3")
    assert (later.go_to.number, later.duty.open) == (9, False)
    assert later.duty.next == datetime(2026, 3, 17, 0, tzinfo=UTC)
