"""帮办代办 at the desk, made for a telephone: take an order, hand it over, sign for originals, bring things home."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.agents import actions, numbers, originals
from mingtang.agents.enums import Asked, Ending, OrderState
from mingtang.agents.models import Order, Original
from mingtang.agents.order_form import AskForm
from mingtang.agents.originals import Paper
from mingtang.agents.policies import stations_of
from mingtang.agents.states import LIVE, SCOPE
from mingtang.desk import orders_shown
from mingtang.desk.access import done, my_posts, page, staff_required
from mingtang.desk.agent_forms import TERM, USUAL, RenewForm, TakeForm, item_choices, terms_of
from mingtang.desk.forms import said
from mingtang.hall.enums import SiteKind
from mingtang.hall.models import Site
from mingtang.lib.codes import plain
from mingtang.lib.errors import Refused
from mingtang.lib.qr import qr
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.press.order_paper import pdf
from mingtang.press.render import PaperUnavailable
from mingtang.rulebook.models import Item

POWERS = (P.CASE_INTAKE, P.WINDOW_RUN, P.OVERSEE)
MOST = 60


def _orders(request: HttpRequest) -> Any:
    rows = Order.objects.visible_to(request.viewer)
    return rows.select_related("town", "station__town", "contact", "key", "wanted__facts", "window_post__unit")


@staff_required(*POWERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The orders of the person's station or window; a number that was typed or scanned leads to its order."""
    typed = plain(request.GET.get("number", ""))[-20:]
    error = ""
    if typed:
        found = _orders(request).filter(number__endswith=typed).values_list("number", flat=True)[:2]
        if len(found) == 1:
            return HttpResponseRedirect(f"/desk/orders/{found[0]}")
        error = "没有这个号的代办单，或者它还没有交到您的窗口。请对照单子再输一次。"
    now = timezone.now()
    rows = Order.objects.visible_to(request.viewer).listed()
    waiting = [orders_shown.row(order, now) for order in rows.unfinished().order_by("since")[:MOST]]
    open_ones = [one for one in waiting if one["order"].state in LIVE]
    ended = rows.exclude(state__in=LIVE).order_by("-ended_at")[:20]
    context = {
        "rows": sorted(open_ones, key=lambda one: {"late": 0, "today": 1}.get(one["tone"], 2)),
        "away": [one for one in waiting if one["order"].state not in LIVE],
        "ended": [orders_shown.row(order, now) for order in ended],
        "stations": stations_of(request.user),
        "may_ask": request.viewer.may(P.CASE_INTAKE),
        "typed": request.GET.get("number", ""),
        "error": error,
    }
    return page(request, "desk/orders/index.html", context, active="orders", status=422 if error else 200)


def _token(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.POST.get("form_token", "")))
    except ValueError:
        return str(uuid.uuid4())


def _items(request: HttpRequest) -> dict[str, Item]:
    rows = Item.objects.visible_to(request.viewer).filter(facts__suspended=False).select_related("facts")
    return {row.code: row for row in rows}


