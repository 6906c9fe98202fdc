"""What `mingtang verify` recomputes of this room: the frozen data of every paper."""

from collections.abc import Iterator

from mingtang.cases.actions import kinds
from mingtang.cases.models import CaseDocument
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, frozen
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused


def check_papers(events: list[Event]) -> Iterator[Finding]:
    """A paper whose key was destroyed by law cannot be opened: its event still proves it, and nothing is found."""
    papers = {
        row.event_id: row
        for row in CaseDocument.objects.filter(event__in=[event.pk for event in events]).select_related("case__key")
    }
    for event in events:
        paper = papers.get(event.pk)
        if paper is None:
            yield Finding("cases_casedocument", event.subject, "事件里的文书不见了")
            continue
        if paper.case.key.wrapped is None:
            continue
        try:
            same = sha256_hex(canonical_json(paper.data)) == event.data["sha256"]
        except Refused:
            same = False
        if not same:
            yield Finding("cases_casedocument", paper.pk, f"文书 {paper.number} 的内容和制作时不一样")


frozen(
    "办件文书",
    [
        kinds.SUBMITTED,
        kinds.SUPPLEMENT,
        kinds.ACCEPTED,
        kinds.ACCEPTED_BY_SILENCE,
        kinds.NOT_ACCEPTED,
        kinds.DECIDED,
        kinds.SERVED,
    ],
    check_papers,
)
