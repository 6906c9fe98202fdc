"""Rows of the rooms as the page components want them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from markupsafe import Markup

from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import laid_out
from mingtang.disclosure.models import Approver, Document, Edition
from mingtang.disclosure.stories.reading import told
from mingtang.disclosure.stories.reprints import origin
from mingtang.events import types
from mingtang.events.models import Event
from mingtang.files.policies import size_label
from mingtang.lib.text import lag_words
from mingtang.people.models import Post, Staff
from mingtang.towns.models import Jurisdiction

LAG_SHOWN = timedelta(minutes=5)  # between act and entry, below which nothing is said
ACTORS = {"applicant": "申请人", "system": "系统", "console": "控制台"}
EDITION_TONES = {
    "draft": "todo",
    "in_review": "now",
    "reviewed": "now",
    "signed": "now",
    "scheduled": "now",
    "published": "done",
    "expired": "stop",
    "repealed": "stop",
    "superseded": "todo",
    "withdrawn": "stop",
    "to_withhold": "now",
    "withhold_ok": "now",
    "not_public": "paused",
    "on_request": "paused",
}


def lag(happened: datetime, recorded: datetime) -> str:
    """How long after the act it was entered; empty when at once."""
    late = recorded - happened
    return lag_words(late) if late >= LAG_SHOWN else ""


def history(town: Jurisdiction, subject: str, **only: Any) -> list[dict[str, Any]]:
    """The events of a subject, newest first, with who acted: for staff, who see names. ``only`` narrows them."""
    found = Event.objects.filter(town=town, subject=subject, **only).select_related("sequenced")
    events = list(found.order_by("-pk")[:100])
    codes = {event.actor.partition(":")[2] for event in events if event.actor.startswith("staff:")}
    names = {f"staff:{row.pk}": row.name for row in Staff.objects.filter(town=town, pk__in=[c for c in codes if c])}
    if outside := [event.actor[9:] for event in events if event.actor.startswith("approver:")]:
        names |= {row.code: str(row) for row in Approver.objects.filter(town=town, pk__in=outside)}
    posts = stood_in_for(town, events)
    return [
        {
            "at": event.recorded_at,
            "what": types.title(event.type),
            "who": (names.get(event.actor) or ACTORS.get(event.actor, event.actor)) + posts.get(event.pk, ""),
            "note": "　".join(filter(None, [event.reason, lag(event.happened_at, event.recorded_at)])),
            "index": event.sequenced.index if hasattr(event, "sequenced") else None,
        }
        for event in events
    ]


def stood_in_for(town: Jurisdiction, events: Iterable[Event]) -> dict[int, str]:
    """By event the words for a substitute's: for which post, by which row of the roster."""
    done = {event.pk: event.data for event in events if event.data.get("roster")}
    posts = Post.objects.filter(town=town, code__in={data["substitute_for"] for data in done.values()})
    names = {post.code: str(post) for post in posts.select_related("unit")} if done else {}
    return {
        pk: f"（替{names.get(data['substitute_for'], data['substitute_for'])}，值守安排第 {data['roster']} 号）"
        for pk, data in done.items()
    }


def document_head(document: Document, edition: Edition) -> dict[str, Any]:
    """A document as the public page's template takes it, before it is public."""
    at = edition.published_at or edition.publish_at
    story = told(document.town, edition.revision) if kind_of(document.kind).claims else None
    return {
        "title": edition.revision.title,
        "body_html": story.body if story else Markup(edition.revision.body_html),  # noqa: S704 (cleaned when written)
        "sources": story.sources if story else (),
        "url": f"/info/{document.index_number}",
        "json_url": f"/info/{document.index_number}.json",
        "index_number": document.index_number,
        "issuer": document.issuer,
        "scope": document.get_scope_display(),
        "generated_on": document.generated_on,
        "published_on": timezone.localtime(at).date() if at else "（公开当天）",
        "method": document.method,
        "source": origin(document, edition.revision)[0],
        "source_url": origin(document, edition.revision)[1],
        "time": timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else "（公开的时刻）",
        "views": None,
        "doc_number": document.doc_number,
        "stated": laid_out(kind_of(document.kind), edition.revision.facts),
        "theme": document.theme_said,
        "historical": False,
    }


def attachments(edition: Edition) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "url": f"/desk/info/{edition.pk}/files/{row.pk}",
            "size": size_label(row.file.size),
            "sha256": row.file.sha256,
        }
        for row in edition.revision.attachments.select_related("file")
    ]


def asked(request: HttpRequest, limit: int = 100) -> str:
    """The words of a search box, without what a database refuses to compare."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:limit]


def link(**query: str | int) -> str:
    """An address on the same page; empty values are left out."""
    return "?" + urlencode({name: value for name, value in query.items() if value})


def tabs(
    chosen: str, rows: Iterable[tuple[str, str, int]], query: str = "", *, name: str = "state"
) -> list[tuple[str, str, bool]]:
    """Tabs with counts: (label, address, current)."""
    return [(f"{label}（{count:,}）", link(**{name: key, "q": query}), key == chosen) for key, label, count in rows]
