"""What whoever pays is told: how much, by when, how, never at the window; that it came in, that it goes back."""

from dataclasses import replace

import pytest
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases.actions import kinds
from mingtang.cases.enums import TellBy
from mingtang.cases.models import Case
from mingtang.events import follow
from mingtang.lib.text import chinese_date
from mingtang.money import actions
from mingtang.money.actions import kinds as money
from mingtang.money.models import Deposit, Notice
from mingtang.notices import wording
from mingtang.notices.models import Message
from tests.factories.acts import APPLICANT
from tests.factories.cast import CASHIER, SIGNER, staff
from tests.unit.money.books import FIRM, accepted, statement

PHONE = "10000000001"
BY_SMS = replace(APPLICANT, phone=PHONE, tell_by=TellBy.SMS)


@pytest.fixture
def asked(books, settings) -> Notice:
    """What an applicant owes who wants to be told by text message."""
    settings.SMS_URL = "http://127.0.0.1:1/"
    return Notice.objects.get(case_number=accepted(books, FIRM, BY_SMS).number)


def told() -> dict[str, str]:
    """Kind → text, of all that was told of money."""
    follow.settle()
    rows = [row for row in Message.objects.order_by("pk") if row.kind == kinds.CHARGED or row.kind.startswith("money.")]
    assert len({row.kind for row in rows}) == len(rows)
    return {row.kind: row.content["text"] for row in rows}


def test_the_notice_says_how_much_by_when_and_how_and_that_the_window_takes_no_cash(asked):
    text = told()[kinds.CHARGED]
    for said in (asked.case_number, "160元", chinese_date(asked.due_on), asked.number, "窗口不收现金"):
        assert said in text
    assert asked.account.number not in text


def test_money_in_receipt_and_money_back_are_told_each_once_without_the_person(asked):
    statement(asked.account, (asked.total, asked.number, "B1"))
    actions.give_receipt(notice=asked, number="1234567890", given_on=timezone.localdate(), by=staff(CASHIER))
    deposit = Deposit.objects.get()
    refund = actions.ask_refund(deposit=deposit, amount=5_000, of_fee=True, reason="少装了一块表", by=staff(CASHIER))
    actions.approve_refund(refund=refund, by=staff(SIGNER))
    actions.pay_refund(refund=refund, serial="R1", by=staff(CASHIER))
    found = told()
    assert list(found) == [kinds.CHARGED, money.PAID, money.RECEIPT, money.REFUND_APPROVED, money.REFUND_DONE]
    assert "160元" in found[money.PAID]
    assert "50元" in found[money.REFUND_APPROVED] and "50元" in found[money.REFUND_DONE]
    for text in found.values():
        assert asked.case_number in text
        assert wording.segments(text) <= 2, text
        for secret in (APPLICANT.name, APPLICANT.id_number, PHONE, "司马付款甲", "少装", "{"):
            assert secret not in text


def test_a_match_that_was_wrong_is_taken_back(asked):
    statement(asked.account, (asked.total, "电费", "B1"))
    actions.match(deposit=Deposit.objects.get(), number=asked.number, reason="电话核对", by=staff(CASHIER))
    actions.unmatch(notice=asked, reason="是别人的", by=staff(CASHIER))
    assert "认错" in told()[money.UNMATCHED]


def test_whoever_withdraws_knows_and_whoever_is_let_off_is_told(asked, books):
    cases.withdraw(case=Case.objects.get(number=asked.case_number))
    assert money.CANCELLED not in told()
    other = Notice.objects.get(case_number=accepted(books, FIRM, BY_SMS).number)
    actions.cancel(notice=other, reason="表箱由单位承担", by=staff(CASHIER))
    follow.settle()
    assert "不用缴" in Message.objects.get(kind=money.CANCELLED).content["text"]


def test_money_that_pays_no_notice_and_who_did_not_ask_are_told_nothing(books):
    quiet = accepted(books, FIRM)
    notice = Notice.objects.get(case_number=quiet.number)
    statement(notice.account, (notice.total, notice.number, "B1"), (100, "不知道", "B2"))
    stray = Deposit.objects.get(serial="B2")
    refund = actions.ask_refund(deposit=stray, amount=100, of_fee=False, reason="查不到是谁的", by=staff(CASHIER))
    actions.approve_refund(refund=refund, by=staff(SIGNER))
    assert told() == {}
