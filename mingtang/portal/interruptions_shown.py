"""停供通知 as the public pages want them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from mingtang.events.models import Event
from mingtang.lib.text import lag_words, month_day_time
from mingtang.people.models import Village
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.enums import InterruptionState
from mingtang.utilities.models import Interruption

# How long a notice that ended stays among the current ones; how far ahead the front page and a screen look.
AFTER, AHEAD, SCREEN = timedelta(days=1), timedelta(days=7), timedelta(days=1)
WORDS = {
    "interruption.announce": "发出",
    "interruption.announce_urgent": "发出（突发）",
    "interruption.confirm": "第二个人核对",
    "interruption.change": "改了",
    "interruption.restore": "恢复了",
    "interruption.withdraw": "撤回",
}


def current(
    town: Jurisdiction, now: datetime, ahead: timedelta | None = None, village: Village | None = None
) -> list[dict[str, Any]]:
    """What is cut now, will be, or was until lately, what begins first on top; everywhere or in one village."""
    known = Interruption.objects.filter(town=town).select_related("unit")
    if village is not None:
        known = known.filter(villages=village)
    rows = known.filter(state=InterruptionState.OUT)
    if ahead is not None:
        rows = rows.filter(starts_at__lt=now + ahead)
    back = known.filter(state=InterruptionState.RESTORED, restored_at__gt=now - AFTER)
    found = [*rows, *back]
    return listed(sorted(found, key=lambda row: (row.restored_at is not None, row.starts_at)), now)


def for_screen(town: Jurisdiction, now: datetime) -> dict[str, Any]:
    """What a display in the hall says: what is cut now or within a day, and when that was read. What ended is gone."""
    rows = [row for row in current(town, now, SCREEN) if row["restored"] is None]
    cuts = [{name: row[name] for name in ("word", "title", "when")} for row in rows]
    return {"cuts": cuts, "at": month_day_time(now)}


def listed(rows: Iterable[Interruption], now: datetime) -> list[dict[str, Any]]:
    return [shown(row, now) for row in rows]


def state_of(row: Interruption, now: datetime) -> tuple[str, str]:
    """Where it stands, as people say it, and the tone of the tag."""
    if row.state == InterruptionState.WITHDRAWN:
        return "不停了", "stop"
    if row.state == InterruptionState.RESTORED:
        late = row.restored_at - row.ends_at
        return (f"已恢复，晚了{lag_words(late)}", "late") if late > timedelta(minutes=1) else ("已恢复", "done")
    if now >= row.ends_at:
        return "应已恢复，等待确认", "late"
    return ("正在停", "today") if now >= row.starts_at else ("还没有停", "now")


def shown(row: Interruption, now: datetime) -> dict[str, Any]:
    """A notice as every list and its own page show it."""
    word, tone = state_of(row, now)
    return {
        "title": f"{row.get_cut_display()}：{row.places}",
        "url": f"/utilities/interruptions/{row.pk}",
        "unit": row.unit.name,
        "unit_url": f"/utilities/{row.unit.code}",
        "phone": row.unit.phone,
        "cut": row.get_cut_display(),
        "urgency": row.get_urgency_display(),
        "places": row.places,
        "from": row.starts_at,
        "to": row.ends_at,
        "when": f"{month_day_time(row.starts_at)}到{month_day_time(row.ends_at)}",
        "reason": row.reason,
        "advice": row.advice,
        "announced": row.announced_at,
        "restored": row.restored_at,
        "short": row.short_hours,
        "checked": row.checked_at is not None,
        "word": word,
        "tone": tone,
    }


def history(row: Interruption) -> list[dict[str, Any]]:
    """What was told when; a change with the hours before and after."""
    found = []
    events = Event.objects.filter(town=row.town_id, subject=row.subject, type__in=WORDS).select_related("sequenced")
    for event in events.order_by("-pk"):
        before = event.data.get("from_before")
        moved = ""
        if before and (before, event.data["to_before"]) != (event.data["from"], event.data["to"]):
            moved = f"原定{_span(before, event.data['to_before'])}，改为{_span(event.data['from'], event.data['to'])}。"
        found.append(
            {
                "at": event.recorded_at,
                "what": WORDS[event.type],
                "who": row.unit.name,
                "note": f"{moved}{event.reason}",
                "index": event.sequenced.index if hasattr(event, "sequenced") else None,
            }
        )
    return found


def _span(start: str, end: str) -> str:
    first, last = (timezone.localtime(datetime.fromisoformat(text)) for text in (start, end))
    return f"{month_day_time(first)}到{month_day_time(last)}"
