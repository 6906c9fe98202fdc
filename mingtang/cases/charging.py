"""收费 of a case: what it owes by its version, and the notice that asks for it. No window takes money.

Non-payment is no ground to suspend (lifecycles): the case runs on, paid or not.
"""

from collections.abc import Iterator

from django.utils import timezone

from mingtang.cases import papers
from mingtang.cases.actions import kinds
from mingtang.cases.enums import CaseState, Paper
from mingtang.cases.models import Case, CaseDocument
from mingtang.cases.papers import billed
from mingtang.cases.states import ENDED_EARLY
from mingtang.events.log import SYSTEM, Actor
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.money import actions as money
from mingtang.money.differences import Difference, Kind, all_of
from mingtang.money.enums import NoticeState
from mingtang.money.models import Notice, ZeroBill
from mingtang.people.models import Staff
from mingtang.rulebook import fees
from mingtang.towns.models import Jurisdiction


def owed(case: Case) -> fees.Bill:
    """The fees told on the receipt that are still in force today; nothing for a case whose receipt told none."""
    if not case.version.spec.fees or not billed(case):
        return fees.Bill(())
    today = timezone.localdate()
    told = fees.bill(case.version.spec, case.answers, timezone.localdate(case.submitted_at))
    return fees.Bill(tuple(line for line in told.lines if fees.in_force(line.fee, today)))


def ask(case: Case, by: Staff, author: Actor) -> CaseDocument:
    """Issue the notice and its paper, in the caller's act, which has locked the case."""
    bill = owed(case)
    notice = money.issue(version=case.version, case_number=case.number, bill=bill, by=by)
    return papers.freeze(
        case,
        Paper.PAYMENT,
        papers.payment(case, notice, bill),
        type=kinds.CHARGED,
        by=author,
        at=notice.issued_at,
        facts={"payment": notice.number, "total": notice.total},
    )


def ask_if_due(case: Case, by: Staff | None = None, author: Actor = SYSTEM) -> None:
    """At acceptance: what owes is asked, what owes nothing is written down as such.

    Where the notice cannot be issued now, or nobody was there to issue it (acceptance by silence: what burdens people
    is signed by a person), the case is accepted all the same and the daily match names it.
    """
    if not case.version.spec.fees:
        return
    if not owed(case).total:
        ZeroBill.objects.get_or_create(
            town=case.town, case_number=case.number, defaults={"version": case.version, "made_at": timezone.now()}
        )
        return
    if by is None:
        return
    try:
        with act():
            ask(case, by, author)
    except Refused:
        return


def uncharged(town: Jurisdiction) -> Iterator[Difference]:
    """Cases that were accepted, owe by their version, and were never asked nor found free."""
    asked = Notice.objects.filter(town=town).values("case_number")
    free = ZeroBill.objects.filter(town=town).values("case_number")
    rows = Case.objects.filter(town=town, accepted_at__isnull=False).exclude(version__data__fees=[])
    rows = rows.exclude(state__in=ENDED_EARLY).exclude(number__in=asked).exclude(number__in=free)
    for case in rows.select_related("version", "key", "town"):
        total = owed(case).total
        if total:
            what, since = f"{case.version.name}，办件 {case.number}", timezone.localdate(case.accepted_at)
            yield Difference(Kind.UNCHARGED, what, since, total, case_number=case.number)


def kept(town: Jurisdiction) -> Iterator[Difference]:
    """Cases that were taken back while their fee is still here, all or a part of it."""
    ended = Case.objects.filter(town=town, state=CaseState.WITHDRAWN).values("number")
    rows = Notice.objects.filter(town=town, state=NoticeState.PAID, case_number__in=ended)
    for notice in rows.select_related("deposit", "version"):
        rest = money.left(notice.deposit, of_fee=True)
        if rest:
            what = f"{notice.version.name}，办件 {notice.case_number}"
            yield Difference(Kind.KEPT, what, timezone.localdate(notice.paid_at), rest, deposit=notice.deposit)


def differences(town: Jurisdiction) -> list[Difference]:
    """The daily match of cases, notices, deposits and receipts, what stands longest first."""
    return sorted([*uncharged(town), *kept(town), *all_of(town)], key=lambda row: row.since)


def payment_of(case: Case) -> Notice | None:
    """The latest notice of a case, with what paid it and its receipt."""
    rows = Notice.objects.filter(town=case.town_id, case_number=case.number).select_related("account", "receipt")
    return rows.order_by("-pk").first()
