"""证照 over HTTP: the desk's list and page, the holder's own page, what waits, what the scheduler does."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from config.background import sweep
from mingtang.cases.enums import AskOutcome, PermitState
from mingtang.cases.models import Permit
from mingtang.cases.numbers import code_for
from tests.factories.acts import decided
from tests.factories.cast import CLERK_3, DECIDER, EDITOR, login
from tests.integration.desk_steps import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-16T10:00:00+08:00", tick=False) as traveller:
        yield traveller


def to(clock, day: date) -> None:
    clock.move_to(timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 10)))


@pytest.fixture
def permit(town) -> Permit:
    return decided(town, "LM-001").permits.get()


def own(permit: Permit) -> tuple[Client, str]:
    resident, case = Client(), permit.case
    resident.post("/cases/", {"number": case.number, "code": code_for(case.submission)})
    return resident, f"/cases/{case.number}/mine"


def at_desk(who: str) -> Client:
    client = Client()
    login(client, who)
    return client


def test_the_holder_reads_until_when_and_asks_and_the_decider_answers(town, clock, permit):
    to(clock, date(2027, 1, 4))
    resident, mine = own(permit)
    page = text(resident.get(mine))
    assert "发给您的证照" in page and "2027-03-16" in page and "2027-02-14" not in page
    assert "2027-02-15" in page, "the last day to ask is a Monday, not the Sunday before"
    assert "带身份证到" in page
    assert resident.post(mine, {"act": "ask_renewal", "permit": permit.number}).status_code == 302
    assert "我们最迟" in text(resident.get(mine))
    decider = at_desk(DECIDER)
    home = text(decider.get("/desk/"))
    assert "申请延续：林木采伐许可证" in home and "不答复就视为准予" in home
    assert "等答复（1）" in text(decider.get("/desk/permits/"))
    answer = decider.post(f"/desk/permits/{permit.pk}/acts/renew")
    assert answer.url == f"/desk/permits/{permit.pk}"
    page = text(decider.get(answer.url))
    assert "有效，已延续" in page and "2028-03-16" in page and "准予延续决定书" in page
    assert "2028-03-16" in text(resident.get(mine))


def test_a_change_that_is_refused_keeps_what_was_typed(town, permit):
    resident, mine = own(permit)
    long = resident.post(mine, {"act": "ask_change", "permit": permit.number, "change": "户" * 501})
    assert long.status_code == 422 and "户" * 501 in text(long) and "最多 500 个字" in text(long)
    strange = resident.post(mine, {"act": "ask_change", "permit": "WY-1", "change": "改名"})
    assert strange.status_code == 422 and "没有这个证照" in text(strange)
    assert resident.post(mine, {"act": "ask_change", "permit": permit.number, "change": "户主换人"}).status_code == 302
    decider = at_desk(DECIDER)
    page = decider.post(f"/desk/permits/{permit.pk}/acts/change", {"change-what": "", "change-holder": "文大满"})
    assert page.status_code == 422 and "请写明变更为什么" in text(page) and "文大满" in text(page)
    assert "户主换人" in text(page)
    decider.post(
        f"/desk/permits/{permit.pk}/acts/change", {"change-what": "持证人改为文大满", "change-holder": "文大满"}
    )
    assert "文大满" in text(decider.get("/desk/permits/"))


def test_nobody_but_the_powers_of_the_act_may_do_it(town, permit):
    assert at_desk(EDITOR).get("/desk/permits/").status_code == 403
    clerk = at_desk(CLERK_3)
    page = text(clerk.get(f"/desk/permits/{permit.pk}"))
    assert "收下延续申请" in page and "制作告知书" not in page
    answer = clerk.post(f"/desk/permits/{permit.pk}/acts/cancel", {"cancel-ground": "died", "cancel-reasons": "死亡"})
    assert answer.status_code == 422 and "没有“注销”的权限" in text(answer)
    assert clerk.post(f"/desk/permits/{permit.pk}/acts/nothing").status_code == 404
    assert clerk.post(f"/desk/permits/{permit.pk}/acts/ask_renewal", {"ask_renewal-text": ""}).status_code == 302
    assert Permit.objects.get().asks.count() == 1


def test_a_revocation_goes_by_way_of_the_notice(town, clock, permit):
    decider, base = at_desk(DECIDER), f"/desk/permits/{permit.pk}/acts/"
    assert "已经核实，撤销不会" not in text(decider.get(f"/desk/permits/{permit.pk}"))
    decider.post(base + "warn", {"warn-of": "revoke", "warn-reasons": "伪造林权证"})
    decider.post(base + "serve_warning", {"serve_warning-served_on": "2026-03-16", "serve_warning-mode": "post"})
    said = {"revoke-ground": "deceit", "revoke-reasons": "伪造林权证", "revoke-views": "到期没有提出意见"}
    early = decider.post(base + "revoke", {**said, "revoke-no_grave_harm": "on"})
    assert early.status_code == 422 and "2026年3月24日起才能决定" in text(early)
    to(clock, date(2026, 3, 24))
    login(decider, DECIDER)
    unticked = decider.post(base + "revoke", said)
    assert unticked.status_code == 422 and "重大损害" in text(unticked)
    assert decider.post(base + "revoke", {**said, "revoke-no_grave_harm": "on"}).status_code == 302
    assert Permit.objects.get().state == PermitState.REVOKED
    resident, mine = own(permit)
    page = text(resident.get(mine))
    assert "已撤销" in page and "撤销决定书" in page and "申请延续" not in page


def test_the_scheduler_renews_what_was_not_answered_and_proposes_the_rest(town, clock, permit):
    other = decided(town, "LM-001").permits.get()
    to(clock, date(2027, 2, 1))
    resident, mine = own(permit)
    resident.post(mine, {"act": "ask_renewal", "permit": permit.number})
    to(clock, date(2027, 3, 17))
    sweep()
    permit.refresh_from_db()
    assert (permit.valid_to, permit.asks.get().outcome) == (date(2028, 3, 16), AskOutcome.DEEMED)
    other.refresh_from_db()
    assert other.state == PermitState.VALID, "what is to a person's harm is only proposed"
    decider = at_desk(DECIDER)
    assert "1 个证照过了有效期，等您签字注销" in text(decider.get("/desk/"))
    assert other.number in text(decider.get("/desk/permits/?state=over"))
    decider.post(
        f"/desk/permits/{other.pk}/acts/cancel", {"cancel-ground": "expired", "cancel-reasons": "到期没有延续"}
    )
    assert "过了有效期" not in text(decider.get("/desk/"))


def many(permit: Permit, count: int) -> None:
    """Rows as the act writes them, without their acts: only for lists."""
    entry = permit.entries.get()
    made = [
        Permit(
            town_id=permit.town_id, case_id=permit.case_id, paper_id=permit.paper_id, number=f"X{n:05d}", result=n + 2,
            holder_sealed=permit.holder_sealed, valid_from=permit.valid_from,
            valid_to=permit.valid_to + timedelta(days=n),
        )
        for n in range(count)
    ]  # fmt: skip
    Permit.objects.bulk_create(made)
    assert entry


def test_a_list_of_thousands_costs_as_many_queries_as_one_of_few(town, clock, permit, django_assert_max_num_queries):
    many(permit, 0)
    to(clock, date(2027, 2, 20))
    decider = at_desk(DECIDER)
    decider.get("/desk/permits/")
    with django_assert_max_num_queries(16):
        assert permit.number in text(decider.get("/desk/permits/?state=soon"))
    for address in ("?state=soon&after=2027-03-16.1", "?before=1", "?before=x", "?after=x.1", "?q=" + permit.number):
        assert decider.get(f"/desk/permits/{address}").status_code == 200
