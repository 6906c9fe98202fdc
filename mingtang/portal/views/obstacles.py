"""办不成事: tell what could not be done, follow it by number and code; in public counts and published reasons."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.hall.models import Site
from mingtang.lib.errors import Refused
from mingtang.portal import common, keys, obstacles_shown
from mingtang.portal.stored import depends_on, stored
from mingtang.rulebook.models import Item
from mingtang.voices import actions, counted
from mingtang.voices.enums import Channel, Reason
from mingtang.voices.origins import opened

TRAIL = [("办事服务", "/services/"), ("办不成的事", "/obstacles/")]
PAPER_SECONDS = 60  # time to copy a number by hand


class TellForm(forms.Form):
    """What could not be done. Only that, and the likest reason, must be said."""

    text = forms.CharField(
        label="办什么事，卡在哪里",
        max_length=actions.MAX_TOLD,
        widget=forms.Textarea,
        help_text="照实说就行：哪天、去了哪个窗口、对方怎么说的。这段话封存，只有负责的人看得到。",
        error_messages={"required": "请写明办什么事、卡在哪里。"},
    )
    reason = forms.ChoiceField(
        label="最像哪一种",
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一个最像的。"},
    )
    number = forms.CharField(
        label="办件编号、号或者出格单编号",
        max_length=24,
        required=False,
        help_text="手里有收件凭证、号单或者出格单的，写上它的编号。",
    )
    code = forms.CharField(
        label="它的查询码", max_length=20, required=False, help_text="印在编号旁边。出格单没有查询码，不用填。"
    )
    name = forms.CharField(label="怎么称呼您", max_length=30, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False, help_text="想接电话才填。不填也一样办。")


class FindForm(forms.Form):
    number = forms.CharField(label="编号", max_length=24, error_messages={"required": "请填写编号。"})
    code = forms.CharField(label="查询码", max_length=20, error_messages={"required": "请填写查询码。"})


@stored(keys.OBSTACLES, keys.SERVICES, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """How many this year and why, what is still open, what cannot be done and because of what."""
    year = timezone.localdate().year
    explained = obstacles_shown.explained(request.town)
    changing = obstacles_shown.changing(request.town)
    depends_on(*(f"item:{row['code']}" for row in changing))
    context = {
        "trail": [TRAIL[0], (TRAIL[1][0], None)],
        "year": year,
        "report": counted.report(request.town, year),
        "explained": explained,
        "changing": changing,
        "days": actions.ANSWER_DAYS,
        "today": timezone.localdate(),
    }
    return render(request, "portal/obstacles/index.html", context)


def _token(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.POST.get("form_token", "")))
    except ValueError:
        return str(uuid.uuid4())


def _kiosk(request: HttpRequest) -> Site | None:
    return Site.objects.visible_to(request.viewer).filter(code=request.GET.get("kiosk", "")[:40]).first()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Tell it: from a guide (``?item=``), from a case, a number or a slip (``?number=``), or at the screen of a hall
    (``?kiosk=``), which is clean again afterwards."""
    site, token = _kiosk(request), _token(request)
    items = Item.objects.visible_to(request.viewer).select_related("current", "unit")
    item = items.filter(code=request.GET.get("item", "")[:40]).first()
    sent = request.POST if request.method == "POST" else None
    form = TellForm(sent, initial={"number": request.GET.get("number", "")[:24]})
    if sent is not None and form.is_valid():
        try:
            return _report(request, form.cleaned_data, item, site, token)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    context = {
        "trail": [*TRAIL, ("反映", None)],
        "form": form,
        "form_token": token,
        "item": item,
        "kiosk": site,
        "days": actions.ANSWER_DAYS,
    }
    return render(request, "portal/obstacles/new.html", context, status=422 if form.errors else 200)


def _report(
    request: HttpRequest, typed: dict[str, str], item: Item | None, site: Site | None, token: str
) -> HttpResponse:
    made = actions.report(
        town=request.town,
        channel=Channel.KIOSK if site else Channel.ONLINE,
        reason=typed["reason"],
        told=actions.Told(typed["text"], typed["name"], typed["phone"]),
        submission=token,
        origin=opened(request.town, typed["number"], typed["code"]),
        item=item,
    )
    tail = f"&kiosk={site.code}" if site else ""
    return HttpResponseRedirect(f"/obstacles/mine?number={made.obstacle.number}&code={made.code}{tail}")


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Where one stands, for whoever has its number and code."""
    sent = {name: request.GET.get(name, "").replace("\x00", "") for name in ("number", "code")}
    form = FindForm(sent if any(sent.values()) else None)
    obstacle = None
    if form.is_bound and form.is_valid():
        try:
            obstacle = obstacles_shown.open_with_code(request.town, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if obstacle is None:
        context: dict[str, Any] = {"trail": [*TRAIL, ("查结果", None)], "form": form}
        return render(request, "portal/obstacles/find.html", context, status=422 if form.errors else 200)
    site, code = _kiosk(request), form.cleaned_data["code"]
    address = f"{request.town.base_url}/obstacles/mine?number={obstacle.number}&code={code}"
    context = {
        "trail": [*TRAIL, (obstacle.number, None)],
        "obstacle": obstacles_shown.held(obstacle),
        "code": code,
        "kiosk": site,
        "qr": common.qr(address, "扫一扫，看办到哪一步"),
    }
    answer = render(request, "portal/obstacles/mine.html", context)
    if site:
        answer.headers["Refresh"] = f"{PAPER_SECONDS}; url=/hall/{site.code}/kiosk"
    return answer
