"""办不成事 at the desk: told by somebody at the counter, handed to the post in charge, ended in one of four ways."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import done, my_posts, page, staff_required
from mingtang.desk.item_named import item_named
from mingtang.desk.obstacle_forms import FORMS, TellForm
from mingtang.desk.obstacles_shown import due
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.rulebook.models import Item
from mingtang.rulebook.policies import can_keep
from mingtang.voices import actions, policies
from mingtang.voices.enums import Channel, ObstacleState
from mingtang.voices.models import READERS, Obstacle
from mingtang.voices.origins import at_the_desk

PAGE = 50
RELATED = ("owner__unit", "offered__unit", "item__current", "unit", "version__item", "solved_by", "answers", "key")
DONE = {
    "sort": "已经归类。",
    "offer": "已经转交。对方接下以前，仍由您的岗位负责。",
    "take_over": "已经接下，由您的岗位负责。",
    "decline": "已经退回。",
    "assign": "已经指定。",
    "solve": "已经写明办成了。",
    "change": "已经写明要改规定。草案在“事项”里，按程序往下走。",
    "explain": "理由已经公布。",
    "pass_on": "已经写明转给了哪个机关。",
}


def _rows(request: HttpRequest):
    rows = Obstacle.objects.visible_to(request.viewer).select_related(*RELATED, "case", "contact", "slip", "town")
    return rows.defer("version__data", "version__bpmn", "item__current__data", "item__current__bpmn")


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Those of the person's posts, all that are open, those that ended; the first due on top."""
    rows, posts = _rows(request), [post.pk for post in my_posts(request)]
    open_ones = rows.exclude(state=ObstacleState.ENDED).order_by("due_on", "pk")
    groups = {
        "": open_ones.filter(owner__in=posts) | open_ones.filter(offered__in=posts),
        "open": open_ones,
        "ended": rows.filter(state=ObstacleState.ENDED).order_by("-ended_at", "-pk"),
    }
    state = request.GET.get("state", "")
    state = state if state in groups else ""
    labels = [("", "我岗位上的"), ("open", "还没有结果的"), ("ended", "有了结果的")]
    number = request.GET.get("page", "1")
    at = int(number) - 1 if number.isascii() and number.isdigit() and 0 < int(number) <= 1000 else 0
    listed = list(groups[state][at * PAGE : at * PAGE + PAGE + 1])
    context = {
        "tabs": shown.tabs(state, [(key, label, groups[key].count()) for key, label in labels], ""),
        "rows": [{"obstacle": row, "due": due(row)} for row in listed[:PAGE]],
        "may_tell": request.viewer.may(P.CASE_INTAKE),
        "newer_url": shown.link(state=state, page=at) if at else "",
        "older_url": shown.link(state=state, page=at + 2) if len(listed) > PAGE else "",
    }
    return page(request, "desk/obstacles/index.html", context, active="obstacles")


@staff_required(P.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Somebody tells it at the counter; number and code are told to them at once."""
    sent = request.POST if request.method == "POST" else None
    form = TellForm(sent, initial={"from_number": request.GET.get("number", "")[:24]})
    try:
        token = str(uuid.UUID(request.POST.get("form_token", "")))
    except ValueError:
        token = str(uuid.uuid4())
    if sent is not None and form.is_valid():
        typed = form.cleaned_data
        try:
            made = actions.report(
                town=request.town,
                channel=Channel.DESK,
                reason=typed["reason"],
                told=actions.Told(typed["text"], typed["name"], typed["phone"]),
                submission=token,
                origin=at_the_desk(request.town, typed["from_number"]),
                item=_item(request, typed["item"]),
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            said = f"已经记下。请告诉群众：编号 {made.obstacle.number}，查询码 {made.code}，在网上、窗口都查得到结果。"
            return done(request, f"/desk/obstacles/{made.obstacle.pk}", said)
    context = {"form": form, "form_token": token, "days": actions.ANSWER_DAYS}
    return page(request, "desk/obstacles/new.html", context, active="obstacles", status=422 if form.errors else 200)


def _item(request: HttpRequest, typed: str) -> Item | None:
    """The item that was written; none where nothing was."""
    return item_named(request, typed) if typed.strip() else None


@staff_required(*READERS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One obstacle: what was written, for those who answer for it; who answers; how it may end."""
    return _page(request, get_object_or_404(_rows(request), pk=pk))


def _page(request: HttpRequest, row: Obstacle, bad: Any = None, act: str = "", status: int = 200) -> HttpResponse:
    reads = policies.may_read(row, request.user)
    offered = [name for name in FORMS if policies.can(name, row, request.user)]
    told: dict[str, str] = {}
    if reads:
        try:
            told = row.told
        except Refused as refusal:
            told = {"text": refusal.message}
    context = {
        "obstacle": row,
        "due": due(row),
        "told": told,
        "reads": reads,
        "keeps": row.item is not None and can_keep(request.user, request.town, row.item.unit),
        "forms": {name: bad if name == act else FORMS[name](None, prefix=name, obstacle=row) for name in offered},
        "bad": bad,
        "history": shown.history(request.town, row.subject),
    }
    return page(request, "desk/obstacles/show.html", context, active="obstacles", status=status)


@staff_required(*READERS)
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Every act of the table but the first."""
    row = get_object_or_404(_rows(request), pk=pk)
    if act not in FORMS:
        raise Http404
    form: forms.Form = FORMS[act](request.POST, prefix=act, obstacle=row)
    if form.is_valid():
        try:
            typed = dict(form.cleaned_data)
            if act == "sort":
                typed["item"] = _item(request, typed["item"])
            getattr(actions, act)(obstacle=row, by=request.user, **typed)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return done(request, f"/desk/obstacles/{row.pk}", DONE[act])
    return _page(request, row, form, act, status=422)
