"""From acceptance to service: steps, decision with authority, delivery."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mingtang.cases import actions, clocks
from mingtang.cases.enums import CaseState, ClockKind, Outcome, Paper, ServeMode
from mingtang.cases.line import line
from mingtang.cases.models import Case
from mingtang.events.log import CONSOLE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people import actions as people
from mingtang.people.models import Delegation, Unit
from mingtang.towns.viewer import Viewer
from tests.factories import acts
from tests.factories.acts import accepted, apply, decided, fresh, worked
from tests.factories.cast import BUILD, CLERK_1, CLERK_3, CLERK_4, DECIDER, FOREST, LAND, SOCIAL, staff

pytestmark = pytest.mark.django_db


def say(case: Case, step: str, who: str, agrees: bool = True, text: str = "核对无误。", **more) -> Case:
    return actions.opinion(case=case, step_key=step, agrees=agrees, text=text, by=staff(who), **more)


def give(case: Case, outcome: str = Outcome.GRANTED, reasons: str = "", who: str = DECIDER):
    return actions.decide(case=case, outcome=outcome, reasons=reasons, by=staff(who))


def hand_over(case: Case, who: str = CLERK_3, **changes):
    values = {"mode": ServeMode.DIRECT, "receiver": "文小满（演示）", "by": staff(who)}
    return actions.serve(case=case, **{**values, **changes})


def waiting(case: Case) -> set[str]:
    return set(case.steps.filter(done_at__isnull=True).values_list("key", flat=True))


# Steps


def test_branches_are_open_together_and_both_are_needed(town):
    case = accepted(town, "JF-001")
    assert waiting(case) == {"land_review", "build_review"}
    say(case, "land_review", LAND)
    with pytest.raises(Refused, match="前面的环节还没有办完"):
        give(case)
    assert fresh(case).state == CaseState.ACCEPTED
    say(case, "build_review", BUILD)
    assert waiting(case) == {"decide"}
    give(case)
    assert fresh(case).state == CaseState.DECIDED


def test_steps_in_a_row_wait_for_each_other(town):
    case = accepted(town, "LM-001")
    with pytest.raises(Refused, match="还没有轮到"):
        say(case, "quota", FOREST)
    say(case, "site_visit", FOREST)
    assert waiting(case) == {"quota"}


def test_only_the_post_that_owns_a_step_speaks_in_it(town):
    case = accepted(town, "JF-001")
    with pytest.raises(Refused, match="不在您的岗位上"):
        say(case, "land_review", BUILD)
    with pytest.raises(Refused, match="没有“出具意见”的权限"):
        say(case, "land_review", DECIDER)


def test_a_step_is_done_once(town):
    case = accepted(town, "JF-001")
    say(case, "land_review", LAND)
    with pytest.raises(Refused, match="已经办完"):
        say(case, "land_review", LAND)


@pytest.mark.parametrize("step", ["decide", "serve", "intake", "supply", "dinner"])
def test_an_opinion_is_given_on_steps_only(town, step):
    with pytest.raises(Refused, match="已经办完，或者还没有轮到"):
        say(worked(town, "LN-001"), step, CLERK_1)


def test_to_disagree_needs_a_reason(town):
    case = accepted(town, "JF-001")
    with pytest.raises(Refused, match="不同意的，请写明理由"):
        say(case, "land_review", LAND, agrees=False, text=" ")
    say(case, "land_review", LAND, agrees=False, text="占用永久基本农田。")
    assert case.steps.get(key="land_review").agrees is False


def test_an_opinion_that_is_too_long_is_refused_not_cut(town):
    with pytest.raises(Refused, match="最多 1000 个字"):
        say(accepted(town, "JF-001"), "land_review", LAND, text="长" * 1001)


def test_what_was_done_yesterday_and_entered_today_shows_both(town, clock):
    case = accepted(town, "JF-001")
    clock.shift(timedelta(days=2))
    yesterday = timezone.now() - timedelta(days=1)
    say(case, "land_review", LAND, happened_at=yesterday)
    step = case.steps.get(key="land_review")
    assert (step.done_at, step.recorded_at) == (yesterday, timezone.now())
    event = Event.objects.get(type="case.opinion")
    assert (event.happened_at, event.recorded_at) == (yesterday, timezone.now())
    [together] = [stage for stage in line(fresh(case)).stages if stage.branches]
    assert next(branch for branch in together.branches if branch.key == "land_review").lag == timedelta(days=1)


@pytest.mark.parametrize(("shift", "words"), [(timedelta(minutes=1), "不能晚于现在"), (-timedelta(1), "不能早于受理")])
def test_a_step_happens_between_acceptance_and_now(town, shift, words):
    with pytest.raises(Refused, match=words):
        say(accepted(town, "JF-001"), "land_review", LAND, happened_at=timezone.now() + shift)


def test_opinions_are_sealed(town):
    case = accepted(town, "JF-001")
    say(case, "land_review", LAND, text="户主文小满一户一宅")
    assert "文小满".encode() not in bytes(case.steps.get(key="land_review").opinion_sealed)
    assert "文小满" not in str(Event.objects.get(type="case.opinion").__dict__)


def test_a_return_opens_the_steps_again_and_stops_no_clock(town, clock):
    case = worked(town, "JF-001")
    clock.shift(timedelta(days=1))
    with pytest.raises(Refused, match="请写明退回重办的理由"):
        actions.return_for_redo(case=case, reason=" ", by=staff(DECIDER))
    actions.return_for_redo(case=case, reason="四至没有写清", by=staff(DECIDER))
    assert waiting(case) == {"land_review", "build_review"}
    assert set(case.steps.filter(done_at__isnull=True).values_list("round", flat=True)) == {2}
    running = {clock.kind: clock.started_on for clock in case.clocks.filter(stopped_at__isnull=True)}
    assert running[ClockKind.STATUTORY] == date(2026, 3, 16)
    assert running[ClockKind.STEP] == date(2026, 3, 17)
    say(case, "land_review", LAND)
    with pytest.raises(Refused, match="还没有办完"):
        give(case)
    say(case, "build_review", BUILD)
    give(case)


def test_there_is_no_way_back_where_there_are_no_steps(town):
    with pytest.raises(Refused, match="退不回去"):
        actions.return_for_redo(case=worked(town, "LN-001"), reason="再看看", by=staff(CLERK_1))


def test_a_return_waits_until_the_decision_is_next(town):
    with pytest.raises(Refused, match="现在不能退回"):
        actions.return_for_redo(case=accepted(town, "JF-001"), reason="再看看", by=staff(DECIDER))


# Decision


def test_a_grant_names_the_letter_and_starts_the_service_clock(town):
    case = decided(town, "JF-001")
    assert (case.state, case.outcome, case.decided_by) == (CaseState.DECIDED, Outcome.GRANTED, staff(DECIDER))
    event = Event.objects.get(type="case.decided")
    assert event.data["delegation"] == case.delegation.number
    assert case.documents.get(kind=Paper.GRANT).event == event
    assert set(case.clocks.filter(stopped_at__isnull=True).values_list("kind", flat=True)) == {ClockKind.SERVICE}


def test_an_expired_letter_decides_nothing_and_says_since_when(town):
    case = worked(town, "JF-001")
    Delegation.objects.filter(item_code="JF-001").update(valid_to=timezone.now() - timedelta(days=1))
    with pytest.raises(Refused, match="已于 2026年03月15日 失效"):
        give(case)
    assert fresh(case).state == CaseState.ACCEPTED
    assert not Event.objects.filter(type="case.decided").exists()


def test_a_new_letter_lets_the_case_go_on(town):
    case = worked(town, "JF-001")
    letter = Delegation.objects.get(item_code="JF-001")
    people.revoke_delegation(letter=letter, by=CONSOLE, reason="换届")
    with pytest.raises(Refused, match="失效"):
        give(case)
    renewed = people.delegate(
        grantor=Unit.objects.get(town=town, code="leading-group"),
        post=letter.post,
        number="万授〔2026〕90号",
        item_code="JF-001",
        step_code="decide",
        valid_from=timezone.now(),
        valid_to=timezone.now() + timedelta(days=30),
        by=CONSOLE,
    )
    give(case)
    assert fresh(case).delegation == renewed


def test_a_letter_for_one_item_decides_no_other(town):
    with pytest.raises(Refused, match="没有这个事项这一环节的授权书"):
        give(worked(town, "JF-001"), who=CLERK_1)


def test_who_owns_a_step_does_not_decide(town):
    with pytest.raises(Refused, match="没有“作出决定”的权限"):
        give(worked(town, "JF-001"), who=LAND)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.PARTLY])
def test_what_is_not_granted_needs_reasons_and_tells_where_to_turn(town, outcome):
    case = worked(town, "JF-001")
    with pytest.raises(Refused, match="请写明理由和依据") as caught:
        give(case, outcome, " ")
    assert caught.value.field == "reasons"
    paper = give(case, outcome, "占用永久基本农田，土地管理法第三十五条。")
    assert any("行政复议" in sentence and "行政诉讼" in sentence for sentence in paper.data["remedies"])
    assert "土地管理法第三十五条" in str(paper.data)
    assert (paper.kind == Paper.REFUSAL) == (outcome == Outcome.REFUSED)


def test_an_outcome_that_does_not_exist_is_refused(town):
    with pytest.raises(Refused, match="请选择准予"):
        give(worked(town, "JF-001"), "maybe")


def test_a_decision_is_made_once(town):
    with pytest.raises(Refused, match="可能有同事刚刚办理过"):
        give(decided(town, "JF-001"))


def test_the_database_knows_no_decision_without_authority(town):
    case = worked(town, "JF-001")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET decided_at = submitted_at, outcome = 'granted' WHERE id = %s", [case.pk])


# Service


def test_service_ends_the_case_its_clocks_and_the_resident_days(town, clock):
    case = decided(town, "JF-001")
    clock.shift(timedelta(days=3))
    paper = hand_over(case)
    case = fresh(case)
    assert (case.state, case.serve_mode, case.ended_at) == (CaseState.CLOSED, ServeMode.DIRECT, timezone.now())
    assert not case.clocks.filter(stopped_at__isnull=True).exists()
    assert waiting(case) == set()
    assert paper.data["documents"][0]["name"] == "准予决定书"
    clock.shift(timedelta(days=30))
    assert clocks.resident_days(case) == 3


def test_service_may_be_entered_late_but_not_before_the_decision(town, clock):
    case = decided(town, "JF-001")
    clock.shift(timedelta(days=2))
    for wrong in (timezone.now() + timedelta(minutes=1), case.decided_at - timedelta(minutes=1)):
        with pytest.raises(Refused, match="决定之后、现在之前"):
            hand_over(case, happened_at=wrong)
    hand_over(case, happened_at=timezone.now() - timedelta(days=1))
    assert fresh(case).ended_at == timezone.now() - timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"mode": "owl"}, "mode"), ({"receiver": " "}, "receiver"), ({"receiver": "长" * 51}, "receiver")],
)
def test_service_says_how_and_to_whom(town, change, field):
    with pytest.raises(Refused) as caught:
        hand_over(decided(town, "JF-001"), **change)
    assert caught.value.field == field


def test_nothing_is_served_before_it_is_decided_or_twice(town):
    case = worked(town, "JF-001")
    with pytest.raises(Refused, match="不能送达"):
        hand_over(case)
    give(case)
    hand_over(case)
    with pytest.raises(Refused, match="不能送达"):
        hand_over(case)


@pytest.mark.parametrize("code", sorted(set(acts.WORK) - {"TK-001"}))
def test_every_kind_of_item_runs_from_application_to_service(town, code):
    case = decided(town, code)
    hand_over(case, who=acts.WORK[code][0])
    kinds = list(fresh(case).documents.order_by("pk").values_list("kind", flat=True))
    assert kinds == [Paper.RECEIPT, Paper.ACCEPTANCE, Paper.GRANT, Paper.SERVICE_RECORD]


# Withdrawal


@pytest.mark.parametrize("reach", [lambda town: apply(town, "JF-001").case, lambda town: worked(town, "JF-001")])
def test_the_applicant_may_withdraw_until_service(town, reach):
    case = reach(town)
    actions.withdraw(case=case)
    case = fresh(case)
    assert (case.state, case.ended_at) == (CaseState.WITHDRAWN, timezone.now())
    assert waiting(case) == set()
    assert not case.clocks.filter(stopped_at__isnull=True).exists()
    assert Event.objects.get(type="case.withdrawn").actor == "applicant"
    assert apply(town, "JF-001").case.state == CaseState.SUBMITTED


def test_what_is_served_is_not_withdrawn(town):
    case = decided(town, "JF-001")
    hand_over(case)
    with pytest.raises(Refused, match="不能撤回申请"):
        actions.withdraw(case=case)


# Clocks and the public line


def test_resident_days_never_pause(town, clock):
    case = apply(town, "LM-001", seen={"id"}).case
    actions.request_supplement(case=case, demands={"right": "请补", "plan": "请补"}, by=staff(CLERK_3))
    clock.shift(timedelta(days=20))
    assert clocks.resident_days(fresh(case)) == 20
    assert "20 天" in line(fresh(case)).sentence


def test_a_limit_past_the_confirmed_calendar_is_provisional(town, clock):
    assert not acts.accepted(town, "LM-001").clocks.filter(provisional=True).exists()
    clock.move_to(timezone.now().replace(month=12, day=21))
    case = accepted(town, "LM-001")
    flags = dict(case.clocks.values_list("kind", "provisional"))
    assert flags[ClockKind.STATUTORY] is True
    assert flags[ClockKind.PROMISE] is False
    assert case.documents.get(kind=Paper.ACCEPTANCE).data["provisional"] is False


def test_an_instant_item_has_a_promise_of_today_and_no_statutory_clock(town):
    case = accepted(town, "LN-001")
    assert not case.clocks.filter(kind=ClockKind.STATUTORY).exists()
    assert case.clocks.get(kind=ClockKind.PROMISE).due_on == date(2026, 3, 16)


def test_a_missed_promise_is_shown(town, clock):
    case = accepted(town, "LM-001")
    clock.shift(timedelta(days=10))
    shown = line(fresh(case))
    assert "已经超过" in shown.sentence
    assert next(stage for stage in shown.stages if stage.key == "site_visit").state == "late"


def test_the_line_shows_posts_and_dates_and_nobodys_data(town):
    case = decided(town, "JF-001")
    shown = line(case)
    text = str([(stage.title, stage.owner, stage.place) for stage in shown.stages])
    assert "自然资源所用地审查岗" in str([branch.owner for stage in shown.stages for branch in stage.branches])
    for secret in (acts.APPLICANT.name, acts.APPLICANT.id_number, staff(DECIDER).name):
        assert secret not in text


# Sealed kinds


def test_a_sealed_kind_has_a_number_that_tells_nothing_and_no_public_line(town):
    sealed, public = apply(town, "JZ-001").case, apply(town, "JF-001").case
    assert sealed.sealed
    assert sealed.number[:3] == "WY-"
    assert len(sealed.number) == 15
    assert list(Case.objects.visible_to(Viewer(town))) == [public]
    assert set(Case.objects.visible_to(Viewer(town, powers=frozenset({"case.read"})))) == {sealed, public}


def test_a_sealed_case_uses_up_no_public_serial(town):
    first = apply(town, "JF-001").case
    apply(town, "JZ-001")
    second = apply(town, "JF-001").case
    assert int(second.number[6:12]) - int(first.number[6:12]) == 1


def test_aid_is_worked_by_its_own_window_and_step(town):
    case = apply(town, "JZ-001", by=staff(CLERK_4)).case
    actions.accept(case=case, by=staff(CLERK_4))
    say(case, "home_visit", SOCIAL)
    give(case)
    assert fresh(case).state == CaseState.DECIDED
