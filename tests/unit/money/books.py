"""Cases that owe, for the tests of money."""

from itertools import count

from mingtang.cases import actions as cases
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.models import Case
from mingtang.demo.fees import CODE
from mingtang.money.models import Notice
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from tests.factories.acts import APPLICANT
from tests.factories.cast import CLERK_1, staff

_tokens = count(1)
FIRM = {"user": "firm", "meters": 2}  # 2 × 80 yuan
RELIEF = {"user": "relief", "meters": 2}  # nothing


def applied(town: Jurisdiction, answers: dict = FIRM) -> Case:
    version = Item.objects.get(town=town, code=CODE).current
    return cases.submit(
        version=version,
        applicant=APPLICANT,
        answers=answers,
        received=Received(seen=frozenset({"id"})),
        submission=f"money-{next(_tokens)}",
        key=new_case_key(version),
        by=staff(CLERK_1),
    ).case


def accepted(town: Jurisdiction, answers: dict = FIRM) -> Case:
    case = applied(town, answers)
    cases.accept(case=case, by=staff(CLERK_1))
    return Case.objects.select_related("town", "item", "version", "key").get(pk=case.pk)


def noticed(town: Jurisdiction, answers: dict = FIRM) -> Notice:
    """The notice that went out with the acceptance."""
    return Notice.objects.get(town=town, case_number=accepted(town, answers).number)
