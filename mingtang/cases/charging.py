"""收费 of a case: what it owes by its version, and the notice that asks for it. No window takes money.

Non-payment is no ground to suspend (lifecycles): the case runs on, paid or not.
"""

from django.utils import timezone

from mingtang.cases import papers
from mingtang.cases.actions import kinds
from mingtang.cases.enums import Paper
from mingtang.cases.models import Case, CaseDocument
from mingtang.cases.papers import billed
from mingtang.lib.errors import Refused
from mingtang.money import actions as money
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.rulebook import fees


def owed(case: Case) -> fees.Bill:
    """The fees told on the receipt that are still in force today; nothing for a case whose receipt told none."""
    if not case.version.spec.fees or not billed(case):
        return fees.Bill(())
    today = timezone.localdate()
    told = fees.bill(case.version.spec, case.answers, timezone.localdate(case.submitted_at))
    return fees.Bill(tuple(line for line in told.lines if fees.in_force(line.fee, today)))


def ask(case: Case, by: Staff) -> CaseDocument:
    """Issue the notice and its paper, in the caller's act, which has locked the case."""
    bill = owed(case)
    notice = money.issue(version=case.version, case_number=case.number, bill=bill, by=by)
    return papers.freeze(
        case,
        Paper.PAYMENT,
        papers.payment(case, notice, bill),
        type=kinds.CHARGED,
        by=actor(by),
        at=notice.issued_at,
        facts={"payment": notice.number, "total": notice.total},
    )


def ask_if_due(case: Case, by: Staff) -> None:
    """At acceptance: where the notice cannot be issued now, the case is accepted all the same and the daily match names
    it as one that lacks its notice."""
    if not owed(case).total:
        return
    try:
        ask(case, by)
    except Refused:
        return
