"""政府信息公开: the catalogue and its documents."""

import csv
import io
import json
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from mingtang.disclosure import comparing, due, reach, words
from mingtang.disclosure.enums import EditionState, Provenance, ReachChannel
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import texts, typed
from mingtang.disclosure.models import Attachment, Document, Edition
from mingtang.disclosure.states import SHOWN
from mingtang.disclosure.stories.claims import NEWS
from mingtang.disclosure.stories.reading import Cited, told
from mingtang.disclosure.stories.reprints import origin
from mingtang.events import types
from mingtang.events.models import Event
from mingtang.files.actions import response as file_response
from mingtang.files.policies import size_label
from mingtang.files.sniff import KINDS
from mingtang.ledger import service as ledger
from mingtang.lib.text import chinese_date
from mingtang.portal import (
    body_shown,
    common,
    keys,
    reading_shown,
    related_shown,
    samples_shown,
    validity_shown,
    views_counted,
)
from mingtang.portal.info_shown import listing
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.tombstones import is_withdrawn, tombstone, tombstone_json
from mingtang.press import document_paper
from mingtang.press.render import PaperUnavailable
from mingtang.workdays.tables import calendar_for

COLUMN = {
    "name": "政府信息公开",
    "description": "政府信息公开目录",
    "keywords": "政府信息公开;公开目录",
    "type": "信息公开目录",
}
TOLD = [f"document.{act}" for act in ("published", "adopted", "expired", "repealed", "withdrawn")]
PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@stored(keys.CATALOGUE)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Everything published, newest first."""
    context = listing(request) | {
        "column": COLUMN,
        "trail": [("政府信息公开", None)],
        "heading": "政府信息公开目录",
    }
    return render(request, "portal/info/index.html", context)


def published_or_404(request: HttpRequest, number: str) -> Document:
    return get_object_or_404(
        Document.objects.visible_to(request.viewer)
        .filter(current__isnull=False)
        .select_related("current__revision", "current__published_event__sequenced", "town"),
        index_number=number,
    )


def history(document: Document) -> list[dict[str, Any]]:
    """What the public may know of a document's past: publications and ends, newest first."""
    events = (
        Event.objects.filter(town=document.town, subject=document.subject, type__in=TOLD)
        .select_related("sequenced")
        .order_by("-pk")
    )
    names = {row.number: row for row in document.editions.all()}
    readable = comparing.readable(document, names.values())
    rows = []
    for event in events:
        number = event.data["edition"]
        edition = names.get(number)
        gone = edition is None or edition.pk == document.current_id or edition.state not in SHOWN
        rows.append(
            {
                "at": event.recorded_at,
                "what": f"{types.title(event.type)}（第 {number} 版）",
                "who": document.issuer,
                "note": event.reason,
                "index": event.sequenced.index if hasattr(event, "sequenced") else None,
                "is_end": event.type == "document.withdrawn",
                "compare": comparing.address(document, readable, number),
                "url": ""
                if gone or document.current.state == EditionState.WITHDRAWN
                else f"/info/e/{number}/{document.index_number}",
            }
        )
    return rows


def _in_time(document: Document, edition: Edition) -> str:
    """By when it had to be public and whether it was, from the log's date."""
    edition.document = document
    light = due.light(edition, calendar_for(document.town), edition.published_at)
    if light is None:
        return ""
    return f"{chinese_date(light.day)}以前（{light.basis}）；{light.words if light.late else '按时公开'}"


