"""收费 in the demo town: the accounts, and a firm whose meters are checked for money. Account numbers are invented."""

from mingtang.cases import actions as cases
from mingtang.cases.actions.intake import Received
from mingtang.cases.models import Case
from mingtang.demo.cases import apply_for, person
from mingtang.lib.tx import act
from mingtang.money import actions
from mingtang.money.models import Account
from mingtang.people.models import Staff, Unit
from mingtang.towns.models import Jurisdiction

# unit (none: the treasury), payee, bank, number
ACCOUNTS = (
    (None, "万庾镇财政所非税收入汇缴专户（演示）", "万庾农商银行（演示）", "99900000000000001"),
    ("power", "万庾供电所（演示）", "万庾农商银行（演示）", "99900000000000002"),
)
OWING = "demo-owing"


def build_money(town: Jurisdiction) -> None:
    """The accounts that notices name, set by the office; and a case that owes."""
    office = Staff.objects.get(username="qianfa")
    for code, payee, bank, number in ACCOUNTS:
        unit = Unit.objects.get(town=town, code=code) if code else None
        if not Account.objects.filter(town=town, unit=unit).exists():
            actions.set_account(town=town, unit=unit, payee=payee, bank=bank, number=number, by=office)
    with act():
        if not Case.objects.filter(town=town, submission=OWING).exists():
            _owing(town)


def _owing(town: Jurisdiction) -> None:
    """Accepted, and the notice went out with the acceptance."""
    answers = {"user": "firm", "meters": 2}
    received = Received(seen=frozenset({"id"}))
    case = apply_for(town, "GD-001", OWING, person("钱来顺", 7, "兔湖村"), received, "chuangkou1", answers).case
    cases.accept(case=case, by=Staff.objects.get(username="chuangkou1"))
