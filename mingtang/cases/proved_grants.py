"""What `mingtang verify` recomputes of published grants: each is what its last event says, its text included."""

from collections.abc import Iterator
from functools import partial

from mingtang.cases.actions import kinds
from mingtang.cases.enums import GrantState
from mingtang.cases.models import Grant
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.towns.models import Jurisdiction

BATCH = 500
LEAVES_GRANT = {
    kinds.GRANT_PUBLISHED: GrantState.SHOWN,
    kinds.GRANT_WITHHELD: GrantState.WITHHELD,
    kinds.GRANT_ENDED: GrantState.ENDED,
}


def check_grants(town: Jurisdiction) -> Iterator[Finding]:
    rows, last = Grant.objects.filter(town=town).select_related("case__key", "case__town", "paper").order_by("pk"), 0
    rows = rows.defer("case__applicant_sealed")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        events: dict[str, Event] = {}
        subjects = {row.case.subject for row in batch}
        for event in Event.objects.filter(town=town, subject__in=subjects, type__in=LEAVES_GRANT).order_by("pk"):
            events[event.data["paper"]] = event
        for row in batch:
            yield from readable("cases_grant", row.pk, partial(_check, row, events.get(row.paper.number)))


def _check(grant: Grant, event: Event | None) -> Iterator[Finding]:
    name = f"文书 {grant.paper.number} 的结果公开"
    if grant.state != (LEAVES_GRANT[event.type] if event else GrantState.WAITING):
        yield Finding("cases_grant", grant.pk, f"{name}，状态和事件里记的不一样")
    elif event and grant.state == GrantState.SHOWN:
        same = all(event.data.get(key) == value for key, value in grant.told().items())
        if same and grant.case.key.wrapped is not None:
            same = sha256_hex(canonical_json(grant.shown)) == event.data["sha256"]
        if not same:
            yield Finding("cases_grant", grant.pk, f"{name}，公开的内容和事件里记的不一样")
