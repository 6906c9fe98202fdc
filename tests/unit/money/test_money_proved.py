"""`mingtang verify` names a notice or refund that is not what its events made of it."""

import pytest
from django.db import connection
from django.utils import timezone

from mingtang.money import actions, proved
from tests.factories.cast import CASHIER, SIGNER, staff
from tests.unit.money.books import noticed, paid, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_books(books):
    """A notice in each state, and refunds on their way."""
    cashier, head = staff(CASHIER), staff(SIGNER)
    actions.cancel(notice=noticed(books), reason="不办了", by=cashier)
    notice = paid(books)
    actions.give_receipt(notice=notice, number="HN0001", given_on=timezone.localdate(), by=cashier)
    back = paid(books).deposit
    refund = actions.ask_refund(deposit=back, amount=16_000, of_fee=True, reason="表不准", by=cashier)
    actions.approve_refund(refund=refund, by=head)
    actions.pay_refund(refund=refund, serial="OUT1", by=cashier)
    by_hand = noticed(books)
    statement(by_hand.account, (16_000, "", "hand"))
    deposit = by_hand.account.deposits.get(serial="hand")
    for _ in range(2):
        actions.match(deposit=deposit, number=by_hand.number, reason="来电", by=cashier)
        actions.unmatch(notice=by_hand, reason="认错", by=cashier)
    actions.ask_refund(deposit=deposit, amount=1, of_fee=False, reason="退", by=cashier)
    return notice, refund


def test_books_kept_by_the_acts_are_whole_and_a_changed_row_is_named(full_books):
    notice, refund = full_books
    town = notice.town
    assert [*proved.check_notices(town), *proved.check_refunds(town)] == []
    changes = (
        ("money_notice", "UPDATE money_notice SET total = 1 WHERE id = %s", notice.pk),
        ("money_notice", "UPDATE money_receipt SET number = 'X' WHERE notice_id = %s", notice.pk),
        ("money_refund", "UPDATE money_refund SET serial = 'X' WHERE id = %s", refund.pk),
    )
    with connection.cursor() as cursor:
        triggers = {
            "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'money%'",
            "postgresql": "SELECT DISTINCT 'DROP TRIGGER ' || trigger_name || ' ON ' || event_object_table FROM "
            "information_schema.triggers WHERE trigger_name LIKE 'money%%'",
        }
        cursor.execute(triggers[connection.vendor].replace("%%", "%"))
        for (statement_,) in cursor.fetchall():
            cursor.execute(statement_)
        for table, sql, pk in changes:
            cursor.execute(sql, [pk])
            found = [*proved.check_notices(town), *proved.check_refunds(town)]
            assert (found[-1].table, found[-1].row) == (table, pk)
