"""A case that was reopened after a grant: what it gave is in question until the new decision keeps it or ends it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.enums import ApplicantKind, CaseState, Outcome, Paper, PermitState
from mingtang.cases.models import Case, CaseDocument, Grant, Permit, Reopening
from mingtang.cases.permits import status
from mingtang.cases.proved import check_cases, check_papers, check_rows
from mingtang.cases.proved_permits import check_permits
from mingtang.cases.proved_reopened import check_reopenings
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.portal import grants_shown, permits_shown
from tests.factories import acts
from tests.factories.acts import APPLICANT, decided, fresh
from tests.factories.cast import CLERK_3, DECIDER, FOREST, JUSTICE, staff

pytestmark = pytest.mark.django_db
FIRM = replace(APPLICANT, kind=ApplicantKind.ORGANISATION, organisation="长堤林场（演示）", uscc="11430623006382329L")


def proved(town) -> list:
    events = list(Event.objects.exclude(type__startswith="grant.").order_by("pk"))
    found = [*check_papers(events), *check_rows(events), *check_cases(town), *check_permits(town)]
    return [*found, *check_reopenings(town)]


@pytest.fixture
def case(town, clock, monkeypatch) -> Case:
    """A firm's licence, published by itself; a review ordered to decide anew, and it runs to the decision."""
    monkeypatch.setitem(acts.apply.__kwdefaults__, "applicant", FIRM)
    case = decided(town, "LM-001")
    clock.shift(timedelta(days=1))
    today = timezone.localdate()
    ruled = {"body": "review", "kind": "redo", "number": "华政复决〔2026〕3号", "ruled_on": today}
    actions.enter_ruling(case=case, by=staff(JUSTICE), act_by=today + timedelta(days=30), **ruled)
    actions.self_correct(case=case, reason="照复议决定", by=staff(DECIDER))
    return worked(case)


def worked(case: Case) -> Case:
    for step in ("site_visit", "quota"):
        actions.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(FOREST))
    return fresh(case)


def decide(case: Case, outcome: str, earlier: str = "", reasons: str = "图上的四至不对。") -> CaseDocument:
    return actions.decide(case=case, outcome=outcome, reasons=reasons, earlier=earlier, by=staff(DECIDER))


def public(town) -> list[tuple[str, str]]:
    rows = grants_shown.with_text(Grant.objects.filter(town=town).on_the_net().order_by("pk"))
    return [(row["status"], row["questioned"]) for row in grants_shown.rows(rows, timezone.localdate())]


def word(case: Case) -> list[str]:
    return [row["word"] for row in permits_shown.permits(fresh(case))]


def test_while_it_is_reopened_permit_and_public_line_say_so(town, case):
    said = "2026年3月17日因行政复议重新办理，还没有新的决定"
    assert case.questioned == said
    assert word(case) == ["重新审查中"]
    assert public(town) == [("重新审查中", said)]
    assert proved(town) == []


def test_the_new_decision_says_what_becomes_of_the_permit_or_is_refused(town, case):
    for outcome, earlier, sentence in (
        (Outcome.GRANTED, "", "原来发的证照还在"),
        (Outcome.REFUSED, "", "原来发的证照还在"),
        (Outcome.REFUSED, "kept", "不能维持"),
        (Outcome.GRANTED, "perhaps", "原来发的证照还在"),
    ):
        with pytest.raises(Refused, match=sentence) as caught, transaction.atomic():
            decide(case, outcome, earlier)
        assert caught.value.field == "earlier"
    assert fresh(case).state == CaseState.ACCEPTED and word(case) == ["重新审查中"]


def test_a_refusal_ends_the_permit_with_its_own_paper_in_the_same_act(town, case):
    decide(case, Outcome.REFUSED, "ended")
    permit = Permit.objects.get()
    assert permit.state == PermitState.CANCELLED
    paper = case.documents.get(kind=Paper.PERMIT_CANCELLED)
    assert "原来的决定重新作过" in str(paper.data["facts"]) and paper.data["remedies"]
    assert paper.created_at == fresh(case).decided_at
    assert public(town) == [("已注销", "")]
    assert proved(town) == []
    Permit.objects.update(state=PermitState.VALID)
    assert "原来的证照没有注销" in str(list(check_reopenings(town)))


def test_a_grant_keeps_the_permit_and_gives_no_second_one(town, case):
    paper = decide(case, Outcome.GRANTED, "kept")
    (permit,) = Permit.objects.all()
    assert (permit.state, word(case)) == (PermitState.VALID, ["有效"])
    assert [row["number"] for row in paper.data["results"]] == [permit.number]
    assert "原来发的证照继续有效" in str(paper.data["decision"])
    assert public(town) == [("有效", "")]
    assert proved(town) == []
    Reopening.objects.update(fate="ended")
    assert [row.table for row in check_reopenings(town)] == ["cases_reopening", "cases_permit"]


def test_a_grant_may_replace_the_permit_by_a_new_one(town, case):
    decide(case, Outcome.GRANTED, "ended")
    old, new = Permit.objects.order_by("pk")
    assert (old.state, new.state, new.paper.number[-2:]) == (PermitState.CANCELLED, PermitState.VALID, "准2")
    assert public(town) == [("已注销", ""), ("有效", "")]
    assert proved(town) == []


def test_taken_back_in_the_middle_the_permit_waits_for_who_decides(town, case):
    permit = Permit.objects.get()

    def cancel():
        return actions.cancel(permit=permit, ground="redone", reasons="原决定已被撤销", by=staff(DECIDER))

    with pytest.raises(Refused, match="作出新的决定时一并注销"):
        cancel()
    actions.withdraw(case=case, by=staff(CLERK_3), returned=True)
    assert (fresh(case).state, word(case)) == (CaseState.WITHDRAWN, ["重新审查中"])
    cancel()
    assert (word(case), fresh(case).questioned, Reopening.objects.get().fate) == (["已注销"], "", "ended")
    assert proved(town) == []


def test_by_itself_the_organ_takes_nothing_that_was_given(town, clock):
    case = decided(town, "LM-001", Outcome.PARTLY, "只准一半。")
    with pytest.raises(Refused, match="没有重新作过"):
        actions.cancel(permit=case.permits.get(), ground="redone", reasons="错了", by=staff(DECIDER))
    actions.self_correct(case=case, reason="另一半也符合", by=staff(DECIDER))
    case = worked(case)
    assert "由本机关自行纠正，重新办理" in case.questioned
    with pytest.raises(Refused, match="不能在这里改成不予") as caught:
        decide(case, Outcome.REFUSED, "ended")
    assert caught.value.field == "outcome"
    decide(case, Outcome.GRANTED, "ended", "")
    assert [row.state for row in Permit.objects.order_by("pk")] == [PermitState.CANCELLED, PermitState.VALID]
    assert status(Permit.objects.last(), "issued", timezone.localdate()) == "有效"
