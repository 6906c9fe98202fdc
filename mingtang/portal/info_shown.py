"""A list of published documents as a page shows it: newest first, keyset paging, every choice a link."""

from datetime import datetime
from typing import Any

from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from mingtang.disclosure.enums import EditionState, Provenance, Theme
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import laid_out
from mingtang.disclosure.models import Column, Document
from mingtang.disclosure.shelf import FACETS, Shelf, shelf
from mingtang.disclosure.summary import LOOKED_AT, summary
from mingtang.portal.tombstones import is_leak

PAGE = 20
ENDED = (EditionState.EXPIRED, EditionState.REPEALED)
# Values of a facet that are offered, the most frequent; all years are.
OFFERED = 30
TITLES = {"theme": "栏目", "column": "公开目录", "issuer": "发布机构", "kind": "信息种类", "year": "年份"}


def listed(row: Document) -> dict[str, Any]:
    leak = is_leak(row.current)
    return {
        "title": "（已撤下的信息）" if leak else row.current.revision.title,
        "url": f"/info/{row.index_number}",
        "date": row.listed_at,
        "issuer": "" if leak else row.issuer,
        "number": "" if leak else row.doc_number,
        "index_number": row.index_number,
        "generated_on": row.generated_on,
        "historical": row.provenance == Provenance.HISTORICAL,
        "withdrawn": row.current.state == EditionState.WITHDRAWN,
        "ended": row.current.state_title if row.current.state in ENDED else "",
        "until": row.current.in_force_until,
    }


def _summaries(rows: dict[int, Document]) -> dict[int, str]:
    """内容概述 by key: what the text begins with, else what the document states; nothing of a withdrawn one."""
    public = {key: row for key, row in rows.items() if row.current.state != EditionState.WITHDRAWN}
    opening = Left("current__revision__body_text", LOOKED_AT)
    texts = Document.objects.filter(pk__in=public).values_list("pk", opening)
    found = {key: summary(text, public[key].current.revision.title) for key, text in texts}
    wanting = Document.objects.filter(pk__in=[key for key, text in found.items() if not text])
    for key, facts in wanting.values_list("pk", "current__revision__facts"):
        kind = kind_of(public[key].kind)
        said = "；".join(f"{label}：{text}" for label, text in laid_out(kind, facts)["fields"][:2])
        found[key] = summary(said, "") or kind.name
    return found


def _page_link(request: HttpRequest, name: str, values: list[str]) -> str:
    """This page with other values of one name, from its start where no place in the list is named."""
    query = request.GET.copy()
    for place in ("after", "before"):
        query.pop(place, None)
    query.setlist(name, values)
    return f"{request.path}?{text}" if (text := query.urlencode()) else request.path


def _cursor(text: str) -> tuple[datetime, int] | None:
    """A place in the list: ``moment_id``. A damaged one begins at the start."""
    moment, _, key = text.rpartition("_")
    try:
        found = parse_datetime(moment)
        return (found, int(key)) if found and timezone.is_aware(found) else None
    except (ValueError, OverflowError):
        return None


def _labels(request: HttpRequest, facet: str, values: list[str]) -> dict[str, str]:
    if facet == "theme":
        return dict(Theme.choices)
    if facet == "kind":
        return {value: kind_of(value).name for value in values}
    if facet == "column":
        named = Column.objects.visible_to(request.viewer).filter(code__in=values)
        return dict(named.values_list("code", "name"))
    return {}


def _facets(
    request: HttpRequest, documents: Shelf, chosen: dict[str, list[str]], within: int, column: Column | None
) -> list[dict[str, Any]]:
    """Every facet with its counts, each within the other choices; one more value of a facet widens the list."""
    groups = []
    for facet in FACETS:
        mine, counts = chosen.get(facet, []), documents.counts(chosen, facet, within)
        if column is not None and facet == "column":
            counts.pop(column.code, None)
        values = sorted(counts, reverse=True) if facet == "year" else sorted(counts, key=lambda one: -counts[one])
        if facet != "year":
            values = values[:OFFERED]
        values += [value for value in mine if value not in values]
        labels = _labels(request, facet, values)
        groups.append(
            {
                "title": TITLES[facet],
                "items": [
                    {
                        "label": labels.get(value, value),
                        "count": counts.get(value, 0),
                        "active": value in mine,
                        "url": _page_link(
                            request,
                            facet,
                            [one for one in mine if one != value] if value in mine else [*mine, value],
                        ),
                    }
                    for value in values
                ],
            }
        )
    return groups


def listing(request: HttpRequest, column: Column | None = None) -> dict[str, Any]:
    """One page of the public documents (of one column) within the choices of the address, with its facets."""
    documents = shelf(request.town)
    within = documents.all if column is None else documents.standing_in(column.code)
    chosen = {facet: values for facet in FACETS if (values := _chosen(request, facet))}
    found = documents.page(
        chosen,
        within,
        PAGE,
        after=_cursor(request.GET.get("after", "")),
        before=_cursor(request.GET.get("before", "")),
    )
    rows = (
        Document.objects.visible_to(request.viewer)
        .select_related("current__revision")
        .defer("current__revision__body_html", "current__revision__body_text", "current__revision__facts")
        .in_bulk(found.keys)
    )
    as_table = request.GET.get("view") == "table"
    summaries = _summaries(rows) if as_table else {}
    shown = [rows[key] for key in found.keys if key in rows]
    place = [f"{row.listed_at.isoformat()}_{row.pk}" for row in shown]
    return {
        "documents": [listed(row) | {"summary": summaries.get(row.pk, "")} for row in shown],
        "as_table": as_table,
        "other_view": _page_link(request, "view", [] if as_table else ["table"]),
        "total": found.total,
        "newer_url": _page_link(request, "before", [place[0]]) if place and found.newer else "",
        "older_url": _page_link(request, "after", [place[-1]]) if place and found.older else "",
        "groups": _facets(request, documents, chosen, within, column),
        "clear_url": request.path if chosen else "",
    }


def _chosen(request: HttpRequest, facet: str) -> list[str]:
    """The values the address names, each once; what is longer than any value is none."""
    values = dict.fromkeys(value[:80] for value in request.GET.getlist(facet)[:OFFERED] if value)
    return list(values)
