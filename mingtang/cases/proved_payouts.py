"""What `mingtang verify` compares of payments: each is what its event says, and void only where an event says so."""

from collections.abc import Iterator
from functools import partial

from mingtang.cases.actions import kinds
from mingtang.cases.models import Payout
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable
from mingtang.towns.models import Jurisdiction

TABLE = "cases_payout"


def check_payouts(town: Jurisdiction) -> Iterator[Finding]:
    entered = dict.fromkeys(Event.objects.filter(town=town, type=kinds.PAID_OUT).values_list("pk", flat=True))
    voids = {event.data["payout"]: event for event in Event.objects.filter(town=town, type=kinds.PAYOUT_VOIDED)}
    rows = Payout.objects.filter(case__town=town).select_related("case", "event", "entered_by", "voided_by")
    for row in rows.defer("case__applicant_sealed").order_by("pk").iterator(chunk_size=500):
        entered.pop(row.event_id, None)
        yield from readable(TABLE, row.pk, partial(_check, row, voids.get(row.event_id)))
    for event in entered:
        yield Finding(TABLE, f"事件 {event}", "日志里有这一笔发放，表里没有")


def _check(row: Payout, void: Event | None) -> Iterator[Finding]:
    held = (row.case.subject, row.entered_by.code, row.amount, row.paid_on.isoformat(), row.serial)
    event = row.event
    if held != (event.subject, event.actor, event.data["amount"], event.data["paid_on"], event.data["serial"]):
        yield Finding(TABLE, row.pk, "这笔发放的办件、金额、日期、流水号或者登记人和事件里记的不一样")
    ended = (row.voided_by.code if row.voided_by else None, row.voided_at, row.voided_reason)
    if ended != ((void.actor, void.recorded_at, void.reason) if void else (None, None, "")):
        yield Finding(TABLE, row.pk, "这笔发放有没有作废，和事件里记的不一样")
