"""What `mingtang verify` recomputes of this room: the frozen text of every published edition."""

from collections.abc import Iterator

from mingtang.disclosure.models import Edition, Revision, content_hash
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, frozen


def check_editions(events: list[Event]) -> Iterator[Finding]:
    """The revision an event published still hashes to what the event says, and is still the edition's."""
    for event in events:
        number = event.subject.partition(":")[2]
        edition = (
            Edition.objects.filter(
                document__town=event.town, document__index_number=number, number=event.data["edition"]
            )
            .select_related("document", "revision")
            .first()
        )
        if edition is None:
            yield Finding("disclosure_edition", f"{number} 第{event.data['edition']}版", "事件里公开的版本不见了")
            continue
        if edition.revision.sha256 != event.data["sha256"]:
            yield Finding("disclosure_edition", edition.pk, f"{number} 的版本换成了另一份正文")
        if _hash(edition.revision) != event.data["sha256"]:
            yield Finding("disclosure_revision", edition.revision_id, f"{number} 的标题、正文或者附件和公开时不一样")


def _hash(revision: Revision) -> str:
    return content_hash(
        document=revision.document,
        title=revision.title,
        body_html=revision.body_html,
        attachments=[(row.name, row.file.sha256) for row in revision.attachments.select_related("file")],
    )


frozen("政府信息", ["document.published", "document.adopted"], check_editions)
