"""缴款通知: issued with the acceptance from the bill on the receipt, once, and never for what may not be charged."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mingtang.cases import actions as cases
from mingtang.cases import charging as charges
from mingtang.cases.enums import CaseState, Outcome, Paper
from mingtang.cases.models import Case
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.money import actions, numbers
from mingtang.money.enums import NoticeState
from mingtang.money.models import Account, Notice, ZeroBill
from mingtang.people.models import Staff, Unit
from mingtang.rulebook.fees import Bill
from tests.factories.cast import CASHIER, CLERK_1, SIGNER, staff
from tests.unit.money.books import FIRM, RELIEF, accepted, applied, noticed

pytestmark = pytest.mark.django_db
REASON = "企业已经搬走，不校验了。"


def refused_by_the_database(change) -> bool:
    try:
        with transaction.atomic():
            change()
            connection.check_constraints()
    except DatabaseError:
        return True
    return False


@pytest.mark.pure
@given(st.integers(0, 9_999_999), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_no_number(serial, place, shift):
    body = f"2026{serial:07d}"
    number = body + numbers.check_digit(body)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert numbers.said(f"缴款号{number}电表费") == number
    assert numbers.said(wrong) == ""


@pytest.mark.pure
def test_a_number_is_found_as_people_write_it_and_never_guessed():
    body = "20260000013"
    number = body + numbers.check_digit(body)
    spaced = " ".join((number[:4], number[4:8], number[8:]))
    assert numbers.said(f"张三 {spaced}") == number
    assert numbers.said("".join(chr(ord(digit) + 0xFEE0) for digit in number)) == number
    other = "20260000014" + numbers.check_digit("20260000014")
    assert numbers.said(f"{number}，{other}") == ""
    assert numbers.said(f"6{number}") == numbers.said("") == ""


def test_acceptance_sends_the_notice_with_what_the_receipt_told(books):
    case = accepted(books)
    notice = Notice.objects.get(case_number=case.number)
    receipt, paper = case.documents.get(kind=Paper.RECEIPT).data, case.documents.get(kind=Paper.PAYMENT)
    assert notice.total == receipt["charges"]["total"] == 16_000
    assert [(row["name"], row["amount"]) for row in notice.lines] == [("企业电能表校验费", 16_000)]
    assert paper.data["payment_number"] == notice.number
    assert paper.data["charges"] == receipt["charges"]
    assert paper.data["capital"] == "人民币壹佰陆拾元整"
    # A utility's own income goes to its own account, not to the treasury's.
    assert paper.data["account"] == notice.account.number == Account.objects.get(unit__code="power").number
    assert Event.objects.get(subject=notice.subject).data["total"] == 16_000
    assert notice.due_on > timezone.localdate()


def test_a_zero_bill_needs_no_notice(books, django_assert_num_queries):
    case = accepted(books, RELIEF)
    assert not Notice.objects.exists()
    assert charges.owed(case).total == 0
    assert ZeroBill.objects.get().case_number == case.number
    with django_assert_num_queries(1):
        assert list(charges.uncharged(books)) == [], "a case that was found free is not opened again"
    with pytest.raises(Refused, match="不收费"):
        cases.charge(case=case, by=staff(CASHIER))


def test_without_an_account_the_case_is_accepted_and_charged_later(charging):
    case = accepted(charging)
    assert case.state == CaseState.ACCEPTED
    assert not Notice.objects.exists()
    with pytest.raises(Refused, match="收款账户"):
        cases.charge(case=case, by=staff(CASHIER))
    unit = Unit.objects.get(code="power")
    actions.set_account(
        town=charging, unit=unit, payee="供电所（演示）", bank="银行（演示）", number="1234 5678", by=staff(SIGNER)
    )
    paper = cases.charge(case=case, by=staff(CASHIER))
    assert paper.data["account"] == "12345678"
    with pytest.raises(Refused, match="已经有缴款通知"):
        cases.charge(case=case, by=staff(CASHIER))


def test_a_fee_that_is_not_in_force_or_not_in_the_version_is_not_charged(books):
    case = applied(books)
    bill, version = charges.owed(case), case.version
    (line,) = bill.lines
    ended = replace(line.fee, valid_to="2020-01-01")
    other = replace(line, fee=replace(line.fee, name="手续费"))
    for wrong, said in ((replace(line, fee=ended), "没有列在"), (other, "没有列在")):
        with pytest.raises(Refused, match=said):
            actions.issue(version=version, case_number=case.number, bill=Bill((wrong,)), by=staff(CLERK_1))
    # The version itself ends the fee between the receipt and the acceptance.
    version.sha256 = ""
    version.data["fees"][1]["valid_to"] = timezone.localdate().isoformat()
    del version.spec
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert charges.owed(case).total == 0
        bill = Bill((replace(line, fee=version.spec.fees[1]),))
        with pytest.raises(Refused, match="没有施行"):
            actions.issue(version=version, case_number=case.number, bill=bill, by=staff(CLERK_1))


def test_who_may_not_ask_for_money_does_not(books):
    case = applied(books)
    nobody = Staff.objects.create(town=books, username="nobody", name="无岗", number="999")
    with pytest.raises(Refused, match="权限"):
        actions.issue(version=case.version, case_number=case.number, bill=charges.owed(case), by=nobody)
    with pytest.raises(Refused, match="权限"):
        actions.set_account(town=books, payee="甲", bank="乙", number="123456", by=staff(CASHIER))
    notice = noticed(books)
    with pytest.raises(Refused, match="权限"):
        actions.cancel(notice=notice, reason=REASON, by=staff(CLERK_1))


def test_an_unpaid_notice_stops_nothing_and_goes_with_the_application(books):
    case = accepted(books)
    notice = Notice.objects.get(case_number=case.number)
    cases.opinion(case=case, step_key="check", agrees=True, text="准。", by=staff("jiliang"))
    cases.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=staff("diansuo"))
    assert Notice.objects.get(pk=notice.pk).state == NoticeState.ISSUED
    other = accepted(books)
    cases.withdraw(case=other)
    dropped = Notice.objects.get(case_number=other.number)
    assert (dropped.state, dropped.ended_by, dropped.ended_reason) == ("cancelled", None, "申请已经撤回")


def test_a_notice_lapses_after_its_day_and_by_a_persons_hand(books):
    notice = noticed(books)
    with pytest.raises(Refused, match="还没有过"):
        actions.expire(notice=notice, by=staff(CASHIER))
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=False):
        assert actions.expire(notice=notice, by=staff(CASHIER)).state == NoticeState.EXPIRED
        with pytest.raises(Refused, match="逾期未缴"):
            actions.cancel(notice=notice, reason=REASON, by=staff(CASHIER))


def test_a_number_is_never_given_twice(books):
    first = noticed(books)
    actions.cancel(notice=first, reason=REASON, by=staff(CASHIER))
    case = Case.objects.get(number=first.case_number)
    cases.charge(case=case, by=staff(CASHIER))
    second = Notice.objects.get(case_number=first.case_number, state=NoticeState.ISSUED)
    assert int(second.number[:-1]) == int(first.number[:-1]) + 1


def test_the_database_refuses_what_the_acts_refuse(books):
    notice = noticed(books)
    same = {f.attname: getattr(notice, f.attname) for f in Notice._meta.concrete_fields if f.attname != "id"}
    new = {**same, "number": "202600099999"}
    fresh = {**new, "case_number": "WY-ELSE"}
    assert refused_by_the_database(lambda: Notice.objects.create(**{**fresh, "total": 0, "lines": []}))
    assert refused_by_the_database(lambda: Notice.objects.create(**{**fresh, "total": 16_001}))
    assert refused_by_the_database(lambda: Notice.objects.create(**new)), "two open notices of a case"
    assert refused_by_the_database(lambda: Notice.objects.filter(pk=notice.pk).update(total=15_000))
    assert refused_by_the_database(lambda: Notice.objects.filter(pk=notice.pk).update(state="paid"))
    assert refused_by_the_database(lambda: Notice.objects.filter(pk=notice.pk).update(state="cancelled"))
    assert not refused_by_the_database(lambda: Notice.objects.create(**fresh))


def test_a_changed_account_is_another_row_and_old_notices_keep_theirs(books):
    notice, old = noticed(books), Account.objects.get(unit__code="power")
    new = actions.set_account(
        town=books, unit=old.unit, payee=old.payee, bank=old.bank, number="88888888", by=staff(SIGNER)
    )
    old.refresh_from_db()
    notice.refresh_from_db()
    assert (old.ended_at is not None, notice.account_id, new.ended_at) == (True, old.pk, None)
    with pytest.raises(Refused, match="账号"):
        actions.set_account(town=books, payee="甲", bank="乙", number="123abc", by=staff(SIGNER))
    assert noticed(books, FIRM).account_id == new.pk
