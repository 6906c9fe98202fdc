"""新闻: stories, digests and reprints, newest first or by month, and what happened in a month in figures."""

from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mingtang.disclosure.models import Document
from mingtang.disclosure.stories.claims import NEWS
from mingtang.lib.text import CHINA
from mingtang.oversight import month as months
from mingtang.portal import keys
from mingtang.portal.info_shown import listed
from mingtang.portal.stored import stored
from mingtang.rulebook.models.wanted import ENOUGH
from mingtang.workdays.calendar import add_calendar

PAGE, MOST_MONTHS = 20, 24
COLUMN = {
    "name": "新闻",
    "description": "镇里有什么变化，每一段写明出处",
    "keywords": "新闻;月报;政务公开",
    "type": "工作动态",
}


def _rows(request: HttpRequest) -> QuerySet[Document]:
    rows = Document.objects.visible_to(request.viewer).published().filter(kind__in=NEWS)
    return rows.select_related("current__revision").defer("current__revision__body_html")


def _shown(row: Document) -> dict[str, Any]:
    opening = row.current.revision.body_text.partition("\n")[0]
    return listed(row) | {"summary": opening if len(opening) <= 100 else opening[:99] + "…"}


@stored(*keys.NEWS)
def index(request: HttpRequest) -> HttpResponse:
    """All of them, a page at a time, and the months that have any."""
    rows, number = _rows(request), request.GET.get("page", "1")
    at = int(number) - 1 if number.isascii() and number.isdigit() and 0 < int(number) <= 1000 else 0
    found = list(rows.order_by("-listed_at", "-pk")[at * PAGE : at * PAGE + PAGE + 1])
    begun = rows.order_by().annotate(month=TruncMonth("listed_at", tzinfo=CHINA)).values_list("month", flat=True)
    context = {
        "column": COLUMN,
        "trail": [("新闻", None)],
        "stories": [_shown(row) for row in found[:PAGE]],
        "months": [f"{one:%Y-%m}" for one in sorted(set(begun), reverse=True)[:MOST_MONTHS]],
        "newer_url": ("/news/" if at == 1 else f"/news/?page={at}") if at else "",
        "older_url": f"/news/?page={at + 2}" if len(found) > PAGE else "",
    }
    return render(request, "portal/news/index.html", context)


@stored(
    *keys.NEWS,
    *(keys.CATALOGUE, keys.SERVICES, keys.DUTIES, keys.OBSTACLES, keys.LISTS, keys.UTILITIES, keys.WANTED, keys.DAY),
)
def month(request: HttpRequest, code: str) -> HttpResponse:
    """One month: its stories and its figures, from which the digest is written."""
    first = months.begun(code)
    if first is None:
        raise Http404
    figures = months.of(request.town, first)
    span = [datetime.combine(day, time(), CHINA) for day in (first, add_calendar(first, 1, "months"))]
    rows = _rows(request).filter(listed_at__gte=span[0], listed_at__lt=span[1])
    context = {
        "column": COLUMN | {"name": f"{figures.label}的新闻"},
        "trail": [("新闻", "/news/"), (figures.label, None)],
        "month": figures,
        "enough": ENOUGH,
        "stories": [_shown(row) for row in rows.order_by("-listed_at", "-pk")],
    }
    return render(request, "portal/news/month.html", context)
