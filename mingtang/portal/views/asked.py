"""您问的，我们答: what people looked for in vain, how many did, and what the town answered (plan rows 45 and 74)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.portal import keys
from mingtang.portal.stored import stored
from mingtang.rulebook import wanted
from mingtang.rulebook.enums import VersionState, WantedOutcome
from mingtang.rulebook.models import Wanted
from mingtang.rulebook.models.wanted import ENOUGH

MOST = 200
TONES = {WantedOutcome.LINKED: "done", WantedOutcome.DECLINED: "stop", WantedOutcome.PASSED: "now"}


def _row(row: Wanted) -> dict[str, Any]:
    item = row.item
    known = item is not None and item.current is not None and item.current.state == VersionState.IN_FORCE
    return {
        "text": row.text,
        "times": row.times,
        "word": row.get_outcome_display(),
        "tone": TONES[WantedOutcome(row.outcome)],
        "item": item.current.name if item and known else "",
        "url": f"/services/{item.code}" if item and known else "",
        "unit": row.unit.name if row.unit else "",
        "note": row.note,
        "on": row.answered_at,
    }


@stored(keys.WANTED, keys.SERVICES, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """Words that enough people used and somebody answered, most asked first; of the others their number and age."""
    rows = (
        Wanted.objects.visible_to(request.viewer)
        .select_related("item__current", "unit")
        .defer("item__current__data", "item__current__bpmn")
        .order_by("-times", "-answered_at", "-pk")
    )
    count, since = wanted.unanswered(request.town)
    today = timezone.localdate()
    context = {
        "trail": [("办事服务", "/services/"), ("您问的，我们答", None)],
        "rows": [_row(row) for row in rows[:MOST]],
        "enough": ENOUGH,
        "unanswered": count,
        "days": (today - since).days if since else 0,
        "today": today,
    }
    return render(request, "portal/find/asked.html", context)
