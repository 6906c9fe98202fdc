"""Where an obstacle comes from: a case, a number of the hall, an off-list slip; named by number, opened by code."""

from dataclasses import dataclass

from django.utils import timezone

from mingtang.cases.models import Case
from mingtang.cases.numbers import check_code
from mingtang.hall import numbers
from mingtang.hall.models import Contact
from mingtang.lib.errors import Refused
from mingtang.rulebook import slips
from mingtang.rulebook.models import Item, Slip
from mingtang.towns.models import Jurisdiction


@dataclass(frozen=True)
class Origin:
    """At most one of the three; ``item`` is the one it was about, where that is known."""

    case: Case | None = None
    contact: Contact | None = None
    slip: Slip | None = None
    item: Item | None = None


def _of_contact(contact: Contact) -> Origin:
    named = {errand.item for errand in contact.errands.select_related("item") if errand.item}
    return Origin(contact=contact, item=named.pop() if len(named) == 1 else None)


def opened(town: Jurisdiction, number: str, code: str) -> Origin:
    """What a resident names, with the code of its paper; nothing where nothing is named. A slip's number is its own
    secret. Raises ``Refused`` alike for a wrong number and a wrong code.
    """
    number = number.strip().upper()
    if not number:
        return Origin()
    if slip := slips.held(town, number):
        return Origin(slip=slip, item=slip.version.item)
    if not number.startswith(town.prefix):
        return _of_contact(numbers.find(town, number, code))
    case = Case.objects.select_related("item").filter(town=town, number=number).first()
    check_code(town, number, code, case.code_hash if case else None)
    assert case is not None  # check_code refuses a number that does not exist
    return Origin(case=case, item=case.item)


def at_the_desk(town: Jurisdiction, number: str) -> Origin:
    """What a clerk names, who may read cases and numbers without their codes."""
    number = number.strip().upper()
    if not number:
        return Origin()
    if slip := slips.held(town, number):
        return Origin(slip=slip, item=slip.version.item)
    if case := Case.objects.select_related("item").filter(town=town, number=number).first():
        return Origin(case=case, item=case.item)
    whole = numbers.meant(number, timezone.localdate())
    if contact := Contact.objects.filter(town=town, number__in=(number, whole)).first():
        return _of_contact(contact)
    raise Refused("没有这个编号的办件、号或者出格单。请核对，没有编号的留空。", field="from_number")
