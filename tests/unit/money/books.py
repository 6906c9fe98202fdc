"""Cases that owe, for the tests of money."""

from datetime import date
from itertools import count

from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.applicants import Applicant
from mingtang.cases.models import Case
from mingtang.demo.fees import CODE
from mingtang.lib.money import plain_yuan
from mingtang.money import actions as money
from mingtang.money.models import Account, Notice, Statement
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from tests.factories.acts import APPLICANT
from tests.factories.cast import CASHIER, CLERK_1, staff

_tokens = count(1)
FIRM = {"user": "firm", "meters": 2}  # 2 × 80 yuan
RELIEF = {"user": "relief", "meters": 2}  # nothing


def applied(town: Jurisdiction, answers: dict = FIRM, applicant: Applicant = APPLICANT) -> Case:
    version = Item.objects.get(town=town, code=CODE).current
    return cases.submit(
        version=version,
        applicant=applicant,
        answers=answers,
        received=Received(seen=frozenset({"id"})),
        submission=f"money-{next(_tokens)}",
        key=new_case_key(version),
        by=staff(CLERK_1),
    ).case


def accepted(town: Jurisdiction, answers: dict = FIRM, applicant: Applicant = APPLICANT) -> Case:
    case = applied(town, answers, applicant)
    cases.accept(case=case, by=staff(CLERK_1))
    return Case.objects.select_related("town", "item", "version", "key").get(pk=case.pk)


def noticed(town: Jurisdiction, answers: dict = FIRM) -> Notice:
    """The notice that went out with the acceptance."""
    return Notice.objects.get(town=town, case_number=accepted(town, answers).number)


def statement(account: Account, *rows: tuple[int, str, str], on: date | None = None) -> Statement:
    """A file of the bank for one day: (fen, reference, serial) a row, as the account's bank would export it."""
    on = on or timezone.localdate()
    lines = [f"{on},{plain_yuan(fen)},{serial},{reference},司马付款甲" for fen, reference, serial in rows]
    data = "\n".join(["交易日期,金额,流水号,附言,付款人", *lines]).encode()
    return money.read_in(account=account, data=data, from_on=on, to_on=on, by=staff(CASHIER))


def paid(town: Jurisdiction) -> Notice:
    """A notice that the payer paid by its number."""
    notice = noticed(town)
    statement(notice.account, (notice.total, notice.number, f"B{next(_tokens)}"))
    return Notice.objects.get(pk=notice.pk)
