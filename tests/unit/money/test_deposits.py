"""What the bank tells is taken over once, pays what it names, and waits for a person otherwise."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.money import actions, bank
from mingtang.money.enums import NoticeState as S
from mingtang.money.models import Account, Deposit, Notice, Statement
from tests.factories.cast import CASHIER, CLERK_1, SIGNER, staff
from tests.unit.money.books import noticed, paid, statement
from tests.unit.money.test_notices import refused_by_the_database

pytestmark = pytest.mark.django_db
WHY = "付款人在电话里报了缴款号。"


def state(notice: Notice) -> str:
    return Notice.objects.get(pk=notice.pk).state


def test_a_payment_that_names_its_notice_pays_it(books):
    notice = noticed(books)
    done = statement(notice.account, (16_000, f"电表费{notice.number}", "1"), (500, "不知道是什么", "2"))
    assert (done.count, done.total, done.known) == (2, 16_500, 0)
    assert state(notice) == S.PAID
    first, second = Deposit.objects.order_by("pk")
    assert (first.notice, first.matched_by, first.loose) == (notice, None, 0)
    assert (second.notice, second.loose) == (None, 500)
    assert first.said == {"payer": "司马付款甲", "reference": f"电表费{notice.number}"}
    assert Event.objects.filter(subject=notice.subject, type="money.paid").get().actor == "system"


def test_the_same_file_twice_changes_nothing_and_an_overlapping_one_adds_what_is_new(books):
    notice = noticed(books)
    rows = [(16_000, notice.number, "1")]
    first, before = statement(notice.account, *rows), Event.objects.count()
    assert statement(notice.account, *rows) == first
    assert (Event.objects.count(), Statement.objects.count()) == (before, 1)
    more = statement(notice.account, *rows, (700, "", "2"))
    assert (more.count, more.total, more.known) == (1, 700, 1)
    assert Deposit.objects.count() == 2


def test_a_serial_that_tells_another_sum_is_a_sentence_and_nothing_is_taken_over(books):
    account = Account.objects.get(unit__code="power")
    statement(account, (100, "", "1"))
    with pytest.raises(bank.Unreadable) as caught:
        statement(account, (300, "", "2"), (101, "", "1"))
    assert "第3行“流水号”：1 以前登记的是" in caught.value.problems[0]
    assert Deposit.objects.count() == 1


def test_paid_twice_too_much_too_little_or_to_another_account_waits_for_a_person(books):
    notice, other = noticed(books), noticed(books)
    treasury = Account.objects.get(unit__isnull=True)
    statement(notice.account, (16_000, notice.number, "1"), (16_000, notice.number, "2"), (16_001, other.number, "3"))
    statement(treasury, (16_000, other.number, "4"))
    assert (state(notice), state(other)) == (S.PAID, S.ISSUED)
    twice, much = Deposit.objects.get(serial="2"), Deposit.objects.get(serial="3")
    assert (twice.named, twice.notice, twice.loose) == (notice, None, 16_000)
    cashier = staff(CASHIER)
    with pytest.raises(Refused, match="已缴款"):
        actions.match(deposit=twice, number=notice.number, reason=WHY, by=cashier)
    with pytest.raises(Refused, match="收款账户"):
        actions.match(deposit=Deposit.objects.get(serial="4"), number=other.number, reason=WHY, by=cashier)
    with pytest.raises(Refused, match="为什么"):
        actions.match(deposit=much, number=other.number, reason=" ", by=cashier)
    with pytest.raises(Refused, match="没有缴款号"):
        actions.match(deposit=much, number="123", reason=WHY, by=cashier)
    with pytest.raises(Refused, match="权限"):
        actions.match(deposit=much, number=other.number, reason=WHY, by=staff(CLERK_1))
    actions.match(deposit=much, number=other.number, reason=WHY, by=cashier)
    much.refresh_from_db()
    assert (state(other), much.loose, much.matched_by) == (S.PAID, 1, cashier)
    third = noticed(books)
    statement(third.account, (100, third.number, "5"))
    with pytest.raises(Refused, match="少 159元"):
        actions.match(deposit=Deposit.objects.get(serial="5"), number=third.number, reason=WHY, by=cashier)


def test_a_match_by_hand_may_be_undone_until_a_receipt_was_given(books):
    notice = noticed(books)
    statement(notice.account, (16_000, "没写号", "1"))
    deposit, cashier = Deposit.objects.get(), staff(CASHIER)
    for _ in range(2):
        actions.match(deposit=deposit, number=notice.number, reason=WHY, by=cashier)
        actions.unmatch(notice=notice, reason="认错了人，是另一户的。", by=cashier)
        assert state(notice) == S.ISSUED
    actions.match(deposit=deposit, number=notice.number, reason=WHY, by=cashier)
    actions.give_receipt(notice=notice, number="HN-0001", given_on=timezone.localdate(), by=cashier)
    with pytest.raises(Refused, match="票据"):
        actions.unmatch(notice=notice, reason=WHY, by=cashier)
    with pytest.raises(Refused, match="自动核销"):
        actions.unmatch(notice=paid(books), reason=WHY, by=cashier)


def test_a_receipt_stands_for_one_payment(books):
    first, second, cashier, today = paid(books), paid(books), staff(CASHIER), timezone.localdate()
    with pytest.raises(Refused, match="开票日期"):
        actions.give_receipt(notice=first, number="0001", given_on=today - timedelta(days=1), by=cashier)
    with pytest.raises(Refused, match="号码"):
        actions.give_receipt(notice=first, number="没有", given_on=today, by=cashier)
    actions.give_receipt(notice=first, number="0001", given_on=today, by=cashier)
    with pytest.raises(Refused, match="另一份"):
        actions.give_receipt(notice=second, number="0001", given_on=today, by=cashier)
    with pytest.raises(Refused, match="已经登记过"):
        actions.give_receipt(notice=first, number="0002", given_on=today, by=cashier)
    with pytest.raises(Refused, match="待缴款"):
        actions.give_receipt(notice=noticed(books), number="0003", given_on=today, by=cashier)


def test_money_that_comes_late_still_pays(books):
    notice = noticed(books)
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=False):
        actions.expire(notice=notice, by=staff(CASHIER))
        statement(notice.account, (16_000, notice.number, "1"))
        late = Notice.objects.get(pk=notice.pk)
    assert (late.state, late.ended_at, late.ended_reason) == (S.PAID, None, "")


def test_days_that_are_not_over_or_run_backwards_are_refused(books):
    account, today = Account.objects.get(unit__code="power"), timezone.localdate()
    with pytest.raises(Refused, match="今天以后"):
        statement(account, on=today + timedelta(days=1))
    with pytest.raises(Refused, match="早于"):
        actions.read_in(account=account, data=b"", from_on=today, to_on=today - timedelta(days=1), by=staff(CASHIER))
    with pytest.raises(Refused, match="权限"):
        actions.read_in(account=account, data=b"", from_on=today, to_on=today, by=staff(CLERK_1))


def test_the_database_holds_sums_and_pairs(books):
    notice, other = paid(books), noticed(books)
    deposit = notice.deposit
    rows = Deposit.objects.filter(pk=deposit.pk)
    statement(other.account, (15_999, "", "short"))
    short = Deposit.objects.filter(serial="short")
    assert refused_by_the_database(lambda: short.update(notice=other, matched_at=timezone.now()))
    assert refused_by_the_database(lambda: rows.update(amount=1))
    assert refused_by_the_database(lambda: rows.update(matched_at=None))
    assert refused_by_the_database(lambda: Notice.objects.filter(pk=notice.pk).update(state="issued", paid_at=None))
    assert refused_by_the_database(
        lambda: Notice.objects.filter(pk=other.pk).update(state="paid", paid_at=timezone.now())
    )
    treasury = Account.objects.get(unit__isnull=True)
    statement(treasury, (16_000, "", "elsewhere"))
    elsewhere = Deposit.objects.filter(serial="elsewhere")
    assert refused_by_the_database(lambda: elsewhere.update(notice=other, matched_at=timezone.now()))


def test_a_refund_takes_two_persons_and_never_more_than_came_in(books):
    notice, cashier, head = paid(books), staff(CASHIER), staff(SIGNER)
    deposit = notice.deposit
    with pytest.raises(Refused, match="最多还能退 160元"):
        actions.ask_refund(deposit=deposit, amount=16_001, of_fee=True, reason="表不准。", by=cashier)
    with pytest.raises(Refused, match="最多还能退 0元"):
        actions.ask_refund(deposit=deposit, amount=1, of_fee=False, reason="多收。", by=cashier)
    part = actions.ask_refund(deposit=deposit, amount=8_000, of_fee=True, reason="一块表不准。", by=cashier)
    rest = actions.ask_refund(deposit=deposit, amount=8_000, of_fee=True, reason="两块都不准。", by=cashier)
    with pytest.raises(Refused, match="最多还能退 0元"):
        actions.ask_refund(deposit=deposit, amount=1, of_fee=True, reason="再退。", by=cashier)
    with pytest.raises(Refused, match="权限"):
        actions.approve_refund(refund=part, by=cashier)
    with pytest.raises(Refused, match="待批准"):
        actions.pay_refund(refund=part, serial="R1", by=cashier)
    actions.approve_refund(refund=part, by=head)
    actions.pay_refund(refund=part, serial="R1", by=cashier)
    assert state(notice) == S.PAID
    actions.refuse_refund(refund=rest, reason="第二块表是准的。", by=head)
    again = actions.ask_refund(deposit=deposit, amount=8_000, of_fee=True, reason="复核后也不准。", by=cashier)
    actions.approve_refund(refund=again, by=head)
    with pytest.raises(Refused, match="另一笔"):
        actions.pay_refund(refund=again, serial="R1", by=cashier)
    actions.pay_refund(refund=again, serial="R2", by=cashier)
    assert state(notice) == S.REFUNDED
    kept = deposit.refunds.first()
    assert refused_by_the_database(lambda: deposit.refunds.filter(pk=rest.pk).update(state="done"))
    assert refused_by_the_database(lambda: deposit.refunds.filter(pk=kept.pk).update(amount=1))
    assert refused_by_the_database(
        lambda: deposit.refunds.create(
            town=books, of_fee=True, amount=1, reason="再", asked_by=cashier, asked_at=timezone.now()
        )
    )
    assert refused_by_the_database(
        lambda: deposit.refunds.create(
            town=books, of_fee=False, amount=1, reason="再", asked_by=cashier, asked_at=timezone.now()
        )
    )


def test_whoever_asks_for_a_refund_does_not_approve_it_even_with_both_powers(books):
    both, deposit = staff(SIGNER), paid(books).deposit
    both_post = staff(CASHIER).assignments.get().post
    both.assignments.create(post=both_post, valid_from=timezone.now() - timedelta(days=1))
    refund = actions.ask_refund(deposit=deposit, amount=100, of_fee=True, reason="多收。", by=both)
    with pytest.raises(Refused, match="另一个人"):
        actions.approve_refund(refund=refund, by=both)
    assert refused_by_the_database(
        lambda: (
            type(refund)
            .objects.filter(pk=refund.pk)
            .update(state="approved", decided_by=both, decided_at=timezone.now())
        )
    )
