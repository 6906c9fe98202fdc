"""For programs that follow the site: Atom, the sitemap, what robots may ask. Lists about persons never stand here."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from lxml import etree

from mingtang.disclosure.kinds import kinds
from mingtang.disclosure.models import Column, Document
from mingtang.disclosure.stories.claims import NEWS
from mingtang.hall.models import Site
from mingtang.lib.text import CHINA
from mingtang.people.models import Unit, Village
from mingtang.portal import feeds_shown, keys
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views.home import in_force
from mingtang.portal.views.site import COLUMNS
from mingtang.rulebook.models import Power
from mingtang.search.service import SearchUnavailable, search

Address = tuple[str, datetime | None]
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What the addresses that are no documents change with.
OTHERS = (keys.COLUMNS, keys.SERVICES, keys.POWERS, keys.HALL)
# Parts of the sitemap that the list of its files waits for: no town writes a million documents between two of its own.
PARTS_AHEAD = 20
# What no robot needs: one's own pages, what only counts or answers a form, endless questions.
CLOSED = ("/desk/", "/account/", "/cases/", "/drafts/", "/uploads/", "/tickets/", "/hits/", "/size/", "/subscribe/")
ASKED = ("/search?", "/find?", "/info/?", "/services/?", "/api/")


def _documents(request: HttpRequest) -> QuerySet[Document]:
    return Document.objects.visible_to(request.viewer).filter(current__isnull=False)


def _feed(request: HttpRequest, path: str, page: str, title: str, documents: QuerySet[Document]) -> HttpResponse:
    body = feeds_shown.atom(request.town, path, page, title, feeds_shown.last_changed(documents))
    return HttpResponse(body, content_type="application/atom+xml")


@stored(keys.CATALOGUE)
def info_atom(request: HttpRequest) -> HttpResponse:
    """Everything."""
    return _feed(request, "/feeds/info.atom", "/info/", "政府信息公开", _documents(request))


@stored(*keys.NEWS)
def news_atom(request: HttpRequest) -> HttpResponse:
    """Stories, digests and reprints."""
    return _feed(request, "/feeds/news.atom", "/news/", "新闻", _documents(request).filter(kind__in=NEWS))


@stored(keys.COLUMNS)
def column_atom(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Column.objects.visible_to(request.viewer), code=code)
    depends_on(row.subject)
    documents = _documents(request).filter(filings__column=row)
    return _feed(request, f"/feeds/c/{code}.atom", f"/info/c/{code}", row.name, documents)


@stored()
def unit_atom(request: HttpRequest, code: str) -> HttpResponse:
    depends_on(keys.unit_documents(code))
    row = get_object_or_404(Unit, town=request.town, code=code)
    page = f"/info/?{urlencode({'issuer': row.name})}"
    return _feed(request, f"/feeds/unit/{code}.atom", page, row.name, _documents(request).filter(unit=row))


@stored()
def kind_atom(request: HttpRequest, code: str) -> HttpResponse:
    depends_on(keys.kind_documents(code))
    kind = kinds().get(code)
    if kind is None:
        raise Http404
    page = f"/info/?{urlencode({'kind': code})}"
    return _feed(request, f"/feeds/kind/{code}.atom", page, kind.name, _documents(request).filter(kind=code))


@stored(keys.CATALOGUE)
def village_atom(request: HttpRequest, pk: int) -> HttpResponse:
    """What names one village."""
    row = get_object_or_404(Village.objects.visible_to(request.viewer), pk=pk)
    depends_on(row.subject)
    documents = feeds_shown.naming(_documents(request), row)
    page = f"/search?{urlencode({'q': row.name})}"
    return _feed(request, f"/feeds/village/{pk}.atom", page, f"提到{row}的", documents)


def search_atom(request: HttpRequest) -> HttpResponse:
    """What a search finds, in the order of its changes; a document that was withdrawn is found no more."""
    q = request.GET.get("q", "").strip()[:200]
    try:
        hits = search(request.town.pk, q, kind="document", size=feeds_shown.NEWEST).hits
    except SearchUnavailable as refusal:
        return HttpResponse(refusal.message, status=503, content_type="text/plain; charset=utf-8")
    found = _documents(request).filter(index_number__in=[hit.key.partition(":")[2] for hit in hits])
    query = urlencode({"q": q})
    return _feed(request, f"/feeds/search.atom?{query}", f"/search?{query}", f"搜索“{q}”", found)


def _addresses(request: HttpRequest) -> Iterator[Address]:
    """Every public page of the town but the documents, with its last change by the log; no case, nothing personal."""
    yield from ((path, None) for _, path in COLUMNS if "?" not in path and not path.startswith(CLOSED))
    for code, changed in in_force(request).values_list("item__code", "version__in_force_at"):
        yield f"/services/{code}", changed
    for code in Column.objects.visible_to(request.viewer).values_list("code", flat=True):
        yield f"/info/c/{code}", None
    for code in Power.objects.visible_to(request.viewer).values_list("code", flat=True):
        yield f"/powers/{code}", None
    for code in Site.objects.visible_to(request.viewer).values_list("code", flat=True):
        yield f"/hall/{code}", None


def _dated(request: HttpRequest, **which: Any) -> Iterator[Address]:
    rows = Document.objects.visible_to(request.viewer).published().filter(**which).order_by("pk")
    for index, changed in rows.values_list("index_number", "current__published_at"):
        yield f"/info/{index}", changed


def _xml(root: Any) -> HttpResponse:
    return HttpResponse(etree.tostring(root, xml_declaration=True, encoding="UTF-8"), content_type="application/xml")


def _urlset(request: HttpRequest, rows: Iterable[Address]) -> HttpResponse:
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP})
    for path, changed in rows:
        node = etree.SubElement(root, f"{{{SITEMAP}}}url")
        etree.SubElement(node, f"{{{SITEMAP}}}loc").text = request.town.base_url + path
        if changed:
            etree.SubElement(node, f"{{{SITEMAP}}}lastmod").text = changed.astimezone(CHINA).date().isoformat()
    return _xml(root)


def _is_one_file(request: HttpRequest, others: list[Address]) -> bool:
    return len(others) + _documents(request).count() <= keys.IN_ONE_FILE


def _parts(request: HttpRequest) -> Iterable[int]:
    """Which parts hold documents: each stands in that of its key, so that no other file changes with it."""
    rows = _documents(request).annotate(part=F("pk") / keys.IN_ONE_FILE)
    return rows.order_by("part").values_list("part", flat=True).distinct()


@stored()
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Every public page; beyond fifty thousand the files that name them: the documents stand behind all others."""
    others = list(_addresses(request))
    if _is_one_file(request, others):
        depends_on(keys.CATALOGUE, *OTHERS)
        return _urlset(request, [*others, *_dated(request)])
    parts = list(_parts(request))
    if _is_one_file(request, []):
        depends_on(keys.CATALOGUE, *OTHERS)  # the others alone make it more than one: they may become fewer
    # What is published into a part that is named already changes that file, and not this one.
    depends_on(*map(keys.sitemap_part, {*range(max(parts, default=0) + PARTS_AHEAD)} - {*parts}))
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap={None: SITEMAP})
    for number in (1, *(part + 2 for part in parts)):
        node = etree.SubElement(root, f"{{{SITEMAP}}}sitemap")
        etree.SubElement(node, f"{{{SITEMAP}}}loc").text = f"{request.town.base_url}/sitemap-{number}.xml"
    return _xml(root)


@stored()
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """One of several files; where one takes all there is none."""
    others = list(_addresses(request))
    if _is_one_file(request, others):
        raise Http404
    if number == 1:
        depends_on(*OTHERS)
        return _urlset(request, others)
    part, size = number - 2, keys.IN_ONE_FILE
    depends_on(keys.sitemap_part(part))
    rows = list(_dated(request, pk__gte=part * size, pk__lt=(part + 1) * size))
    if not rows:
        raise Http404
    return _urlset(request, rows)


@stored(keys.SITE)
def robots(request: HttpRequest) -> HttpResponse:
    """What is public may be read by every program; what belongs to one person or has no end is not asked for."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in (*CLOSED, *ASKED))]
    lines += [f"Sitemap: {request.town.base_url}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
