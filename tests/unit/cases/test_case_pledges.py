"""告知承诺: a written pledge in a paper's place, by free choice, looked into after the grant (安阳条例 25–29)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.enums import MaterialState, Outcome
from mingtang.cases.line import line
from mingtang.cases.models import Case, Pledge
from mingtang.cases.proved import check_rows
from mingtang.cases.requirements import missing
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.workdays.tables import calendar_for
from tests.factories.acts import APPLICANT, apply, fresh
from tests.factories.cast import CLERK_3, DECIDER, FOREST, staff

pytestmark = pytest.mark.django_db
PLEDGED = Received(pledged=frozenset({"right"}))


def pledged(town) -> Case:
    case = apply(town, "LM-001", seen={"id", "plan"}, by=staff(CLERK_3)).case
    actions.receive_materials(case=case, received=PLEDGED, by=staff(CLERK_3))
    return fresh(case)


def granted(town, outcome: str = Outcome.GRANTED) -> Case:
    case = pledged(town)
    actions.accept(case=case, by=staff(CLERK_3))
    for key in ("site_visit", "quota"):
        actions.opinion(case=case, step_key=key, agrees=True, text="属实", by=staff(FOREST))
    actions.decide(
        case=case, outcome=outcome, reasons="" if outcome == Outcome.GRANTED else "超限额", by=staff(DECIDER)
    )
    return fresh(case)


def verify(case: Case, true: bool = True, text: str = "", key: str = "right") -> Pledge:
    return actions.verify_pledge(case=case, material_key=key, true=true, text=text, by=staff(FOREST))


def test_a_pledge_stands_in_the_papers_place_and_the_acceptance_says_what_follows(town):
    case = pledged(town)
    assert case.materials.get(material_key="right").state == MaterialState.PLEDGED and missing(case) == []
    paper = actions.accept(case=case, by=staff(CLERK_3))
    first, last = paper.data["conditions"]
    assert "没有争议" in first and "决定以后 10 个工作日内核查" in first and "依法撤销" in last
    row = case.pledges.get()
    assert row.text == fresh(case).version.spec.material("right").pledge and row.verify_by is None
    assert list(check_rows(list(Event.objects.filter(town=town)))) == []


def test_only_what_the_version_lets_be_pledged(town):
    case = apply(town, "LM-001", seen={"id", "right"}, by=staff(CLERK_3)).case
    with pytest.raises(Refused, match="不能用书面承诺代替"):
        actions.receive_materials(case=case, received=Received(pledged=frozenset({"plan"})), by=staff(CLERK_3))
    with pytest.raises(Refused, match="还缺"):
        actions.accept(case=case, by=staff(CLERK_3))


def test_who_pledged_may_hand_the_paper_in_after_all(town):
    case = pledged(town)
    actions.receive_materials(case=case, received=Received(seen=frozenset({"right"})), by=staff(CLERK_3))
    paper = actions.accept(case=case, by=staff(CLERK_3))
    assert "conditions" not in paper.data and not case.pledges.exists()


def test_a_pledge_answers_the_one_notice_too_and_the_receipt_has_it_to_sign(town):
    case = apply(town, "LM-001", seen={"id", "plan"}, by=staff(CLERK_3)).case
    actions.request_supplement(case=case, demands={"right": "请交权属证明"}, by=staff(CLERK_3))
    actions.supply(case=case, received=PLEDGED, by=staff(CLERK_3))
    assert fresh(case).state == "submitted"
    made = actions.submit(
        version=case.version,
        applicant=APPLICANT,
        answers={},
        received=Received(seen=frozenset({"id", "plan"}), pledged=frozenset({"right"})),
        submission="pledged-at-once",
        key=new_case_key(case.version),
    )
    [said] = made.receipt.data["pledges"]
    assert said.startswith("林权证或者承包合同：")


def test_it_is_looked_into_within_days_from_the_grant(town, clock):
    case = granted(town)
    row = case.pledges.get()
    assert row.verify_by == calendar_for(town).add_working_days(timezone.localdate(case.decided_at), 10)
    assert next(stage for stage in line(case).stages if stage.key == "verify").state == "now"
    clock.shift(timedelta(days=30))
    assert next(stage for stage in line(case).stages if stage.key == "verify").state == "late"
    verify(case)
    assert next(stage for stage in line(fresh(case)).stages if stage.key == "verify").state == "done"
    with pytest.raises(Refused, match="已经核查过"):
        verify(case)


def test_what_was_untrue_is_said_in_words_and_kept_sealed(town):
    case = granted(town)
    with pytest.raises(Refused, match="哪里不实") as caught:
        verify(case, true=False)
    assert caught.value.field == "text"
    verify(case, true=False, text="地块有争议，村里作证。")
    assert case.pledges.get().true is False
    event = Event.objects.filter(type="case.pledge_verified").get()
    assert "争议" not in str(event.data)


def test_what_was_refused_is_not_looked_into(town):
    case = granted(town, Outcome.REFUSED)
    assert case.pledges.get().verify_by is None
    with pytest.raises(Refused, match="没有准予的"):
        verify(case)
