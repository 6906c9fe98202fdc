"""What waits with permits for whoever decides their items: answers by their day, ends to be signed."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.cases.actions import ended
from mingtang.cases.enums import Asked, GrantState, PermitState
from mingtang.cases.grants import REVIEW
from mingtang.cases.models import Grant, Permit, PermitAsk
from mingtang.cases.permits import SOON
from mingtang.desk.access import my_posts
from mingtang.people.enums import DECIDE
from mingtang.people.enums import Permission as P
from mingtang.people.models import Delegation

MOST = 50


def permit_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Asked and not answered, the first due on top; then how many ran out, and how many soon will."""
    if not request.viewer.may(P.CASE_DECIDE):
        return []
    letters = Delegation.objects.filter(town=request.town, post__in=my_posts(request), step_code=DECIDE)
    items = list(letters.valid(timezone.now()).values_list("item_code", flat=True))
    if not items:
        return []
    mine, today = Permit.objects.filter(town=request.town, case__item__code__in=items), timezone.localdate()
    over = mine.filter(pk__in=ended().values("pk"))
    soon = mine.filter(state=PermitState.VALID, valid_to__range=(today, today + timedelta(days=SOON)))
    return [
        *_asked(mine, today),
        *_many(over, "over", "过了有效期，等您签字注销", "等注销", "today"),
        *_many(soon, "soon", f"{SOON} 天内到期", "快到期", "todo"),
    ]


def _asked(mine: QuerySet[Permit], today: Any) -> list[dict[str, Any]]:
    rows = PermitAsk.objects.filter(outcome="", permit__in=mine).select_related("permit__case__version")
    return [
        {
            "url": f"/desk/permits/{row.permit_id}",
            "title": f"申请{row.get_kind_display()}：{row.permit.given.name}",
            "sub": f"{row.permit.number}，{row.due_on.month}月{row.due_on.day}日以前答复"
            + ("，不答复就视为准予" if row.kind == Asked.RENEW and row.in_time else ""),
            "word": "已超期" if row.due_on < today else "今天到期" if row.due_on == today else "等答复",
            "tone": "late" if row.due_on < today else "today" if row.due_on == today else "now",
        }
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]


def _many(rows: QuerySet[Permit], state: str, what: str, word: str, tone: str) -> list[dict[str, Any]]:
    count = rows.count()
    first = rows.order_by("valid_to").values_list("valid_to", flat=True).first()
    if not count or first is None:
        return []
    sub = f"最早的 {first.year}年{first.month}月{first.day}日到期"
    title = f"{count:,} 个证照{what}"
    return [{"url": f"/desk/permits/?state={state}", "title": title, "sub": sub, "word": word, "tone": tone}]


def grant_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Results that wait for the one look before they are published: one row for all."""
    if not request.viewer.powers.intersection(REVIEW):
        return []
    count = Grant.objects.filter(town=request.town, state=GrantState.WAITING).count()
    if not count:
        return []
    title = f"{count:,} 件结果等您看一眼再公开"
    sub = "个人的许可，和村里、大厅公示的"
    return [{"url": "/desk/grants/", "title": title, "sub": sub, "word": "等公开", "tone": "today"}]
