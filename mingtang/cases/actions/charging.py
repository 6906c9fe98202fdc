"""The notice of a case that went without one at acceptance."""

from mingtang.cases import charging
from mingtang.cases.actions.intake import locked
from mingtang.cases.models import Case, CaseDocument
from mingtang.cases.policies import check_can
from mingtang.lib.tx import act
from mingtang.people.models import Staff


def charge(*, case: Case, by: Staff) -> CaseDocument:
    """发出缴款通知: from the bill on the receipt.

    Raises ``Refused`` where nothing is owed or it was asked for already.
    """
    with act():
        case = locked(case)
        author = check_can("charge", case, by).actor()
        return charging.ask(case, by, author)
