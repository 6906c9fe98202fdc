"""Windows: a closed one says why and who stands in."""

import pytest
from django.db import IntegrityError, transaction

from mingtang.events.models import Event
from mingtang.hall import actions
from mingtang.hall.models import Site, Window
from mingtang.hall.policies import open_window_of
from mingtang.lib.errors import Refused
from mingtang.people.models import Post, Unit
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, LAND, staff

pytestmark = pytest.mark.django_db


def window(town, number: int) -> Window:
    return Window.objects.get(town=town, number=number)


def test_a_clerk_works_at_the_open_window_of_the_post(town):
    assert open_window_of(staff(CLERK_3)) == window(town, 3)


def test_who_has_no_window_takes_nothing_in(town):
    with pytest.raises(Refused, match="您的岗位没有窗口"):
        open_window_of(staff(LAND))


def test_a_closed_windows_clerk_reads_why_and_who_stands_in(town):
    actions.close_window(window=window(town, 3), by=staff(CENTRE), reason="下村收件", substitute=window(town, 1))
    with pytest.raises(Refused) as caught:
        open_window_of(staff(CLERK_3))
    assert "下村收件" in str(caught.value)
    assert "1号窗口（综合）" in str(caught.value)


def test_a_substitute_that_is_closed_too_is_not_named(town):
    actions.close_window(window=window(town, 3), by=staff(CENTRE), reason="下村收件", substitute=window(town, 1))
    actions.close_window(window=window(town, 1), by=staff(CENTRE), reason="停电")
    with pytest.raises(Refused) as caught:
        open_window_of(staff(CLERK_3))
    assert "1号窗口" not in str(caught.value)


def test_a_window_opens_again_and_forgets_its_reason(town):
    actions.close_window(window=window(town, 3), by=staff(CENTRE), reason="下村收件", substitute=window(town, 1))
    actions.open_window(window=window(town, 3), by=staff(CENTRE))
    reopened = open_window_of(staff(CLERK_3))
    assert (reopened.closed_reason, reopened.substitute) == ("", None)


def test_opening_and_closing_twice_is_refused(town):
    with pytest.raises(Refused, match="已经开着"):
        actions.open_window(window=window(town, 3), by=staff(CENTRE))
    actions.close_window(window=window(town, 3), by=staff(CENTRE), reason="下村收件")
    with pytest.raises(Refused, match="已经关着"):
        actions.close_window(window=window(town, 3), by=staff(CENTRE), reason="下村收件")


@pytest.mark.parametrize(
    ("reason", "sentence"), [("  ", "请写明关窗的原因"), ("长" * 101, "最多 100 个字")], ids=["none", "too long"]
)
def test_closing_needs_a_reason_people_can_read(town, reason, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.close_window(window=window(town, 3), by=staff(CENTRE), reason=reason)


def test_a_window_does_not_stand_in_for_itself(town):
    with pytest.raises(Refused, match="不能是它自己"):
        actions.close_window(window=window(town, 3), by=staff(CENTRE), reason="下村收件", substitute=window(town, 3))


def test_another_towns_window_does_not_stand_in(town, other_town):
    unit = Unit.objects.create(town=other_town, code="centre", name="外镇中心", kind="centre")
    post = Post.objects.create(town=other_town, unit=unit, code="w", name="窗口", roles=[])
    site = Site.objects.create(town=other_town, name="外镇大厅", address="-", hours="-", phone="-")
    far = Window.objects.create(town=other_town, site=site, unit=unit, post=post, number=1, name="综合")
    with pytest.raises(Refused, match="不在本镇"):
        actions.close_window(window=window(town, 3), by=staff(CENTRE), reason="下村收件", substitute=far)


def test_only_the_head_of_the_centre_runs_windows(town):
    with pytest.raises(Refused, match="没有“开关窗口”的权限"):
        actions.close_window(window=window(town, 3), by=staff(CLERK_1), reason="想早点走")


def test_the_database_refuses_a_closed_window_without_a_reason(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        Window.objects.filter(town=town, number=3).update(is_open=False)


def test_closing_is_public_with_its_reason(town):
    actions.close_window(window=window(town, 3), by=staff(CENTRE), reason="下村收件")
    event = Event.objects.get(type="window.closed")
    assert (event.subject, event.reason) == ("window:A3", "下村收件")
