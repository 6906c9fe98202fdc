"""Documents whose term comes to its end, or has, as the desk shows them."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.disclosure import linking, terms
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Edition, Restatement
from mingtang.lib.text import chinese_date
from mingtang.people.enums import Permission as P

MOST = 200
ASKED = "请评估：要继续用，出新版，写新的登记号和有效期；不要了，废止。什么都不做，期满自动失效。"


def banner(edition: Edition) -> dict[str, str] | None:
    """What the page of an edition says of its end; nothing while that is far."""
    if edition.state == EditionState.REPEALED:
        return {"title": "已废止", "text": edition.ended_reason, "tone": "late"}
    if edition.state == EditionState.EXPIRED:
        text = f"有效期到{chinese_date(edition.in_force_until)}为止。要恢复效力，出新版，写新的登记号和有效期。"
        return {"title": "已失效", "text": text, "tone": "late"}
    last = edition.in_force_until
    if edition.state != EditionState.PUBLISHED or last is None or last > terms.warned_until():
        return None
    return {"title": f"有效期到{chinese_date(last)}为止，{_left(last)}", "text": ASKED, "tone": "today"}


def ending(request: HttpRequest) -> QuerySet[Edition]:
    """What ends within half a year, for those who can renew or repeal it."""
    rows = terms.ending(request.town)
    return rows if request.viewer.powers & {P.DOCUMENT_DRAFT, P.DOCUMENT_SIGN} else rows.none()


def todo_rows(request: HttpRequest) -> list[dict[str, Any]]:
    rows = ending(request).select_related("document", "revision")
    return [
        {
            "url": f"/desk/info/{row.pk}",
            "title": row.revision.title,
            "sub": f"{row.document.index_number}　有效期至{chinese_date(row.in_force_until)}，请评估去留",
            "word": _left(row.in_force_until),
            "tone": "today",
        }
        for row in rows.defer("revision__body_html", "revision__body_text", "revision__facts")[:MOST]
    ]


def restated(request: HttpRequest) -> QuerySet[Restatement]:
    """What another said of a document that is out, for those who may agree."""
    rows = Restatement.objects.visible_to(request.viewer).waiting().exclude(proposed_by=request.user)
    return rows if request.viewer.powers & {P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN} else rows.none()


def restated_rows(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "url": f"/desk/info/{row.edition_id}/validity",
            "title": row.edition.revision.title,
            "sub": f"{row.edition.document.index_number}　{row.get_verdict_display()}",
            "word": "等您同意",
            "tone": "today",
        }
        for row in restated(request).select_related("edition__document", "edition__revision")[:MOST]
    ]


def unexplained_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """What is in force and still lacks its interpretation, for those who write."""
    if not request.viewer.may(P.DOCUMENT_DRAFT):
        return []
    return [
        {
            "url": f"/desk/info/{row.pk}",
            "title": row.revision.title,
            "sub": f"{row.document.index_number}　{chinese_date(last)}以前要有解读",
            "word": f"晚了 {late} 个工作日" if late else "等解读",
            "tone": "late" if late else "today",
        }
        for row, last, late in linking.unexplained(request.town)[:MOST]
    ]


def _left(last: date) -> str:
    days = (last - timezone.localdate()).days
    return f"还有 {days} 天" if days > 0 else "今天是最后一天"
