"""A list of published documents as a page shows it: newest first, keyset paging, every choice a link."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from mingtang.disclosure.enums import EditionState, Provenance, Theme, WithdrawGround
from mingtang.disclosure.models import Document, Edition

PAGE = 20


def _listed(row: Document) -> dict[str, Any]:
    return {
        "title": title_of(row.current),
        "url": f"/info/{row.index_number}",
        "date": row.listed_at,
        "issuer": row.issuer,
        "number": row.doc_number,
        "index_number": row.index_number,
        "historical": row.provenance == Provenance.HISTORICAL,
        "withdrawn": row.current.state == EditionState.WITHDRAWN,
    }


def title_of(edition: Edition) -> str:
    """A withdrawn edition's title goes too where it is itself the leak."""
    if edition.state == EditionState.WITHDRAWN and edition.withdrawn_ground in {
        WithdrawGround.SECRET,
        WithdrawGround.PERSONAL,
    }:
        return "（已撤下的信息）"
    return edition.revision.title


def _page_link(request: HttpRequest, **changes: str) -> str:
    query = {name: value for name, value in request.GET.items() if name not in {"after", "before"}} | changes
    query = {name: value for name, value in query.items() if value}
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _cursor(text: str) -> tuple[datetime, int] | None:
    """A place in the list: ``moment_id``. A damaged one begins at the start."""
    moment, _, key = text.rpartition("_")
    try:
        found = parse_datetime(moment)
        return (found, int(key)) if found and timezone.is_aware(found) else None
    except ValueError:
        return None


def _facets(request: HttpRequest, rows: Any) -> list[dict[str, Any]]:
    """Themes, issuers and years with their counts, each within the other choices."""
    groups = []
    for name, title, field, label in (
        ("theme", "栏目", "theme", lambda value: Theme(value).label),
        ("issuer", "发布机构", "issuer", str),
        ("year", "年份", "listed_at__year", str),
    ):
        chosen = request.GET.get(name, "")
        others = _narrow(request, rows, without=name)
        counted = others.values_list(field).annotate(count=Count("pk")).order_by("-count")[:12]
        groups.append(
            {
                "title": title,
                "items": [
                    {
                        "label": label(value),
                        "count": count,
                        "active": str(value) == chosen,
                        "url": _page_link(request, **{name: "" if str(value) == chosen else str(value)}),
                    }
                    for value, count in counted
                    if value
                ],
            }
        )
    return groups


def _narrow(request: HttpRequest, rows: Any, without: str = "") -> Any:
    theme, issuer, year = (request.GET.get(name, "") for name in ("theme", "issuer", "year"))
    if theme in Theme.values and without != "theme":
        rows = rows.filter(theme=theme)
    if issuer and without != "issuer":
        rows = rows.filter(issuer=issuer[:80])
    if year.isascii() and year.isdigit() and len(year) == 4 and without != "year":
        rows = rows.filter(listed_at__year=int(year))
    return rows


def listing(request: HttpRequest, everything: Any) -> dict[str, Any]:
    """One page of ``everything`` (visible documents) within the choices of the address, with its facets."""
    rows = _narrow(request, everything)
    after, before = _cursor(request.GET.get("after", "")), _cursor(request.GET.get("before", ""))
    wanted = rows.select_related("current__revision")
    if before:
        moment, key = before
        wanted = wanted.filter(Q(listed_at__gt=moment) | Q(listed_at=moment, pk__gt=key))
        shown = list(wanted.order_by("listed_at", "pk")[: PAGE + 1])
        more_newer, more_older = len(shown) > PAGE, True
        shown = shown[:PAGE][::-1]
    else:
        if after:
            moment, key = after
            wanted = wanted.filter(Q(listed_at__lt=moment) | Q(listed_at=moment, pk__lt=key))
        shown = list(wanted.order_by("-listed_at", "-pk")[: PAGE + 1])
        more_newer, more_older = bool(after), len(shown) > PAGE
        shown = shown[:PAGE]
    place = [f"{row.listed_at.isoformat()}_{row.pk}" for row in shown]
    chosen = any(request.GET.get(name) for name in ("theme", "issuer", "year"))
    return {
        "documents": [_listed(row) for row in shown],
        "total": rows.count(),
        "newer_url": _page_link(request, before=place[0]) if shown and more_newer else "",
        "older_url": _page_link(request, after=place[-1]) if shown and more_older else "",
        "groups": _facets(request, everything),
        "clear_url": request.path if chosen else "",
    }
