"""What `mingtang verify` recomputes of permits: each is what its events and papers made of it, and so are what was
asked of it and the warning before it is taken."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone

from mingtang.cases.actions import kinds
from mingtang.cases.enums import Asked, AskOutcome, PermitState
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
# What else is told of a permit: what was asked of it and kept as it is, the warning and its service.
ABOUT_PERMIT = {kinds.PERMIT_ASKED, kinds.PERMIT_KEPT, kinds.PERMIT_WARNED, kinds.PERMIT_WARNING_SERVED}
# How each answer leaves what was asked; a permit that is gone drops all of it.
ANSWERS = {
    kinds.PERMIT_CHANGED: (Asked.CHANGE, AskOutcome.GRANTED),
    kinds.PERMIT_RENEWED: (Asked.RENEW, AskOutcome.GRANTED),
    kinds.PERMIT_DEEMED: (Asked.RENEW, AskOutcome.DEEMED),
}
TAKEN = {kinds.PERMIT_WITHDRAWN, kinds.PERMIT_REVOKED, kinds.PERMIT_CANCELLED}


def check_permits(town: Jurisdiction) -> Iterator[Finding]:
    """Every permit: its state and last day by its events, its holder by its last paper, its askings and warnings."""
    rows = Permit.objects.filter(town=town).select_related("case__key", "case__town", "paper").order_by("pk")
    rows, last = rows.defer("case__applicant_sealed").prefetch_related("asks", "warnings"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        events: dict[str, list[Event]] = {row.number: [] for row in batch}
        subjects = {row.case.subject for row in batch}
        types = {*LEAVES_PERMIT, *ABOUT_PERMIT}
        for event in Event.objects.filter(town=town, subject__in=subjects, type__in=types).order_by("pk"):
            if event.data["permit"] in events:
                events[event.data["permit"]].append(event)
        for row in batch:
            yield from readable("cases_permit", row.pk, partial(_check, row, events[row.number]))
            yield from readable("cases_permitask", row.number, partial(_check_asks, row, events[row.number]))
            yield from readable("cases_permitwarning", row.number, partial(_check_warnings, row, events[row.number]))


def _check(permit: Permit, events: list[Event]) -> Iterator[Finding]:
    if not events or events[0].type != kinds.PERMIT_ISSUED:
        yield Finding("cases_permit", permit.pk, f"证照 {permit.number} 没有发给的事件")
        return
    left = [event for event in events if event.type in LEAVES_PERMIT][-1]
    kept: dict[str, Any] = {
        "状态": permit.state,
        "有效期起": permit.valid_from.isoformat(),
        "有效期止": permit.valid_to.isoformat() if permit.valid_to else None,
    }
    told = {
        "状态": LEAVES_PERMIT[left.type],
        "有效期起": events[0].data["valid_from"],
        "有效期止": left.data["valid_to"],
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


def _check_asks(permit: Permit, events: list[Event]) -> Iterator[Finding]:
    asked: dict[int, dict[str, Any]] = {}
    for event in events:
        if event.type == kinds.PERMIT_ASKED:
            day = timezone.localdate(event.happened_at)
            asked[event.pk] = {"申请": event.data["ask"], "申请日期": day, "结果": "", "办结时间": None}
            continue
        kind, outcome = ANSWERS.get(event.type, ("", AskOutcome.DROPPED))
        if event.type == kinds.PERMIT_KEPT:
            kind, outcome = event.data["ask"], AskOutcome.REFUSED
        for row in asked.values():
            if not row["结果"] and (row["申请"] == kind or event.type in TAKEN):
                row |= {"结果": outcome, "办结时间": event.happened_at}
    for ask in permit.asks.all():
        kept = {"申请": ask.kind, "申请日期": ask.asked_on, "结果": ask.outcome, "办结时间": ask.ended_at}
        yield from _differ("cases_permitask", ask.pk, f"证照 {permit.number} 的申请", kept, asked.get(ask.event_id, {}))


def _check_warnings(permit: Permit, events: list[Event]) -> Iterator[Finding]:
    """A service is of the last warning that was not served before."""
    warned: dict[int, dict[str, Any]] = {}
    for event in events:
        if event.type == kinds.PERMIT_WARNED:
            warned[event.pk] = {"制作时间": event.happened_at, "送达日期": None, "送达方式": ""}
        elif event.type == kinds.PERMIT_WARNING_SERVED:
            row = [row for row in warned.values() if row["送达日期"] is None][-1]
            row |= {"送达日期": date.fromisoformat(event.data["served_on"]), "送达方式": event.data["mode"]}
    for row in permit.warnings.all():
        kept = {"制作时间": row.told_at, "送达日期": row.served_on, "送达方式": row.serve_mode}
        name = f"证照 {permit.number} 的告知书"
        yield from _differ("cases_permitwarning", row.pk, name, kept, warned.get(row.event_id, {}))


def _differ(table: str, pk: int, name: str, kept: dict[str, Any], told: dict[str, Any]) -> Iterator[Finding]:
    if wrong := [title for title, value in kept.items() if told.get(title, kept) != value]:
        yield Finding(table, pk, f"{name}，{'、'.join(wrong)}和事件里记的不一样")
