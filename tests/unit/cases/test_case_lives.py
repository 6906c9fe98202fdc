"""Random lives of cases: whatever people do in whatever order, dates, numbers, money and records hold together."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from config.background import sweep
from mingtang.cases import actions, charging, clocks
from mingtang.cases.actions.intake import Received
from mingtang.cases.enums import CaseState, ClockKind
from mingtang.cases.line import line
from mingtang.cases.models import Case
from mingtang.cases.numbers import check_character
from mingtang.cases.process import is_special
from mingtang.cases.proved import check_authorities, check_cases, check_papers, check_rows
from mingtang.cases.states import OPEN
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.money import actions as money
from mingtang.money.enums import NoticeState
from mingtang.money.models import Deposit, Notice
from mingtang.money.proved import check_notices, check_refunds
from mingtang.rulebook.spec import Fee
from mingtang.workdays.tables import calendar_for
from tests.agreement.published import published
from tests.factories.acts import apply, fresh, in_force
from tests.factories.cast import CASHIER, CLERK_3, DECIDER, FOREST, JUSTICE, SIGNER, staff
from tests.factories.specs import data
from tests.unit.cases.conftest import MONDAY
from tests.unit.cases.test_case_matrix import ACTS
from tests.unit.money.books import statement

pytestmark = pytest.mark.django_db
PAPERS = st.sets(st.sampled_from(["id", "right", "plan"]))
# Common acts, those that move dates, and those that end a life early: each of the three as often as the others.
COMMON = {
    "request_supplement": CLERK_3, "supply_complete": CLERK_3, "accept": CLERK_3, "return_for_redo": DECIDER,
    "decide": DECIDER, "serve": CLERK_3, "self_correct": DECIDER, "explain_delay": DECIDER, "charge": CLERK_3,
}  # fmt: skip
DATES = {"suspend": DECIDER, "resume": DECIDER, "extend": DECIDER}
RARE = {
    "withdraw": CLERK_3, "enter_ruling": JUSTICE, "archive": CLERK_3, "not_required": CLERK_3, "pass_on": CLERK_3,
    "not_accept": DECIDER, "correct_clerical_error": DECIDER, "record_authority": CLERK_3, "take_in_again": DECIDER,
}  # fmt: skip
DOERS = COMMON | DATES | RARE
# The item of these lives takes a fee, which falls due with the acceptance.
OWED = 3_000
FEE = data(
    Fee, name="规划核验费", nature="administrative", fund="treasury", amount=OWED, per="件", payer="申请人",
    scope="受理的时候", receipt="财政票据", basis="森林法第五十七条",
)  # fmt: skip


class Life(RuleBasedStateMachine):
    """One case; each rule either does its act whole or is refused and leaves nothing."""

    town, traveller, code = None, None, ""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.traveller.move_to(MONDAY)
        self.waited, self.came = 0, 0

    def teardown(self) -> None:
        try:
            if hasattr(self, "case"):
                self.records_hold()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @initialize(seen=st.just({"id", "right", "plan"}) | PAPERS, online=st.booleans(), further=st.booleans())
    def begin(self, seen: set[str], online: bool, further: bool) -> None:
        """Half of the lives begin with the acceptance where it can be given: what comes later is reached more often."""
        self.case: Case = apply(self.town, self.code, seen=seen, by=None if online else staff(CLERK_3)).case
        if further:
            self.act("accept")

    def _try(self, do: Callable[[], object]) -> None:
        before = Event.objects.count()
        try:
            with transaction.atomic():
                do()
        except Refused as refusal:
            assert refusal.message.endswith("。")
            assert Event.objects.count() == before
        else:
            assert Event.objects.count() > before

    @rule(name=st.sampled_from(sorted(COMMON)) | st.sampled_from(sorted(DATES)))
    def act(self, name: str) -> None:
        self._try(lambda: ACTS[name](fresh(self.case), staff(DOERS[name])))

    @rule(name=st.sampled_from(sorted(RARE)), chance=st.sampled_from([False, False, True]))
    def act_rarely(self, name: str, chance: bool) -> None:
        if chance:
            self.act(name)

    @rule(name=st.sampled_from(sorted(DATES)))
    def move_dates(self, name: str) -> None:
        self.act(name)

    @rule()
    def handle(self) -> None:
        """What the case waits for, so that lives go far."""
        state = fresh(self.case).state
        if state == CaseState.ACCEPTED:
            for key in self.case.steps.filter(done_at=None).values_list("key", flat=True):
                self.work(key if key != "decide" else "site_visit")
        self.act({CaseState.SUBMITTED: "accept", CaseState.DECIDED: "serve"}.get(state, "decide"))

    @rule(step=st.sampled_from(["site_visit", "quota"]))
    def work(self, step: str) -> None:
        self._try(lambda: actions.opinion(case=self.case, step_key=step, agrees=True, text="属实", by=staff(FOREST)))

    @rule(seen=PAPERS)
    def bring(self, seen: set[str]) -> None:
        take = actions.supply if fresh(self.case).state == CaseState.SUPPLEMENT_DUE else actions.receive_materials
        self._try(lambda: take(case=self.case, received=Received(seen=frozenset(seen)), by=staff(CLERK_3)))

    @rule(days=st.sampled_from([1, 1, 2, 3, 8]))
    def wait(self, days: int) -> None:
        self.traveller.shift(timedelta(days=days))
        sweep()

    @invariant()
    def dates_hold(self) -> None:
        case = fresh(self.case)
        calendar, spans = calendar_for(case.town), clocks.spans_of(case)
        running = list(case.clocks.filter(stopped_at__isnull=True))
        for clock in running:
            assert clock.due_on == clocks.counted(clock, spans).read(calendar, timezone.now()).due
        assert len({(clock.kind, clock.step_key) for clock in running}) == len(running)
        due = {(clock.kind, clock.step_key): clock.due_on for clock in running}
        for step in case.steps.filter(done_at__isnull=True):
            kind = clocks.LIMITS.get(step.key, ClockKind.STEP)
            limit = due.get((kind, step.key if kind == ClockKind.STEP else ""))
            if is_special(step.key):
                limit = case.pauses.get(ended_at__isnull=True).last_on
            assert step.due_on == limit
        paused = case.pauses.filter(ended_at__isnull=True).count()
        assert paused == (case.state == CaseState.SUSPENDED)
        ended = case.state not in OPEN
        assert ended == (case.ended_at is not None)
        if ended:
            assert not running
            assert not case.steps.filter(done_at__isnull=True).exists()
        waited = clocks.resident_days(case)
        assert waited >= (0 if ended else self.waited)
        self.waited = 0 if ended else waited

    def _notice(self, *states: str) -> Notice:
        found = Notice.objects.filter(case_number=self.case.number, state__in=states).order_by("pk").last()
        if found is None:
            raise Refused("没有可以做的。")
        return found

    @rule(short=st.sampled_from([0, 0, 1]))
    def pay(self, short: int) -> None:
        """The bank tells of a payment by the notice's number, now and then a fen short; perhaps it was paid before."""

        def come() -> None:
            notice = self._notice(*NoticeState.values)
            statement(notice.account, (OWED - short, notice.number, f"L{self.came}"))
            self.came += 1

        self._try(come)

    @rule()
    def give_back(self) -> None:
        """The whole fee, by two persons and the bank's serial."""

        def refund() -> None:
            deposit = self._notice(NoticeState.PAID).deposit
            row = money.ask_refund(deposit=deposit, amount=OWED, of_fee=True, reason="退", by=staff(CASHIER))
            money.approve_refund(refund=row, by=staff(SIGNER))
            money.pay_refund(refund=row, serial=f"OUT{row.pk}", by=staff(CASHIER))

        self._try(refund)

    @rule(then=st.sampled_from(["", "leave", "back"]), paid=st.booleans(), chance=st.sampled_from([False, False, True]))
    def settle(self, then: str, paid: bool, chance: bool) -> None:
        """Pays at once, or leaves while the notice is out; gets it back, or goes without it."""
        if chance and fresh(self.case).accepted_at:
            if paid:
                self.pay(0)
            if then:
                self.act("withdraw") if then == "leave" else self.give_back()

    @invariant()
    def money_holds(self) -> None:
        case, notices = fresh(self.case), list(Notice.objects.filter(case_number=self.case.number))
        assert all(row.total == OWED for row in notices)
        assert sum(row.state in {NoticeState.ISSUED, NoticeState.PAID} for row in notices) <= 1
        assert Deposit.objects.filter(serial__startswith="L").count() == self.came
        paying = Deposit.objects.filter(notice__in=notices)
        assert {row.notice_id for row in paying} == {
            row.pk for row in notices if row.state in {NoticeState.PAID, NoticeState.REFUNDED}
        }
        if case.accepted_at is None:
            assert not notices
        if case.state == CaseState.WITHDRAWN:
            assert not any(row.state == NoticeState.ISSUED for row in notices)
            assert bool(list(charging.kept(self.town))) == any(row.state == NoticeState.PAID for row in notices)
        elif case.accepted_at and case.state in OPEN:
            assert bool(list(charging.uncharged(self.town))) == (not notices)

    @invariant()
    def numbers_hold(self) -> None:
        case = fresh(self.case)
        assert check_character(case.number[:-1]) == case.number[-1]
        numbers = list(case.documents.values_list("number", flat=True))
        assert len(set(numbers)) == len(numbers)

    def records_hold(self) -> None:
        """At the end of the life: what the events prove, and a line that can be shown."""
        events = list(Event.objects.filter(subject=self.case.subject))
        assert [
            *check_papers(events),
            *check_rows(events),
            *check_cases(self.town),
            *check_authorities(self.town),
        ] == []
        assert [*check_notices(self.town), *check_refunds(self.town)] == []
        assert {stage.state for stage in line(fresh(self.case)).stages} <= {"done", "now", "late", "paused", "todo"}


def test_no_life_of_a_case_breaks_its_dates_numbers_money_or_records(town, clock, monkeypatch):
    money.set_account(town=town, unit=None, payee="财政所", bank="农商银行", number="99900000001", by=staff(SIGNER))
    wood = in_force(town, "LM-001").data
    code, _ = published(town, {**wood, "name": "集体林木采伐许可", "fees": [FEE], "files": wood["files"]})
    monkeypatch.setattr(Life, "code", code)
    monkeypatch.setattr(Life, "town", town)
    monkeypatch.setattr(Life, "traveller", clock)
    run_state_machine_as_test(
        Life,
        settings=settings(max_examples=40, stateful_step_count=30, phases=[Phase.generate], deadline=None),
    )
