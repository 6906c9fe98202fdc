"""For programs that follow the site: Atom and the sitemap."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from lxml import etree

from mingtang.disclosure.models import Document
from mingtang.portal import keys
from mingtang.portal.stored import stored
from mingtang.portal.views.home import in_force

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWEST, MOST = 50, 50_000


def _xml(root: Any, content_type: str) -> HttpResponse:
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return HttpResponse(body, content_type=content_type)


def _published(request: HttpRequest) -> Any:
    return (
        Document.objects.visible_to(request.viewer)
        .published()
        .select_related("current__revision")
        .order_by("-published_at", "-pk")
    )


@stored(keys.CATALOGUE)
def info_atom(request: HttpRequest) -> HttpResponse:
    """The newest documents."""
    base = request.town.base_url

    def add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
        node = etree.SubElement(parent, f"{{{ATOM}}}{name}", **attributes)
        node.text = text or None
        return node

    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    add(feed, "id", f"{base}/feeds/info.atom")
    add(feed, "title", f"{request.town.site_name}：政府信息公开")
    add(feed, "link", rel="self", href=f"{base}/feeds/info.atom")
    add(add(feed, "author"), "name", request.town.site_name)
    rows = list(_published(request)[:NEWEST])
    # Atom wants a moment even for a feed without entries.
    add(feed, "updated", rows[0].current.published_at.isoformat() if rows else "2000-01-01T00:00:00Z")
    for row in rows:
        entry = add(feed, "entry")
        add(entry, "id", f"{base}/info/{row.index_number}")
        add(entry, "title", row.current.revision.title)
        add(entry, "link", href=f"{base}/info/{row.index_number}")
        add(entry, "updated", row.current.published_at.isoformat())
        add(entry, "summary", row.current.revision.body_text[:200])
    return _xml(feed, "application/atom+xml")


@stored(keys.CATALOGUE, keys.SERVICES)
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Every public page of the town; no case line, no list about persons."""
    base = request.town.base_url
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP})

    def add(path: str, changed: Any = None) -> None:
        node = etree.SubElement(root, f"{{{SITEMAP}}}url")
        etree.SubElement(node, f"{{{SITEMAP}}}loc").text = base + path
        if changed:
            etree.SubElement(node, f"{{{SITEMAP}}}lastmod").text = changed.date().isoformat()

    for path in ("/", "/info/", "/services/", "/fees/", "/ledger/", "/accessibility"):
        add(path)
    for code, changed in in_force(request).values_list("item__code", "version__in_force_at"):
        add(f"/services/{code}", changed)
    rows = Document.objects.visible_to(request.viewer).published().order_by("-published_at", "-pk")
    for number, changed in rows.values_list("index_number", "current__published_at")[: MOST - len(root)]:
        add(f"/info/{number}", changed)
    return _xml(root, "application/xml")
