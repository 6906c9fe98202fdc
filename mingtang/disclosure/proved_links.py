"""What `mingtang verify` compares of the relations between documents: those the events left, and no other."""

from collections.abc import Iterator

from mingtang.disclosure import linking
from mingtang.disclosure.models import Link
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, told
from mingtang.towns.models import Jurisdiction


def check_links(town: Jurisdiction) -> Iterator[Finding]:
    left: set[tuple[str, str, str]] = set()
    for event in Event.objects.filter(town=town, type__in=(linking.LINKED, linking.UNLINKED)).order_by("pk"):
        one = (event.subject, event.data["relation"], event.data["target"])
        if event.type == linking.LINKED:
            left.add(one)
        else:
            left.discard(one)
    rows = Link.objects.filter(document__town=town).select_related("document", "target")
    held = {(row.document.subject, row.relation, row.target.index_number) for row in rows}
    for subject, relation, target in sorted(held ^ left):
        yield Finding("disclosure_link", subject, f"和 {target} 的关系（{relation}）和事件里记的不一样")


told("文件关系", check_links)
