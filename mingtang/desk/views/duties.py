"""任务 at the desk: what one's posts owe, answering a slot, saying why not, moving a date, handing a duty on."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import duty_forms as forms_of
from mingtang.desk import shown
from mingtang.desk.access import done, my_posts, page, staff_required
from mingtang.desk.duties_shown import due_word, of_posts
from mingtang.desk.forms import said
from mingtang.lib.errors import Refused
from mingtang.oversight import actions, board, digest
from mingtang.oversight.enums import SlotState, Trigger
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.policies import fixed_by_law
from mingtang.people.enums import Permission as P

PAGE = 50
TONES = {"on_time": "done", "late": "today", "empty": "late", "broken": "late", "due": "todo", "excused": "paused"}
# name: the form, the act, what is said afterwards.
OF_DUTY: dict[str, tuple[Any, Any, str]] = {
    "take": (forms_of.TakeForm, actions.take, "已经签收，从现在起由您的岗位负责。"),
    "decline": (forms_of.WhyForm, actions.decline, "已经退回。"),
    "offer": (forms_of.OfferForm, actions.offer, "已经请对方签收。签收以前还由原来的岗位负责。"),
    "close": (forms_of.WhyForm, actions.close_duty, "已经停止，以前的各期还看得到。"),
}
OF_SLOT: dict[str, tuple[Any, Any, str]] = {
    "answer": (forms_of.AnswerForm, actions.answer, "已经填上，公示页上看得到。"),
    "excuse": (forms_of.ExcuseForm, actions.excuse, "已经说明，公示页上看得到。"),
    "move": (forms_of.MoveForm, actions.move_due, "已经改了期限，原来的期限和理由都会公开。"),
}


def _slots(request: HttpRequest) -> Any:
    return board.with_names(Slot.objects.visible_to(request.viewer).standing(timezone.localdate()))


@staff_required()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits: of one's posts, of the whole town; and what is done. The most asked for first, then by day."""
    today, posts = timezone.localdate(), [post.pk for post in my_posts(request)]
    waiting = [SlotState.EMPTY, SlotState.DUE]
    rows = _slots(request)
    groups = {
        "": rows.filter(of_posts(posts), state__in=waiting),
        "all": rows.filter(state__in=waiting),
        "done": rows.exclude(state__in=waiting),
    }
    state = request.GET.get("state", "")
    state = state if state in groups else ""
    labels = [("", "我岗位上的"), ("all", "全镇等着的"), ("done", "有了凭据或者说明的")]
    counted = [(key, label, groups[key].count()) for key, label in labels]
    number = request.GET.get("page", "1")
    at = int(number) - 1 if number.isascii() and number.isdigit() and 0 < int(number) <= 1000 else 0
    order = ("-due_on", "-pk") if state == "done" else ("-nudges", "due_on", "pk")
    listed = list(groups[state].order_by(*order)[at * PAGE : at * PAGE + PAGE + 1])
    context = {
        "tabs": shown.tabs(state, counted),
        "rows": [_row(slot, today) for slot in listed[:PAGE]],
        "keeps": request.viewer.may(P.DUTY_KEEP),
        "newer_url": shown.link(state=state, page=at) if at else "",
        "older_url": shown.link(state=state, page=at + 2) if len(listed) > PAGE else "",
    }
    return page(request, "desk/duties/index.html", context, active="duties")


def _row(slot: Slot, today: Any) -> dict[str, Any]:
    waits = slot.state in (SlotState.EMPTY, SlotState.DUE)
    word, tone = due_word(slot, today) if waits else (SlotState(slot.state).label, TONES[slot.state])
    return {"slot": slot, "label": board.label(slot), "word": word, "tone": tone, "owner": slot.duty.holder}


def _duty(request: HttpRequest, code: str) -> Duty:
    rows = Duty.objects.visible_to(request.viewer)
    related = ("town", "owner__unit", "column__owner__unit", "plan", "offered_to__unit")
    return get_object_or_404(rows.select_related(*related), code=code)


def _mine(request: HttpRequest, duty: Duty) -> bool:
    return duty.holder.pk in {post.pk for post in my_posts(request)}


def _acts_of_duty(request: HttpRequest, duty: Duty) -> list[str]:
    """The acts that are open to this person."""
    if duty.closed_on or duty.measured:
        return []
    keeps, found = request.viewer.may(P.DUTY_KEEP), []
    if duty.offered_to_id in {post.pk for post in my_posts(request)}:
        found += ["take", "decline"]
    if keeps or _mine(request, duty):
        found.append("offer")
    if keeps and not duty.of_column:
        found.append("close")
    return found


