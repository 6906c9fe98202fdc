"""What `mingtang verify` recomputes of reopened cases: what they gave before is in question, kept or ended, as told."""

from collections.abc import Iterator

from mingtang.cases.actions import kinds
from mingtang.cases.enums import Fate, PermitState
from mingtang.cases.models import Reopening
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding
from mingtang.towns.models import Jurisdiction


def check_reopenings(town: Jurisdiction) -> Iterator[Finding]:
    """Every case that was reopened after a grant, from the correction to what the new decision made of it."""
    wanted = (kinds.SELF_CORRECTED, kinds.EARLIER_SETTLED)
    opened: dict[str, Event] = {}
    fates: dict[int, str] = {}
    for event in Event.objects.filter(town=town, type__in=wanted).order_by("pk"):
        if event.data.get("reopens"):
            opened[event.subject], fates[event.pk] = event, ""
        elif event.type == kinds.EARLIER_SETTLED:
            fates[opened[event.subject].pk] = event.data["fate"]
    rows = {row.event_id: row for row in Reopening.objects.filter(case__town=town).select_related("case", "event")}
    for key, fate in fates.items():
        row = rows.pop(key, None)
        if row is None:
            yield Finding("cases_reopening", key, "事件里的重新办理不见了")
        else:
            yield from _check(row, fate)
    for row in rows.values():
        yield Finding("cases_reopening", row.pk, "重新办理没有事件")


def _check(row: Reopening, fate: str) -> Iterator[Finding]:
    if (row.fate, row.body) != (fate, row.event.data["body"]):
        yield Finding("cases_reopening", row.pk, f"办件 {row.case.number} 的重新办理和事件里记的不一样")
    left = row.case.permits.filter(state=PermitState.VALID, paper__created_at__lt=row.opened_at)
    if row.fate == Fate.ENDED and left.exists():
        yield Finding("cases_permit", row.case_id, f"办件 {row.case.number} 重新作了决定，原来的证照没有注销")
