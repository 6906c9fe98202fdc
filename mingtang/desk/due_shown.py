"""By when documents in the making must be public, as the desk shows it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.disclosure import due
from mingtang.disclosure.models import Edition
from mingtang.disclosure.states import OPEN
from mingtang.lib.text import chinese_date
from mingtang.workdays.tables import calendar_for

PAGE = 30
TONES = {"green": "todo", "yellow": "today", "red": "late"}
Row = tuple[Edition, dict[str, Any] | None]
# Rows with their lights, what the link to the older ones asks, whether this page is not the first.
Listed = tuple[list[Row], dict[str, int], bool]


def _shown(light: due.Light | None) -> dict[str, Any] | None:
    if light is None:
        return None
    sentence = f"{chinese_date(light.day)}以前公开，{light.words}"
    if light.provisional:
        sentence += "（暂定，放假安排还没有公布）"
    return {"tone": TONES[light.state], "words": light.words, "day": light.day, "text": sentence, "basis": light.basis}


def of(request: HttpRequest, edition: Edition) -> dict[str, Any] | None:
    """The light of one edition in the making."""
    return _shown(due.light(edition, calendar_for(request.town), timezone.now()))


def scheduled(edition: Edition, light: dict[str, Any] | None) -> dict[str, Any] | None:
    """When an edition will be published, and a sentence where that is after its last day."""
    if edition.publish_at is None:
        return None
    after = light is not None and timezone.localdate(edition.publish_at) > light["day"]
    return {
        "at": edition.publish_at,
        "by": edition.scheduled_by.name,
        "late": f"这个时间在公开期限 {chinese_date(light['day'])}以后，会算晚公开。" if light and after else "",
        "tone": "late" if after else "done",
    }


def lit(request: HttpRequest, editions: Iterable[Edition]) -> list[Row]:
    """Editions in their order, those in the making with their lights."""
    calendar, now = calendar_for(request.town), timezone.now()
    return [(row, _shown(due.light(row, calendar, now)) if row.state in OPEN else None) for row in editions]


def by_urgency(request: HttpRequest, editions: Iterable[Edition]) -> list[Row]:
    """Editions in the making with their lights, the earliest last day first."""
    rows = list(editions)
    found = due.most_urgent(rows, calendar_for(request.town), timezone.now()) if rows else []
    return [(row, _shown(light)) for row, light in found]


def most_urgent(request: HttpRequest, rows: QuerySet[Edition]) -> Listed:
    """A page of the editions in the making, the earliest last day first.

    The day depends on the calendar and the kind, so all that are open are read and put in order here.
    """
    skip = request.GET.get("skip", "")
    begin = int(skip) if skip.isascii() and skip.isdigit() and len(skip) < 7 else 0
    found = by_urgency(request, rows.filter(state__in=OPEN))
    return found[begin : begin + PAGE], {"skip": begin + PAGE} if len(found) > begin + PAGE else {}, begin > 0
