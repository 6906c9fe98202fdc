"""叫号 and 号号有下落: the display of calls, and what became of every number."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from mingtang.cases.late_counted import outages as counted_outages
from mingtang.cases.usage import unnumbered
from mingtang.hall import gaps, pads
from mingtang.hall.doubts import Doubt, DoubtKind, doubts
from mingtang.hall.enums import ErrandOutcome
from mingtang.hall.models import Pad, PriorityRule, Site
from mingtang.lib.text import month_day_time
from mingtang.portal import interruptions_shown, keys, tickets_shown
from mingtang.portal.stored import stored
from mingtang.portal.views.hall import COLUMN

DAYS, SHOWN = 30, 20
OUTCOMES = (
    ErrandOutcome.CASE, ErrandOutcome.ANSWERED, ErrandOutcome.NOTICE, ErrandOutcome.REFUSED, ErrandOutcome.LEFT,
    ErrandOutcome.NOBODY,
)  # fmt: skip


def _site(request: HttpRequest, code: str) -> Site:
    return get_object_or_404(Site.objects.visible_to(request.viewer).select_related("town"), code=code)


@stored(keys.QUEUE, keys.HALL, keys.DAY, keys.UTILITIES)
def screen(request: HttpRequest, code: str) -> HttpResponse:
    """The display on the wall: it asks for the small file twice a second; without scripts the page comes anew.

    More calls than a screen holds take turns on it: here by the refresh, with scripts by the poll.
    """
    here = _site(request, code)
    told = tickets_shown.calls(here)
    cuts = interruptions_shown.for_screen(request.town, timezone.now())
    context = {"here": here, **tickets_shown.one_screen(told, request.path, request.GET.get("screen", "")), **cuts}
    return render(request, "portal/hall/calls.html", context)


@stored(keys.QUEUE, keys.HALL, keys.DAY, keys.UTILITIES)
def calls_json(request: HttpRequest, code: str) -> HttpResponse:
    """What the display shows, as data."""
    told = tickets_shown.calls(_site(request, code)) | interruptions_shown.for_screen(request.town, timezone.now())
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@stored(keys.QUEUE, keys.HALL, keys.DAY, keys.HOME)
def index(request: HttpRequest) -> HttpResponse:
    """号号有下落: thirty days of numbers, the empty windows with the unit's answer, the slips of the villages."""
    now = timezone.now()
    today = timezone.localdate(now)
    first = today - timedelta(days=DAYS)
    rows = [_day(row) for row in gaps.report(request.town, first, today)]
    pads_known = [pads.count(pad) for pad in Pad.objects.visible_to(request.viewer).select_related("site")]
    empties = gaps.empty_windows(request.town, now - timedelta(days=DAYS), now)
    context = {
        "column": COLUMN,
        "trail": [("便民大厅", "/hall/"), ("号号有下落", None)],
        "rows": rows,
        "heads": [outcome.label for outcome in OUTCOMES],
        "broken": sum(1 for row in rows if row["missing"] or row["open"]),
        "nothing": sum(row["nothing"] for row in rows),
        "given": sum(row["given"] for row in rows),
        **_to_explain(request, first, today),
        "empties": [
            {
                "at": month_day_time(row.first_at),
                "site": row.window.site.name,
                "window": str(row.window),
                "answer": row.answer,
            }
            for row in empties
        ],
        "pads": pads_known,
        "rules": PriorityRule.objects.visible_to(request.viewer).filter(ended_on__isnull=True),
        "days": DAYS,
        "at": now,
    }
    return render(request, "portal/hall/numbers.html", context)


def _to_explain(request: HttpRequest, first: date, today: date) -> dict[str, Any]:
    """What somebody has to explain, kind by kind, the newest of each one by one."""
    taken_in, without = unnumbered(request.town, first, today)
    kinds: dict[DoubtKind, list[Doubt]] = {kind: [] for kind in DoubtKind}
    for doubt in (*doubts(request.town, first, today), *without):
        kinds[doubt.kind].append(doubt)
    shown = [{"what": kind.label, "count": len(rows), "rows": rows[:SHOWN]} for kind, rows in kinds.items() if rows]
    return {"taken_in": taken_in, "unnumbered": len(without), "doubts": shown}


def _day(row: gaps.DayReport) -> dict[str, Any]:
    return {
        "day": row.day,
        "site": row.site.name,
        "given": row.given,
        "missing": "、".join(f"{row.site.letter}{serial:03d}" for serial in row.missing),
        "open": "、".join(contact.label for contact in row.open),
        "counts": [row.outcomes[outcome] for outcome in OUTCOMES],
        "nothing": row.with_nothing,
        "longest": row.longest,
    }


@stored(keys.OUTAGES)
def outages(request: HttpRequest) -> HttpResponse:
    """停电停网: how long the machines stood still, how many cases were entered afterwards, and how late."""
    context = {
        "column": COLUMN,
        "trail": [("便民大厅", "/hall/"), ("停电停网和补录", None)],
        "rows": counted_outages(request.town),
    }
    return render(request, "portal/hall/outages.html", context)
