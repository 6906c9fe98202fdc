"""邮件订阅: asked for, confirmed by a link, changed and ended by the links of every letter; no account, no password."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mingtang.disclosure import standing
from mingtang.disclosure.columns import schemes
from mingtang.lib.errors import Refused
from mingtang.lib.masking import mask_email
from mingtang.people.models import Unit, Village
from mingtang.portal.feeds_shown import offered
from mingtang.subscriptions import actions
from mingtang.subscriptions.choosing import MOST_WORDS, Choice, choice_of, told
from mingtang.subscriptions.enums import Rhythm
from mingtang.subscriptions.models import Subscription

PAGE_TAGS = {
    "name": "订阅",
    "description": "有新公开的信息，用邮件或者订阅源告诉您",
    "keywords": "订阅;政府信息公开;邮件",
    "type": "信息公开目录",
}
TRAIL = [("政府信息公开", "/info/"), ("订阅", None)]
DONE = {"confirmed": "订好了。以后每封信里都有改订和退订的链接。", "changed": "改好了。"}


class ChoiceForm(forms.Form):
    """What and how often; what is ticked is read beside it."""

    words = forms.CharField(
        label="提到这些词的",
        required=False,
        max_length=300,
        help_text=f"例如：停电 建房 低保。词和词之间空一格，最多 {MOST_WORDS} 个。",
        error_messages={"max_length": f"词写得太多，最多 {MOST_WORDS} 个。请留下最要紧的。"},
    )
    rhythm = forms.ChoiceField(
        label="多久一次",
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        initial=Rhythm.DAILY,
        error_messages={"required": "请选择多久一次。", "invalid_choice": "请选择多久一次。"},
    )


class AskForm(ChoiceForm):
    to = forms.CharField(
        label="电子邮箱",
        max_length=200,
        help_text="只用来寄您订的信，加密存放，工作人员看不到。",
        error_messages={
            "required": "请填电子邮箱，例如 wang@example.com。",
            "max_length": "邮箱太长了，请再看看有没有多写。",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ("to", "words", "rhythm")


def _groups(request: HttpRequest) -> list[tuple[str, list[Any]]]:
    """The open columns of each scheme that is a duty."""
    every = standing.of_town(request.viewer)
    groups = [
        (one.name, [row.column for row in standing.leaves([row for row in every if row.column.scheme == one.code])])
        for one in schemes().values()
        if one.duty
    ]
    return [(name, columns) for name, columns in groups if columns]


def _page(request: HttpRequest, template: str, form: forms.Form, held: Choice, **more: Any) -> HttpResponse:
    units = Unit.objects.filter(town=request.town, dissolved_on__isnull=True).order_by("order", "pk")
    context = {
        "column": PAGE_TAGS,
        "trail": TRAIL,
        "form": form,
        "groups": _groups(request),
        "units": units,
        "villages": Village.objects.visible_to(request.viewer).filter(closed_on__isnull=True),
        "held": held,
        **more,
    }
    return render(request, f"portal/subscribe/{template}.html", context, status=422 if form.errors else 200)


def _typed(request: HttpRequest) -> Choice:
    """The codes that are ticked, as they came; checked by ``choice_of``."""
    asked = request.POST if request.method == "POST" else request.GET
    return Choice(
        columns=tuple(asked.getlist("columns")),
        units=tuple(asked.getlist("units")),
        villages=tuple(asked.getlist("villages")),
    )


def _taken(request: HttpRequest, form: forms.Form) -> Choice:
    typed = _typed(request)
    return choice_of(request.town, typed.columns, typed.units, form.cleaned_data["words"], typed.villages)


def _refuse(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


@never_cache
@require_http_methods(["GET", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """What there is to subscribe to; a link to confirm is sent, and the page says so alike for every address."""
    if request.method == "GET":
        form: forms.Form = AskForm(initial={"words": request.GET.get("q", "")[:100]})
        return _page(request, "ask", form, _typed(request), feeds=offered(request))
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            asked = actions.ask(
                town=request.town,
                to=form.cleaned_data["to"],
                choice=_taken(request, form),
                rhythm=form.cleaned_data["rhythm"],
            )
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            context = {"column": PAGE_TAGS, "trail": TRAIL, "to": form.cleaned_data["to"], "shown": asked.shown}
            return render(request, "portal/subscribe/sent.html", context)
    return _page(request, "ask", form, _typed(request), feeds=offered(request))


def _said(request: HttpRequest, heading: str, text: str, status: int = 200) -> HttpResponse:
    context = {"column": PAGE_TAGS, "trail": TRAIL, "heading": heading, "text": text}
    return render(request, "portal/subscribe/said.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return _said(request, "没有这个订阅", "可能已经退订了，或者链接没有复制完整。想再订，重新填一次就行。", 404)


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The link of the first letter. A press confirms, so that a program which opens every link subscribes nobody."""
    row = actions.waiting(request.town, request.GET.get("k", ""))
    if row is None:
        return _gone(request)
    if request.method == "POST":
        try:
            row = actions.confirm(subscription=row)
        except Refused as refusal:
            return _said(request, "没有订上", refusal.message, 422)
        return HttpResponseRedirect(f"/subscribe/mine?k={row.content['handle']}&done=confirmed")
    context = {
        "column": PAGE_TAGS,
        "trail": TRAIL,
        "to": mask_email(row.to),
        "told": told(request.town, row.choice),
        "rhythm": row.get_rhythm_display(),
    }
    return render(request, "portal/subscribe/confirm.html", context)


def _initial(row: Subscription) -> dict[str, str]:
    return {"words": " ".join(row.choice.words), "rhythm": row.rhythm}


@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What one has subscribed to, to change it."""
    row = actions.of_handle(request.town, request.GET.get("k", ""))
    if row is None:
        return _gone(request)
    form = ChoiceForm(request.POST or None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(subscription=row, choice=_taken(request, form), rhythm=form.cleaned_data["rhythm"])
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            return HttpResponseRedirect(f"/subscribe/mine?k={row.content['handle']}&done=changed")
    more = {
        "to": mask_email(row.to),
        "handle": row.content["handle"],
        "done": DONE.get(request.GET.get("done", ""), ""),
        "stopped": row.stopped_at,
    }
    return _page(request, "mine", form, _typed(request) if form.errors else row.choice, **more)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
    """End it by one press, without logging in; mailboxes press it for their owner (RFC 8058), without our token."""
    row = actions.of_handle(request.town, request.GET.get("k", ""))
    if row is None:
        return _gone(request)
    if request.method == "POST":
        actions.end(subscription=row)
        return _said(request, "退订好了", "不会再收到我们的信。邮箱和订的内容已经销毁。")
    return render(
        request, "portal/subscribe/stop.html", {"column": PAGE_TAGS, "trail": TRAIL, "to": mask_email(row.to)}
    )
