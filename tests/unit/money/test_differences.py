"""对账: whatever does not agree is named with its day, and goes when its cause has gone."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases import charging as match
from mingtang.cases.models import Case
from mingtang.money import actions, differences
from mingtang.money.differences import Kind
from mingtang.money.models import Account, Deposit, Notice
from mingtang.people.enums import Permission
from tests.factories.cast import CASHIER, SIGNER, staff
from tests.unit.money.books import RELIEF, accepted, applied, noticed, paid, statement

pytestmark = pytest.mark.django_db


def kinds(town) -> list[str]:
    return sorted(row.kind for row in match.differences(town))


def test_a_case_that_owes_and_was_never_asked_is_named_until_it_is(charging):
    case = accepted(charging)
    accepted(charging, RELIEF)
    (row,) = match.differences(charging)
    assert (row.kind, row.case_number, row.amount) == (Kind.UNCHARGED, case.number, 16_000)
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert row.days(timezone.localdate()) == 3
    actions.set_account(
        town=charging, unit=case.item.unit, payee="供电所", bank="银行", number="123456", by=staff(SIGNER)
    )
    cases.charge(case=case, by=staff(CASHIER))
    assert kinds(charging) == []


def test_acceptance_by_silence_asks_for_nothing_by_itself(books):
    case, free = applied(books), applied(books, RELIEF)
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        cases.accept_by_silence(case=case)
        cases.accept_by_silence(case=free)
        assert not Notice.objects.exists(), "what burdens people is signed by a person"
        (row,) = match.uncharged(books)
        assert row.case_number == case.number
        case.refresh_from_db()
        cases.charge(case=case, by=staff(CASHIER))
        assert list(match.uncharged(books)) == []


def test_every_kind_of_difference_is_told_and_settled(books):
    cashier, head, today = staff(CASHIER), staff(SIGNER), timezone.localdate()
    notice = paid(books)
    assert kinds(books) == [Kind.NO_RECEIPT]
    actions.give_receipt(notice=notice, number="0001", given_on=today, by=cashier)
    assert kinds(books) == []
    other = noticed(books)
    statement(
        notice.account, (16_000, notice.number, "a"), (15_000, other.number, "b"), (7, "", "c"), (16_001, "", "d")
    )
    deposit = {row.serial: row for row in Deposit.objects.all()}
    actions.match(deposit=deposit["d"], number=other.number, reason="同名，只多一分。", by=cashier)
    found = {row.kind: row for row in match.differences(books)}
    assert set(found) == {Kind.TWICE, Kind.UNKNOWN, Kind.MORE, Kind.NO_RECEIPT}
    assert found[Kind.MORE].amount == 1
    sums = sorted(row.amount for row in match.differences(books) if row.deposit)
    assert sums == [1, 7, 15_000, 16_000]
    refunds = [
        actions.ask_refund(deposit=deposit[serial], amount=fen, of_fee=False, reason="退回", by=cashier)
        for serial, fen in (("a", 16_000), ("b", 15_000), ("c", 7), ("d", 1))
    ]
    assert kinds(books) == [Kind.NO_RECEIPT, *[Kind.REFUND_ASKED] * 4]
    assert {row.power for row in match.differences(books)} == {Permission.MONEY_MATCH, Permission.MONEY_APPROVE}
    for number, refund in enumerate(refunds):
        actions.approve_refund(refund=refund, by=head)
        assert kinds(books).count(Kind.REFUND_APPROVED) == 1
        actions.pay_refund(refund=refund, serial=f"out{number}", by=cashier)
    assert kinds(books) == [Kind.NO_RECEIPT]


def test_a_wrong_sum_and_a_late_payer_are_named(books):
    notice = noticed(books)
    statement(notice.account, (1, notice.number, "x"))
    assert kinds(books) == [Kind.WRONG_SUM]
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=False):
        unpaid = next(row for row in match.differences(books) if row.kind == Kind.UNPAID)
        assert unpaid.days(timezone.localdate()) == (timezone.localdate() - notice.due_on).days > 0
        actions.expire(notice=notice, by=staff(CASHIER))
        assert Kind.UNPAID not in kinds(books)


def test_money_of_a_case_that_was_taken_back_is_named_until_it_is_refunded(books):
    notice = paid(books)
    actions.give_receipt(notice=notice, number="0001", given_on=timezone.localdate(), by=staff(CASHIER))
    cases.withdraw(case=Case.objects.get(number=notice.case_number))
    (row,) = match.differences(books)
    assert (row.kind, row.amount, row.deposit) == (Kind.KEPT, 16_000, notice.deposit)
    actions.ask_refund(deposit=row.deposit, amount=16_000, of_fee=True, reason="撤回了", by=staff(CASHIER))
    assert kinds(books) == [Kind.REFUND_ASKED]


@time_machine.travel("2026-11-10T09:00:00+08:00", tick=False)
def test_a_missing_day_of_the_bank_is_told_and_today_is_not_over(books):
    account = Account.objects.get(unit__code="power")
    assert differences.missing_days(account, date(2026, 11, 10)) == []
    notice = noticed(books)
    with time_machine.travel("2026-11-15T09:00:00+08:00", tick=False):
        today = timezone.localdate()
        assert differences.missing_days(account, today) == [(date(2026, 11, 10), date(2026, 11, 14))]
        statement(account, on=date(2026, 11, 10))
        statement(account, on=date(2026, 11, 12))
        statement(account, (16_000, notice.number, "1"), on=date(2026, 11, 15))
        gaps = [(date(2026, 11, 11), date(2026, 11, 11)), (date(2026, 11, 13), date(2026, 11, 14))]
        assert differences.missing_days(account, today) == gaps
        (first, second) = [row for row in match.differences(books) if row.kind == Kind.MISSING_DAYS]
        assert (first.since, first.days(today)) == (date(2026, 11, 11), 4)
        assert "2026年11月13日到2026年11月14日" in second.what
    with time_machine.travel("2026-11-16T09:00:00+08:00", tick=False):
        # What was read in on the fifteenth does not know how that day ended.
        assert differences.missing_days(account, date(2026, 11, 16))[-1][1] == date(2026, 11, 15)
    assert Notice.objects.get(pk=notice.pk).state == "paid"


def test_another_town_sees_none_of_it(books, other_town):
    paid(books)
    assert match.differences(other_town) == []
    assert "没有设" in differences.owners(other_town)[Permission.MONEY_MATCH]
    assert "财政所收费岗" in differences.owners(books)[Permission.MONEY_MATCH]
