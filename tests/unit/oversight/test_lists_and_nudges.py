"""A column that lists from records fill is not empty; who asked for a slot is counted and proved."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from mingtang.disclosure import columns, standing
from mingtang.disclosure.models import Column
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.oversight import actions
from mingtang.oversight.enums import SlotState as S
from mingtang.oversight.models import Slot
from mingtang.oversight.proved import check_slots
from mingtang.oversight.sweep import sweep
from mingtang.people.models import Delegation
from mingtang.towns.viewer import Viewer
from tests.factories.cast import SIGNER, staff
from tests.factories.duties import on, open_catalogue
from tests.factories.lists import granted, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(town):
    return open_catalogue(town)


def slot(code: str, period: str = "2026-Q3") -> Slot:
    return Slot.objects.standing(timezone.localdate()).get(duty__code=code, period=period)


def test_a_list_shown_in_a_column_fills_it(opened, client):
    Delegation.objects.update(valid_from=datetime.fromisoformat("2026-01-05T08:00:00+08:00"))
    with on(2026, 8, 3):
        granted(opened, "张三")
        row = shown(opened, "aid")
        sweep(town=opened)
        filled = slot("column-a21-08")
        assert (filled.listed, filled.proved_on, filled.state) == (row, date(2026, 8, 3), S.ON_TIME)
        found = {one.column.code: one for one in standing.leaves(standing.of_town(Viewer(town=opened)))}
        assert (found["a21-08"].state, found["a21-08"].lists, found["a21-04"].state) == ("filled", 1, "empty")
        with pytest.raises(Refused, match="公示表"):
            columns.say_nothing(column=Column.objects.get(code="a21-08"), reason="没有。", by=staff(SIGNER))
        page = client.get("/info/c/a21-08").content.decode()
        assert f'href="/lists/{row.number}"' in page and "应公开，还没有公开" not in page
        assert "公示表 1 张" in client.get("/info/c/").content.decode()
        assert f'href="/lists/{row.number}"' in client.get("/board/column-a21-08").content.decode()
    # The next quarter waits for a list of its own, and what was said before of an empty column excuses nothing now.
    Column.objects.filter(code="a21-08").update(nothing="还没有。", nothing_on=date(2026, 7, 3))
    with on(2026, 11, 3):
        sweep(town=opened)
        assert slot("column-a21-08", "2026-Q4").state == S.DUE
    assert list(check_slots(opened)) == []


def test_each_nudge_is_an_event_and_the_count_is_proved(opened):
    with on(2026, 8, 3):
        one = slot("column-a21-08")
        Slot.objects.filter(pk=one.pk).update(nudges=4, nudges_untold=4)
        for _ in range(2):
            actions.nudge(slot=one)
        assert slot("column-a21-08").nudges == 6
        event = Event.objects.filter(type="slot.nudged").last()
        assert (event.subject, event.actor, event.data["period"]) == ("duty:column-a21-08", "system", "2026-Q3")
    assert list(check_slots(opened)) == []
    Slot.objects.filter(pk=one.pk).update(nudges=60)
    assert ["催的次数" in finding.what for finding in check_slots(opened)] == [True]
