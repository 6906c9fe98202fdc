"""After the end: correction, rulings, slips of the pen, the archive."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingtang.cases import actions, clocks
from mingtang.cases.actions.intake import Received
from mingtang.cases.enums import CaseState, ClockKind, Outcome, Paper, ServeMode
from mingtang.cases.line import line
from mingtang.cases.models import Archive, Case, Ruling
from mingtang.cases.proved import check_cases, check_papers, check_rows
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from tests.factories.acts import accepted, apply, decided, fresh
from tests.factories.cast import CLERK_3, DECIDER, FOREST, JUSTICE, staff

pytestmark = pytest.mark.django_db


def served(case: Case) -> Case:
    actions.serve(case=case, mode=ServeMode.DIRECT, receiver="文小满（演示）", by=staff(CLERK_3))
    return fresh(case)


@pytest.fixture
def refused(town) -> Case:
    return served(decided(town, "LM-001", Outcome.REFUSED, "超过年度限额。"))


def mend(case: Case, reason: str = "限额算错了", who: str = DECIDER):
    return actions.self_correct(case=case, reason=reason, by=staff(who))


def rule(case: Case, who: str = JUSTICE, **changes):
    values = {
        "body": "review", "kind": "redo", "number": "华政复决〔2026〕3号", "ruled_on": timezone.localdate(),
        "act_by": timezone.localdate() + timedelta(days=30),
    }  # fmt: skip
    return actions.enter_ruling(case=case, by=staff(who), **{**values, **changes})


def proved(town) -> list:
    events = list(Event.objects.all())
    return [*check_papers(events), *check_rows(events), *check_cases(town)]


def test_a_refusal_is_taken_up_again_and_runs_to_a_grant(town, clock, refused):
    clock.shift(timedelta(days=10))
    paper = mend(refused)
    case = fresh(refused)
    assert (case.state, case.outcome, case.decided_at, case.ended_at) == (CaseState.ACCEPTED, "", None, None)
    assert paper.kind == Paper.CORRECTED
    running = {one.kind: (one.round, one.started_on) for one in case.clocks.filter(stopped_at__isnull=True)}
    assert running[ClockKind.STATUTORY] == running[ClockKind.PROMISE] == (2, date(2026, 3, 26))
    assert clocks.resident_days(case) == 10
    assert proved(town) == []
    for step in ("site_visit", "quota"):
        actions.opinion(case=case, step_key=step, agrees=True, text="核对无误。", by=staff(FOREST))
    actions.decide(case=case, outcome="granted", reasons="", by=staff(DECIDER))
    case = served(case)
    assert (case.state, case.outcome) == (CaseState.CLOSED, Outcome.GRANTED)
    record = case.documents.filter(kind=Paper.SERVICE_RECORD).order_by("-pk").first()
    assert [row["name"] for row in record.data["documents"]] == ["准予决定书"]
    assert [stage.state for stage in line(case).stages] == ["done"] * len(line(case).stages)
    assert proved(town) == []


def test_what_nobody_had_judged_goes_back_to_where_it_is_judged(town, clock):
    """Withdrawn by mistake before acceptance: an incomplete one is not accepted by the way."""
    case = apply(town, "LM-001", by=staff(CLERK_3), seen={"id", "right"}).case
    actions.withdraw(case=case)
    clock.shift(timedelta(days=14))
    with pytest.raises(Refused, match="请点“重新审查材料”"):
        mend(case)
    assert fresh(case).state == CaseState.WITHDRAWN
    paper = actions.take_in_again(case=case, reason="按错了", by=staff(DECIDER))
    case = fresh(case)
    assert (case.state, case.accepted_at, case.ended_at) == (CaseState.SUBMITTED, None, None)
    (running,) = case.clocks.filter(stopped_at__isnull=True)
    assert (running.kind, running.round, running.started_on) == (ClockKind.INTAKE, 2, date(2026, 3, 30))
    assert (paper.kind, clocks.resident_days(case)) == (Paper.CORRECTED, 14)
    with pytest.raises(Refused, match="还缺"):
        actions.accept(case=case, by=staff(CLERK_3))
    actions.request_supplement(case=case, demands={"plan": "请写明地点和数量"}, by=staff(CLERK_3))
    actions.supply(case=fresh(case), received=Received(seen=frozenset({"plan"})))
    assert case.clocks.get(kind=ClockKind.INTAKE, stopped_at__isnull=True).round == 3
    actions.accept(case=case, by=staff(CLERK_3))
    assert proved(town) == []
    actions.withdraw(case=fresh(case))
    with pytest.raises(Refused, match="请点“自行纠正”"):
        actions.take_in_again(case=case, reason="按错了", by=staff(DECIDER))
    mend(case)
    assert fresh(case).state == CaseState.ACCEPTED


def test_silence_after_it_was_taken_in_again_counts_from_that_day(town, clock):
    case = apply(town, "LM-001", by=staff(CLERK_3)).case
    actions.withdraw(case=case)
    clock.shift(timedelta(days=14))
    actions.take_in_again(case=case, reason="按错了", by=staff(DECIDER))
    again = timezone.now()
    clock.shift(timedelta(days=10))
    actions.accept_by_silence(case=fresh(case))
    assert fresh(case).accepted_at == again
    assert proved(town) == []


@pytest.mark.parametrize("end", ["not_accepted", "not_required", "decided"])
def test_every_early_end_may_be_corrected(town, end):
    case = apply(town, "LM-001", by=staff(CLERK_3)).case
    if end == "not_required":
        actions.not_required(case=case, basis="《森林法》第五十六条", reasons="零星林木", by=staff(CLERK_3))
    elif end == "not_accepted":
        actions.not_accept(case=case, reasons="归县里", by=staff(DECIDER), competent_organ="华容县林业局")
    else:
        case = decided(town, "LM-001", Outcome.REFUSED, "超过年度限额。")
    assert case.state == end or fresh(case).state == end
    mend(case)
    case = fresh(case)
    assert (case.state, case.ended_at) == (CaseState.ACCEPTED, None)
    assert case.accepted_at is not None
    assert list(case.steps.filter(done_at__isnull=True).values_list("key", flat=True)) == ["site_visit"]
    assert proved(town) == []


def test_what_was_granted_is_not_taken_back_here(town, refused):
    with pytest.raises(Refused, match="按证照的规定办"):
        mend(served(decided(town, "LM-001")))
    with pytest.raises(Refused, match="哪里有误"):
        mend(refused, " ")
    with pytest.raises(Refused, match="没有“自行纠正”的权限"):
        mend(refused, who=FOREST)
    with pytest.raises(Refused, match="不能自行纠正"):
        mend(accepted(town, "LM-001"))


# Rulings


def test_a_ruling_stands_on_the_line_until_it_is_carried_out(town, clock):
    case = served(decided(town, "LM-001"))
    rule(case)
    stage = line(fresh(case)).stages[-1]
    assert (stage.title, stage.state) == ("行政复议：撤销并责令重新作出", "now")
    clock.shift(timedelta(days=31))
    assert line(fresh(case)).stages[-1].state == "late"
    paper = mend(case)
    assert "华政复决〔2026〕3号" in paper.data["paragraphs"][0]
    assert (line(fresh(case)).stages[-1].state, Ruling.objects.get().carried_out_at) == ("done", timezone.now())
    assert proved(town) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "maybe"}, "kind"),
        ({"number": " "}, "number"),
        ({"ruled_on": date(2026, 3, 17)}, "ruled_on"),
        ({"ruled_on": date(2026, 3, 15)}, "ruled_on"),
        ({"act_by": None}, "act_by"),
        ({"kind": "upheld"}, "act_by"),
    ],
)
def test_a_ruling_says_what_when_and_by_when(refused, changes, field):
    with pytest.raises(Refused) as caught:
        rule(refused, **changes)
    assert caught.value.field == field


def test_a_ruling_is_entered_once_by_the_justice_office(refused):
    with pytest.raises(Refused, match="权限"):
        rule(refused, who=DECIDER)
    rule(refused, kind="upheld", act_by=None)
    with pytest.raises(Refused, match="已经登记过"):
        rule(refused)


# Slips of the pen


def slip(case: Case, wrong: str = "超过年度限额", right: str = "超过2026年度限额", **more):
    paper = case.documents.get(kind=Paper.REFUSAL)
    return actions.correct_clerical_error(case=case, paper=paper, wrong=wrong, right=right, by=staff(DECIDER), **more)


def test_a_slip_is_corrected_in_a_paper_of_its_own(town, refused):
    before = refused.documents.get(kind=Paper.REFUSAL).sha256
    paper = slip(refused)
    assert paper.data["facts"] == [
        {"name": "原文", "value": "超过年度限额"},
        {"name": "更正为", "value": "超过2026年度限额"},
    ]
    assert refused.documents.get(kind=Paper.REFUSAL).sha256 == before
    assert fresh(refused).state == CaseState.CLOSED
    assert proved(town) == []


@pytest.mark.parametrize(
    ("wrong", "right", "field"), [(" ", "对", "wrong"), ("没有这句", "对", "wrong"), ("超过", "超过", "right")]
)
def test_only_words_that_stand_there_are_corrected(refused, wrong, right, field):
    with pytest.raises(Refused) as caught:
        slip(refused, wrong, right)
    assert caught.value.field == field


# The archive


def test_a_closed_case_is_archived_once_under_a_number_of_its_own(town, refused):
    by = staff(CLERK_3)
    with pytest.raises(Refused, match="不能归档"):
        actions.archive(case=accepted(town, "LM-001"), number="2026-1", retention="ten", by=by)
    for values, field in (({"number": " "}, "number"), ({"retention": "soon"}, "retention")):
        with pytest.raises(Refused) as caught:
            actions.archive(case=refused, by=by, **{"number": "2026-1", "retention": "ten", **values})
        assert caught.value.field == field
    actions.archive(case=refused, number="2026-1", retention="ten", by=by)
    with pytest.raises(Refused, match="已经归档"):
        actions.archive(case=refused, number="2026-2", retention="ten", by=by)
    with pytest.raises(Refused, match="已经用过"):
        actions.archive(case=served(decided(town, "LM-001")), number="2026-1", retention="ten", by=by)
    Archive.objects.update(retention="forever")
    assert [finding.table for finding in proved(town)] == ["cases_archive"]
