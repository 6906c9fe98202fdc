"""What `mingtang verify` compares of the town's words: each entry with the events of it."""

from collections.abc import Iterator
from typing import Any

from mingtang.disclosure import words
from mingtang.disclosure.models import ListEntry
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, told
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction

ENTRY = "disclosure_listentry"


def check_words(town: Jurisdiction) -> Iterator[Finding]:
    """Word, reason, who added, agreed and ended it and when are those of the events; no word is missing."""
    left: dict[str, dict[str, Any]] = {}
    events = Event.objects.filter(
        town=town, type__in=(words.ADDED, words.AGREED, words.ENDING, words.KEPT, words.ENDED)
    )
    for event in events.order_by("pk"):
        _leave(left.setdefault(event.subject, {}), event)
    rows = ListEntry.objects.filter(town=town).select_related("added_by", "starts_by", "ending_by", "ended_by")
    for row in rows.order_by("pk"):
        if left.pop(row.subject, None) != _kept(row):
            yield Finding(ENTRY, row.pk, f"词表里的“{row.word}”和事件里记的不一样")
    for subject in left:
        yield Finding(ENTRY, subject, "日志里有这个词，表里没有")


def _leave(held: dict[str, Any], event: Event) -> None:
    who, when = event.actor, event.recorded_at
    if event.type == words.ADDED:
        starts = (None, None) if event.data["kind"] == words.ListKind.ALLOWED else (who, when)
        held |= {"word": (event.data["kind"], event.data["word"], event.data["right"]), "reason": event.reason}
        held |= {"added": (who, when), "starts": starts, "ending": (None, ""), "ended": (None, None)}
    elif event.type == words.AGREED:
        held["starts"] = who, when
    elif event.type == words.ENDING:
        held["ending"] = who, event.reason
    elif event.type == words.KEPT:
        held["ending"] = None, ""
    else:
        # Whoever asked stays named; without anybody who did, who ended it.
        held["ending"], held["ended"] = (held["ending"][0] or who, event.reason), (who, when)


def _kept(row: ListEntry) -> dict[str, Any]:
    return {
        "word": (row.kind, row.word, row.right),
        "reason": row.reason,
        "added": (_code(row.added_by), row.added_at),
        "starts": (_code(row.starts_by), row.starts_at),
        "ending": (_code(row.ending_by), row.ending_reason),
        "ended": (_code(row.ended_by), row.ended_at),
    }


def _code(staff: Staff | None) -> str | None:
    return staff.code if staff else None


told("词表", check_words)
