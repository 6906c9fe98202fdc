"""Documents as an Atom feed (RFC 4287): what was published, corrected or withdrawn last."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from lxml import etree

from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.said import named, said
from mingtang.people.models import Unit, Village
from mingtang.towns.models import Jurisdiction

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"  # RFC 6721
NEWEST, SUMMARY, LOOKED_THROUGH = 50, 200, 1000
# Atom wants a moment even for a feed without entries.
NEVER = "2000-01-01T00:00:00Z"


def offered(request: HttpRequest) -> list[tuple[str, str]]:
    """The feeds that are named on the page of subscriptions: of everything, of each unit that publishes, of what names
    each village."""
    published = Exists(Document.objects.filter(unit=OuterRef("pk"), current__isnull=False))
    units = Unit.objects.filter(published, town=request.town).order_by("order", "pk")
    rows = [(name, f"/feeds/unit/{code}.atom") for name, code in units.values_list("name", "code")]
    villages = Village.objects.visible_to(request.viewer).filter(closed_on__isnull=True)
    rows += [(f"提到{village}的", f"/feeds/village/{village.pk}.atom") for village in villages]
    return [("全部政府信息", "/feeds/info.atom"), *rows]


def naming(documents: QuerySet[Document], village: Village) -> QuerySet[Document]:
    """Of the newest thousand those that name a village: what is older is no news, and every text is read for it."""
    newest = documents.select_related("current__revision").order_by("-current__published_event")[:LOOKED_THROUGH]
    found = []
    for document in newest:
        document.current.document = document
        if named(said(document.current), [village]):
            found.append(document.pk)
    return documents.filter(pk__in=found)


def last_changed(documents: QuerySet[Document]) -> list[Edition]:
    """The last editions that were published and stand, that ended, and that were withdrawn, at most fifty of each."""
    ended = (EditionState.EXPIRED, EditionState.REPEALED)
    kinds = (
        documents.filter(current__state=EditionState.PUBLISHED).order_by("-current__published_event"),
        documents.filter(current__state__in=ended).order_by("-current__ended_at"),
        documents.filter(current__state=EditionState.WITHDRAWN).order_by("-current__withdrawn_at"),
    )
    # What is put in order is short; the texts are read of the few that are shown.
    shown = [key for kind in kinds for key in kind.values_list("current", flat=True)[:NEWEST]]
    return list(Edition.objects.filter(pk__in=shown).select_related("document", "revision"))


def _changed(edition: Edition) -> datetime:
    return edition.withdrawn_at or edition.ended_at or edition.published_at


def _title(edition: Edition) -> str:
    """With what became of it since it was first published."""
    if edition.ended_at:
        return f"【{edition.state_title}】{edition.revision.title}"
    return f"【更正】{edition.revision.title}" if edition.number > 1 else edition.revision.title


def add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    node = etree.SubElement(parent, f"{{{ATOM}}}{name}", **attributes)
    node.text = text or None
    return node


def _tombstone(feed: Any, base: str, edition: Edition) -> None:
    """What stays of a withdrawn document: its id, when and why; not its title, which may be what leaked."""
    node = etree.SubElement(
        feed,
        f"{{{TOMBSTONES}}}deleted-entry",
        ref=f"{base}/info/{edition.document.index_number}",
        when=edition.withdrawn_at.isoformat(),
    )
    comment = etree.SubElement(node, f"{{{TOMBSTONES}}}comment")
    comment.text = f"{edition.get_withdrawn_ground_display()}：{edition.withdrawn_reason}"


def _entry(feed: Any, base: str, edition: Edition) -> None:
    document, revision = edition.document, edition.revision
    address = f"{base}/info/{document.index_number}"
    entry = add(feed, "entry")
    add(entry, "id", address)
    add(entry, "title", _title(edition))
    add(entry, "link", href=f"{address}?via=feed")
    add(entry, "published", document.published_at.isoformat())
    add(entry, "updated", _changed(edition).isoformat())
    add(add(entry, "author"), "name", document.issuer)
    add(entry, "category", term=document.theme, label=document.get_theme_display())
    note = f"更正说明：{edition.note}。" if edition.number > 1 and edition.note else ""
    add(entry, "summary", note + revision.body_text[:SUMMARY])


def opened(town: Jurisdiction, path: str, page: str, title: str, updated: datetime | None) -> Any:
    """A feed without entries that stands at ``path``, of what the page at ``page`` shows."""
    base, feed = town.base_url, etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "at": TOMBSTONES})
    add(feed, "id", f"{base}{path}")
    add(feed, "title", f"{town.site_name}：{title}")
    add(feed, "link", rel="self", href=f"{base}{path}", type="application/atom+xml")
    add(feed, "link", rel="alternate", href=f"{base}{page}", type="text/html")
    add(add(feed, "author"), "name", town.site_name)
    add(feed, "updated", updated.isoformat() if updated else NEVER)
    return feed


def written(feed: Any) -> bytes:
    return etree.tostring(feed, xml_declaration=True, encoding="UTF-8")


def atom(town: Jurisdiction, path: str, page: str, title: str, editions: Iterable[Edition]) -> bytes:
    """The feed of documents that stands at ``path``."""
    base, editions = town.base_url, sorted(editions, key=lambda one: (_changed(one), one.pk), reverse=True)
    feed = opened(town, path, page, title, _changed(editions[0]) if editions else None)
    for edition in editions[:NEWEST]:
        if edition.state == EditionState.WITHDRAWN:
            _tombstone(feed, base, edition)
        else:
            _entry(feed, base, edition)
    return written(feed)
