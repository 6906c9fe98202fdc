"""What stands near a document: what its text cites, what cites it, its column, the items it speaks of, who answers."""

import re
from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from markupsafe import Markup

from mingtang.disclosure.enums import Relation
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import laid_out
from mingtang.disclosure.models import Document, Edition, Link
from mingtang.disclosure.shelf import CAN_BE_READ, shelf
from mingtang.disclosure.states import READABLE
from mingtang.portal.stored import depends_on
from mingtang.rulebook.models import ItemFacts
from mingtang.search.service import SearchUnavailable, search

# 万政发〔2018〕3号, in any of the brackets that people type.
_CITED = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[［（(]\d{4}[〕\]］）)]\d{1,5}号")
_MOST = 6
TO = {Relation.INTERPRETS: "被解读的文件", Relation.AMENDS: "被修改的文件", Relation.RESTS_ON: "依据的文件"}
FROM = {Relation.INTERPRETS: "政策解读", Relation.AMENDS: "修改它的文件", Relation.RESTS_ON: "以它为依据的文件"}
_SHORTEST = 2
# What no link shows of another document.
UNREAD = tuple(f"current__revision__{name}" for name in ("body_html", "body_text", "facts"))
_LOOKED_AT = 20
_LONGEST = 60


def _canonical(number: str) -> str:
    return re.sub(r"[〔\[［（(](\d{4})[〕\]］）)]", r"〔\1〕", number)


def _row(document: Document, why: str) -> dict[str, Any]:
    """Another document as a link; its withdrawal must change the page that shows it."""
    depends_on(document.subject)
    return {
        "title": document.current.revision.title,
        "url": f"/info/{document.index_number}",
        "date": document.listed_at,
        "sub": why,
    }


def stated(document: Document, edition: Edition) -> dict[str, Any]:
    """What the edition states, for a page: a document of the town that it names by its index number is a link with
    its title; a number that leads nowhere stands as it was typed."""
    kind, facts = kind_of(document.kind), edition.revision.facts
    said = laid_out(kind, facts)
    held = facts.get("fields", {})
    named = {spec.label: str(held.get(spec.code, "")).split() for spec in kind.fields if spec.type == "document"}
    numbers = [number for row in named.values() for number in row]
    if not numbers:
        return said
    found = {row.index_number: row for row in _published(document).filter(index_number__in=numbers)}
    for row in found.values():
        depends_on(row.subject)

    def shown(number: str) -> Markup | str:
        row = found.get(number)
        return format_html('<a href="/info/{}">{}</a>', number, row.current.revision.title) if row else number

    fields = [
        (label, Markup("<br>").join(map(shown, named[label])) if label in named else text)
        for label, text in said["fields"]
    ]
    return said | {"fields": fields}


def _published(document: Document) -> Any:
    rows = Document.objects.published().filter(town=document.town_id).exclude(pk=document.pk)
    return rows.select_related("current__revision").defer(*UNREAD)


def _cited(document: Document, text: str) -> list[tuple[Document, str]]:
    """Documents whose number stands in the text: the number as written may begin with words before it."""
    found = {_canonical(one) for one in _CITED.findall(text)}
    numbers = {one[start:] for one in found for start in range(one.index("〔"))}
    rows = _published(document).filter(doc_number__in=numbers).order_by("-listed_at")[:_MOST]
    return [(row, "文中提到") for row in rows] if numbers else []


def _links(document: Document) -> list[Link]:
    """All that was said of how it stands to others, and they to it."""
    ends = [f"{end}__current__revision" for end in ("document", "target")]
    rows = Link.objects.filter(Q(document=document) | Q(target=document)).select_related(*ends).order_by("pk")
    return list(rows.defer(*(f"{end}__{field}" for end in ("document", "target") for field in UNREAD)))


def _linked(document: Document, links: list[Link]) -> list[tuple[Document, str]]:
    """What it explains, amends, rests on or repealed, and what does so to it; what it follows is its course."""
    near = [row for row in links if row.relation != Relation.FOLLOWS]
    found = [(row.target, TO[row.relation]) for row in near if row.document_id == document.pk]
    found += [(row.document, FROM[row.relation]) for row in near if row.target_id == document.pk]
    ended = Edition.objects.filter(repealed_by=document).select_related("document__current__revision").order_by("pk")
    found += [(row.document, "被它废止的文件") for row in ended]
    return [(row, why) for row, why in found if row.current and row.current.state in READABLE]


