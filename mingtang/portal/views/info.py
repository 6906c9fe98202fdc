"""政府信息公开: the catalogue and its documents."""

import csv
import io
import json
from typing import Any
from urllib.parse import quote

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from markupsafe import Markup

from mingtang.disclosure.enums import EditionState, Provenance
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import laid_out, typed
from mingtang.disclosure.models import Attachment, Document, Edition
from mingtang.events import types
from mingtang.events.models import Event
from mingtang.files.actions import response as file_response
from mingtang.files.policies import size_label
from mingtang.ledger import service as ledger
from mingtang.portal import common, keys, views_counted
from mingtang.portal.info_shown import listing, title_of
from mingtang.portal.stored import depends_on, stored
from mingtang.press import document_paper
from mingtang.press.render import PaperUnavailable

COLUMN = {
    "name": "政府信息公开",
    "description": "政府信息公开目录",
    "keywords": "政府信息公开;公开目录",
    "type": "信息公开目录",
}
PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@stored(keys.CATALOGUE)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Everything published, newest first."""
    context = listing(request, Document.objects.visible_to(request.viewer)) | {
        "column": COLUMN,
        "trail": [("政府信息公开", None)],
        "heading": "政府信息公开目录",
    }
    return render(request, "portal/info/index.html", context)


def _published(request: HttpRequest, number: str) -> Document:
    return get_object_or_404(
        Document.objects.visible_to(request.viewer)
        .filter(current__isnull=False)
        .select_related("current__revision", "current__published_event__sequenced", "town"),
        index_number=number,
    )


def _history(document: Document) -> list[dict[str, Any]]:
    """What the public may know of a document's past: publications, adoptions, withdrawals, newest first."""
    public = ["document.published", "document.adopted", "document.withdrawn"]
    events = (
        Event.objects.filter(town=document.town, subject=document.subject, type__in=public)
        .select_related("sequenced")
        .order_by("-pk")
    )
    names = {row.number: row for row in document.editions.all()}
    rows = []
    for event in events:
        number = event.data["edition"]
        edition = names.get(number)
        current = edition is not None and edition.pk == document.current_id
        rows.append(
            {
                "at": event.recorded_at,
                "what": f"{types.title(event.type)}（第 {number} 版）",
                "who": document.issuer,
                "note": event.reason,
                "index": event.sequenced.index if hasattr(event, "sequenced") else None,
                "url": ""
                if current or event.type == "document.withdrawn"
                else f"/info/e/{number}/{document.index_number}",
            }
        )
    return rows


def _metadata(document: Document, edition: Edition) -> dict[str, Any]:
    historical = document.provenance == Provenance.HISTORICAL
    source_at = timezone.localtime(edition.source_published_at) if edition.source_published_at else None
    shown_at = source_at or timezone.localtime(edition.published_at)
    form = "%Y-%m-%d" if source_at and not edition.source_has_time else "%Y-%m-%d %H:%M"
    viewed = document.views.aggregate(total=Sum("count"))["total"]
    return {
        "title": edition.revision.title,
        "body_html": Markup(edition.revision.body_html),  # noqa: S704 (cleaned when it was written)
        "url": f"/info/{document.index_number}",
        "json_url": f"/info/{document.index_number}.json",
        "pdf_url": f"/info/{document.index_number}.pdf",
        "index_number": document.index_number,
        "issuer": document.issuer,
        "scope": document.get_scope_display(),
        "generated_on": document.generated_on,
        "published_on": shown_at.date(),
        "method": document.method,
        "source": document.source or document.issuer,
        "time": shown_at.strftime(form),
        "views": viewed or 0,
        "views_as_of": timezone.localdate(),
        "counter_url": f"/hits/{document.pk}.gif",
        "qr": common.qr(f"{document.town.base_url}/info/{document.index_number}", "扫一扫，在手机上打开这一页"),
        "doc_number": document.doc_number,
        "stated": laid_out(kind_of(document.kind), edition.revision.facts),
        "theme": document.theme_stated or document.get_theme_display(),
        "historical": historical,
        "source_published_on": source_at,
        "adopted_on": edition.published_at if historical else None,
        "provenance": f"来源：{document.source_url}" if document.source_url else "",
    }


def _attachments(edition: Edition) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "url": f"/files/{row.pk}",
            "size": size_label(row.file.size),
            "sha256": row.file.sha256,
        }
        for row in edition.revision.attachments.select_related("file")
    ]


def document(request: HttpRequest, number: str) -> HttpResponse:
    """The document's page; a withdrawn one answers 410 with its tombstone."""
    return _document(request, number)


