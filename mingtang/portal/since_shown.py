"""What became of government information since a moment: published, corrected, expired, withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from mingtang.disclosure.enums import EditionState, Provenance
from mingtang.disclosure.models import Edition
from mingtang.portal.tombstones import is_leak
from mingtang.towns.viewer import Viewer

MOST = 100  # rows of a group


@dataclass(frozen=True)
class Group:
    """One kind of change, the newest first; ``total`` may be more than its ``rows``."""

    code: str
    title: str
    total: int
    rows: list[dict[str, Any]]


def _row(edition: Edition, at: datetime, note: str) -> dict[str, Any]:
    document, leak = edition.document, is_leak(edition)
    return {
        "title": "（已撤下的信息）" if leak else edition.revision.title,
        "url": f"/info/{document.index_number}",
        "date": at,
        "sub": "　".join(part for part in ("" if leak else document.issuer, note) if part),
    }


def _group(code: str, title: str, found: QuerySet[Edition], at: str, note: str = "") -> Group:
    # First which, then what they show: else a database puts whole rows in order, of all there are.
    order = (f"-{at}", "-pk")
    keys = list(found.order_by(*order).values_list("pk", flat=True)[:MOST])
    rows = Edition.objects.filter(pk__in=keys).select_related("document", "revision").order_by(*order)
    rows = rows.defer("revision__body_html", "revision__body_text", "revision__facts")
    return Group(
        code,
        title,
        len(keys) if len(keys) < MOST else found.count(),
        [_row(row, getattr(row, at), getattr(row, note) if note else "") for row in rows],
    )


def changes(viewer: Viewer, since: datetime) -> list[Group]:
    """The groups in which something happened. What was taken over from elsewhere is told apart from what is new."""
    current = Edition.objects.visible_to(viewer).filter(pk=F("document__current"))
    kept = current.exclude(state=EditionState.WITHDRAWN)
    standing = kept.filter(published_at__gt=since)
    old = Q(document__provenance=Provenance.HISTORICAL)
    groups = [
        _group("new", "新公开", standing.filter(~old, number=1), "published_at"),
        _group("corrected", "更正", standing.filter(number__gt=1), "published_at", "note"),
        _group("ended", "失效和废止", kept.filter(ended_at__gt=since), "ended_at", "ended_reason"),
        _group(
            "withdrawn",
            "撤下",
            current.filter(state=EditionState.WITHDRAWN, withdrawn_at__gt=since),
            "withdrawn_at",
            "withdrawn_reason",
        ),
        _group("adopted", "补录的历史文件", standing.filter(old, number=1), "published_at"),
    ]
    return [group for group in groups if group.total]


def summary(groups: Iterable[Group]) -> str:
    """新公开 3 件，更正 1 件"""
    return "，".join(f"{group.title} {group.total:,} 件" for group in groups)
