"""State × act × role: what the table does not allow is refused with a sentence and leaves nothing behind."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.actions.intake import Received
from mingtang.cases.enums import CaseState, Outcome, ServeMode
from mingtang.cases.models import Case, Clock
from mingtang.cases.states import CASE
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.people.enums import Role
from mingtang.people.models import Assignment, Post, Staff, Unit
from mingtang.people.policies import powers_of
from tests.factories.acts import AGENT, accepted, apply, decided, fresh, sent_up
from tests.factories.cast import CLERK_3, DECIDER, FOREST, JUSTICE, staff
from tests.meta.test_lifecycle_tables import BEGIN

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BROUGHT, KNOWN = Received(seen=frozenset({"plan"})), Received(seen=frozenset({"id"}))


def _running(case: Case) -> Clock:
    return case.clocks.filter(stopped_at__isnull=True, step_key="").last() or case.clocks.last()


# Every act that is built, with what it needs; ``by`` None is the applicant or the system.
ACTS: dict[str, Callable[[Case, Staff | None], object]] = {
    "correct_on_the_spot": lambda case, by: actions.receive_materials(case=case, received=BROUGHT, by=by),
    "request_supplement": lambda case, by: actions.request_supplement(
        case=case, demands={"plan": "请写明地点和数量"}, by=by
    ),
    "remind": lambda case, by: actions.remind(case=case, by=by),
    "lapse": lambda case, by: actions.lapse(case=case, reason="没有答复", by=by),
    "supply": lambda case, by: actions.supply(case=case, received=KNOWN, by=by),
    "supply_complete": lambda case, by: actions.supply_complete(case=case, by=by),
    "accept": lambda case, by: actions.accept(case=case, by=by),
    "accept_by_silence": lambda case, by: actions.accept_by_silence(case=case),
    "hand_in_deferred": lambda case, by: actions.hand_in_deferred(case=case, received=BROUGHT, by=by),
    "miss_deferred": lambda case, by: actions.miss_deferred(case=case),
    "not_required": lambda case, by: actions.not_required(case=case, basis="《森林法》", reasons="零星林木", by=by),
    "pass_on": lambda case, by: actions.pass_on(case=case, organ="县林业局", receipt="林收1号", by=by),
    "not_accept": lambda case, by: actions.not_accept(case=case, reasons="归县里", by=by, competent_organ="县林业局"),
    "opinion": lambda case, by: actions.opinion(case=case, step_key="site_visit", agrees=True, text="属实", by=by),
    "recuse": lambda case, by: actions.recuse(case=case, person=by, reason="是表兄弟", by=by),
    "record_authority": lambda case, by: actions.record_authority(
        case=case, change="changed", since=timezone.localdate(), acting=AGENT, by=by
    ),
    "return_for_redo": lambda case, by: actions.return_for_redo(case=case, reason="四至不清", by=by),
    "suspend": lambda case, by: actions.suspend(case=case, number=1, working_days=2, reason="要检验", by=by),
    "resume": lambda case, by: actions.resume(case=case, by=by),
    "extend": lambda case, by: actions.extend(case=case, working_days=2, reason="大雨", by=by),
    "explain_delay": lambda case, by: actions.explain_delay(case=case, clock=_running(case), text="大雨封山", by=by),
    "decide": lambda case, by: actions.decide(case=case, outcome=Outcome.REFUSED, reasons="超过限额", by=by),
    "serve": lambda case, by: actions.serve(case=case, mode=ServeMode.DIRECT, receiver="文小满（演示）", by=by),
    "tell_interested_party": lambda case, by: actions.tell_interested_party(
        case=case, name="文大满（演示）", matter="相邻林地", hearing=False, by=by
    ),
    "record_views": lambda case, by: actions.record_views(case=case, number=1, answer="waived", text="", by=by),
    "hold_hearing": lambda case, by: actions.hold_hearing(
        case=case, held_on=timezone.localdate() + timedelta(days=14), place="二楼会议室", host=by, by=by
    ),
    "record_hearing": lambda case, by: actions.record_hearing(case=case, text="双方陈述完毕", by=by),
    "send_up": lambda case, by: actions.send_up(case=case, opinion="同意上报", by=by),
    "record_result": lambda case, by: actions.record_result(
        case=case, outcome=Outcome.GRANTED, number="华民〔2026〕1号", decided_on=timezone.localdate(), reasons="", by=by
    ),
    "take_back": lambda case, by: actions.take_back(case=case, reason="缺少审批表", by=by),
    "rebase": lambda case, by: actions.rebase(
        case=case, law="森林法", article="第五十八条", dropped=["plan"], added={}, reason="不再要说明", by=by
    ),
    "verify_pledge": lambda case, by: actions.verify_pledge(case=case, material_key="right", true=True, text="", by=by),
    "charge": lambda case, by: actions.charge(case=case, by=by),
    "withdraw": lambda case, by: actions.withdraw(case=case, by=by, returned=True),
    "enter_ruling": lambda case, by: actions.enter_ruling(
        case=case, body="review", kind="upheld", number="华政复决1号", ruled_on=timezone.localdate(), by=by
    ),
    "self_correct": lambda case, by: actions.self_correct(case=case, reason="限额算错了", by=by),
    "take_in_again": lambda case, by: actions.take_in_again(case=case, reason="按错了", by=by),
    "correct_clerical_error": lambda case, by: actions.correct_clerical_error(
        case=case, paper=case.documents.order_by("pk").first(), wrong="申请人", right="申请者", by=by
    ),
    "archive": lambda case, by: actions.archive(case=case, number="2026-1", retention="ten", by=by),
}
# Whoever acts for the applicant or the machine is asked for no power.
WITHOUT_STAFF = {"supply", "supply_complete", "hand_in_deferred", "withdraw", "accept_by_silence", "miss_deferred"}


def _supplement(town) -> Case:
    case = apply(town, "LM-001", seen={"id", "right"}, by=staff(CLERK_3)).case
    actions.request_supplement(case=case, demands={"plan": "请写明地点和数量"}, by=staff(CLERK_3))
    return case


def _ended(act: str, who: str) -> Callable[..., Case]:
    def reach(town) -> Case:
        case = apply(town, "LM-001", by=staff(CLERK_3)).case
        ACTS[act](case, staff(who))
        return case

    return reach


def _suspended(town) -> Case:
    case = accepted(town, "LM-001")
    ACTS["suspend"](case, staff(DECIDER))
    return case


def _refused(town) -> Case:
    return decided(town, "LM-001", Outcome.REFUSED, "超过年度限额。")


def _closed(town) -> Case:
    case = _refused(town)
    ACTS["serve"](case, staff(CLERK_3))
    return case


# How each state is reached by real acts. A draft is no case yet; to lapse takes weeks (test_case_endings).
REACH: dict[str, Callable[..., Case]] = {
    CaseState.SUBMITTED: lambda town: apply(town, "LM-001", by=staff(CLERK_3)).case,
    CaseState.SUPPLEMENT_DUE: _supplement,
    CaseState.ACCEPTED: lambda town: accepted(town, "LM-001"),
    CaseState.SUSPENDED: _suspended,
    CaseState.REPORTED_UP: sent_up,
    CaseState.DECIDED: _refused,
    CaseState.CLOSED: _closed,
    CaseState.NOT_ACCEPTED: _ended("not_accept", DECIDER),
    CaseState.NOT_REQUIRED: _ended("not_required", CLERK_3),
    CaseState.PASSED_ON: _ended("pass_on", CLERK_3),
    CaseState.WITHDRAWN: _ended("withdraw", CLERK_3),
}
UNREACHED = {CaseState.DRAFT, CaseState.LAPSED}


def test_the_matrix_knows_every_act_and_every_state():
    assert set(ACTS) == set(CASE) - BEGIN
    assert set(REACH) == set(CaseState.values) - UNREACHED


@pytest.fixture
def one_of_each(town) -> dict[str, Staff]:
    """For every role somebody who holds it alone, at a post that no item names."""
    unit, found = Unit.objects.filter(town=town).first(), {}
    for place, role in enumerate(Role.values):
        post = Post.objects.create(town=town, unit=unit, code=f"only-{role}", name=role, roles=[role])
        found[role] = Staff.objects.create(town=town, username=f"only-{role}", name=role, number=f"r{place}")
        Assignment.objects.create(staff=found[role], post=post, valid_from="2020-01-01T00:00:00+08:00")
    return found


@pytest.mark.parametrize("state", REACH)
def test_every_cell_that_is_not_in_the_table_is_refused(town, one_of_each, state):
    case = REACH[state](town)
    assert fresh(case).state == state
    before, cells = Event.objects.count(), 0
    for (act, do), (role, person) in product(ACTS.items(), [*one_of_each.items(), ("", None)]):
        allowed = state in CASE[act].sources and (
            act in WITHOUT_STAFF if person is None else not powers_of(person).isdisjoint(CASE[act].powers)
        )
        if allowed or (person is None) != (act in WITHOUT_STAFF and not role):
            continue
        if act in {"accept_by_silence", "miss_deferred"} and person is not None:
            continue
        with pytest.raises(Refused) as caught, transaction.atomic():
            do(fresh(case), person)
        assert caught.value.message.endswith("。"), (act, role)
        assert len(caught.value.message) >= 8, (act, role)
        cells += 1
    assert cells > 200
    assert (fresh(case).state, Event.objects.count()) == (state, before)


# Who does each act in the demo town, where the case as it was reached lets them; the others have tests of their own.
RIGHT = {
    "correct_on_the_spot": CLERK_3, "request_supplement": CLERK_3, "supply": CLERK_3, "supply_complete": CLERK_3,
    "accept": CLERK_3, "not_required": CLERK_3, "pass_on": CLERK_3, "not_accept": DECIDER, "opinion": FOREST,
    "recuse": FOREST, "record_authority": CLERK_3, "tell_interested_party": FOREST,
    "suspend": DECIDER, "resume": DECIDER, "extend": DECIDER, "explain_delay": DECIDER,
    "serve": CLERK_3, "withdraw": CLERK_3, "enter_ruling": JUSTICE, "self_correct": DECIDER, "take_in_again": DECIDER,
    "correct_clerical_error": DECIDER, "archive": CLERK_3, "record_result": DECIDER, "take_back": DECIDER,
}  # fmt: skip
# Allowed by the table, and by something more: what it is.
MORE = {
    ("explain_delay", CaseState.SUSPENDED), ("self_correct", CaseState.WITHDRAWN),
    ("return_for_redo", CaseState.ACCEPTED), ("decide", CaseState.ACCEPTED),
}  # fmt: skip


@pytest.mark.parametrize("state", REACH)
def test_every_cell_of_the_table_leads_where_it_says(town, state, clock):
    case = REACH[state](town)
    for act, who in RIGHT.items():
        if state not in CASE[act].sources or (act, state) in MORE:
            continue
        with transaction.atomic():
            if act == "request_supplement":
                case.materials.filter(material_key="plan").update(state="missing", received_at=None)
            ACTS[act](fresh(case), staff(who))
            assert fresh(case).state == (CASE[act].target or state), act
            transaction.set_rollback(True)
    clock.shift(timedelta(days=1))
