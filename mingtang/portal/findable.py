"""What the public may find: published documents and items in force, as entries of the search."""

from collections.abc import Iterator

from django.utils import timezone

from mingtang.disclosure.enums import Theme
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import texts
from mingtang.disclosure.models import Document
from mingtang.portal.info_shown import ENDED
from mingtang.rulebook.enums import CaseKind, VersionState
from mingtang.rulebook.models import Item
from mingtang.rulebook.wanted import names_of
from mingtang.search.entries import Entry
from mingtang.search.service import register_source


def documents(town_id: int, keys: list[str] | None) -> Iterator[Entry]:
    """The published documents of a town as search entries; ``keys`` limits them to those subjects."""
    rows = Document.objects.published().filter(town_id=town_id).select_related("current__revision")
    if keys is not None:
        rows = rows.filter(index_number__in=[key.partition(":")[2] for key in keys])
    for row in rows.iterator(chunk_size=200):
        when = timezone.localtime(row.listed_at)
        yield Entry(
            key=row.subject,
            town=town_id,
            kind="document",
            source_id=row.source_id or row.index_number,
            title=row.current.revision.title + (f"（{row.current.state_title}）" if row.current.state in ENDED else ""),
            url=f"/info/{row.index_number}",
            body="\n".join([row.current.revision.body_text, *_stated(row)]),
            date=when,
            codes=tuple(code for code in (row.index_number, row.doc_number) if code),
            facets={"issuer": row.issuer, "theme": Theme(row.theme).label, "year": f"{when.year}"},
        )


def _stated(row: Document) -> Iterator[str]:
    """What the document states beside its text, a line each."""
    for label, text in texts(kind_of(row.kind), row.current.revision.facts):
        yield f"{label}：{text}"


def items(town_id: int, keys: list[str] | None) -> Iterator[Entry]:
    """The items in force of a town as search entries; ``keys`` limits them to those subjects.

    An item is found by its own everyday names and by the words that were linked to it.
    """
    rows = Item.objects.filter(town_id=town_id, current__state=VersionState.IN_FORCE).select_related("current", "unit")
    if keys is not None:
        rows = rows.filter(code__in=[key.partition(":")[2] for key in keys])
    linked = names_of(town_id)
    for row in rows.iterator(chunk_size=200):
        spec = row.current.spec
        lines = [spec.summary, *spec.conditions, *(material.name for material in spec.materials)]
        lines += [f"{pair.question}{pair.answer}" for pair in spec.questions]
        yield Entry(
            key=row.subject,
            town=town_id,
            kind="item",
            source_id=row.source_id or row.code,
            title=spec.name,
            url=f"/services/{row.code}",
            body="\n".join(lines),
            date=row.current.in_force_at,
            synonyms=tuple(dict.fromkeys((*spec.synonyms, *linked.get(row.pk, ())))),
            codes=(row.code,),
            facets={"issuer": row.unit.name, "sort": CaseKind(spec.kind).label},
        )


register_source("document", documents)
register_source("item", items)
