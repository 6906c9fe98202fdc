"""诉求 as the desk's lists want them."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.people.enums import Permission as P
from mingtang.voices.enums import MatterKind, MatterState
from mingtang.voices.models import Matter

MOST = 50


def due(matter: Matter) -> tuple[str, str]:
    """What the tag says of the last day, or of where it stands, and its tone."""
    again = matter.state == MatterState.DISPUTED and matter.second_due_on
    if matter.state not in (MatterState.OPEN, MatterState.PROPOSED) and not again:
        return matter.get_state_display(), "done" if matter.state == MatterState.ENDED else "now"
    last = again or matter.due_on
    left = (last - timezone.localdate()).days
    if left < 0:
        return f"晚了 {-left} 天", "late"
    return ("今天到期", "today") if left == 0 else (f"{last.month}月{last.day}日前", "now")


def waiting(request: HttpRequest) -> QuerySet[Matter]:
    """What the utility must answer, the office must rule on, a third person must decide again."""
    may = request.viewer.may
    # Who sees only what they answer, and who looks at the answers.
    states = [MatterState.OPEN] if request.viewer.tenant or may(P.ITEM_AGREE) or may(P.ITEM_DECIDE) else []
    states += [MatterState.PROPOSED] if may(P.OVERSEE) else []
    due_now, again = Q(state__in=states), Q(kind=MatterKind.CHALLENGE)
    if may(P.OVERSEE):
        due_now |= Q(state=MatterState.DISPUTED) & ~again
    if may(P.ITEM_DECIDE) or may(P.ITEM_APPROVE):
        mine = Q(answered_by=request.user) | Q(checked_by=request.user)
        due_now |= Q(state=MatterState.DISPUTED) & again & ~mine
    return Matter.objects.visible_to(request.viewer).filter(due_now)


def todo_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """The first due on top."""
    return [
        {
            "url": f"/desk/utilities/matters/{row.pk}",
            "title": f"{row.unit.name}：{row.get_kind_display()}",
            "sub": row.number,
            "word": due(row)[0],
            "tone": due(row)[1],
        }
        for row in waiting(request).select_related("unit").order_by("due_on", "pk")[:MOST]
    ]
