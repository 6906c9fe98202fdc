"""What `mingtang verify` compares of penalties: each is what its events say, and none is missing."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mingtang.disclosure.derived import penalties
from mingtang.disclosure.models import Penalty
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.towns.models import Jurisdiction

TABLE = "disclosure_penalty"


def check_penalties(town: Jurisdiction) -> Iterator[Finding]:
    events: dict[str, list[Event]] = {}
    for event in Event.objects.filter(town=town, type__startswith="penalty.").order_by("pk"):
        events.setdefault(event.subject, []).append(event)
    rows = Penalty.objects.filter(town=town).select_related("unit", "key", "entered_by", "confirmed_by", "ended_by")
    for row in rows.order_by("pk").iterator(chunk_size=500):
        yield from readable(TABLE, row.pk, partial(_check, row, events.pop(row.subject, [])))
    for subject in events:
        yield Finding(TABLE, subject, "日志里有这份处罚决定，表里没有")


def _as_told(events: list[Event]) -> dict[str, Any]:
    names = ("confirmed_by", "confirmed_at", "carried_out_on", "ended_by", "ended_at", "forgotten_at")
    left: dict[str, Any] = dict.fromkeys(names)
    left |= {"ending": "", "ended_reason": ""}
    for event in events:
        if event.type == penalties.CONFIRMED:
            left |= {"confirmed_by": event.actor, "confirmed_at": event.recorded_at}
        elif event.type == penalties.CARRIED_OUT:
            left["carried_out_on"] = event.data["on"]
        elif event.type == penalties.ENDED:
            left |= {"ended_by": event.actor, "ended_at": event.recorded_at}
            left |= {"ending": event.data["ending"], "ended_reason": event.reason}
        elif event.type == penalties.FORGOTTEN:
            left["forgotten_at"] = event.recorded_at
    return left


def _check(row: Penalty, events: list[Event]) -> Iterator[Finding]:
    entered = events[0]
    if (row.event_id, row.entered_by.code, row.frozen()) != (entered.pk, entered.actor, entered.data):
        yield Finding(TABLE, row.pk, f"处罚决定 {row.number} 的内容或者登记人和事件里记的不一样")
    held = {
        "confirmed_by": row.confirmed_by.code if row.confirmed_by else None,
        "confirmed_at": row.confirmed_at,
        "carried_out_on": row.carried_out_on.isoformat() if row.carried_out_on else None,
        "ended_by": row.ended_by.code if row.ended_by else None,
        "ended_at": row.ended_at,
        "ending": row.ending,
        "ended_reason": row.ended_reason,
        "forgotten_at": row.key.destroyed_at if row.key else None,
    }
    if held != _as_told(events):
        yield Finding(TABLE, row.pk, f"处罚决定 {row.number} 的确认、执行、失效或者个人信息的销毁和事件里记的不一样")


told("行政处罚", check_penalties)
