"""What the county decides: sent up whole, clocks by turns, decided or sent back (许可法 35, 43)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mingtang.cases import actions, clocks
from mingtang.cases.actions.intake import Received
from mingtang.cases.enums import CaseState, ClockKind, Outcome, Paper, ServeMode
from mingtang.cases.line import line
from mingtang.cases.models import Case, SendUp
from mingtang.cases.proved import check_cases, check_rows
from mingtang.demo.care import build_care
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from tests.agreement.published import published
from tests.factories.acts import accepted, apply, fresh, sent_up, worked
from tests.factories.cast import BUILD, CLERK_3, CLERK_4, DECIDER, LAND, staff
from tests.factories.rich_item import RICH

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def care(clock, town):
    """The item that the county decides is in force too."""
    build_care(town)


def result(case: Case, outcome: str = Outcome.GRANTED, on: date | None = None, **more):
    given = {"number": "华民〔2026〕12号", "reasons": "" if outcome == Outcome.GRANTED else "家庭有赡养人。", **more}
    day = on or timezone.localdate()
    return actions.record_result(case=case, outcome=outcome, decided_on=day, by=staff(DECIDER), **given)


def running(case: Case) -> set[str]:
    return set(case.clocks.filter(stopped_at__isnull=True).values_list("kind", flat=True))


def test_it_goes_up_with_an_opinion_and_the_whole_file(town):
    case = worked(town, "TK-001")
    paper = actions.send_up(case=case, opinion="符合条件，建议批准。", by=staff(DECIDER))
    case = fresh(case)
    assert (case.state, running(case)) == (CaseState.REPORTED_UP, {ClockKind.SUPERIOR})
    facts = {row["name"]: row["value"] for row in paper.data["facts"]}
    assert facts["报送"] == "华容县民政局" and "家庭情况说明" in facts["随附材料"]
    assert paper.data["reasons"] == ["审查意见：符合条件，建议批准。"]
    [step] = case.steps.filter(done_at__isnull=True)
    limit = case.clocks.get(kind=ClockKind.SUPERIOR)
    assert (step.key, step.due_on, limit.working_days) == ("reported_up", limit.due_on, 10)
    assert [stage.title for stage in line(case).stages][-3:] == ["审查完，报送上级", "上级决定", "送达"]


def test_the_town_cannot_grant_what_the_county_decides(town):
    case = worked(town, "TK-001")
    with pytest.raises(Refused, match="由华容县民政局决定，镇里不能准予"):
        actions.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=staff(DECIDER))
    actions.decide(case=case, outcome=Outcome.REFUSED, reasons="家庭有赡养人。", by=staff(DECIDER))
    assert case.documents.get(kind=Paper.REFUSAL).data["remedies"]
    assert [stage.title for stage in line(fresh(case)).stages][-2:] == ["决定：不予", "送达"]


def test_nothing_goes_up_before_it_was_looked_at_nor_what_the_town_decides(town):
    with pytest.raises(Refused, match="前面的环节还没有办完"):
        actions.send_up(case=accepted(town, "TK-001"), opinion="同意", by=staff(DECIDER))
    with pytest.raises(Refused, match="由本镇决定"):
        actions.send_up(case=worked(town, "LM-001"), opinion="同意", by=staff(DECIDER))
    with pytest.raises(Refused, match="审查意见") as caught:
        actions.send_up(case=worked(town, "TK-001"), opinion=" ", by=staff(DECIDER))
    assert caught.value.field == "opinion"


def test_its_decision_is_served_by_us_within_days_from_its_own_day(town, clock):
    case = sent_up(town)
    clock.shift(timedelta(days=4))
    paper = result(case, Outcome.REFUSED, timezone.localdate() - timedelta(days=2))
    case = fresh(case)
    assert (case.state, case.outcome, case.superior_number) == (CaseState.DECIDED, Outcome.REFUSED, "华民〔2026〕12号")
    assert timezone.localdate(case.decided_at) == timezone.localdate() - timedelta(days=2)
    assert case.delegation is None and case.decided_by == staff(DECIDER)
    assert case.clocks.get(kind=ClockKind.SERVICE).started_on == timezone.localdate(case.decided_at)
    assert running(case) == {ClockKind.SERVICE}
    assert paper.data["remedies"] and paper.data["reasons"] == ["家庭有赡养人。"]
    served = actions.serve(case=case, mode=ServeMode.DIRECT, receiver="文小满（演示）", by=staff(CLERK_4))
    assert [row["name"] for row in served.data["documents"]] == ["上级决定告知书"]
    assert [*check_cases(town), *check_rows(list(Event.objects.filter(town=town)))] == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"number": " "}, "number"),
        ({"reasons": ""}, "reasons"),
        ({"on": date(2026, 3, 1)}, "decided_on"),
        ({"on": date(2027, 1, 1)}, "decided_on"),
    ],
)
def test_what_came_from_above_is_entered_whole(town, given, field):
    case = sent_up(town)
    with pytest.raises(Refused) as caught:
        result(case, Outcome.REFUSED, **given)
    assert caught.value.field == field
    assert fresh(case).state == CaseState.REPORTED_UP


def test_sent_back_the_town_has_what_was_left_of_its_days(town, clock):
    case = worked(town, "TK-001")
    clock.shift(timedelta(days=1))
    before = next(read for read in clocks.read_all(case) if read.clock.kind == ClockKind.PROMISE).reading.left
    actions.send_up(case=case, opinion="建议批准。", by=staff(DECIDER))
    clock.shift(timedelta(days=21))
    actions.take_back(case=case, reason="缺少审批表", by=staff(DECIDER))
    case = fresh(case)
    again = case.clocks.get(kind=ClockKind.PROMISE, stopped_at__isnull=True)
    assert (case.state, again.working_days, again.round) == (CaseState.ACCEPTED, before, 2)
    assert case.steps.get(done_at__isnull=True).due_on == again.due_on
    actions.send_up(case=case, opinion="补齐审批表。", by=staff(DECIDER))
    result(case)
    assert case.send_ups.filter(decision_number="").count() == 1
    assert [*check_cases(town)] == []


def test_taken_back_by_the_applicant_nothing_lies_above(town):
    case = sent_up(town)
    actions.withdraw(case=case, by=staff(CLERK_4), returned=True)
    assert not case.send_ups.filter(ended_at__isnull=True).exists() and not running(case)


def test_only_who_holds_the_letter_sends_up_and_the_database_asks_whose_decision_it_is(town):
    with pytest.raises(Refused):
        actions.send_up(case=worked(town, "TK-001"), opinion="同意", by=staff(CLERK_3))
    case = sent_up(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            state=CaseState.DECIDED, outcome=Outcome.GRANTED, decided_at=timezone.now(), decided_by=staff(DECIDER)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        SendUp.objects.create(
            case=case, organ="县里", sent_at=timezone.now(), event=Event.objects.order_by("pk").first()
        )


def stall(town, **received) -> Case:
    """A stall whose licence the county gives; the right to the old one may follow, or be pledged."""
    above = {"organ": "华容县林业局", "working_days": 10, "basis": "行政许可法第四十三条"}
    code, _ = published(town, {**RICH, "superior": above})
    case = apply(town, code, seen={"id"}, answers={"kind": "old", "area": 50}, by=staff(CLERK_3)).case
    if received:
        actions.receive_materials(case=case, received=Received(**received), by=staff(CLERK_3))
    follows = {} if received else {"right": timezone.localdate() + timedelta(days=4)}
    actions.accept(case=case, by=staff(CLERK_3), deferred=follows, signed=True)
    for step, who in (("land", LAND), ("build", BUILD), ("sum", LAND)):
        actions.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(who))
    return fresh(case)


def test_a_file_that_lacks_a_paper_or_a_voice_does_not_go_up(town):
    case = stall(town)
    with pytest.raises(Refused, match="容缺的“旧房权属材料”还没有补交"):
        actions.send_up(case=case, opinion="同意", by=staff(DECIDER))
    case = stall(town, seen=frozenset({"right"}))
    case.parties.create(
        number=1,
        name_sealed=case.seal({"name": "文大满"}),
        told_at=timezone.now(),
        event=Event.objects.filter(subject=case.subject).last(),
    )
    with pytest.raises(Refused, match="利害关系人没有答复"):
        actions.send_up(case=case, opinion="同意", by=staff(DECIDER))


def test_what_was_pledged_is_looked_into_after_the_county_granted_it(town):
    case = stall(town, pledged=frozenset({"right"}))
    actions.send_up(case=case, opinion="同意", by=staff(DECIDER))
    result(case)
    assert case.pledges.get().verify_by is not None
