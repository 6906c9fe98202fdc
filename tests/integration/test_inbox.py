"""The cases of the to-do list: by last day whatever their number, page by page, and whose turn each is."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingtang.cases.models import Case
from mingtang.desk import inbox
from mingtang.events.log import CONSOLE
from mingtang.people.actions import appoint
from mingtang.people.models import Post
from tests.factories import acts
from tests.factories.cast import CLERK_3, LAND, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"/desk/cases/(WY[0-9A-Z-]+)")


def due(case: Case, day: date | None) -> None:
    case.steps.filter(done_at=None).update(due_on=day)
    case.clocks.filter(stopped_at=None).exclude(kind="statutory").update(due_on=day or timezone.localdate())


def listed(client, address: str = "/desk/") -> tuple[list[str], str]:
    """The numbers of the cases on a page in their order, and the address of the next page."""
    page = text(client.get(address))
    older = re.search(r'rel="next" href="([^"]*)"', page)
    return NUMBER.findall(page), f"/desk/{older.group(1)}".replace("&amp;", "&") if older else ""


def test_what_is_due_first_stands_first_on_whatever_day_it_came(client, town, monkeypatch):
    today = timezone.localdate()
    days = [today + timedelta(days=9), None, today, today + timedelta(days=2), None]
    cases = [acts.apply(town, "JF-001").case for _ in days]
    for case, day in zip(cases, days, strict=True):
        due(case, day)
    login(client, CLERK_3)
    wanted = [cases[n].number for n in (2, 3, 0, 1, 4)]
    assert listed(client) == (wanted, "")
    monkeypatch.setattr(inbox, "PAGE", 2)
    found, address = listed(client)
    assert "今天到期和已经超期（1）" in text(client.get("/desk/"))
    assert "等您办的办件（4）" in text(client.get("/desk/"))
    while address:
        more, address = listed(client, address)
        assert more
        found += more
    assert found == wanted


@pytest.mark.parametrize("after", ["x", "2026-13-01.4", "none.", "none.99999999999999999999", "²026-01-01.1"])
def test_an_address_that_names_no_place_in_the_list_begins_at_the_top(client, town, after):
    case = acts.apply(town, "JF-001").case
    login(client, CLERK_3)
    assert listed(client, f"/desk/?after={after}")[0] == [case.number]


def test_what_waits_at_a_shared_post_is_told_apart_from_ones_own(client, town):
    case, other = acts.accepted(town, "JF-001"), acts.accepted(town, "LM-001")
    login(client, LAND)
    assert "按轮到谁看" not in text(client.get("/desk/"))
    appoint(staff=staff(LAND), post=Post.objects.get(code="forest-check"), by=CONSOLE)
    page = text(client.get("/desk/"))
    assert all(label in page for label in ("全部（2）", "我的（1）", "本岗位的（1）"))
    assert listed(client, "/desk/?whose=mine")[0] == [case.number]
    assert listed(client, "/desk/?whose=post")[0] == [other.number]
