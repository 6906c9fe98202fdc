"""办理结果 over HTTP: what everybody reads of a grant, the one look before it, the sheet of a village, its end."""

import json
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from config.background import sweep
from mingtang.cases import actions
from mingtang.cases.enums import ApplicantKind
from mingtang.cases.models import Grant
from tests.factories import acts
from tests.factories.acts import APPLICANT, decided
from tests.factories.cast import CLERK_3, DECIDER, REVIEWER, login, staff
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db
NAME, FIRM_NAME = APPLICANT.name, "=长堤林场（演示）"
FIRM = replace(APPLICANT, kind=ApplicantKind.ORGANISATION, organisation=FIRM_NAME, uscc="11430623006382329L")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-16T10:00:00+08:00", tick=False) as traveller:
        yield traveller


def at_desk(who: str) -> Client:
    client = Client()
    login(client, who)
    return client


def firm(town, monkeypatch) -> Grant:
    with monkeypatch.context() as patch:
        patch.setitem(acts.apply.__kwdefaults__, "applicant", FIRM)
        return decided(town, "LM-001").grants.get()


def test_a_persons_licence_is_read_by_everybody_after_one_look_and_goes_with_its_last_day(town, clock):
    grant, public = decided(town, "LM-001").grants.get(), Client()
    first = text(public.get("/grants/"))
    assert NAME not in first and "/services/LM-001" in first and "noindex" not in first
    reviewer = at_desk(REVIEWER)
    assert "1 件结果等您看一眼再公开" in text(reviewer.get("/desk/"))
    looked = text(reviewer.get("/desk/grants/"))
    assert NAME in looked and "长堤村" in looked and "照这样公开" in looked
    assert reviewer.post(f"/desk/grants/{grant.pk}/acts/publish").url == "/desk/grants/"
    page = text(public.get("/grants/"))
    assert NAME in page and grant.paper.number in page and "noindex" in page
    assert page.index("姓名或者名称") < page.index("村（社区）：长堤村") < page.index("有效期："), "in one order"
    for elsewhere in ("/grants.json", "/grants.csv", "/sitemap.xml"):
        answer = public.get(elsewhere)
        assert answer.status_code == 200 and grant.paper.number not in text(answer), elsewhere
    assert grant.paper.number in text(public.get("/grants/?item=LM-001&year=2026"))
    assert grant.paper.number in text(public.get("/grants/?item=nothing&year=x&before=y")), (
        "unknown words narrow nothing"
    )
    assert grant.paper.number not in text(public.get(f"/grants/?before={grant.pk}"))
    clock.move_to(timezone.make_aware(timezone.datetime(2027, 3, 17, 10)))
    sweep()
    gone = text(public.get("/grants/"))
    assert NAME not in gone and "准予了多少件" in gone and Grant.objects.get().text_sealed is None


def test_a_firms_licence_is_public_at_once_and_keeps_its_place_when_it_is_revoked(town, clock, monkeypatch):
    grant, public = firm(town, monkeypatch), Client()
    page = text(public.get("/grants/"))
    assert FIRM_NAME in page and "noindex" not in page
    row = json.loads(public.get("/grants.json").content)["grants"][0]
    assert (row["holder"], row["status"], row["number"]) == (FIRM_NAME, "有效", grant.paper.number)
    assert "身份证" not in text(public.get("/grants.csv")) and APPLICANT.id_number not in text(
        public.get("/grants.csv")
    )
    assert f"'{FIRM_NAME}" in text(public.get("/grants.csv")), "a cell that begins like a formula is text"
    permit = grant.paper.permits.get()
    actions.warn(permit=permit, of="revoke", reasons="伪造林权证", by=staff(DECIDER))
    actions.serve_warning(permit=permit, served_on=date(2026, 3, 16), mode="direct", by=staff(CLERK_3))
    clock.move_to(timezone.make_aware(timezone.datetime(2026, 3, 24, 10)))
    actions.revoke(
        permit=permit, ground="deceit", reasons="伪造", views="承认伪造", no_grave_harm=True, by=staff(DECIDER)
    )
    page = text(public.get("/grants/"))
    assert FIRM_NAME in page and "已撤销" in page


def test_aid_is_printed_for_its_village_and_never_on_the_net(town, clock):
    grant, public, decider = decided(town, "JZ-001").grants.get(), Client(), at_desk(DECIDER)
    wrong = decider.post(f"/desk/grants/{grant.pk}/acts/publish", {f"publish-{grant.pk}-village": ""})
    assert wrong.status_code == 422 and "在哪个村" in text(wrong)
    assert decider.post(f"/desk/grants/{grant.pk}/acts/withhold").status_code == 422
    assert decider.post(f"/desk/grants/{grant.pk}/acts/nothing").status_code == 404
    decider.post(f"/desk/grants/{grant.pk}/acts/publish", {f"publish-{grant.pk}-village": "长堤村"})
    assert "长堤村" in text(decider.get("/desk/grants/?state=shown"))
    sheet = text(decider.get("/desk/grants/sheet?village=长堤村"))
    assert NAME in sheet and "2026-03-23" in sheet and APPLICANT.id_number not in sheet
    assert decider.get("/desk/grants/sheet?village=兔湖村").status_code == 404
    assert at_desk(CLERK_3).get("/desk/grants/").status_code == 403
    page = text(public.get("/grants/"))
    assert NAME not in page and "临时救助" in page
    clock.move_to(timezone.make_aware(timezone.datetime(2026, 3, 24, 10)))
    sweep()
    login(decider, DECIDER)
    assert decider.get("/desk/grants/sheet?village=长堤村").status_code == 404


def test_a_deep_page_costs_what_the_first_does(town, monkeypatch, django_assert_max_num_queries):
    grant, public = firm(town, monkeypatch), Client()
    paper = grant.paper
    for n in range(60):
        paper.pk, paper.number, paper.event_id = None, f"X{n}", _event(paper)
        paper.save(force_insert=True)
        grant.pk, grant.paper = None, paper
        grant.save(force_insert=True)
    with django_assert_max_num_queries(12):
        first = text(public.get("/grants/"))
    with django_assert_max_num_queries(12):
        second = text(public.get(f"/grants/?before={Grant.objects.order_by('-pk')[49].pk}"))
    assert "下一页" in first and "回到第一页" in second


def _event(paper) -> int:
    """One more event, so that a copied paper has its own."""
    from mingtang.events.log import SYSTEM, record

    return record(town=paper.case.town, type=paper.event.type, subject="case:copy", by=SYSTEM, data={}).pk
