"""帮办代办: ask an agent to carry an errand or to come home, follow it by number and code; counts by station."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.agents import actions, numbers, promises
from mingtang.agents.enums import Asked
from mingtang.agents.models import Order
from mingtang.agents.order_form import AskForm
from mingtang.agents.states import PROMISES
from mingtang.hall.enums import SiteKind
from mingtang.hall.models import Site
from mingtang.lib.errors import Refused
from mingtang.portal import common, keys, orders_shown
from mingtang.portal.opened import opened_order, remember_order
from mingtang.portal.stored import stored
from mingtang.portal.views.home import in_force
from mingtang.rulebook.models import Item

TRAIL = [("办事服务", "/services/"), ("帮办代办", "/orders/")]
PAPER_SECONDS = 60  # time to copy a number by hand
MOST_ITEMS = 300


class FindForm(forms.Form):
    number = forms.CharField(label="代办单号", max_length=24, error_messages={"required": "请填写代办单号。"})
    code = forms.CharField(
        label="查询码", max_length=20, help_text="印在代办单上，八位。", error_messages={"required": "请填写查询码。"}
    )


def _stations(request: HttpRequest) -> list[Site]:
    rows = Site.objects.visible_to(request.viewer).filter(kind=SiteKind.STATION, windows__isnull=False)
    return list(rows.select_related("town").distinct())


@stored(keys.ORDERS, keys.HALL, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """What an agent does and promises, and how many orders each station has brought home in time this year."""
    year = timezone.localdate().year
    context = {
        "trail": [TRAIL[0], (TRAIL[1][0], None)],
        "year": year,
        "counts": promises.counts(request.town, year),
        "promises": list(PROMISES.values()),
        "today": timezone.localdate(),
    }
    return render(request, "portal/orders/index.html", context)


def _token(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.POST.get("form_token", "")))
    except ValueError:
        return str(uuid.uuid4())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for it: from a guide (``?item=``), or at the screen of a hall (``?kiosk=``), which is clean again afterwards.
    The same form sent twice is one order."""
    kiosk = Site.objects.visible_to(request.viewer).filter(code=request.GET.get("kiosk", "")[:40]).first()
    stations, token = _stations(request), _token(request)
    items = [(row.item.code, row.name) for row in in_force(request)[:MOST_ITEMS]]
    sent = request.POST if request.method == "POST" else None
    form = AskForm(sent, stations=stations, items=items, initial={"item": request.GET.get("item", "")[:40]})
    if sent is not None and form.is_valid():
        try:
            order = _ask(request, form, stations, token, Asked.KIOSK if kiosk else Asked.ONLINE)
            return _paper(request, order, kiosk) if kiosk else _opened(request, order)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    context = {
        "trail": [*TRAIL, ("请代办员", None)],
        "form": form,
        "form_token": token,
        "kiosk": kiosk,
        "stations": stations,
    }
    return render(request, "portal/orders/new.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, form: AskForm, stations: list[Site], token: str, way: str) -> Order:
    typed = form.cleaned_data
    wanted = Item.objects.visible_to(request.viewer).filter(code=typed["item"]).first() if typed["item"] else None
    return actions.ask(
        station=next(row for row in stations if row.code == typed["station"]),
        person=form.principal(),
        place=typed["place"],
        asked_by=way,
        submission=token,
        wanted=wanted,
    )


def _opened(request: HttpRequest, order: Order) -> HttpResponse:
    remember_order(request, order)
    return HttpResponseRedirect(f"/orders/{order.number}")


def _paper(request: HttpRequest, order: Order, kiosk: Site) -> HttpResponse:
    """Number and code on the shared screen, for some seconds; this browser is not left open for it."""
    context = {"order": order, "code": numbers.code_of(order), "kiosk": kiosk, "qr": _qr(order)}
    answer = render(request, "portal/orders/paper.html", context)
    answer.headers["Refresh"] = f"{PAPER_SECONDS}; url=/hall/{kiosk.code}/kiosk"
    return answer


def _qr(order: Order) -> dict[str, Any]:
    return common.qr(f"{order.town.base_url}/orders/{order.number}", "扫一扫，看办到哪一步、原件在谁手里")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Number and code, as they stand on the slip."""
    sent = request.POST if request.method == "POST" else None
    form = FindForm(sent, initial={"number": request.GET.get("number", "")[:24]})
    if sent is not None and form.is_valid():
        try:
            return _opened(request, numbers.find(request.town, **form.cleaned_data))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    context = {"trail": [*TRAIL, ("查代办单", None)], "form": form}
    return render(request, "portal/orders/find.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD"])
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One order for whoever has opened it with its code."""
    order = opened_order(request, number)
    if order is None:
        return HttpResponseRedirect(f"/orders/find?number={number[:24]}")
    return _show(request, order)


def _show(request: HttpRequest, order: Order, error: str = "") -> HttpResponse:
    context = {
        "trail": [*TRAIL, (order.number, None)],
        "order": orders_shown.held(order, timezone.now()),
        "code": numbers.code_of(order),
        "qr": _qr(order),
        "error": error,
    }
    return render(request, "portal/orders/show.html", context, status=422 if error else 200)


@never_cache
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """收回委托: at any time, with no reason asked."""
    order = opened_order(request, number)
    if order is None or act != "withdraw":
        raise Http404
    try:
        actions.withdraw(order=order)
    except Refused as refusal:
        return _show(request, order, refusal.message)
    return HttpResponseRedirect(f"/orders/{number}")
