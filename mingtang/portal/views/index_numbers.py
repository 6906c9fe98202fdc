"""索引号: how they are written here, and why some of them lead to nothing."""

from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingtang.disclosure import numbers
from mingtang.disclosure.enums import GapReason
from mingtang.disclosure.numbers import Gap
from mingtang.portal import keys
from mingtang.portal.stored import stored

PAGE = 100
PAGE_TAGS = {
    "name": "索引号",
    "description": "索引号怎样编，哪些索引号没有公开的文字，为什么",
    "keywords": "索引号;政府信息公开目录",
    "type": "信息公开目录",
}


@stored(keys.NUMBERS, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """The gaps in the numbers the town gave, newest first."""
    town = request.town
    every = numbers.numbering(town)
    before = request.GET.get("before", "")
    below = int(before) if before.isascii() and before.isdigit() and len(before) < 12 else every.last + 1
    rows = list(islice(numbers.gaps(town, every, below), PAGE + 1))
    style = numbers.style_of(town)
    context = {
        "column": PAGE_TAGS,
        "trail": [("政府信息公开", "/info/"), ("索引号", None)],
        "style": style,
        "example": numbers.sample(town, style),
        "every": every,
        "rows": [shown(gap) for gap in rows[:PAGE]],
        "older_url": f"{request.path}?before={rows[PAGE - 1].first}" if len(rows) > PAGE else "",
        "newer_url": request.path if below <= every.last else "",
    }
    return render(request, "portal/info/numbers.html", context)


def shown(gap: Gap) -> dict[str, Any]:
    """A gap as a row: the number or the first and last of them, how many, and why."""
    return {
        "number": gap.number or f"第 {gap.first} 号",
        "until": (gap.until or f"第 {gap.last} 号") if gap.count > 1 else "",
        "count": gap.count,
        "why": gap.reason.label,
        "url": f"/info/{gap.number}" if gap.reason == GapReason.WITHDRAWN else "",
    }
