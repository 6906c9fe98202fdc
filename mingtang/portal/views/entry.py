"""进驻大厅: the computed 三进 index, who is in the hall and who is not, hand-over plans, letters of delegation."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.cases import usage
from mingtang.hall import letters
from mingtang.hall.models import Exemption, HandOver, Milestone
from mingtang.hall.standing import Standing, StandingKind, plans, standings, waits_for
from mingtang.hall.three_in import Share, three_in
from mingtang.people.enums import DECIDE
from mingtang.people.models import Delegation
from mingtang.portal import keys
from mingtang.portal.stored import stored
from mingtang.portal.views.powers import COLUMN, tabs
from mingtang.rulebook.models import Item

PAGE = 100
YEAR = timedelta(days=365)
SHOWN_MISSING, SHOWN_ROWS = 20, 300
TONES = {
    StandingKind.OVERDUE: "late",
    StandingKind.MISSING: "late",
    StandingKind.MOVED: "today",
    StandingKind.EXEMPT: "paused",
    StandingKind.ENTERED: "done",
}
LETTER_TONES = {"revoked": "stop", "ended": "late", "coming": "todo", "soon": "today", "valid": "done"}


def _share(share: Share) -> dict[str, Any]:
    """Numerator, denominator and the way they are counted stand together; a percentage alone is never shown."""
    return {
        "title": share.title,
        "numerator": share.numerator,
        "denominator": share.denominator,
        "unit": share.unit,
        "sentence": share.sentence,
        "how": share.how,
        "missing": share.missing[:SHOWN_MISSING],
        "more": max(0, len(share.missing) - SHOWN_MISSING),
        "lacks": share.denominator - share.numerator,
    }


def _row(row: Standing) -> dict[str, Any]:
    since = min((entry.since_on for entry in row.entries), default=None)
    return {
        "item": row.item.facts.name,
        "url": f"/services/{row.item.code}",
        "unit": row.item.unit.name if row.item.unit else "",
        "state": row.kind.label,
        "tone": TONES[row.kind],
        "windows": "、".join(str(entry.window) for entry in row.entries),
        "since": since,
        "until": row.exemption.until_on if row.exemption and not row.entries else None,
    }


def _exemption(row: Exemption, today: date) -> dict[str, Any]:
    late = row.days_late(today)
    if row.ended_on:
        state, tone = f"{row.ended_on} 结束：{row.ended_reason}", "done"
    elif late > 0:
        state, tone = f"已过期 {late} 天", "late"
    else:
        state, tone = (f"还有 {-late} 天" if late else "今天到期"), ("today" if late == 0 else "paused")
    return {
        "item": row.item.current.name if row.item.current else row.item.code,
        "unit": row.unit.name,
        "reason": row.reason,
        "minutes": row.minutes_number,
        "until": row.until_on,
        "state": state,
        "tone": tone,
    }


def _milestone(row: Milestone, today: date, first_open: bool) -> dict[str, Any]:
    signed = [
        f"{side}已签 {timezone.localdate(at)}"
        for side, at in ((row.plan.unit.name, row.unit_signed_at), ("便民服务中心", row.centre_signed_at))
        if at
    ]
    state = "done" if row.is_done else "late" if row.due_on < today else "now" if first_open else "todo"
    waiting = waits_for(row)
    return {
        "title": row.title,
        "state": state,
        "word": "双方已签" if row.is_done else "过期没签完" if state == "late" else "",
        "owner": "；".join([*signed, f"等{waiting}签字"] if waiting else signed),
        "planned": str(row.due_on) + (f"（原定 {row.first_due_on}）" if row.due_on != row.first_due_on else ""),
        "delay": row.moved_reason,
    }


def _plan(plan: HandOver, today: date) -> dict[str, Any]:
    rows = list(plan.milestones.all())
    first_open = next((row.pk for row in rows if not row.is_done), None)
    return {
        "title": plan.item.current.name if plan.item.current else plan.item.code,
        "unit": plan.unit.name,
        "done": plan.done_at,
        "steps": [_milestone(row, today, row.pk == first_open) for row in rows],
    }


@stored(keys.ENTRY, keys.HALL, keys.SERVICES, keys.SITE, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """The index with its parts, the gaps by name, then register, exemptions and plans."""
    now, today = timezone.now(), timezone.localdate()
    decided = usage.decisions_by_post(request.town, since=now - YEAR, until=now)
    rows = standings(request.town, today)
    found = three_in(request.town, now, rows, decided=decided)
    exemptions = Exemption.objects.visible_to(request.viewer).select_related("item__current", "unit")
    context = {
        "column": COLUMN,
        "trail": [("权力清单", "/powers/"), ("进驻大厅", None)],
        "tabs": tabs("/entry/"),
        "shares": [_share(share) for share in (*found.people, *found.items, *found.authority)],
        "counted_at": now,
        "gaps": [
            {
                "what": f"{row.item.facts.name}：{row.kind.label}",
                "url": f"/services/{row.item.code}",
                "owner": row.item.unit.name if row.item.unit else "便民服务中心",
                "late": row.exemption.days_late(today) if row.kind == StandingKind.OVERDUE else None,
            }
            for row in rows[:SHOWN_ROWS]
            if row.is_gap
        ],
        # The worst first, so that what a cut leaves out is in the hall.
        "register": [_row(row) for row in rows[:SHOWN_ROWS]],
        "total": len(rows),
        "exemptions": [_exemption(row, today) for row in exemptions.order_by("-until_on", "-pk")[:SHOWN_ROWS]],
        "plans": [_plan(plan, today) for plan in plans(request.town)],
    }
    return render(request, "portal/entry/index.html", context)


def _step_name(item: Item | None, code: str) -> str:
    if code == DECIDE:
        return "作出决定"
    steps = item.current.spec.steps if item and item.current else ()
    return next((step.name for step in steps if step.key == code), code)


@stored(keys.SITE, keys.SERVICES, keys.DAY)
def delegations(request: HttpRequest) -> HttpResponse:
    """Every letter of delegation: who may decide what in whose name, from when to when. The newest first."""
    now, before = timezone.now(), request.GET.get("before", "")
    rows = Delegation.objects.visible_to(request.viewer).select_related("grantor", "post__unit").order_by("-pk")
    valid = rows.valid(now).count()
    total = rows.count()
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows[: PAGE + 1])
    codes = {row.item_code for row in shown}
    items = Item.objects.visible_to(request.viewer).filter(code__in=codes).select_related("current__item")
    by_code = {item.code: item for item in items}
    found = []
    for row in shown[:PAGE]:
        item, (state, word) = by_code.get(row.item_code), letters.state_of(row, now)
        found.append(
            {
                "number": row.number,
                "grantor": row.grantor.name,
                "post": str(row.post),
                "item": item.current.name if item else row.item_code,
                "url": f"/services/{row.item_code}" if item else "",
                "step": _step_name(item, row.step_code),
                "from": row.valid_from,
                "to": letters.last_day(row),
                "limit": row.limit,
                "state": word,
                "tone": LETTER_TONES[state],
            }
        )
    context = {
        "column": COLUMN,
        "trail": [("权力清单", "/powers/"), ("授权书", None)],
        "tabs": tabs("/entry/delegations"),
        "letters": found,
        "total": total,
        "valid": valid,
        "next_url": f"{request.path}?before={shown[PAGE - 1].pk}" if len(shown) > PAGE else "",
        "first_url": request.path if before else "",
    }
    return render(request, "portal/entry/delegations.html", context)