def _form_page(request: HttpRequest, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    context = {"form": form, "form_token": _token(request), **more}
    return page(request, template, context, active="orders", status=422 if form.is_bound else 200)


@staff_required(P.CASE_INTAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An agent takes an order on the spot. Sent twice over a bad line it is one order."""
    stations = stations_of(request.user)
    if not stations:
        return page(
            request,
            "desk/sentence.html",
            {"sentence": "代办单由村级服务站的代办员开。您的岗位不在服务站。", "back": "/desk/orders/"},
            status=403,
        )
    sent = request.POST if request.method == "POST" else None
    station = next((row for row in stations if row.code == (sent or request.GET).get("at")), stations[0])
    form = TakeForm(sent, station=station, items=item_choices(request))
    if form.is_bound and form.is_valid():
        try:
            order = actions.begin(
                station=station,
                person=form.principal(),
                place=form.cleaned_data["place"],
                taking=form.taking(_items(request)),
                submission=_token(request),
                by=request.user,
            )
            return done(request, f"/desk/orders/{order.number}", "接单了。请把单子打印出来，双方签字，一人一份。")
        except Refused as refusal:
            said(form, refusal)
    return _form_page(request, "desk/orders/new.html", form, station=station, usual=USUAL)


@staff_required(P.CASE_INTAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Somebody telephones: the request goes to the station, as if it had been made online."""
    rows = Site.objects.visible_to(request.viewer).filter(kind=SiteKind.STATION).select_related("town")
    sent = request.POST if request.method == "POST" else None
    form = AskForm(sent, stations=rows, items=item_choices(request))
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            order = actions.ask(
                station=rows.get(code=typed["station"]),
                person=form.principal(),
                place=typed["place"],
                asked_by=Asked.PHONE,
                submission=_token(request),
                wanted=_items(request).get(typed["item"]),
                by=request.user,
            )
            words = f"记下了。请告诉对方：单号 {order.number}，查询码 {numbers.code_of(order)}。"
            return done(request, "/desk/orders/", words)
        except Refused as refusal:
            said(form, refusal)
    return _form_page(request, "desk/orders/ask.html", form)


def _order(request: HttpRequest, number: str) -> Order:
    return get_object_or_404(_orders(request), number=number)


@staff_required(*POWERS)
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One order: where it stands, what is next, in whose hand each original is."""
    return _show(request, _order(request, number))


def _show(request: HttpRequest, order: Order, *, error: str = "", bad: str = "") -> HttpResponse:
    now = timezone.now()
    word, tone = orders_shown.due_words(order, now)
    context = {
        "order": order,
        "tone_of_state": orders_shown.TONES[OrderState(order.state)],
        "due": word,
        "due_tone": tone,
        "person": orders_shown.person(request, order),
        "errands": orders_shown.errands(request, order),
        "papers": orders_shown.papers(request, order, now),
        "consent": order.consents.last(),
        "scope": SCOPE,
        "acts": orders_shown.acts(request, order),
        "windows": orders_shown.windows(order),
        "takers": [(str(post.pk), str(post)) for post in actions.takers(order, my_posts(request))],
        "renew": RenewForm(request.POST)
        if bad == "renew"
        else RenewForm(initial={"until": (timezone.localdate() + TERM).isoformat()}),
        "usual": USUAL,
        "endings": Ending.choices,
        "typed": request.POST,
        "error": error,
        "bad": bad,
        "qr": qr(f"{order.town.base_url}/desk/orders/{order.number}", "窗口扫一扫，接收这张代办单"),
    }
    return page(request, "desk/orders/show.html", context, active="orders", status=422 if error else 200)


@staff_required(P.CASE_INTAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, number: str) -> HttpResponse:
    """The agent is with whoever asked: the order as it is taken."""
    order = _order(request, number)
    sent = request.POST if request.method == "POST" else None
    form = TakeForm(sent, station=order.station, items=item_choices(request), order=order)
    if form.is_bound and form.is_valid():
        try:
            actions.take(
                order=order,
                person=form.principal(),
                taking=form.taking(_items(request)),
                by=request.user,
                code=form.cleaned_data["code"],
            )
            return done(request, f"/desk/orders/{number}", "接单了。请把单子打印出来，双方签字，一人一份。")
        except Refused as refusal:
            said(form, refusal)
    return _form_page(request, "desk/orders/new.html", form, station=order.station, order=order, usual=USUAL)


def _picked(request: HttpRequest, order: Order) -> list[Original]:
    keys = [key for key in request.POST.getlist("paper") if key.isascii() and key.isdigit()]
    return list(order.originals.filter(pk__in=keys[: originals.MOST]))


def _post(request: HttpRequest) -> Post:
    key = request.POST.get("post", "")
    rows = Post.objects.visible_to(request.viewer).select_related("unit")
    found = rows.filter(pk=key).first() if key.isascii() and key.isdigit() else None
    if found is None:
        raise Refused("请选交给哪个岗位。", field="post")
    return found


def _written(request: HttpRequest) -> list[Paper]:
    """Papers that were written down: name and sheets, row by row."""
    found = []
    for name, sheets in zip(request.POST.getlist("name"), request.POST.getlist("sheets"), strict=False):
        if name.strip():
            if sheets.strip() and not (sheets.strip().isascii() and sheets.strip().isdigit()):
                raise Refused(f"“{name.strip()[:40]}”的张数请写数字。", field="papers")
            found.append(Paper(name, int(sheets) if sheets.strip() else 1))
    return found


def _renew(request: HttpRequest, order: Order) -> None:
    form = RenewForm(request.POST)
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    terms = terms_of(form.cleaned_data)
    actions.renew(order=order, terms=terms, by=request.user, code=form.cleaned_data["code"])


def _told(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")


# What each button does, and what is said afterwards.
ACTS: dict[str, tuple[Callable[[HttpRequest, Order], Any], str]] = {
    "decline": (lambda r, o: actions.decline(order=o, reason=_told(r, "reason"), by=r.user), "已经回复对方。"),
    "renew": (_renew, "新的委托记下了。请重新打印单子，请委托人签字。"),
    "entrust": (lambda r, o: actions.entrust(order=o, papers=_written(r), by=r.user), "收下了，请重新打印单子。"),
    "hand_in": (
        lambda r, o: actions.hand_in(order=o, to=_post(r), papers=_picked(r, o), by=r.user),
        "等窗口接收。窗口点了接收以前，都还由您负责。",
    ),
    "take_back": (lambda r, o: actions.take_back(order=o, by=r.user), "取回来了。"),
    "receive": (
        lambda r, o: actions.receive(order=o, papers=_picked(r, o), by=r.user),
        "接收了。请点“收件”，姓名、号码都带过去了。",
    ),
    "send_back": (lambda r, o: actions.send_back(order=o, reason=_told(r, "reason"), by=r.user), "退回代办员了。"),
    "collect": (
        lambda r, o: actions.collect(order=o, results=_written(r), by=r.user),
        "领到了。请送给本人，请本人签收。",
    ),
    "deliver": (
        lambda r, o: actions.deliver(order=o, way=_told(r, "way"), code=_told(r, "code"), by=r.user),
        "送到了，这张单子办完了。",
    ),
    "not_possible": (
        lambda r, o: actions.not_possible(order=o, note=_told(r, "note"), by=r.user),
        "已经一次性告知。请把原件还给本人。",
    ),
    "withdraw": (lambda r, o: actions.withdraw(order=o, by=r.user), "委托收回了。请把原件还给本人。"),
    "offer_papers": (
        lambda r, o: actions.offer_papers(order=o, papers=_picked(r, o), to=_post(r), by=r.user),
        "等对方签收。签收以前，都算在您手里。",
    ),
    "accept_papers": (lambda r, o: actions.accept_papers(order=o, papers=_picked(r, o), by=r.user), "签收了。"),
    "refuse_papers": (
        lambda r, o: actions.refuse_papers(order=o, papers=_picked(r, o), reason=_told(r, "reason"), by=r.user),
        "记下了，原件还算在交出的人手里。",
    ),
    "settle_lost": (
        lambda r, o: actions.settle_lost(
            order=o,
            papers=_picked(r, o),
            ending=_told(r, "ending"),
            reason=_told(r, "reason"),
            way=_told(r, "way"),
            code=_told(r, "code"),
            by=r.user,
        ),
        "了结了，怎样了结的记在单子上。",
    ),
    "return_papers": (
        lambda r, o: actions.return_papers(
            order=o, papers=_picked(r, o), way=_told(r, "way"), code=_told(r, "code"), by=r.user
        ),
        "还给本人了。",
    ),
}


@staff_required(P.CASE_INTAKE)
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """One button of an order."""
    order = _order(request, number)
    if act not in ACTS:
        raise Http404
    do, words = ACTS[act]
    try:
        do(request, order)
    except Refused as refusal:
        return _show(request, _order(request, number), error=refusal.message, bad=act)
    return done(request, f"/desk/orders/{number}", words)


@staff_required(P.CASE_INTAKE)
@require_safe
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """The order on paper, for the resident and the agent to sign."""
    try:
        body = pdf(_order(request, number))
    except PaperUnavailable as refusal:
        context = {"sentence": refusal.message, "back": f"/desk/orders/{number}"}
        return page(request, "desk/sentence.html", context, status=503)
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return answer