def _metadata(request: HttpRequest, document: Document, edition: Edition) -> dict[str, Any]:
    historical = document.provenance == Provenance.HISTORICAL
    source_at = timezone.localtime(edition.source_published_at) if edition.source_published_at else None
    shown_at = source_at or timezone.localtime(edition.published_at)
    form = "%Y-%m-%d" if source_at and not edition.source_has_time else "%Y-%m-%d %H:%M"
    arrived = reach.of(document)
    source, source_url = origin(document, edition.revision)
    body, contents = body_shown.shown(edition.revision.body_html)
    sources: list[Cited] = []
    if kind_of(document.kind).claims:
        story = told(document.town, edition.revision)
        body, sources = story.body, story.sources
        _depends_on_sources(edition)
    this_one = f"{document.town.base_url}/info/e/{edition.number}/{document.index_number}?via=code"
    return {
        "title": edition.revision.title,
        "body_html": body,
        "contents": contents,
        "sources": sources,
        "edition": f"第 {edition.number} 版（{'最新' if edition.pk == document.current_id else '旧版'}）",
        "url": f"/info/{document.index_number}",
        "json_url": f"/info/{document.index_number}.json",
        "pdf_url": f"/hits/{document.pk}/pdf",
        "index_number": document.index_number,
        "issuer": document.issuer,
        "scope": document.get_scope_display(),
        "generated_on": document.generated_on,
        "published_on": shown_at.date(),
        "in_time": _in_time(document, edition),
        **validity_shown.said(edition),
        "method": document.method,
        "source": source,
        "source_url": source_url,
        "time": shown_at.strftime(form),
        "views": reach.opened(arrived),
        "views_as_of": timezone.localdate(),
        "reach": [(ReachChannel(channel).label, f"{count:,}") for channel, count in arrived.items()],
        "counter_url": views_counted.picture(request, document.pk),
        "qr": common.qr(this_one, "扫一扫，在手机上打开这一版"),
        "doc_number": document.doc_number,
        "stated": related_shown.stated(document, edition),
        "theme": document.theme_said,
        "historical": historical,
        "source_published_on": source_at,
        "adopted_on": edition.published_at if historical else None,
    }


def _terms(document: Document, edition: Edition) -> list[tuple[str, str]]:
    """The town's explanations of the terms that stand in the text or the tables."""
    depends_on(keys.TERMS)
    revision = edition.revision
    text = "\n".join([revision.body_text, *(said for _, said in texts(kind_of(document.kind), revision.facts))])
    return [(term, said) for term, said in words.terms_of(document.town_id).items() if term in text]


def _attachments(edition: Edition) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "url": f"/files/{row.pk}",
            "size": f"{KINDS[row.file.kind].label}，{size_label(row.file.size)}",
            "sha256": row.file.sha256,
        }
        for row in edition.revision.attachments.select_related("file")
    ]


def _trail(row: Document) -> list[tuple[str, str | None]]:
    if row.kind in NEWS:
        return [("新闻", "/news/"), ("正文", None)]
    return [("政府信息公开", "/info/"), (row.get_theme_display(), f"/info/?theme={row.theme}"), ("正文", None)]


def _article(row: Document, edition: Edition, doc: dict[str, Any]) -> dict[str, str]:
    """What the page tags say of an edition."""
    published = timezone.localtime(edition.source_published_at or edition.published_at)
    return {
        "title": doc["title"],
        "published": published.strftime("%Y-%m-%d %H:%M"),
        "source": doc["source"],
        "url": row.town.base_url + doc["url"],
    }


def document(request: HttpRequest, number: str) -> HttpResponse:
    """The document's page; a withdrawn one answers 410 with its tombstone."""
    return _document(request, number)


@stored(keys.DAY)
def _document(request: HttpRequest, number: str) -> HttpResponse:
    depends_on(f"document:{number}")
    row = published_or_404(request, number)
    edition = row.current
    if is_withdrawn(row):
        return tombstone(request, row, history(row))
    doc = _metadata(request, row, edition)
    return render(
        request,
        "portal/info/document.html",
        {
            "column": COLUMN,
            "article": _article(row, edition, doc),
            "trail": _trail(row),
            "doc": doc,
            "attachments": _attachments(edition),
            "history": history(row),
            "proof": common.proof(edition.published_event),
            "samples": samples_shown.under(request.viewer, row.subject),
            "read": reading_shown.result(request.viewer, edition),
            "terms": _terms(row, edition),
            **related_shown.around(row, edition),
        },
    )


@stored(keys.DAY)
def old_edition(request: HttpRequest, edition: int, number: str) -> HttpResponse:
    """An edition as it stood, to which the code on its page leads: it says when a newer one has taken its place."""
    depends_on(f"document:{number}")
    row = published_or_404(request, number)
    if is_withdrawn(row):
        return tombstone(request, row, history(row))
    old = get_object_or_404(
        Edition.objects.visible_to(request.viewer)
        .filter(state__in=SHOWN)
        .select_related("revision", "published_event__sequenced"),
        document=row,
        number=edition,
    )
    doc = _metadata(request, row, old)
    return render(
        request,
        "portal/info/document.html",
        {
            "column": COLUMN,
            "article": _article(row, old, doc),
            "trail": [("政府信息公开", "/info/"), (row.index_number, doc["url"]), (f"第 {edition} 版", None)],
            "doc": doc,
            "old": old.pk != row.current_id,
            "edition": f"第 {edition} 版",
            "superseded": {"url": doc["url"], "title": row.current.revision.title}
            if old.pk != row.current_id
            else None,
            "attachments": _attachments(old),
            "read": reading_shown.result(request.viewer, old),
            "history": history(row),
            "proof": common.proof(old.published_event),
            **related_shown.around(row, old),
        },
    )


