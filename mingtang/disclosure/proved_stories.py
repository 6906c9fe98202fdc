"""What `mingtang verify` compares of the stories: that the source of each claim was published with the hash it names,
and what the desk set aside. That the paragraphs are those that were published is proved with the documents."""

from collections.abc import Iterator

from mingtang.disclosure.models import Claim, SetAside
from mingtang.disclosure.stories.aside import ASIDE
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, told
from mingtang.towns.models import Jurisdiction

# Whose publication carries the hash of what was published.
HASHED = ("document.published", "document.adopted", "item.in_force", "list.shown")


def check_claims(town: Jurisdiction) -> Iterator[Finding]:
    """Every source with a version was made public by an event that carries the hash the claim names."""
    rows = Claim.objects.filter(revision__document__town=town, version__gt="").order_by("pk")
    rows = rows.filter(subject__regex=r"^(document|item|list):").select_related("revision__document")
    published: dict[str, set[str]] = {}
    subjects = set(rows.values_list("subject", flat=True))
    events = Event.objects.filter(town=town, type__in=HASHED, subject__in=subjects)
    for subject, data in events.values_list("subject", "data"):
        published.setdefault(subject, set()).update(str(value) for value in data.values())
    for claim in rows.only("order", "sha256", "subject", "revision__document__index_number").iterator():
        if claim.sha256 not in published.get(claim.subject, ()):
            number = claim.revision.document.index_number
            yield Finding("disclosure_claim", claim.pk, f"{number} 第 {claim.order} 段的出处没有公开过这样的内容")


def check_aside(town: Jurisdiction) -> Iterator[Finding]:
    events = Event.objects.filter(town=town, type=ASIDE)
    said = {event.pk: (event.data["about"], event.reason, event.actor) for event in events}
    held = {
        row.event_id: (row.about_id, row.reason, row.by.code)
        for row in SetAside.objects.filter(town=town).select_related("by")
    }
    for event in sorted({key for key, _ in set(said.items()) ^ set(held.items())}):
        yield Finding("disclosure_setaside", event, "放下的变动和事件里记的不一样")


told("新闻的出处", check_claims)
told("不写新闻的变动", check_aside)
