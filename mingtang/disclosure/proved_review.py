"""What `mingtang verify` compares of the review with its events: each sheet, each waiver, each remark."""

from collections.abc import Iterator
from functools import partial

from mingtang.disclosure import actions, comments, waiving
from mingtang.disclosure.models import Comment, Review, Waiver
from mingtang.disclosure.reviewing import hash_of
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.lib.canonical import sha256_hex
from mingtang.towns.models import Jurisdiction

REVIEW, WAIVER, COMMENT = "disclosure_review", "disclosure_waiver", "disclosure_comment"
# Of the text that was reviewed its hash is compared.
UNREAD = tuple(f"revision__{name}" for name in ("title", "body_html", "body_text", "facts"))


def check_reviews(town: Jurisdiction) -> Iterator[Finding]:
    """Every sheet hashes to what its event says, is about that event's text and person, and none is missing."""
    events = {
        event.pk: event
        for event in Event.objects.filter(town=town, type__in=(actions.REVIEWED, actions.RETURNED))
        # Reviews of earlier releases left no sheet.
        if event.data.get("record")
    }
    rows = Review.objects.filter(edition__document__town=town)
    rows = rows.select_related("reviewer", "revision", "edition__document").defer(*UNREAD)
    for row in rows.iterator(chunk_size=500):
        yield from readable(REVIEW, row.pk, partial(_differ, row, events.pop(row.event_id, None)))
    for pk in events:
        yield Finding(REVIEW, f"事件 {pk}", "事件里有这次审查，审查记录不见了")


def _differ(row: Review, event: Event | None) -> Iterator[Finding]:
    record = {
        "revision": row.revision.number,
        "sha256": row.revision.sha256,
        "parts": row.parts,
        "warnings": row.warnings,
    }
    kept = hash_of(record, row.reviewer.code, row.passed)
    if event is None or event.data["record"] != kept or row.sha256 != kept:
        yield Finding(REVIEW, row.pk, "审查记录和事件里的散列值对不上")
    elif (event.subject, event.data["edition"], event.actor, event.type == actions.REVIEWED) != (
        row.edition.document.subject,
        row.edition.number,
        row.reviewer.code,
        row.passed,
    ):
        yield Finding(REVIEW, row.pk, "审查记录挂在了别的事件上")


def check_waivers(town: Jurisdiction) -> Iterator[Finding]:
    """Every waiver is the one its event tells of: which finding of which text, by whom, why; and none is missing."""
    events = {event.pk: event for event in Event.objects.filter(town=town, type=waiving.WAIVED)}
    rows = Waiver.objects.filter(edition__document__town=town)
    for row in rows.select_related("by", "revision", "edition__document").defer(*UNREAD).iterator(chunk_size=500):
        event = events.pop(row.event_id, None)
        kept = (row.edition.document.subject, row.revision.sha256, row.identity, row.kind, row.by.code, row.reason)
        if event is None or kept != (
            event.subject,
            *(event.data[name] for name in ("sha256", "identity", "kind")),
            event.actor,
            event.reason,
        ):
            yield Finding(WAIVER, row.pk, "放行的这一处和事件里记的不一样")
    for pk in events:
        yield Finding(WAIVER, f"事件 {pk}", "事件里有这次放行，记录不见了")


def check_comments(town: Jurisdiction) -> Iterator[Finding]:
    """Every remark has the words its event has the hash of, and was settled by whom its events say."""
    types = (comments.COMMENTED, comments.SETTLED)
    events = {event.pk: event for event in Event.objects.filter(town=town, type__in=types)}
    rows = Comment.objects.filter(edition__document__town=town)
    for row in rows.select_related("by", "resolved_by", "edition__document").iterator(chunk_size=500):
        acts = [(comments.COMMENTED, row.event_id, row.by), (comments.SETTLED, row.resolved_event_id, row.resolved_by)]
        for type, pk, by in acts:
            event = events.pop(pk, None)
            now = (type, row.edition.document.subject, row.edition.number, sha256_hex(row.text.encode()))
            if by and (event is None or (*now, by.code) != (*_said(event), event.actor)):
                yield Finding(COMMENT, row.pk, "意见的文字、写的人或者了结和事件里记的不一样")
    for pk in events:
        yield Finding(COMMENT, f"事件 {pk}", "事件里的这条意见，表里没有")


def _said(event: Event) -> tuple[str, str, int, str]:
    return event.type, event.subject, event.data["edition"], event.data["text_sha256"]


told("审查记录", check_reviews)
told("放行", check_waivers)
told("审查意见", check_comments)
