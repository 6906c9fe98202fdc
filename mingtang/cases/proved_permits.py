"""What `mingtang verify` recomputes of permits: each is what its events and papers made of it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mingtang.cases.actions import kinds
from mingtang.cases.enums import PermitState
from mingtang.cases.models import Permit
from mingtang.cases.permit_letters import HOLDER
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable
from mingtang.towns.models import Jurisdiction

BATCH = 500
# How each thing that happened to a permit leaves it.
LEAVES_PERMIT = {
    kinds.PERMIT_ISSUED: PermitState.VALID,
    kinds.PERMIT_CHANGED: PermitState.VALID,
    kinds.PERMIT_RENEWED: PermitState.VALID,
    kinds.PERMIT_DEEMED: PermitState.VALID,
    kinds.PERMIT_REISSUED: PermitState.VALID,
    kinds.PERMIT_WITHDRAWN: PermitState.WITHDRAWN,
    kinds.PERMIT_REVOKED: PermitState.REVOKED,
    kinds.PERMIT_CANCELLED: PermitState.CANCELLED,
}


def check_permits(town: Jurisdiction) -> Iterator[Finding]:
    """Every permit: its state and last day by its events, its holder by its last paper."""
    rows = Permit.objects.filter(town=town).select_related("case__key", "case__town", "paper").order_by("pk")
    rows, last = rows.defer("case__applicant_sealed"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        events: dict[str, list[Event]] = {row.number: [] for row in batch}
        subjects = {row.case.subject for row in batch}
        for event in Event.objects.filter(town=town, subject__in=subjects, type__in=LEAVES_PERMIT).order_by("pk"):
            if event.data["permit"] in events:
                events[event.data["permit"]].append(event)
        for row in batch:
            yield from readable("cases_permit", row.pk, partial(_check, row, events[row.number]))


def _check(permit: Permit, events: list[Event]) -> Iterator[Finding]:
    if not events or events[0].type != kinds.PERMIT_ISSUED:
        yield Finding("cases_permit", permit.pk, f"证照 {permit.number} 没有发给的事件")
        return
    kept: dict[str, Any] = {
        "状态": permit.state,
        "有效期起": permit.valid_from.isoformat(),
        "有效期止": permit.valid_to.isoformat() if permit.valid_to else None,
    }
    told = {
        "状态": LEAVES_PERMIT[events[-1].type],
        "有效期起": events[0].data["valid_from"],
        "有效期止": events[-1].data["valid_to"],
    }
    differ = [name for name in kept if kept[name] != told[name]]
    if permit.case.key.wrapped is not None and permit.holder != _holder(permit):
        differ.append("持证人")
    if differ:
        yield Finding("cases_permit", permit.pk, f"证照 {permit.number} 的{'、'.join(differ)}和事件里记的不一样")


def _holder(permit: Permit) -> str:
    """As the last paper of the permit names the holder; before there is one, as the grant does."""
    entries = permit.entries.filter(event__case_document__isnull=False).select_related("event__case_document")
    if entry := entries.last():
        paper = entry.event.case_document
        paper.case = permit.case
        return next(fact["value"] for fact in paper.data["facts"] if fact["name"] == HOLDER)
    permit.paper.case = permit.case
    return permit.paper.data["applicant"]
