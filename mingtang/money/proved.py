"""What `mingtang verify` compares of this room: every notice and refund with what its events say of it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.money.actions import kinds
from mingtang.money.enums import NoticeState as S
from mingtang.money.enums import RefundState as R
from mingtang.money.models import Notice, Refund
from mingtang.towns.models import Jurisdiction

BATCH = 500
_STATES = {kinds.ISSUED: S.ISSUED, kinds.CANCELLED: S.CANCELLED, kinds.EXPIRED: S.EXPIRED, kinds.PAID: S.PAID}
_STATES |= {kinds.UNMATCHED: S.ISSUED}
_REFUNDS = {
    kinds.REFUND_ASKED: R.ASKED,
    kinds.REFUND_APPROVED: R.APPROVED,
    kinds.REFUND_REFUSED: R.REFUSED,
    kinds.REFUND_DONE: R.DONE,
}


def _notice_as_told(events: list[Event]) -> dict[str, Any]:
    found: dict[str, Any] = {"缴款流水": "", "票据": ""}
    back = 0
    for event in events:
        if event.type == kinds.ISSUED:
            found |= {"办件": event.data["case"], "金额": event.data["total"], "账户": event.data["account"]}
        if event.type in _STATES:
            found["状态"] = _STATES[event.type]
        if event.type == kinds.PAID:
            found["缴款流水"] = event.data["serial"]
        if event.type == kinds.UNMATCHED:
            found["缴款流水"] = ""
        if event.type == kinds.RECEIPT:
            found["票据"] = event.data["receipt"]
        if event.type == kinds.REFUND_DONE and event.data["of_fee"]:
            back += event.data["amount"]
    return found | ({"状态": S.REFUNDED} if back and back == found["金额"] else {})


def _notice_as_kept(notice: Notice) -> dict[str, Any]:
    deposit, receipt = getattr(notice, "deposit", None), getattr(notice, "receipt", None)
    return {
        "办件": notice.case_number,
        "金额": notice.total,
        "账户": notice.account.number,
        "状态": notice.state,
        "缴款流水": deposit.serial if deposit else "",
        "票据": receipt.number if receipt else "",
    }


def check_notices(town: Jurisdiction) -> Iterator[Finding]:
    """Every notice is what its events made of it: sum, account, state, what paid it, its receipt."""
    rows, last = Notice.objects.filter(town=town).select_related("account", "deposit", "receipt").order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last).defer("deposit__said_sealed")[:BATCH]):
        last = batch[-1].pk
        events = _events(town, [row.subject for row in batch])
        for row in batch:
            check = partial(_differ, row.pk, f"缴款通知 {row.number}", partial(_notice_as_kept, row))
            yield from readable("money_notice", row.pk, partial(check, partial(_notice_as_told, events[row.subject])))


def _events(town: Jurisdiction, subjects: list[str]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {subject: [] for subject in subjects}
    for event in Event.objects.filter(town=town, subject__in=subjects).order_by("pk"):
        found[event.subject].append(event)
    return found


def _differ(
    pk: int, name: str, kept: Callable[[], dict[str, Any]], as_told: Callable[[], dict[str, Any]]
) -> Iterator[Finding]:
    expected = as_told()
    wrong = [title for title, value in kept().items() if expected.get(title) != value]
    if wrong:
        yield Finding("money_notice", pk, f"{name} 的{'、'.join(wrong)}和事件里记的不一样")


def check_refunds(town: Jurisdiction) -> Iterator[Finding]:
    """Every refund has the sum that was asked for and the state its events left it in."""
    said: dict[int, dict[str, Any]] = {}
    for event in Event.objects.filter(town=town, type__in=list(_REFUNDS)).order_by("pk"):
        data = event.data
        told_now = {"state": _REFUNDS[event.type], "amount": data["amount"], "serial": data["serial"]}
        said[data["refund"]] = told_now
    for row in Refund.objects.filter(town=town).order_by("pk"):
        kept = {"state": row.state, "amount": row.amount, "serial": row.serial}
        if said.get(row.pk) != kept:
            yield Finding("money_refund", row.pk, f"退款 {row.pk} 的状态、金额或者流水号和事件里记的不一样")


told("缴款通知", check_notices)
told("退款", check_refunds)
