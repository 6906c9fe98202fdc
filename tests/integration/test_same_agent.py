"""Whoever came for somebody else earlier today is not typed again: one click, for whom it concerns."""

import re
from datetime import timedelta

import pytest
import time_machine

from mingtang.cases import same_agent
from mingtang.cases.models import Case
from mingtang.hall.models import Site, Window
from mingtang.hall.policies import open_window_of
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import id_check_character
from tests.factories.acts import AGENT, APPLICANT, apply, fresh
from tests.factories.cast import CLERK_1, CLERK_3, login, staff
from tests.integration.desk_steps import application, intake, taken_in, text
from tests.unit.cases.conftest import MONDAY

pytestmark = pytest.mark.django_db
NEW = "/desk/cases/new/JF-001"
OTHER = "43062319700101001" + id_check_character("43062319700101001")
LETTER = {"acts_as": "agent", "acting_until": "2999-1-1", "acting_seen": "on"}
TYPED = {**LETTER, "acting_name": "李代办", "acting_id_number": OTHER}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def button(page) -> str:
    found = re.search(r'name="act" value="(same:[^"]+)"', text(page))
    return found.group(1) if found else ""


def test_the_same_agent_is_taken_over_with_one_click_and_recorded_so(client, town):
    first = taken_in(client, **TYPED)
    asked = intake(client)
    assert not button(asked), "nobody is shown whom the clerk does not name"
    offered = client.post(NEW, application(asked, acting_name="李代办", act="list"))
    said = f"李**（4306**********{OTHER[-4:]}），10:00 由{first.window}核对过证件"
    assert said in text(offered) and OTHER not in text(offered)
    chosen = client.post(NEW, application(offered, acting_name="李代办", act=button(offered)))
    assert "来办的人今天核对过证件" in text(chosen) and OTHER not in text(chosen)
    token = button(offered).removeprefix("same:")
    undone = client.post(NEW, application(chosen, same=token, act="same:"))
    assert "来办的人今天核对过证件" not in text(undone)
    answer = client.post(NEW, application(chosen, same=token, **LETTER))
    assert answer.status_code == 302, text(answer)
    case = Case.objects.order_by("-pk")[0]
    assert (case.acting.name, case.acting.id_number, case.acting.same_as) == ("李代办", OTHER, first.number)
    shown = text(client.get(f"/desk/cases/{case.number}"))
    assert f"当天在 {first.number} 核对过" in shown
    assert OTHER.encode() not in bytes(fresh(case).applicant_sealed)


def test_what_was_checked_elsewhere_yesterday_or_for_another_is_not_offered(client, town, clock):
    taken_in(client, **TYPED)
    by = staff(CLERK_3)
    window = open_window_of(by)
    found = same_agent.offers(window=window, contact=None, name="李代办", by=by)[0]
    assert same_agent.taken(token=found.token, window=window, by=by) == found
    assert same_agent.taken(token=found.token, window=window, by=staff(CLERK_1)) is None
    assert same_agent.offers(window=window, contact=None, name="李代", by=by) == []
    elsewhere = Window(town=town, site=Site.objects.exclude(pk=window.site_id).first())
    assert same_agent.offers(window=elsewhere, contact=None, name="李代办", by=by) == []
    assert same_agent.taken(token=found.token, window=elsewhere, by=by) is None
    clock.shift(timedelta(days=1))
    assert same_agent.offers(window=window, contact=None, name="李代办", by=by) == []
    assert same_agent.taken(token=found.token, window=window, by=by) is None
    login(client, CLERK_3)
    late = client.post(NEW, application(intake(client), same=found.token, **LETTER))
    assert late.status_code == 422 and "2 到 50 个字" in text(late)


def test_a_case_that_is_named_by_hand_is_refused(town):
    acting = AGENT.__class__("agent", "", "", seen=True, same_as="WY2026000001M")
    with pytest.raises(Refused, match="不是今天在这里核对过证件的"):
        apply(town, "LM-001", by=staff(CLERK_3), applicant=APPLICANT.__class__(**{**vars(APPLICANT), "acting": acting}))
    assert not Case.objects.exists()
