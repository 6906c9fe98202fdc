"""What `mingtang verify` recomputes of this room: the frozen text of what was published, and who published it when."""

from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from typing import Any

from django.db.models import Prefetch

from mingtang.disclosure import actions, rereading, scheduling, taking_in, terms, validity, withheld
from mingtang.disclosure.enums import EditionState, Ground
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.models import Attachment, Document, Edition, Revision, content_hash
from mingtang.disclosure.reading import text_of
from mingtang.events.log import iso
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, frozen, readable, told
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction

BATCH = 500
# Texts in memory at a time, and what is hashed of them.
TEXTS = 64
HASHED = (
    *("number", "revision__title", "revision__body_html", "revision__body_text", "revision__facts", "revision__sha256"),
    *("revision__document", *(f"document__{name}" for name in ("index_number", "issuer", "doc_number", "kind"))),
    "document__generated_on",
)


def check_editions(events: list[Event]) -> Iterator[Finding]:
    """The revision an event published still hashes to what the event says, and is still the edition's."""
    for begin in range(0, len(events), TEXTS):
        yield from _check_texts(events[begin : begin + TEXTS])


def _check_texts(events: list[Event]) -> Iterator[Finding]:
    places = [(event.subject.partition(":")[2], event.data["edition"]) for event in events]
    rows = Edition.objects.filter(
        document__town=events[0].town,
        document__index_number__in={number for number, _ in places},
        number__in={edition for _, edition in places},
    )
    files = Attachment.objects.select_related("file").only("revision", "name", "file__sha256")
    rows = rows.select_related("document", "revision").only(*HASHED)
    editions = {}
    for row in rows.prefetch_related(Prefetch("revision__attachments", files)):
        editions[row.document.index_number, row.number] = row
        if row.revision.document_id == row.document_id:
            row.revision.document = row.document
    for event, place in zip(events, places, strict=True):
        number, edition = place[0], editions.get(place)
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
        attachments=[(row.name, row.file.sha256) for row in revision.attachments.all()],
        facts=revision.facts,
        claims=[claim.said() for claim in revision.claims.all()] if kind_of(revision.document.kind).claims else [],
    )


NO_TIME: dict[str, Any] = {"publish_at": None, "scheduled_by": "", "stopped": ""}
NOT_YET: dict[str, Any] = {
    "reviewer": "",
    "reviewed_at": None,
    "signer": "",
    "signed_at": None,
    "adopted_by": "",
    "published_at": None,
    "published_event": None,
    "source_published_at": "",
    "in_force_from": "",
    "in_force_until": "",
    "ended_at": None,
    "ended_reason": "",
    "repealed_by": "",
    "withdrawn_at": None,
    "withdrawn_ground": "",
    "withdrawn_reason": "",
    "reader": None,
    "found_since": None,
    **NO_TIME,
}