def _show(request: HttpRequest, duty: Duty, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    today = timezone.localdate()
    acts = {name: OF_DUTY[name][0](prefix=name, town=request.town) for name in _acts_of_duty(request, duty)}
    slots = _slots(request).filter(duty=duty).order_by("-due_on", "-pk")
    context = {
        "duty": duty,
        "rows": [_row(slot, today) for slot in slots[:PAGE]],
        "forms": acts | (bound or {}),
        "bound": bound or {},
        "history": shown.history(request.town, duty.subject, type__in=(*actions.OF_DUTY, *actions.OF_SLOT)),
    }
    return page(request, "desk/duties/show.html", context, active="duties", status=422 if bound else 200)


@staff_required()
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One duty: its periods, handing it on, its history."""
    return _show(request, _duty(request, code))


@staff_required()
@require_POST
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """签收、退回、移交、停止; the room decides who may."""
    duty = _duty(request, code)
    if name not in OF_DUTY:
        raise Http404
    kind, run, message = OF_DUTY[name]
    form = kind(request.POST, prefix=name, town=request.town)
    if form.is_valid():
        try:
            run(duty=duty, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
    if not form.errors:
        return done(request, f"/desk/duties/{code}", message)
    return _show(request, duty, {name: form})


def _slot(request: HttpRequest, code: str, pk: int) -> Slot:
    rows = Slot.objects.visible_to(request.viewer).standing(timezone.localdate())
    related = ("town", "duty__town", "duty__owner__unit", "duty__column__owner__unit", "proof__current__revision")
    return get_object_or_404(rows.select_related(*related, "about__current__revision"), pk=pk, duty__code=code)


def _acts_of_slot(request: HttpRequest, slot: Slot) -> list[str]:
    keeps, mine = request.viewer.may(P.DUTY_KEEP), _mine(request, slot.duty)
    found: list[str] = []
    if slot.duty.measured:
        return found
    fillable = not slot.duty.watch and (slot.duty.column_id is None or forms_of.papers_of(slot).exists())
    if (keeps or mine) and slot.proved_on is None and slot.about_id is None and fillable:
        found.append("answer")
    if (keeps or mine) and slot.state in (SlotState.EMPTY, SlotState.DUE):
        found.append("excuse")
    on_every_day = slot.duty.trigger == Trigger.CONTINUOUS
    if keeps and not mine and slot.state == SlotState.DUE and not on_every_day and not fixed_by_law(slot.duty):
        found.append("move")
    return found


def _slot_page(request: HttpRequest, slot: Slot, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    acts = {name: OF_SLOT[name][0](prefix=name, slot=slot) for name in _acts_of_slot(request, slot)}
    column, kind = slot.duty.column, slot.duty.kind
    wanted = {"kind": kind, "column": column.code if column else ""}
    query = {name: value for name, value in wanted.items() if value}
    monthly = kind == digest.KIND and slot.duty.trigger == Trigger.MONTH
    draft_url = f"/desk/stories/new?month={slot.period}" if monthly else f"/desk/info/new?{urlencode(query)}"
    context = {
        **_row(slot, timezone.localdate()),
        "duty": slot.duty,
        "by_law": fixed_by_law(slot.duty),
        "forms": acts | (bound or {}),
        "bound": bound or {},
        "awaited": slot.proved_on is None and slot.about_id is None and bool(query),
        "draft_url": draft_url if query and request.viewer.may(P.DOCUMENT_DRAFT) else "",
    }
    return page(request, "desk/duties/slot.html", context, active="duties", status=422 if bound else 200)


@staff_required()
@require_safe
def slot(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One period: what it waits for, and what this person can do about it."""
    return _slot_page(request, _slot(request, code, pk))


@staff_required()
@require_POST
def slot_act(request: HttpRequest, code: str, pk: int, name: str) -> HttpResponse:
    """填上、说明、改期限; the room decides who may."""
    row = _slot(request, code, pk)
    if name not in OF_SLOT:
        raise Http404
    kind, run, message = OF_SLOT[name]
    form = kind(request.POST, prefix=name, slot=row)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        if name == "answer":
            typed.setdefault("statement", "")
        try:
            run(slot=row, by=request.user, **typed)
        except Refused as refusal:
            said(form, refusal)
    if not form.errors:
        return done(request, f"/desk/duties/{code}/{pk}", message)
    return _slot_page(request, row, {name: form})


@staff_required(P.DUTY_KEEP)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A duty that no column and no plan brings: of a law, or a promise. With ``kind`` one that its documents fill."""
    kind = request.GET.get("kind", "")
    begin = digest.TERMS if kind == digest.KIND else {"kind": kind}
    form = forms_of.TermsForm(request.POST if request.method == "POST" else None, town=request.town, initial=begin)
    if form.is_bound and form.is_valid():
        try:
            made = actions.open_duty(town=request.town, terms=actions.Terms(**form.terms()), by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/duties/{made.code}", "已经立下，从今天起算。第一格在一分钟里出现。")
    status = 422 if form.errors else 200
    return page(request, "desk/duties/new.html", {"form": form}, active="duties", status=status)
