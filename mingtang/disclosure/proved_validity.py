"""What `mingtang verify` compares of validity that was said again: verdict, days, basis, and both persons."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from mingtang.disclosure import validity
from mingtang.disclosure.models import Restatement
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, told
from mingtang.towns.models import Jurisdiction

ROW = "disclosure_restatement"
ACTS = (validity.PROPOSED, validity.RESTATED, validity.REFUSED)


def check_validity(town: Jurisdiction) -> Iterator[Finding]:
    """Each row is what its events made of it, in their order, and none is missing."""
    events: dict[tuple[str, int], list[Event]] = defaultdict(list)
    for event in Event.objects.filter(town=town, type__in=ACTS).order_by("pk"):
        events[event.subject, event.data["edition"]].append(event)
    rows = Restatement.objects.filter(edition__document__town=town)
    for row in rows.select_related("edition__document", "paper", "proposed_by", "settled_by").order_by("pk"):
        left = events[row.edition.document.subject, row.edition.number]
        wanted = _wanted(row)
        if [_told(one) for one in left[: len(wanted)]] != wanted:
            number = row.edition.document.index_number
            yield Finding(ROW, row.pk, f"{number} 的有效性结论、日期、依据或者办的人和事件里记的不一样")
        del left[: len(wanted)]
    for (subject, _), left in events.items():
        if left:
            yield Finding(ROW, subject, "日志里定过有效性，表里没有")


def _wanted(row: Restatement) -> list[tuple[Any, ...]]:
    found = [(validity.PROPOSED, row.proposed_by.code, row.proposed_at, row.basis, validity.said(row))]
    if row.settled_by:
        type, reason = (validity.RESTATED, row.basis) if row.agreed else (validity.REFUSED, row.reason)
        found.append((type, row.settled_by.code, row.settled_at, reason, validity.said(row)))
    return found


def _told(event: Event) -> tuple[Any, ...]:
    names = ("verdict", "paper", "in_force_from", "in_force_until")
    return event.type, event.actor, event.recorded_at, event.reason, {name: event.data[name] for name in names}


told("有效性结论", check_validity)
