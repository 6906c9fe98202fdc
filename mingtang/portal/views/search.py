"""站内搜索: documents and items."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from markupsafe import Markup

from mingtang.disclosure.enums import EditionState, Provenance
from mingtang.disclosure.models import Document
from mingtang.portal import wanted_counted
from mingtang.portal.views.home import common_links, in_force
from mingtang.search.ranking import Hit
from mingtang.search.service import SearchUnavailable, search

SIZE = 10
KINDS = {"": "全部", "item": "事项", "document": "文件"}
DATE = "日期写得不对，请照 2026-03-01 这样写。"
BACKWARDS = "后一个日期早于前一个。请对调一下。"
FACETS = {"issuer": "发布机构", "theme": "栏目", "sort": "办件类型", "year": "年份"}


def _link(q: str, chosen: dict[str, str], **changes: str) -> str:
    wanted = {"q": q, **chosen, **changes}
    return "/search?" + urlencode({name: value for name, value in wanted.items() if value})


def _documents(request: HttpRequest, hits: list[Hit]) -> dict[str, Document]:
    """The documents among the hits by their keys, for what the index does not keep."""
    numbers = [hit.key.partition(":")[2] for hit in hits if hit.kind == "document"]
    rows = Document.objects.visible_to(request.viewer).published().filter(index_number__in=numbers)
    return {row.subject: row for row in rows.select_related("current")}


def _mark(row: Document | None) -> str:
    if row is None:
        return ""
    if row.current.state != EditionState.PUBLISHED:
        return row.current.state_title
    return "历史文件" if row.provenance == Provenance.HISTORICAL else ""


def _hit(hit: Hit, row: Document | None) -> dict[str, Any]:
    return {
        "issuer": row.issuer if row else "",
        "number": row.doc_number if row else "",
        "mark": _mark(row),
        "url": hit.url,
        "title_html": Markup(hit.title_html),  # noqa: S704 (escaped where it is marked)
        "snippet_html": Markup(hit.snippet_html),  # noqa: S704
        "kind": KINDS.get(hit.kind, hit.kind),
        "date": parse_date(hit.date[:10]) if hit.date and hit.kind == "document" else None,
    }


def _days(request: HttpRequest) -> tuple[dict[str, str], tuple[date | None, date | None], str]:
    """The days as they were typed, as days, and what is wrong with them: then they choose nothing."""
    typed = {name: request.GET.get(name, "").strip()[:20] for name in ("from", "to")}
    found: list[date | None] = []
    for text in typed.values():
        try:
            day = parse_date(text) if text else None
        except ValueError:
            day = None
        if text and day is None:
            return typed, (None, None), DATE
        found.append(day)
    first, last = found
    if first and last and last < first:
        return typed, (None, None), BACKWARDS
    return typed, (first, last), ""


def results(request: HttpRequest) -> HttpResponse:
    """A question in the reader's own words; an empty one lists the newest."""
    q = request.GET.get("q", "").strip()[:200]
    kind = request.GET.get("kind", "")
    chosen = {name: request.GET.get(name, "")[:80] for name in FACETS} | {"kind": kind if kind in KINDS else ""}
    chosen = {name: value for name, value in chosen.items() if value}
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and 0 < int(number) <= 100 else 1
    filters = {name: value for name, value in chosen.items() if name != "kind"}
    typed, days, problem = _days(request)
    kept = filters | {name: text for name, text in typed.items() if text and not problem}
    chosen |= kept
    context: dict[str, Any] = {
        "q": q,
        "trail": [("搜索", None)],
        "common": common_links(list(in_force(request)[:4])),
        "clear_url": _link(q, {}) if chosen else "",
        "typed": typed,
        "problem": problem,
        "hidden": {name: value for name, value in chosen.items() if name not in typed},
    }
    try:
        found = search(request.town.pk, q, kind=chosen.get("kind"), filters=filters, days=days, page=page, size=SIZE)
    except SearchUnavailable as refusal:
        return render(request, "503.html", {"reason": refusal.message}, status=503)
    rows = _documents(request, found.hits)
    missed = bool(q) and not found.total and not found.suggestion and not chosen and page == 1
    context |= {
        "counted": missed and wanted_counted.note(request, q),
        "total": found.total,
        "capped": found.total_capped,
        "results": [_hit(hit, rows.get(hit.key)) for hit in found.hits],
        "suggestion": {"text": found.suggestion, "url": _link(found.suggestion, {})} if found.suggestion else None,
        "kinds": [(title, _link(q, kept, kind=name), name == chosen.get("kind", "")) for name, title in KINDS.items()],
        "groups": [
            {
                "title": title,
                "items": [
                    {
                        "label": value,
                        "count": count,
                        "active": chosen.get(name) == value,
                        "url": _link(q, chosen, **{name: "" if chosen.get(name) == value else value}),
                    }
                    for value, count in found.facets.get(name, [])[:10]
                ],
            }
            for name, title in FACETS.items()
        ],
        "newer_url": _link(q, chosen, page=str(page - 1)) if page > 1 else "",
        "older_url": _link(q, chosen, page=str(page + 1)) if page * SIZE < found.total else "",
    }
    return render(request, "portal/search.html", context, status=422 if problem else 200)
