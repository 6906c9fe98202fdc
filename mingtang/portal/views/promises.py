"""承诺做到了没有: every promise of an item or a utility, and what the records say came of it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.oversight import promises
from mingtang.oversight.periods import Period, period_of, title_of
from mingtang.oversight.promises import Promise
from mingtang.portal import keys
from mingtang.portal.stored import stored
from mingtang.portal.views.board import COLUMN, TRAIL

QUARTERS, MOST = 5, 100


def _quarters() -> list[Period]:
    """This quarter and those before it."""
    found = [period_of("quarter", timezone.localdate())]
    while len(found) < QUARTERS:
        found.append(period_of("quarter", found[-1].first - timedelta(days=1)))
    return found


def _limit(one: Promise) -> str:
    if one.limit is None:
        return "按诉求的种类"
    return f"{one.limit} 个工作日" if one.limit else "当天"


def _url(one: Promise) -> str:
    return f"/services/{one.code}" if one.key[0] == "item" else f"/utilities/{one.code}"


def _row(one: Promise, hidden: set[int]) -> dict[str, Any]:
    broken = one.measured.broken
    return {
        "name": one.name,
        "url": _url(one),
        "unit": one.unit,
        "owner": str(one.owner) if one.owner else one.unit,
        "limit": _limit(one),
        "kept": one.measured.kept,
        "broken": len(broken),
        "waiting": one.measured.waiting,
        "longest": one.measured.longest,
        "days": () if one.key[0] == "item" and one.key[1] in hidden else broken,
    }


def _link(**query: str) -> str:
    found = {name: value for name, value in query.items() if value}
    return f"/board/promises?{urlencode(found)}" if found else "/board/promises"


@stored(keys.DUTIES, keys.DAY, keys.PROMISES, keys.SERVICES, keys.UTILITIES)
def index(request: HttpRequest) -> HttpResponse:
    """One quarter: what was not kept on top, with post and days; then every promise that fell due."""
    quarters = _quarters()
    period = next((one for one in quarters if one.key == request.GET.get("quarter")), quarters[0])
    every = promises.register(request.town, period.first, period.last)
    units = sorted({one.unit for one in every})
    unit = request.GET.get("unit", "")
    unit = unit if unit in units else ""
    inside = [one for one in every if unit in ("", one.unit)]
    due = [one for one in inside if one.measured != promises.Measured()]
    hidden = promises.sealed([one.key[1] for one in due if one.key[0] == "item" and one.measured.broken])
    rows = [_row(one, hidden) for one in sorted(due, key=lambda one: -len(one.measured.broken))]
    chosen = "" if period is quarters[0] else period.key
    groups = [
        {
            "title": "哪一季",
            "items": [
                {"label": title_of(one.key), "active": one is period, "url": _link(quarter=one.key, unit=unit)}
                for one in quarters
            ],
        },
        {
            "title": "谁负责",
            "items": [
                {"label": name, "active": name == unit, "url": _link(quarter=chosen, unit="" if name == unit else name)}
                for name in units
            ],
        },
    ]
    context = {
        "column": COLUMN | {"name": "承诺做到了没有"},
        "trail": [*TRAIL, ("承诺做到了没有", None)],
        "period": title_of(period.key),
        "rows": rows,
        "broken": [row for row in rows if row["broken"]],
        "most": MOST,
        "total": len(inside),
        "kept": sum(row["kept"] for row in rows),
        "not_kept": sum(row["broken"] for row in rows),
        "groups": groups,
        "clear_url": "/board/promises" if unit or chosen else "",
    }
    return render(request, "portal/board/promises.html", context)
