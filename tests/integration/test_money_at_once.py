"""Two cashiers at once, on a real database with real commits: a payment pays once, and goes back once."""

import pytest

from mingtang.cases import actions as cases
from mingtang.cases import charging
from mingtang.demo.fees import build_fees
from mingtang.lib.errors import Refused
from mingtang.lib.money import plain_yuan
from mingtang.money import actions
from mingtang.money.models import Deposit, Notice, Refund, Statement
from mingtang.people.models import Unit
from mingtang.towns.models import Jurisdiction
from tests.factories.cast import CASHIER, SIGNER, staff
from tests.unit.money.books import accepted, noticed, statement


@pytest.fixture
def here(own_database) -> Jurisdiction:
    town = Jurisdiction.objects.get(code="430623107")
    build_fees(town)
    unit = Unit.objects.get(town=town, code="power")
    actions.set_account(town=town, unit=unit, payee="户名", bank="银行", number="123456", by=staff(SIGNER))
    return town


def refused(answers: list[object]) -> int:
    """How many were told no; anything worse fails."""
    assert [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Refused)] == []
    return sum(isinstance(answer, Refused) for answer in answers)


def test_the_same_file_at_once_is_read_once_and_pays_once(here, at_once):
    notice = noticed(here)
    rows = [(16_000, notice.number, "S1"), (500, "", "S2")]
    answers = at_once(*[lambda: statement(notice.account, *rows) for _ in range(4)])
    assert refused(answers) == 0
    assert {answer.pk for answer in answers} == {Statement.objects.get().pk}
    assert Deposit.objects.count() == 2
    assert Notice.objects.get(pk=notice.pk).state == "paid"


def test_a_notice_is_matched_issued_and_refunded_once_however_many_press(here, at_once):
    cashier, notice = staff(CASHIER), noticed(here)
    statement(notice.account, (16_000, "", "S1"), (16_000, "", "S2"))
    one, two = Deposit.objects.order_by("pk")
    answers = at_once(
        *[
            lambda deposit=deposit: actions.match(deposit=deposit, number=notice.number, reason="来电", by=cashier)
            for deposit in (one, two, one, two)
        ]
    )
    assert refused(answers) == 3
    paying = Deposit.objects.get(notice=notice)
    ask = [
        lambda: actions.ask_refund(deposit=paying, amount=9_000, of_fee=True, reason="表不准", by=cashier)
        for _ in range(3)
    ]
    undo = [lambda: actions.unmatch(notice=notice, reason="认错了", by=cashier)]
    assert refused(at_once(*ask, *undo)) >= 2
    assert sum(Refund.objects.values_list("amount", flat=True)) <= 9_000

    case = accepted(here)
    actions.cancel(notice=Notice.objects.get(case_number=case.number), reason="重开", by=cashier)
    assert refused(at_once(*[lambda: cases.charge(case=case, by=cashier) for _ in range(3)])) == 2
    assert plain_yuan(charging.owed(case).total) == "160.00"
    numbers = list(Notice.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 3
