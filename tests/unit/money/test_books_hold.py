"""In whatever order notices go out, money comes and money goes back: no fen is lost, none is counted twice."""

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.cases import charging
from mingtang.lib.errors import Refused
from mingtang.money import actions
from mingtang.money.enums import NoticeState as S
from mingtang.money.enums import RefundState as R
from mingtang.money.models import Account, Deposit, Notice, Refund
from tests.factories.cast import CASHIER, SIGNER, staff
from tests.unit.money.books import applied, statement

pytestmark = pytest.mark.django_db
SUMS = (15_999, 16_000, 16_000, 16_000, 20_000)
ACTS = ("issue", "come", "come", "match", "unmatch", "receipt", "ask", "approve", "refuse", "pay", "cancel", "back")
step = st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 5), st.booleans())


class Books:
    """What a forgetful office does, one act after the other; what is refused changes nothing."""

    def __init__(self, cases) -> None:
        self.cases, self.cashier, self.head = cases, staff(CASHIER), staff(SIGNER)
        self.account, self.told = Account.objects.get(unit__code="power"), {}

    def _one(self, rows, index):
        found = list(rows.order_by("pk"))
        if not found:
            raise Refused("nothing to do it with")
        return found[index % len(found)]

    def do(self, act: str, one: int, other: int, flag: bool) -> None:
        getattr(self, act)(one, other, flag)

    def issue(self, one, other, flag):
        case = self.cases[one % len(self.cases)]
        actions.issue(version=case.version, case_number=case.number, bill=charging.owed(case), by=self.cashier)

    def come(self, one, other, flag):
        """The bank tells of a payment, perhaps of one that it has told before."""
        number = Notice.objects.order_by("pk").values_list("number", flat=True)[one:].first() or ""
        serial = f"S{other if flag else len(self.told)}"
        fen = self.told.get(serial, SUMS[other % len(SUMS)])
        statement(self.account, (fen, number, serial))
        self.told[serial] = fen

    def match(self, one, other, flag):
        notice = self._one(Notice.objects.all(), one)
        actions.match(
            deposit=self._one(Deposit.objects.all(), other), number=notice.number, reason="对上了", by=self.cashier
        )

    def unmatch(self, one, other, flag):
        actions.unmatch(notice=self._one(Notice.objects.all(), one), reason="认错了", by=self.cashier)

    def receipt(self, one, other, flag):
        notice = self._one(Notice.objects.filter(state=S.PAID), one)
        actions.give_receipt(notice=notice, number=f"R{notice.pk}000", given_on=notice.deposit.came_on, by=self.cashier)

    def ask(self, one, other, flag):
        deposit = self._one(Deposit.objects.all(), one)
        amount = (1, 1, 100, 15_999, 16_000, 20_000)[other]
        actions.ask_refund(deposit=deposit, amount=amount, of_fee=flag, reason="退", by=self.cashier)

    def approve(self, one, other, flag):
        actions.approve_refund(refund=self._one(Refund.objects.all(), one), by=self.head)

    def refuse(self, one, other, flag):
        actions.refuse_refund(refund=self._one(Refund.objects.all(), one), reason="不退", by=self.head)

    def pay(self, one, other, flag):
        refund = self._one(Refund.objects.all(), one)
        actions.pay_refund(refund=refund, serial=f"OUT{refund.pk}", by=self.cashier)

    def back(self, one, other, flag):
        """A fee goes back, whole or less a fen, without anything in between."""
        notice = self._one(Notice.objects.filter(state=S.PAID), one)
        amount = notice.total - 1 if flag else notice.total
        refund = actions.ask_refund(deposit=notice.deposit, amount=amount, of_fee=True, reason="退", by=self.cashier)
        self.approve(list(Refund.objects.order_by("pk")).index(refund), 0, False)
        if other:
            self.pay(list(Refund.objects.order_by("pk")).index(refund), 0, False)

    def cancel(self, one, other, flag):
        actions.cancel(notice=self._one(Notice.objects.all(), one), reason="不收了", by=self.cashier)

    def check(self) -> None:
        deposits = list(Deposit.objects.select_related("notice"))
        assert {row.serial: row.amount for row in deposits} == self.told, "each payment once, to the fen"
        paying = [row.notice for row in deposits if row.notice]
        assert len(paying) == len({row.pk for row in paying})
        assert {row.pk for row in paying} == set(
            Notice.objects.filter(state__in=[S.PAID, S.REFUNDED]).values_list("pk", flat=True)
        )
        loose = sum(row.loose for row in deposits)
        assert sum(self.told.values()) == sum(row.total for row in paying) + loose
        for row in deposits:
            for of_fee, most in ((True, row.notice.total if row.notice else 0), (False, row.loose)):
                rows = row.refunds.filter(of_fee=of_fee)
                back = sum(refund.amount for refund in rows if refund.state != R.REFUSED)
                assert 0 <= back <= most
                assert actions.left(row, of_fee=of_fee) == most - back
        for notice in Notice.objects.all():
            assert notice.total == sum(line["amount"] for line in notice.lines)
            gone = Refund.objects.filter(deposit__notice=notice, of_fee=True, state=R.DONE)
            whole = gone.aggregate(sum=Sum("amount"))["sum"] == notice.total
            assert (notice.state == S.REFUNDED) == whole
        for case in self.cases:
            live = Notice.objects.filter(case_number=case.number, state__in=[S.ISSUED, S.PAID])
            assert live.count() <= 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(life=st.lists(step, min_size=5, max_size=25))
def test_the_books_hold_after_every_act(two_cases, life):
    with transaction.atomic():
        books = Books(two_cases)
        for act in (("issue", 0, 0, False), ("issue", 1, 0, False), *life):
            try:
                with transaction.atomic():
                    books.do(*act)
            except Refused:
                pass
            books.check()
        transaction.set_rollback(True)


@pytest.fixture
def two_cases(books):
    return [applied(books), applied(books)]