@stored(keys.DAY)
def _document(request: HttpRequest, number: str) -> HttpResponse:
    depends_on(f"document:{number}")
    row = _published(request, number)
    edition = row.current
    trail = [("政府信息公开", "/info/"), (row.get_theme_display(), f"/info/?theme={row.theme}"), ("正文", None)]
    if edition.state == EditionState.WITHDRAWN:
        context = {
            "doc": {
                "title": "" if title_of(edition) != edition.revision.title else edition.revision.title,
                "index_number": row.index_number,
                "category": row.get_theme_display(),
                "issuer": row.issuer,
                "published_on": row.published_at,
                "withdrawn_on": edition.withdrawn_at,
                "reason": f"{edition.get_withdrawn_ground_display()}：{edition.withdrawn_reason}",
            },
            "trail": trail,
            "history": _history(row),
            "proof": common.proof(edition.published_event),
        }
        return render(request, "portal/info/tombstone.html", context, status=410)
    doc = _metadata(row, edition)
    return render(
        request,
        "portal/info/document.html",
        {
            "column": COLUMN,
            "article": {
                "title": doc["title"],
                "published": timezone.localtime(edition.source_published_at or edition.published_at).strftime(
                    "%Y-%m-%d %H:%M"
                ),
                "source": doc["source"],
                "url": row.town.base_url + doc["url"],
            },
            "trail": trail,
            "doc": doc,
            "attachments": _attachments(edition),
            "history": _history(row),
            "proof": common.proof(edition.published_event),
        },
    )


@stored()
def old_edition(request: HttpRequest, edition: int, number: str) -> HttpResponse:
    """An edition that was superseded, as it stood."""
    depends_on(f"document:{number}")
    row = _published(request, number)
    old = get_object_or_404(
        Edition.objects.visible_to(request.viewer)
        .filter(state__in=[EditionState.PUBLISHED, EditionState.SUPERSEDED])
        .select_related("revision", "published_event__sequenced"),
        document=row,
        number=edition,
    )
    if row.current.state == EditionState.WITHDRAWN:
        raise Http404
    doc = _metadata(row, old)
    return render(
        request,
        "portal/info/document.html",
        {
            "column": COLUMN,
            "trail": [("政府信息公开", "/info/"), (row.index_number, doc["url"]), (f"第 {edition} 版", None)],
            "doc": doc,
            "old": old.pk != row.current_id,
            "edition": f"第 {edition} 版",
            "superseded": {"url": doc["url"], "title": row.current.revision.title}
            if old.pk != row.current_id
            else None,
            "attachments": _attachments(old),
            "history": _history(row),
            "proof": common.proof(old.published_event),
        },
    )


@stored()
def document_json(request: HttpRequest, number: str) -> HttpResponse:
    """The document as data; ``ledger_index`` and ``logged_at`` are null until the event is numbered."""
    depends_on(f"document:{number}")
    row = _published(request, number)
    edition = row.current
    if edition.state == EditionState.WITHDRAWN:
        return JsonResponse({"index_number": row.index_number, "withdrawn": True}, status=410)
    event = edition.published_event
    source_at = timezone.localtime(edition.source_published_at) if edition.source_published_at else None
    published = source_at or timezone.localtime(edition.published_at)
    index = ledger.index_of(event)
    data = {
        "index_number": row.index_number,
        "title": edition.revision.title,
        "issuer": row.issuer,
        "scope": row.get_scope_display(),
        "generated_on": row.generated_on.isoformat() if row.generated_on else None,
        "published_on": published.date().isoformat(),
        "provenance": row.provenance,
        "logged_at": timezone.localtime(event.sequenced.logged_at).isoformat() if index is not None else None,
        "method": row.method,
        "source": row.source or row.issuer,
        "doc_number": row.doc_number or None,
        "theme": row.theme_stated or row.get_theme_display(),
        "kind": row.kind,
        "facts": edition.revision.facts,
        "body_text": edition.revision.body_text,
        "sha256": edition.revision.sha256,
        "edition": edition.number,
        "ledger_index": index,
        "source_id": row.source_id or None,
    }
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")


@stored()
def table_csv(request: HttpRequest, sheet: str, number: str) -> HttpResponse:
    """A table of the document as it stands now, money in yuan, for whoever reckons with it."""
    depends_on(f"document:{number}")
    row = _published(request, number)
    spec = kind_of(row.kind).sheet(sheet)
    rows = row.current.revision.facts.get("sheets", {}).get(sheet, {}).get("rows", [])
    if row.current.state == EditionState.WITHDRAWN or spec is None:
        raise Http404
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.label for column in spec.columns])
    writer.writerows(
        [typed(column, value) for column, value in zip(spec.columns, cells, strict=False)] for cells in rows
    )
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(spec.title)}.csv"
    return answer


@stored()
def document_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The document on paper: made once, then kept with the stored pages until another edition is published."""
    depends_on(f"document:{number}")
    row = _published(request, number)
    if row.current.state == EditionState.WITHDRAWN:
        raise Http404
    try:
        return HttpResponse(document_paper.pdf(row.current), content_type="application/pdf")
    except PaperUnavailable as refusal:
        return HttpResponse(refusal.message, status=503, content_type="text/plain; charset=utf-8")


def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """An attachment of what is public now, as a download."""
    row = get_object_or_404(Attachment.objects.select_related("file", "revision__document__current"), pk=pk)
    document = _published(request, row.revision.document.index_number)
    shown = document.editions.filter(
        revision_id=row.revision_id, state__in=[EditionState.PUBLISHED, EditionState.SUPERSEDED]
    )
    if document.current.state == EditionState.WITHDRAWN or not shown.exists():
        raise Http404
    return file_response(row.file)


def hit(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture that counts a reading; no cookie, nothing about the reader."""
    views_counted.count(pk)
    response = HttpResponse(PIXEL, content_type="image/gif")
    response["Cache-Control"] = "no-store"
    return response
