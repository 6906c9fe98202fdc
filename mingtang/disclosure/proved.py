"""What `mingtang verify` recomputes of this room: the frozen text of what was published, and who published it when."""

from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from typing import Any

from django.db.models import Prefetch

from mingtang.disclosure import actions
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Document, Edition, Revision, content_hash
from mingtang.disclosure.reading import text_of
from mingtang.events.log import iso
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, frozen, readable, told
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction

BATCH = 500


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
        revision = edition.revision
        if revision.sha256 != event.data["sha256"]:
            yield Finding("disclosure_edition", edition.pk, f"{number} 的版本换成了另一份正文")
        if _hash(revision) != event.data["sha256"]:
            yield Finding("disclosure_revision", revision.pk, f"{number} 的标题、正文或者附件和公开时不一样")
        elif revision.body_text != text_of(revision.body_html):
            yield Finding("disclosure_revision", revision.pk, f"{number} 的纯文字和正文不一样")


def _hash(revision: Revision) -> str:
    return content_hash(
        document=revision.document,
        title=revision.title,
        body_html=revision.body_html,
        attachments=[(row.name, row.file.sha256) for row in revision.attachments.select_related("file")],
        facts=revision.facts,
    )


NOT_YET = {
    "reviewer": "",
    "reviewed_at": None,
    "signer": "",
    "signed_at": None,
    "adopted_by": "",
    "published_at": None,
    "published_event": None,
    "source_published_at": "",
    "withdrawn_at": None,
    "withdrawn_ground": "",
    "withdrawn_reason": "",
}


def _published(event: Event) -> dict[str, Any]:
    return {"state": EditionState.PUBLISHED, "published_at": event.recorded_at, "published_event": event.pk}


# What each act leaves on its edition.
LEAVES: dict[str, Callable[[Event], dict[str, Any]]] = {
    actions.CATALOGUED: lambda event: {**NOT_YET, "state": EditionState.DRAFT},
    actions.REVISED: lambda event: {**NOT_YET, "state": EditionState.DRAFT},
    actions.SUBMITTED: lambda event: {"state": EditionState.IN_REVIEW},
    actions.RETURNED: lambda event: {**NOT_YET, "state": EditionState.DRAFT},
    actions.REVIEWED: lambda event: {
        "state": EditionState.REVIEWED,
        "reviewer": event.actor,
        "reviewed_at": event.recorded_at,
    },
    actions.SIGNED: lambda event: {
        "state": EditionState.SIGNED,
        "signer": event.actor,
        "signed_at": event.recorded_at,
    },
    actions.PUBLISHED: _published,
    actions.ADOPTED: lambda event: {
        **_published(event),
        "adopted_by": event.actor,
        "source_published_at": event.data["source_published_at"],
    },
    actions.WITHDRAWN: lambda event: {
        "state": EditionState.WITHDRAWN,
        "withdrawn_at": event.recorded_at,
        "withdrawn_ground": event.data["ground"],
        "withdrawn_reason": event.reason,
    },
}


def _code(staff: Staff | None) -> str:
    return staff.code if staff else ""


# Each proved column, its name for people, and how the table holds it.
KEPT: dict[str, tuple[str, Callable[[Edition], Any]]] = {
    "state": ("状态", attrgetter("state")),
    "revision": ("正文", attrgetter("revision.number")),
    "reviewer": ("审查人", lambda edition: _code(edition.reviewer)),
    "reviewed_at": ("审查时间", attrgetter("reviewed_at")),
    "signer": ("签发人", lambda edition: _code(edition.signer)),
    "signed_at": ("签发时间", attrgetter("signed_at")),
    "adopted_by": ("补录人", attrgetter("adopted_by")),
    "published_at": ("公开时间", attrgetter("published_at")),
    "published_event": ("公开的事件", attrgetter("published_event_id")),
    "source_published_at": (
        "来源所称公开时间",
        lambda edition: iso(edition.source_published_at) if edition.source_published_at else "",
    ),
    "withdrawn_at": ("撤下时间", attrgetter("withdrawn_at")),
    "withdrawn_ground": ("撤下原因", attrgetter("withdrawn_ground")),
    "withdrawn_reason": ("撤下说明", attrgetter("withdrawn_reason")),
}


def _as_told(events: list[Event]) -> dict[int, dict[str, Any]]:
    """Each edition of a document, by number, as the events leave it; what is published supersedes the one before."""
    editions: dict[int, dict[str, Any]] = {}
    for event in events:
        if event.type not in LEAVES:
            continue
        left = LEAVES[event.type](event)
        if left["state"] == EditionState.PUBLISHED:
            for other in editions.values():
                if other["state"] == EditionState.PUBLISHED:
                    other["state"] = EditionState.SUPERSEDED
        edition = editions.setdefault(event.data["edition"], {})
        edition |= left | {"revision": event.data["revision"]}
    return editions


def check_documents(town: Jurisdiction) -> Iterator[Finding]:
    """Every edition is what its events made of it: text, state, who reviewed and signed it, and each date."""
    rows, last = Document.objects.filter(town=town).select_related("current").order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        events: dict[str, list[Event]] = {row.subject: [] for row in batch}
        for event in Event.objects.filter(town=town, subject__in=list(events)).order_by("pk"):
            events[event.subject].append(event)
        editions: dict[int, list[Edition]] = {row.pk: [] for row in batch}
        found = Edition.objects.filter(document__in=batch).select_related("reviewer", "signer")
        for edition in found.prefetch_related(Prefetch("revision", Revision.objects.only("number"))):
            editions[edition.document_id].append(edition)
        for row in batch:
            check = partial(_check, row, editions[row.pk], events[row.subject])
            yield from readable("disclosure_document", row.pk, check)


def _check(document: Document, editions: list[Edition], events: list[Event]) -> Iterator[Finding]:
    number, told_of = document.index_number, _as_told(events)
    for edition in editions:
        expected = told_of.get(edition.number)
        if expected is None:
            yield Finding("disclosure_edition", edition.pk, f"{number} 第{edition.number}版没有事件")
            continue
        differ = [title for name, (title, kept) in KEPT.items() if kept(edition) != expected[name]]
        if differ:
            what = f"{number} 第{edition.number}版的{'、'.join(differ)}和事件里记的不一样"
            yield Finding("disclosure_edition", edition.pk, what)
    published = [event for event in events if event.type in {actions.PUBLISHED, actions.ADOPTED}]
    first, latest = (published[0].recorded_at, published[-1].data["edition"]) if published else (None, None)
    if document.published_at != first:
        yield Finding("disclosure_document", document.pk, f"{number} 的首次公开时间和事件里记的不一样")
    stated = published[0].data.get("source_published_at") if published else ""
    if (document.listed_at and iso(document.listed_at)) != (stated or (first and iso(first))):
        yield Finding("disclosure_document", document.pk, f"{number} 的目录日期和事件里记的不一样")
    if (document.current.number if document.current else None) != latest:
        yield Finding("disclosure_document", document.pk, f"{number} 的现行版和事件里记的不一样")


frozen("政府信息", ["document.published", "document.adopted"], check_editions)
told("政府信息", check_documents)
