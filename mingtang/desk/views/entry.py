"""进驻 at the desk: where each item stands, its entry and exemption, its way into the hall signed by both sides."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.entry_shown import MORE_ROWS, ROWS, LeaveForm, MoveForm, PlanForm, form_of, milestones, plan_shown
from mingtang.desk.forms import said
from mingtang.hall import entry
from mingtang.hall.models import Entry, Exemption, HandOver, Milestone, Window
from mingtang.hall.standing import Standing, StandingKind, plans, standing_of, standings
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.rulebook.models import Item

PAGE = 50
TONES = {
    StandingKind.OVERDUE: "late",
    StandingKind.MISSING: "late",
    StandingKind.MOVED: "today",
    StandingKind.EXEMPT: "paused",
    StandingKind.ENTERED: "done",
}


# Name of the act on an item: the function, its form, what is said afterwards.
ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "enter": (entry.enter, "进驻已经登记，网页上看得到。"),
    "exempt": (entry.exempt, "暂缓进驻已经登记，网页上看得到。"),
    "plan": (entry.plan_hand_over, "移交计划已经定下，网页上看得到。"),
}


@staff_required()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every item in force with where it stands, worst first; then the plans that are not finished."""
    query, state = shown.asked(request, 60), request.GET.get("state", "")
    today = timezone.localdate()
    rows = standings(request.town, today)
    if query:
        rows = [row for row in rows if query in row.item.facts.name or query in row.item.code]
    counts = Counter(row.kind for row in rows)
    labels = [("", "全部", len(rows))] + [
        (str(kind), kind.label, counts[kind]) for kind in StandingKind if counts[kind]
    ]
    if state in StandingKind.values:
        rows = [row for row in rows if row.kind == state]
    number = request.GET.get("page", "1")
    at = int(number) - 1 if number.isdecimal() and 0 < int(number) <= 1000 else 0
    context = {
        "q": query,
        "tabs": shown.tabs(state, labels, query),
        "rows": [
            {"row": row, "tone": TONES[row.kind], "windows": "、".join(str(one.window) for one in row.entries)}
            for row in rows[at * PAGE : (at + 1) * PAGE]
        ],
        "newer_url": shown.link(q=query, state=state, page=at) if at else "",
        "older_url": shown.link(q=query, state=state, page=at + 2) if len(rows) > (at + 1) * PAGE else "",
        "plans": [plan_shown(plan, today) for plan in plans(request.town) if plan.done_at is None],
    }
    return page(request, "desk/entry/index.html", context, active="entry")


def _item(request: HttpRequest, code: str) -> Item:
    rows = Item.objects.visible_to(request.viewer).select_related("town", "unit", "facts", "current")
    return get_object_or_404(rows.defer("current__data", "current__bpmn"), code=code, facts__isnull=False)


def _windows_left(item: Item, row: Standing) -> bool:
    """Whether the guide's post works a window that the item is not entered at."""
    rows = Window.objects.filter(town=item.town, post__code=item.facts.window_post)
    return rows.exclude(pk__in=[one.window_id for one in row.entries]).exists()


def _leave_form(row: Entry, may: bool, bad: forms.Form | None, act: str, pk: int) -> forms.Form | None:
    if act == "leave" and pk == row.pk:
        return bad
    return LeaveForm(prefix=f"e{row.pk}") if may else None


def _page(
    request: HttpRequest,
    item: Item,
    *,
    bad: forms.Form | None = None,
    act: str = "",
    pk: int = 0,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """``bad``: a form with errors of an act on the item, or on the row ``pk`` (to leave, to move)."""
    row: Standing = standing_of(item, timezone.localdate())
    plan = HandOver.objects.filter(item=item).select_related("unit", "town").order_by("-pk").first()
    running = plan is not None and plan.done_at is None
    may_run = request.viewer.may(P.WINDOW_RUN)
    entered, late = bool(row.entries), row.kind == StandingKind.OVERDUE
    offered = {
        "enter": may_run and not running and (not entered or _windows_left(item, row)),
        "exempt": may_run and not entered and (row.exemption is None or late),
        "plan": may_run and not entered and not running,
    }
    context = {
        "item": item,
        "row": row,
        "tone": TONES[row.kind],
        "acts": {name: bad if act == name else form_of(name, item) for name, may in offered.items() if may},
        "windows": [{"entry": one, "form": _leave_form(one, may_run, bad, act, pk)} for one in row.entries],
        "past": Entry.objects.filter(item=item, left_on__isnull=False).select_related("window").order_by("-left_on"),
        "exemptions": Exemption.objects.filter(item=item).order_by("-pk"),
        "plan": plan,
        "milestones": milestones(request, plan, (pk, bad) if act == "move" and bad else None) if plan else [],
        "bad": bad,
        "act": act,
        "error": error,
        "more_rows": MORE_ROWS,
    }
    return page(request, "desk/entry/show.html", context, active="entry", status=status)


@staff_required()
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _item(request, code))


@staff_required(P.WINDOW_RUN)
@require_POST
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """进驻、暂缓、移交计划 of one item."""
    item = _item(request, code)
    if act not in ACTS:
        raise Http404
    if "more" in request.POST:
        data = request.POST.copy()
        asked = data.get("rows", "")
        data["rows"] = str((int(asked) if asked.isdecimal() and len(asked) < 3 else ROWS) + MORE_ROWS)
        form = form_of(act, item, data)
        form.full_clean()
        form.errors.clear()
        return _page(request, item, bad=form, act=act)
    form = form_of(act, item, request.POST)
    if form.is_valid():
        function, message = ACTS[act]
        try:
            values = form.values() if isinstance(form, PlanForm) else form.cleaned_data
            function(item=item, by=request.user, **values)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/entry/{code}", message)
    return _page(request, item, bad=form, act=act, status=422)


@staff_required(P.WINDOW_RUN)
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The item leaves a window, by decision of the leading group."""
    row = get_object_or_404(Entry.objects.visible_to(request.viewer).select_related("item", "town"), pk=pk)
    form = LeaveForm(request.POST, prefix=f"e{pk}")
    if form.is_valid():
        try:
            entry.leave(entry=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/entry/{row.item.code}", "退出已经登记，网页上看得到。")
    return _page(request, _item(request, row.item.code), bad=form, act="leave", pk=pk, status=422)


def _milestone(request: HttpRequest, pk: int) -> Milestone:
    rows = Milestone.objects.filter(plan__in=HandOver.objects.visible_to(request.viewer))
    return get_object_or_404(rows.select_related("plan__item"), pk=pk)


@staff_required()
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """One side signs a milestone; who may is decided by the room."""
    row = _milestone(request, pk)
    try:
        entry.sign(milestone=row, side=request.POST.get("side", ""), by=request.user)
    except Refused as refusal:
        return _page(request, _item(request, row.plan.item.code), error=refusal.message, status=422)
    return done(request, f"/desk/entry/{row.plan.item.code}", f"“{row.title}”已经签字。")


@staff_required(P.WINDOW_RUN)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    row = _milestone(request, pk)
    form = MoveForm(request.POST, prefix=f"m{row.order}")
    if form.is_valid():
        try:
            entry.move(milestone=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/entry/{row.plan.item.code}", "已经改期，原定的日期也留着。")
    return _page(request, _item(request, row.plan.item.code), bad=form, act="move", pk=pk, status=422)
