"""收费 in the demo town: the accounts, firms whose meters are checked for money, and a day of the bank.

Account numbers, serials and receipt numbers are invented.
"""

from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases.actions.intake import Received
from mingtang.cases.models import Case
from mingtang.demo.cases import apply_for, person
from mingtang.lib.tx import act
from mingtang.money import actions
from mingtang.money.models import Account, Deposit, Notice
from mingtang.people.models import Staff, Unit
from mingtang.towns.models import Jurisdiction

# unit (none: the treasury), payee, bank, number
ACCOUNTS = (
    (None, "万庾镇财政所非税收入汇缴专户（演示）", "万庾农商银行（演示）", "99900000000000001"),
    ("power", "万庾供电所（演示）", "万庾农商银行（演示）", "99900000000000002"),
)
OWING, PAID = "demo-owing", "demo-paid"


def build_money(town: Jurisdiction) -> None:
    """The accounts that notices name, set by the office; a case that owes, and one that paid, by mistake twice."""
    office = Staff.objects.get(username="qianfa")
    for code, payee, bank, number in ACCOUNTS:
        unit = Unit.objects.get(town=town, code=code) if code else None
        if not Account.objects.filter(town=town, unit=unit).exists():
            actions.set_account(town=town, unit=unit, payee=payee, bank=bank, number=number, by=office)
    with act():
        if not Case.objects.filter(town=town, submission=PAID).exists():
            _pay(_accepted(town, PAID, "孙有余", 8))
    with act():
        if not Case.objects.filter(town=town, submission=OWING).exists():
            _accepted(town, OWING, "钱来顺", 7)


def _accepted(town: Jurisdiction, token: str, name: str, serial: int) -> Case:
    """The notice goes out with the acceptance."""
    answers = {"user": "firm", "meters": 2}
    received = Received(seen=frozenset({"id"}))
    case = apply_for(town, "GD-001", token, person(name, serial, "兔湖村"), received, "chuangkou1", answers).case
    cases.accept(case=case, by=Staff.objects.get(username="chuangkou1"))
    return case


def _pay(case: Case) -> None:
    """Paid twice, and somebody else paid without a number: what a cashier finds in the morning."""
    cashier, today = Staff.objects.get(username="shoufei"), timezone.localdate()
    notice = Notice.objects.get(town=case.town, case_number=case.number)
    rows = [
        "交易日期,收入金额,对方户名,摘要,交易流水号",
        f"{today},160.00,孙有余（演示）,缴款号{notice.number},YS0001",
        f"{today},160.00,孙有余（演示）,缴款号{notice.number},YS0002",
        f"{today},80.00,李不知（演示）,电表,YS0003",
    ]
    actions.read_in(account=notice.account, data="\n".join(rows).encode(), from_on=today, to_on=today, by=cashier)
    actions.give_receipt(notice=notice, number="YS-000001", given_on=today, by=cashier)
    twice = Deposit.objects.get(account=notice.account, serial="YS0002")
    actions.ask_refund(deposit=twice, amount=16_000, of_fee=False, reason="同一份通知缴了两次", by=cashier)
