"""亮出空白: every duty with its owner's post, what was done on time, what came late, what is empty."""

import csv
import io
import json
from collections import Counter
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from mingtang.events import types
from mingtang.events.models import Event
from mingtang.oversight import board
from mingtang.oversight.actions import OF_DUTY, OF_SLOT
from mingtang.oversight.enums import SlotState
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.periods import title_of
from mingtang.portal import board_shown, common, keys, samples_shown
from mingtang.portal.stored import depends_on, stored

PAGE, MOST_SLOTS, MOST_EVENTS = 50, 60, 40
COLUMN = {
    "name": "任务公示",
    "description": "该公开、该做的每一件事：谁负责，哪天到期，做了没有",
    "keywords": "政务公开;任务;期限;空白",
    "type": "信息公开目录",
}
TRAIL = [("政府信息公开", "/info/"), ("任务公示", "/board/")]
FIELDS = {
    "duty": "任务",
    "period": "哪一期",
    "state": "状态",
    "owner": "责任岗位",
    "due": "期限",
    "first_due": "原来的期限",
    "late": "晚了几天",
    "proved": "办成日期",
    "proof": "凭据",
    "proof_url": "凭据网址",
    "statement": "怎么办成的",
    "excuse": "为什么没有",
    "nudges": "催了几次",
}


def _chosen(request: HttpRequest, known: dict[str, dict[str, str]]) -> dict[str, str]:
    """What the address asks for, where it is a value there is."""
    return {name: value if (value := request.GET.get(name, "")) in rows else "" for name, rows in known.items()}


def _link(**query: str | int) -> str:
    found = {name: value for name, value in query.items() if value}
    return f"/board/?{urlencode(found)}" if found else "/board/"


def _facets(chosen: dict[str, str], found: list[board.Cell], known: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """Each choice with its count within the others."""
    groups = []
    for name, title in (("state", "现在怎样"), ("topic", "哪一类"), ("unit", "谁负责")):
        others = chosen | {name: ""}
        inside = [cell for cell in found if board.fits(cell, **others)]
        counted = {row.key: row.total for row in board.rows(inside, known[name], attrgetter(name))}
        items = [
            {
                "label": label,
                "count": counted[value],
                "active": value == chosen[name],
                "url": _link(**chosen | {name: "" if value == chosen[name] else value}),
            }
            for value, label in known[name].items()
            if value in counted
        ]
        groups.append({"title": title, "items": items})
    return groups


@stored(keys.DUTIES, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """Totals by topic, and what is empty first; narrowed by links."""
    today, viewer = timezone.localdate(), request.viewer
    found = board.cells(viewer, today)
    known = {"topic": board.topics(), "unit": board.units(viewer), "state": dict(SlotState.choices)}
    chosen = _chosen(request, known)
    inside = [cell for cell in found if board.fits(cell, **chosen)]
    number = request.GET.get("page", "1")
    at = int(number) - 1 if number.isascii() and number.isdigit() and 0 < int(number) <= 1000 else 0
    slots = list(board.listed(viewer, today, **chosen)[at * PAGE : at * PAGE + PAGE + 1])
    context = {
        "column": COLUMN,
        "trail": [TRAIL[0], (TRAIL[1][0], None)],
        "today": today,
        "whole": board.Row("", "合计", _sum(found)),
        "by_topic": board.rows(inside, known["topic"], attrgetter("topic")),
        "inside": board.Row("", "合计", _sum(inside)),
        "states": SlotState.choices,
        "heads": ["哪一类", *({"label": label, "num": True} for label in (*SlotState.labels, "合计"))],
        "rows": [board_shown.slot_row(slot, today) for slot in slots[:PAGE]],
        "facet_groups": _facets(chosen, found, known),
        "clear_url": "/board/" if any(chosen.values()) else "",
        "newer_url": _link(**chosen, page=at) if at else "",
        "older_url": _link(**chosen, page=at + 2) if len(slots) > PAGE else "",
    }
    return render(request, "portal/board/index.html", context)


def _sum(found: list[board.Cell]) -> Counter[str]:
    """The counts of all, by state."""
    return sum((Counter({cell.state: cell.count}) for cell in found), Counter())


@stored(keys.DUTIES, keys.DAY, keys.SITE)
def coverage(request: HttpRequest) -> HttpResponse:
    """Units × topics: who answers for what, and where nobody does."""
    today = timezone.localdate()
    found = board.cells(request.viewer, today)
    topics, table = board.matrix(found, request.viewer)
    context = {
        "column": COLUMN | {"name": "谁管什么"},
        "trail": [*TRAIL, ("谁管什么", None)],
        "topics": topics,
        "table": table,
        "total": _sum(found).total(),
        "today": today,
    }
    return render(request, "portal/board/coverage.html", context)


@stored(keys.DUTIES, keys.DAY)
def duty(request: HttpRequest, code: str) -> HttpResponse:
    """One duty: where it comes from, who answers, each period, every change of a date with its reason."""
    rows = Duty.objects.visible_to(request.viewer).select_related(
        "owner__unit", "column__owner__unit", "plan", "offered_to__unit"
    )
    row = get_object_or_404(rows, code=code)
    depends_on(row.subject)
    today = timezone.localdate()
    slots = board.with_names(Slot.objects.filter(duty=row).standing(today)).order_by("-due_on", "-pk")
    if row.plan:
        depends_on(row.plan.subject)
    told = Event.objects.filter(town=request.town, subject=row.subject, type__in=(*OF_DUTY, *OF_SLOT))
    events = told.order_by("-pk")[:MOST_EVENTS]
    context = {
        "column": COLUMN | {"name": row.name},
        "trail": [*TRAIL, (row.name, None)],
        "duty": row,
        "when": board_shown.when(row),
        "owner": str(row.holder),
        "phone": row.holder.unit.phone,
        "rows": [board_shown.slot_row(slot, today) for slot in slots[:MOST_SLOTS]],
        "events": [
            {"at": event.recorded_at, "what": types.title(event.type), "note": _note(event)} for event in events
        ],
        "samples": samples_shown.under(request.viewer, row.subject),
        "today": today,
    }
    return render(request, "portal/board/duty.html", context)


def _note(event: Event) -> str:
    period = title_of(event.data.get("period", ""))
    due = f"期限 {event.data['due']}" if event.type in ("slot.moved", "slot.settled", "slot.opened") else ""
    return "　".join(filter(None, [period, due, event.reason]))


def _data(request: HttpRequest) -> list[dict[str, Any]]:
    today = timezone.localdate()
    slots = board.with_names(Slot.objects.visible_to(request.viewer).standing(today)).order_by("due_on", "pk")
    base, found = request.town.base_url, []
    for slot in slots.iterator(500):
        row = board_shown.slot_row(slot, today)
        row["state"] = SlotState(slot.state).label
        row["proof_url"] = base + row["proof_url"] if row["proof_url"] else ""
        days = {name: row[name].isoformat() if row[name] else "" for name in ("due", "first_due", "proved")}
        found.append({name: (row | days)[name] for name in FIELDS} | {"url": base + row["url"]})
    return found


@stored(keys.DUTIES, keys.DAY)
def board_json(request: HttpRequest) -> HttpResponse:
    """Every slot as data."""
    data = {"as_of": timezone.localdate().isoformat(), "slots": _data(request)}
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")


@stored(keys.DUTIES, keys.DAY)
def board_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*FIELDS.values(), "网址"])
    for row in _data(request):
        writer.writerow([common.cell(str(value)) for value in row.values()])
    return HttpResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8")
