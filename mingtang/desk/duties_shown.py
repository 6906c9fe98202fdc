"""Duties and slots as the desk's lists want them."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.desk.access import my_posts, served_posts
from mingtang.lib.text import chinese_date
from mingtang.oversight import board
from mingtang.oversight.lawful import Standing, may_settle
from mingtang.oversight.models import Duty, Slot, Takeover
from mingtang.people.enums import Permission as P

MOST = 50
SOON = timedelta(days=30)  # how long before its last day a slot stands among what is to be done


def of_posts(posts: list[int]) -> Q:
    """Slots that these posts answer for."""
    return Q(duty__owner__in=posts) | Q(duty__owner__isnull=True, duty__column__owner__in=posts)


def due_word(slot: Slot, today: date) -> tuple[str, str]:
    left = (slot.due_on - today).days
    if left < 0:
        return f"过了 {-left} 天", "late"
    return ("今天到期", "today") if left == 0 else (f"还有 {left} 天", "today" if left <= 7 else "now")


def slot_item(slot: Slot, today: date) -> dict[str, Any]:
    word, tone = due_word(slot, today)
    nudged = f"　有人催 {slot.nudges} 次" if slot.nudges else ""
    return {
        "url": f"/desk/duties/{slot.duty.code}/{slot.pk}",
        "title": board.titled(slot),
        "sub": f"{chinese_date(slot.due_on)}到期{nudged}",
        "word": word,
        "tone": tone,
    }


LAW_WORDS = {"taken": "已经接下", "ended": "已经停止", "dead": "依据已经失效", "open": "还没有接"}
LAW_TONES = {"taken": "done", "ended": "paused", "dead": "paused", "open": "late"}


def standing_row(one: Standing) -> dict[str, Any]:
    """A duty of the law as the desk lists it."""
    return {
        "name": one.row.name,
        "basis": one.row.basis,
        "word": LAW_WORDS[one.state],
        "tone": LAW_TONES[one.state],
        "why": one.why,
        "owner": one.duty.owner if one.duty else "",
        "url": f"/desk/duties/{one.duty.code}" if one.duty else "",
    }


def takeovers(request: HttpRequest) -> QuerySet[Takeover]:
    """Duties of the law that wait for somebody's word."""
    rows = Takeover.objects.visible_to(request.viewer).waiting()
    return rows if request.viewer.may(P.DUTY_KEEP) or request.viewer.may(P.OVERSEE) else rows.none()


def takeover_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Those that wait for this person's."""
    waiting = takeovers(request).first()
    if waiting is None or not may_settle(waiting, request.user):
        return []
    said = f"{len(waiting.owners)} 项，由您同意或者退回"
    return [
        {"url": "/desk/duties/law/", "title": "接下法律规定的任务", "sub": said, "word": "等您同意", "tone": "today"}
    ]


def todo_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """What the person's posts owe within a month or owed before, most asked for first, then by day."""
    posts, today = [post.pk for post in served_posts(request)], timezone.localdate()
    rows = board.with_names(Slot.objects.visible_to(request.viewer).waiting()).filter(of_posts(posts))
    rows = rows.filter(due_on__lte=today + SOON).order_by("-nudges", "due_on", "pk")
    return [slot_item(slot, today) for slot in rows[:MOST]]


def offered(request: HttpRequest) -> QuerySet[Duty]:
    """Duties that another post would like to hand over."""
    return Duty.objects.visible_to(request.viewer).filter(offered_to__in=my_posts(request)).order_by("pk")


def offered_rows(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "url": f"/desk/duties/{row.code}",
            "title": row.name,
            "sub": row.offered_why,
            "word": "等您签收",
            "tone": "today",
        }
        for row in offered(request)[:MOST]
    ]
