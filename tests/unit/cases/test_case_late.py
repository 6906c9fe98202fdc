"""停电停网以后补录: the time on the paper holds, the lag is never hidden, and nothing is dated back at will."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.cases import actions
from mingtang.cases.actions.late import version_at
from mingtang.cases.clocks import resident_days
from mingtang.cases.enums import CaseState, Channel, ClockKind, Paper
from mingtang.cases.line import line
from mingtang.cases.models import Case, LateEntry, Outage
from mingtang.events.models import Event
from mingtang.hall import pads
from mingtang.hall.enums import ContactState
from mingtang.hall.models import Contact
from mingtang.ledger import frozen
from mingtang.lib.errors import Refused
from mingtang.workdays.tables import calendar_for
from tests.factories import rules
from tests.factories.acts import in_force
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, staff
from tests.factories.outages import entered, outage, pad_at_hand
from tests.unit.cases.conftest import MONDAY

pytestmark = pytest.mark.django_db
THURSDAY = MONDAY + timedelta(days=3)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def paper_days(town, clock):
    """From Monday noon until Thursday morning nothing but paper; a pad was at hand."""
    pad_at_hand(town)
    clock.move_to(THURSDAY)
    outage(town, hours=69)
    return town


def findings(town):
    rows = [finding for check in frozen.told_rows().values() for finding in check(town)]
    for kind in frozen.kinds():
        rows += kind.checker(list(Event.objects.filter(town=town, type__in=kind.types)))
    return rows


def test_a_case_keeps_the_time_on_its_paper_and_tells_when_it_was_entered(paper_days):
    made = entered(paper_days, TUESDAY)
    case = Case.objects.get(pk=made.case.pk)
    assert (case.channel, case.submitted_at, case.contact_at) == (Channel.PAPER, TUESDAY, TUESDAY)
    assert (case.late.happened_at, case.late.recorded_at, case.late.lag) == (TUESDAY, THURSDAY, timedelta(days=2))
    intake = case.clocks.get(kind=ClockKind.INTAKE)
    assert (intake.started_on, intake.due_on) == (TUESDAY.date(), (TUESDAY + timedelta(days=7)).date())
    assert resident_days(case) == 2
    receipt = case.documents.get(kind=Paper.RECEIPT).data
    assert (receipt["received_at"], receipt["recorded_at"]) == ("2026-03-17T10:00", "2026-03-19T10:00")
    first = line(case).stages[0]
    assert (first.title, first.actual, first.lag) == ("窗口纸质收件", TUESDAY, timedelta(days=2))
    told = Event.objects.get(subject=case.subject, type="case.entered_late")
    assert (told.happened_at, told.recorded_at, told.data["late"]) == (TUESDAY, THURSDAY, 2880)
    assert findings(paper_days) == []


def test_its_slip_becomes_a_contact_that_ends_with_the_case(paper_days):
    made = entered(paper_days, TUESDAY)
    contact = Contact.objects.get(number="TD01-001")
    assert (contact.state, contact.opened_at) == (ContactState.ENDED, TUESDAY)
    assert contact.errands.get().outcome == "case"
    assert made.case.visit.errand.contact == contact


def test_it_goes_on_like_any_other(paper_days):
    made = entered(paper_days, TUESDAY)
    actions.accept(case=made.case, by=staff(CLERK_3))
    case = Case.objects.get(pk=made.case.pk)
    assert (case.state, case.accepted_at) == (CaseState.ACCEPTED, THURSDAY)
    assert findings(paper_days) == []


def test_the_same_form_sent_twice_is_one_case(paper_days):
    first, again = entered(paper_days, TUESDAY, token="form"), entered(paper_days, TUESDAY, token="form")
    assert (again.case, again.code, again.repeated) == (first.case, first.code, True)


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ("TD01-051", "只有 1 到 50 号"),
        ("TD01-001", "已经登记过"),
        ("TD01-002", "已经作废"),
        ("TD09-001", "没有这张号单"),
        ("7", "没有这张号单"),
        ("TD01-", "没有这张号单"),
        ("TD01-１", "没有这张号单"),
    ],
)
def test_a_slip_is_used_once_and_only_in_its_series(paper_days, slip, said):
    entered(paper_days, TUESDAY)
    pad = Contact.objects.get().pad
    pads.void_slip(pad=pad, slip=2, reason="写坏了", by=staff(CLERK_1))
    with pytest.raises(Refused, match=said) as refusal:
        entered(paper_days, TUESDAY, slip=slip, token="other")
    assert refusal.value.field == "slip"
    assert Case.objects.count() == Contact.objects.count() == 1, "nothing half-done"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (THURSDAY + timedelta(minutes=1), "不能晚于现在"),
        (THURSDAY - timedelta(minutes=5), "不在登记过的停电停网时间里"),
        (MONDAY + timedelta(minutes=1), "不在登记过的停电停网时间里"),
    ],
)
def test_outside_a_declared_outage_nothing_is_dated_back(paper_days, at, said):
    with pytest.raises(Refused, match=said) as refusal:
        entered(paper_days, at)
    assert refusal.value.field == "happened_at"
    assert not Case.objects.exists() and not Contact.objects.exists()


def test_the_version_of_that_day_holds_not_that_of_today(paper_days, clock):
    old = in_force(paper_days, "LM-001")
    clock.move_to(THURSDAY + timedelta(hours=1))
    new = rules.in_force(rules.drafted(paper_days, "LM-001", promised_days=old.spec.promised_days - 1))
    assert version_at(new.item, THURSDAY + timedelta(hours=2)) == new
    made = entered(paper_days, TUESDAY)
    assert made.case.version == old != new
    assert made.case.late.recorded_at == THURSDAY + timedelta(hours=1)


def test_an_item_that_was_not_in_force_yet_is_refused(town, clock):
    pad_at_hand(town)
    clock.move_to(MONDAY + timedelta(hours=5))
    actions.declare_outage(
        town=town,
        from_at=MONDAY - timedelta(days=3),
        to_at=MONDAY + timedelta(hours=4),
        cause="network",
        by=staff(CENTRE),
    )
    with pytest.raises(Refused, match="还没有施行"):
        entered(town, MONDAY - timedelta(days=2))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"to_at": THURSDAY + timedelta(hours=1)}, "不能晚于现在"),
        ({"to_at": MONDAY}, "要晚于开始时间"),
        ({"from_at": THURSDAY - timedelta(days=20)}, "最多登记 15 天"),
        ({"from_at": THURSDAY - timedelta(days=70), "to_at": THURSDAY - timedelta(days=69)}, "过了两个月"),
        ({"cause": "laziness"}, "请选择原因"),
        ({"by": CLERK_1}, "权限"),
    ],
)
def test_an_outage_is_over_short_recent_and_declared_by_who_runs_the_windows(town, clock, change, said):
    clock.move_to(THURSDAY)
    good = {"from_at": MONDAY + timedelta(hours=1), "to_at": TUESDAY, "cause": "power", "by": CENTRE} | change
    with pytest.raises(Refused, match=said):
        actions.declare_outage(town=town, **good | {"by": staff(good["by"])})
    assert not Outage.objects.exists()


def test_the_database_knows_no_entry_before_its_paper(paper_days):
    made = entered(paper_days, TUESDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        LateEntry.objects.filter(case=made.case).update(recorded_at=TUESDAY - timedelta(minutes=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.update(to_at=THURSDAY + timedelta(days=1))


def test_a_lag_that_was_shortened_behind_our_back_is_found(paper_days):
    made = entered(paper_days, TUESDAY)
    LateEntry.objects.filter(case=made.case).update(recorded_at=TUESDAY)
    assert any("事后录入" in finding.what for finding in findings(paper_days))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.integers(0, 68 * 60), waited=st.integers(0, 10 * 24 * 60))
def test_whenever_it_is_entered_every_clock_runs_from_the_paper(paper_days, clock, minutes, waited):
    at: datetime = MONDAY + timedelta(hours=2, minutes=minutes)
    clock.move_to(THURSDAY + timedelta(minutes=waited))
    point = transaction.savepoint()
    case = entered(paper_days, at).case
    calendar = calendar_for(paper_days)
    day = timezone.localdate(at)
    assert case.late.lag >= timedelta(0)
    assert case.late.lag == timezone.now() - at
    for clock_row in case.clocks.all():
        assert clock_row.started_on == day
        assert clock_row.due_on == calendar.last_day(day, clock_row.working_days).day
    assert resident_days(case) == (timezone.localdate() - day).days
    transaction.savepoint_rollback(point)