def _published(event: Event) -> dict[str, Any]:
    published = {"state": EditionState.PUBLISHED, "published_at": event.recorded_at, "published_event": event.pk}
    # An event of an earlier release names no term: there was none.
    term = {name: event.data.get(name, "") for name in ("in_force_from", "in_force_until")}
    return NO_TIME | published | term


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
    scheduling.SCHEDULED: lambda event: {
        **NO_TIME,
        "state": EditionState.SCHEDULED,
        "publish_at": event.data["publish_at"],
        "scheduled_by": event.actor,
    },
    scheduling.UNSCHEDULED: lambda event: {**NO_TIME, "state": EditionState.SIGNED},
    scheduling.STOPPED: lambda event: {**NO_TIME, "state": EditionState.SIGNED, "stopped": event.reason},
    actions.PUBLISHED: _published,
    taking_in.ADOPTED: lambda event: {
        **_published(event),
        "adopted_by": event.actor,
        "source_published_at": event.data["source_published_at"],
    },
    withheld.PROPOSED: lambda event: {"state": EditionState.TO_WITHHOLD},
    withheld.REVIEWED: lambda event: {
        "state": EditionState.WITHHOLD_OK,
        "reviewer": event.actor,
        "reviewed_at": event.recorded_at,
    },
    withheld.WITHHELD: lambda event: {
        "state": EditionState.ON_REQUEST if event.data["ground"] == Ground.ASKED else EditionState.NOT_PUBLIC,
        "signer": event.actor,
        "signed_at": event.recorded_at,
    },
    withheld.OPENED: lambda event: {**NOT_YET, "state": EditionState.DRAFT},
    validity.RESTATED: lambda event: {
        "state": EditionState.PUBLISHED,
        **{name: day for name in ("in_force_from", "in_force_until") if (day := event.data[name])},
    },
    terms.EXPIRED: lambda event: {"state": EditionState.EXPIRED, "ended_at": event.recorded_at},
    terms.REPEALED: lambda event: {
        "state": EditionState.REPEALED,
        "ended_at": event.recorded_at,
        "ended_reason": event.reason,
        "repealed_by": event.data["paper"],
    },
    rereading.REREAD: lambda event: {"reader": event.data["reader"], "found_since": event.data["found"]},
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
    "signer": ("签发人", lambda edition: edition.approver.code if edition.approver else _code(edition.signer)),
    "signed_at": ("签发时间", attrgetter("signed_at")),
    "publish_at": ("定时公开的时间", lambda edition: iso(edition.publish_at) if edition.publish_at else None),
    "scheduled_by": ("定时的人", lambda edition: _code(edition.scheduled_by)),
    "stopped": ("到时没有公开的原因", attrgetter("stopped")),
    "adopted_by": ("补录人", attrgetter("adopted_by")),
    "published_at": ("公开时间", attrgetter("published_at")),
    "published_event": ("公开的事件", attrgetter("published_event_id")),
    "source_published_at": (
        "来源所称公开时间",
        lambda edition: iso(edition.source_published_at) if edition.source_published_at else "",
    ),
    "in_force_from": ("施行日期", lambda edition: edition.in_force_from.isoformat() if edition.in_force_from else ""),
    "in_force_until": ("有效期", lambda edition: edition.in_force_until.isoformat() if edition.in_force_until else ""),
    "ended_at": ("失效或者废止时间", attrgetter("ended_at")),
    "ended_reason": ("废止说明", attrgetter("ended_reason")),
    "repealed_by": ("由哪份文件废止", lambda edition: edition.repealed_by.index_number if edition.repealed_by else ""),
    "withdrawn_at": ("撤下时间", attrgetter("withdrawn_at")),
    "withdrawn_ground": ("撤下原因", attrgetter("withdrawn_ground")),
    "withdrawn_reason": ("撤下说明", attrgetter("withdrawn_reason")),
    "reader": ("附件的读法", attrgetter("reader")),
    "found_since": ("公开以后查出几处", attrgetter("found_since")),
}


def _as_told(events: list[Event]) -> dict[int, dict[str, Any]]:
    """Each edition of a document, by number, as the events leave it; what is published supersedes the one before."""
    editions: dict[int, dict[str, Any]] = {}
    for event in events:
        if event.type not in LEAVES:
            continue
        left = LEAVES[event.type](event)
        if left.get("state") == EditionState.PUBLISHED:
            for other in editions.values():
                if other["state"] == EditionState.PUBLISHED:
                    other["state"] = EditionState.SUPERSEDED
        edition = editions.setdefault(event.data["edition"], {})
        edition |= left | {"revision": event.data["revision"]}
    return editions


def check_documents(town: Jurisdiction) -> Iterator[Finding]:
    """Every edition is what its events made of it: text, state, who reviewed and signed it, and each date."""
    rows, last = Document.objects.filter(town=town).select_related("current").order_by("pk"), 0
    rows = rows.only("index_number", "published_at", "listed_at", "current__number")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        events: dict[str, list[Event]] = {row.subject: [] for row in batch}
        for event in Event.objects.filter(town=town, subject__in=list(events), type__in=LEAVES).order_by("pk"):
            events[event.subject].append(event)
        editions: dict[int, list[Edition]] = {row.pk: [] for row in batch}
        found = Edition.objects.filter(document__in=batch).select_related(
            "approver", "reviewer", "signer", "scheduled_by", "repealed_by"
        )
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
    published = [event for event in events if event.type in {actions.PUBLISHED, taking_in.ADOPTED}]
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
