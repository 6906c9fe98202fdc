"""Obstacles as the desk's lists want them."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.desk.access import my_posts
from mingtang.lib.text import month_day_time
from mingtang.voices.enums import ObstacleState
from mingtang.voices.models import Obstacle

MOST = 50


def due(obstacle: Obstacle) -> tuple[str, str]:
    """What the tag says of the last day, or of the end, and its tone."""
    if obstacle.state == ObstacleState.ENDED:
        return obstacle.get_outcome_display(), "done"
    left = (obstacle.due_on - timezone.localdate()).days
    if left < 0:
        return f"晚了 {-left} 天", "late"
    return ("今天到期", "today") if left == 0 else (f"{obstacle.due_on.month}月{obstacle.due_on.day}日前", "now")


def waiting(request: HttpRequest) -> QuerySet[Obstacle]:
    """Those that the person's posts answer for, and those handed to them."""
    posts = [post.pk for post in my_posts(request)]
    rows = Obstacle.objects.visible_to(request.viewer).exclude(state=ObstacleState.ENDED)
    return rows.filter(Q(owner__in=posts) | Q(offered__in=posts))


def todo_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """The first due on top."""
    posts, found = [post.pk for post in my_posts(request)], []
    for row in waiting(request).order_by("due_on", "pk")[:MOST]:
        word, tone = due(row)
        offered = row.offered_id in posts
        found.append(
            {
                "url": f"/desk/obstacles/{row.pk}",
                "title": "转给您，请接下或者退回" if offered else row.get_reason_display(),
                "sub": f"{row.number}　{month_day_time(row.opened_at)} 反映",
                "word": word,
                "tone": tone,
            }
        )
    return found
