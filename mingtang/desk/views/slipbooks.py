"""号单本 at the desk: handed to a station, each slip entered once or spoiled; printed as they stand."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import NEEDED, PICK, MomentField, said
from mingtang.hall import pads
from mingtang.hall.models import Pad, Site
from mingtang.hall.numbers import code_of
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.rulebook.models import Item, ItemFacts

POWERS = (P.CASE_INTAKE, P.WINDOW_RUN)
NUMBER = {**NEEDED, "invalid": "请写数字。"}


class PadForm(forms.Form):
    site = forms.ModelChoiceField(Site.objects.none(), label="发给哪里", error_messages=PICK)
    code = forms.CharField(label="本号", max_length=12, help_text="例如 CD01，用过的不能再用。", error_messages=NEEDED)
    first = forms.IntegerField(label="从几号", initial=1, error_messages=NUMBER)
    last = forms.IntegerField(label="到几号", initial=50, error_messages=NUMBER)

    def __init__(self, *args: Any, town: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["site"].queryset = Site.objects.filter(town=town)


class SlipForm(forms.Form):
    slip = forms.IntegerField(label="号单上的号", error_messages=NUMBER)
    came_at = MomentField(label="号单上写的时间", error_messages=NEEDED)
    item = forms.ChoiceField(label="要办什么", required=False, error_messages=PICK)

    def __init__(self, *args: Any, town: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = ItemFacts.objects.filter(town=town, suspended=False).select_related("item").order_by("item__code")
        self.fields["item"].choices = [("", "问一件事"), *((row.item.code, row.name) for row in rows[:300])]


class VoidForm(forms.Form):
    slip = forms.IntegerField(label="作废的号", error_messages=NUMBER)
    reason = forms.CharField(label="为什么作废", max_length=100, error_messages=NEEDED)


@staff_required(*POWERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _index(request)


def _index(request: HttpRequest, form: forms.Form | None = None) -> HttpResponse:
    rows = Pad.objects.visible_to(request.viewer).select_related("site")
    may = request.viewer.may(P.WINDOW_RUN)
    context = {
        "pads": [pads.count(row) for row in rows],
        "form": form or (PadForm(town=request.town) if may else None),
        "bad": form is not None,
    }
    return page(request, "desk/slipbooks/index.html", context, active="counter", status=422 if form else 200)


@staff_required(P.WINDOW_RUN)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    form = PadForm(request.POST, town=request.town)
    if form.is_valid():
        try:
            pad = pads.issue_pad(by=request.user, **form.cleaned_data)
            return done(request, f"/desk/slipbooks/{pad.pk}", f"号单本 {pad.code} 已经发出，可以打印。")
        except Refused as refusal:
            said(form, refusal)
    return _index(request, form)


def _pad(request: HttpRequest, pk: int) -> Pad:
    return get_object_or_404(Pad.objects.visible_to(request.viewer).select_related("site", "town"), pk=pk)


@staff_required(*POWERS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One pad: enter a slip, spoil one, print what is not used yet."""
    return _show(request, _pad(request, pk))


def _show(request: HttpRequest, pad: Pad, act: str = "", form: forms.Form | None = None) -> HttpResponse:
    count = pads.count(pad)
    context = {
        "pad": pad,
        "count": count,
        "may": request.viewer.may(P.CASE_INTAKE),
        "enter": form if act == "enter" else SlipForm(town=request.town, prefix="e"),
        "void": form if act == "void" else VoidForm(prefix="v"),
        "bad": form,
        "entered": pad.contacts.order_by("-recorded_at")[:10],
        "slips": [
            {"number": pad.number(n), "code": code_of(pad.town, pad.number(n))}
            for n in range(pad.last - count.left + 1, pad.last + 1)
        ],
    }
    return page(request, "desk/slipbooks/show.html", context, active="counter", status=422 if form else 200)


@staff_required(P.CASE_INTAKE)
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Enter a slip, or spoil it."""
    pad = _pad(request, pk)
    if act not in ("enter", "void"):
        raise Http404
    form: forms.Form
    form = (
        SlipForm(request.POST, town=request.town, prefix="e") if act == "enter" else VoidForm(request.POST, prefix="v")
    )
    if form.is_valid():
        typed = form.cleaned_data
        try:
            if act == "void":
                pads.void_slip(pad=pad, by=request.user, **typed)
                return done(request, f"/desk/slipbooks/{pk}", f"号单 {pad.number(typed['slip'])} 记了作废。")
            item = Item.objects.visible_to(request.viewer).select_related("facts").filter(code=typed["item"]).first()
            came, items = typed["came_at"], [item] if item else []
            contact = pads.enter_slip(pad=pad, slip=typed["slip"], came_at=came, items=items, by=request.user)
            return done(request, "/desk/counter/", f"号单 {contact.label} 已经登记，现在由您负责。")
        except Refused as refusal:
            said(form, refusal)
    return _show(request, pad, act, form)