@stored()
def document_json(request: HttpRequest, number: str) -> HttpResponse:
    """The document as data; ``ledger_index`` and ``logged_at`` are null until the event is numbered."""
    depends_on(f"document:{number}")
    row = published_or_404(request, number)
    edition = row.current
    if is_withdrawn(row):
        return tombstone_json(row)
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
        "theme": row.theme_said,
        "kind": row.kind,
        "in_force_from": edition.in_force_from.isoformat() if edition.in_force_from else None,
        "in_force_until": edition.in_force_until.isoformat() if edition.in_force_until else None,
        "in_force": edition.state == EditionState.PUBLISHED,
        "facts": edition.revision.facts,
        **_sources(row, edition),
        "body_text": edition.revision.body_text,
        "sha256": edition.revision.sha256,
        "edition": edition.number,
        "ledger_index": index,
        "source_id": row.source_id or None,
    }
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")


def _depends_on_sources(edition: Edition) -> None:
    """What becomes of a source of a story shows beside it."""
    depends_on(*edition.revision.claims.exclude(subject="").values_list("subject", flat=True))


def _sources(document: Document, edition: Edition) -> dict[str, Any]:
    """Of a story what each paragraph was taken from, and what became of that since."""
    if not kind_of(document.kind).claims:
        return {}
    story, base = told(document.town, edition.revision), document.town.base_url
    _depends_on_sources(edition)
    return {
        "paragraphs": [
            {
                "mark": claim.mark,
                "text": claim.text,
                "speaker": claim.speaker or None,
                "source": {
                    "title": cited.title or None,
                    "url": base + cited.url,
                    "version": cited.version or None,
                    "sha256": cited.sha256,
                    "on": cited.on.isoformat(),
                    "since": cited.since or None,
                }
                if cited
                else None,
            }
            for claim, cited in story.paragraphs
        ]
    }


@stored()
def table_csv(request: HttpRequest, sheet: str, number: str) -> HttpResponse:
    """A table of the document as it stands now, money in yuan, for whoever reckons with it."""
    depends_on(f"document:{number}")
    row = published_or_404(request, number)
    spec = kind_of(row.kind).sheet(sheet)
    if spec is None:
        raise Http404
    if is_withdrawn(row):
        return tombstone(request, row, history(row))
    rows = row.current.revision.facts.get("sheets", {}).get(sheet, {}).get("rows", [])
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
    row = published_or_404(request, number)
    if is_withdrawn(row):
        return tombstone(request, row, history(row))
    if kind_of(row.kind).claims:
        _depends_on_sources(row.current)
    try:
        return HttpResponse(document_paper.pdf(row.current), content_type="application/pdf")
    except PaperUnavailable as refusal:
        return HttpResponse(refusal.message, status=503, content_type="text/plain; charset=utf-8")


def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """An attachment of what is public now, as a download. No cache may answer with it after a withdrawal."""
    row = get_object_or_404(Attachment.objects.select_related("file", "revision__document__current"), pk=pk)
    document = published_or_404(request, row.revision.document.index_number)
    editions = document.editions.filter(revision_id=row.revision_id)
    if not editions.filter(published_at__isnull=False).exists():
        raise Http404
    if is_withdrawn(document):
        return tombstone(request, document, history(document))
    if not editions.filter(state__in=SHOWN).exists():
        # An edition that was taken down while another stands.
        raise Http404
    answer = file_response(row.file, name=row.name)
    answer["Cache-Control"] = "no-cache"
    return answer


def hit(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture that counts an opening; no cookie, nothing about the reader."""
    if views_counted.is_person(request):
        views_counted.count(pk, views_counted.via(request))
    response = HttpResponse(PIXEL, content_type="image/gif")
    response["Cache-Control"] = "no-store"
    return response


def hit_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts a download and leads to the stored file, which would be answered without asking us."""
    row = get_object_or_404(Document.objects.visible_to(request.viewer).filter(current__isnull=False), pk=pk)
    if views_counted.is_person(request):
        views_counted.count(pk, ReachChannel.PDF)
    response = HttpResponseRedirect(f"/info/{row.index_number}.pdf")
    response["Cache-Control"] = "no-store"
    return response