def _citing(document: Document) -> list[tuple[Document, str]]:
    """Documents in whose text the number of this one stands; none when there is no index to ask."""
    if not document.doc_number:
        return []
    try:
        hits = search(document.town_id, document.doc_number, kind="document", size=_LOOKED_AT).hits
    except SearchUnavailable:
        return []
    keys = [hit.key.partition(":")[2] for hit in hits]
    rows = _published(document).filter(
        index_number__in=keys, current__revision__body_text__contains=document.doc_number
    )
    return [(row, "提到这份文件") for row in rows[:_MOST]]


def _beside(document: Document) -> list[tuple[Document, str]]:
    """The newest of the columns it stands in; of the same issuer where it stands in none."""
    columns = list(document.filings.values_list("column__code", flat=True))
    near = {"column": columns} if columns else {"issuer": [document.issuer]}
    held = shelf(document.town)
    keys = held.page({**near, **CAN_BE_READ}, held.all, _MOST + 1).keys
    rows = _published(document).in_bulk(keys)
    found = [rows[key] for key in keys if key in rows]
    return [(row, "同一栏目" if columns else "同一机构") for row in found[:_MOST]]


def _documents(document: Document, edition: Edition, links: list[Link]) -> list[dict[str, Any]]:
    """At most six other documents, each once, the nearest first, with why it stands there."""
    near = _linked(document, links) + _cited(document, edition.revision.body_text) + _citing(document)
    if len(near) < _MOST:
        near += _beside(document)
    found: dict[int, dict[str, Any]] = {}
    for row, why in near:
        if len(found) < _MOST and row.pk not in found:
            found[row.pk] = _row(row, why)
    return list(found.values())


def _course(document: Document, links: list[Link]) -> list[dict[str, Any]]:
    """One matter from its first document to its last, as a project with its tender: what this one, or what it follows,
    began and all that follows that, by the day of publication. Empty where nothing follows."""
    near = [row for row in links if row.relation == Relation.FOLLOWS]
    if not near:
        return []
    begins = any(row.target_id == document.pk for row in near)
    begun = document.pk if begins else near[0].target_id
    after = Link.objects.filter(relation=Relation.FOLLOWS, target=begun).values("document")
    rows = Document.objects.published().filter(Q(pk=begun) | Q(pk__in=after), town=document.town_id)
    found = []
    for row in rows.select_related("current__revision").defer(*UNREAD).order_by("listed_at", "pk")[:_LONGEST]:
        name = kind_of(row.kind).name
        found.append(_row(row, f"{name}，就是这份" if row.pk == document.pk else name))
    return found if len(found) > 1 else []


def items(document: Document, edition: Edition) -> list[dict[str, Any]]:
    """The items of the service centre whose names stand in title or text, or whose everyday names in the title."""
    title = edition.revision.title
    text = title + edition.revision.body_text
    rows = ItemFacts.objects.filter(town=document.town_id, suspended=False).order_by("item__code")
    found = [
        (name, code)
        for name, synonyms, code in rows.values_list("name", "synonyms", "item__code").iterator()
        if name in text or any(word in title for word in synonyms if len(word) >= _SHORTEST)
    ][:_MOST]
    for _, code in found:
        depends_on(f"item:{code}")
    return [{"title": name, "url": f"/services/{code}"} for name, code in found]


def owner(document: Document) -> dict[str, str]:
    """Who answers questions: the post that owns its first column, else the unit that issued it; no person."""
    filing = (
        document.filings.filter(column__owner__isnull=False)
        .select_related("column__owner__unit")
        .order_by("column__order", "column_id")
        .first()
    )
    unit = document.unit or (filing.column.owner.unit if filing else None)
    post = filing.column.owner if filing and (unit is None or filing.column.owner.unit_id == unit.pk) else None
    if unit is None:
        return {"name": "", "phone": ""}
    return {"name": str(post or unit), "phone": unit.phone}


def around(document: Document, edition: Edition) -> dict[str, Any]:
    """All of it, as the page of the document takes it."""
    links = _links(document)
    return {
        "related": _documents(document, edition, links),
        "course": _course(document, links),
        "items": items(document, edition),
        "owner": owner(document),
    }
