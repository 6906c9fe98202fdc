"""您问的，我们答: what people looked for in vain, how many did, and what the town answered (plan rows 45 and 74)."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.oversight import board
from mingtang.oversight.models import Slot
from mingtang.portal import board_shown, keys
from mingtang.portal.stored import stored
from mingtang.rulebook import wanted
from mingtang.rulebook.enums import VersionState, WantedOutcome
from mingtang.rulebook.models import Wanted
from mingtang.rulebook.models.wanted import ENOUGH
from mingtang.scrutiny.demand import Way
from mingtang.scrutiny.models import Asked

MOST = 200
TONES = {WantedOutcome.LINKED: "done", WantedOutcome.DECLINED: "stop", WantedOutcome.PASSED: "now"}


def _row(row: Wanted) -> dict[str, Any]:
    item = row.item
    known = item is not None and item.current is not None and item.current.state == VersionState.IN_FORCE
    return {
        "pk": row.pk,
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


def _pairs(request: HttpRequest, today: date) -> list[dict[str, Any]]:
    """What many asked for, each with what came of it: what was published, by when it will be, or why not."""
    rows = list(Asked.objects.visible_to(request.viewer).select_related("duty")[:MOST])
    slots = board.with_names(Slot.objects.filter(duty__asked__in=rows).standing(today))
    held = {slot.duty_id: slot for slot in slots}
    return [_pair(row, held.get(row.duty_id), today) for row in rows]


def _pair(row: Asked, slot: Slot | None, today: date) -> dict[str, Any]:
    return {
        "text": row.text,
        "count": row.count,
        "way": Way(row.way).label,
        "reason": row.reason,
        "on": row.decided_at,
        "duty": row.duty.code if row.duty else "",
        "slot": board_shown.slot_row(slot, today) if slot else None,
        "due": row.duty.due_on if row.duty else None,
    }


@stored(keys.WANTED, keys.SERVICES, keys.DUTIES, keys.DAY)
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
        "pairs": _pairs(request, today),
        "trail": [("办事服务", "/services/"), ("您问的，我们答", None)],
        "rows": [_row(row) for row in rows[:MOST]],
        "enough": ENOUGH,
        "unanswered": count,
        "days": (today - since).days if since else 0,
        "today": today,
    }
    return render(request, "portal/find/asked.html", context)
