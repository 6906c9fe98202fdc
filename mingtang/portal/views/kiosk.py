"""取号: a screen by the door. One picks a thing by one's own words or a button; no name, no log-in."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.hall import booking, presence, tickets
from mingtang.hall.models import PriorityRule, Site, Window
from mingtang.hall.numbers import code_of
from mingtang.hall.opening import Opening
from mingtang.lib.errors import Refused
from mingtang.lib.forms import form_token
from mingtang.portal import hall_shown
from mingtang.portal.views.find import found
from mingtang.portal.views.home import in_force
from mingtang.rulebook.models import Item
from mingtang.search.service import SearchUnavailable

BUTTONS = 8
BACK_SECONDS = 120
SUMMONED = (
    "已经记下。两个人按过、十分钟没有人应，就算窗口没人，镇里要说明，说明公布在“号号有下落”里。急事请打监督电话。"
)


def _site(request: HttpRequest, code: str) -> Site:
    return get_object_or_404(Site.objects.visible_to(request.viewer).select_related("town"), code=code)


def _token(request: HttpRequest) -> UUID:
    return form_token(request.POST.get("form_token", ""))


def chosen(request: HttpRequest, codes: list[str]) -> list[Item]:
    """The items of these codes that are in force, in the order they were named; others are left out."""
    rows = Item.objects.visible_to(request.viewer).filter(code__in=codes[:20], facts__suspended=False)
    known = {row.code: row for row in rows.select_related("facts")}
    return [known[code] for code in codes[:20] if code in known]


def _context(request: HttpRequest, site: Site) -> dict[str, Any]:
    opening, now = Opening(request.town), timezone.now()
    rows = Window.objects.filter(site=site).select_related("post", "site", "substitute").order_by("number")
    return {
        "here": site,
        "state": hall_shown.duty_words(opening.duty(site.pk, now), now),
        "open": opening.duty(site.pk, now).open,
        "windows": [row for row in rows if row.is_open and opening.duty(site.pk, now, row.post.code).open],
        "closed": [text for row in rows if (text := hall_shown.closing(row, opening, now))],
        "rules": PriorityRule.objects.visible_to(request.viewer).filter(ended_on__isnull=True, quick=False),
        "books": bool(site.book_share),
    }


@never_cache
@require_http_methods(["GET", "HEAD"])
def kiosk(request: HttpRequest, code: str) -> HttpResponse:
    """The screen: what was picked so far, what the words found, the usual buttons."""
    return _kiosk(request, _site(request, code))


def _kiosk(request: HttpRequest, site: Site, *, error: str = "", status: int = 200) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    q = " ".join(request.GET.get("q", "").split())[:200]
    picked = chosen(request, sent.getlist("item"))
    rows, missing = [], False
    if q:
        try:
            rows = found(request, q)
        except SearchUnavailable as refusal:
            error, status = refusal.message, 503
        missing = not rows
    usual = [{"code": row.item.code, "name": row.name} for row in in_force(request)[:BUTTONS]]
    context = {
        **_context(request, site),
        "q": q,
        "picked": picked,
        "offers": [{"code": row.code, "name": row.current.name} for row in rows] or usual,
        "missing": missing,
        "error": error,
        "form_token": _token(request),
        "pressed": request.GET.get("pressed") == "1",
        "summoned": SUMMONED,
    }
    answer = render(request, "portal/hall/kiosk.html", context, status=status)
    if q or picked or error or context["pressed"]:
        answer.headers["Refresh"] = f"{BACK_SECONDS}; url=/hall/{site.code}/kiosk"
    return answer


@never_cache
@require_POST
def take(request: HttpRequest, code: str) -> HttpResponse:
    """A number for what was picked; the paper is shown for some seconds, then the screen is clean again."""
    site = _site(request, code)
    picked = chosen(request, request.POST.getlist("item"))
    rules = PriorityRule.objects.visible_to(request.viewer)
    key = request.POST.get("rule", "")
    rule = rules.filter(pk=key).first() if key.isascii() and key.isdigit() else None
    try:
        contact = tickets.take(site=site, items=picked, rule=rule, submission=_token(request))
    except Refused as refusal:
        return _kiosk(request, site, error=refusal.message, status=422)
    secret = code_of(site.town, contact.number)
    return HttpResponseRedirect(f"/tickets/{contact.number}?code={secret}&kiosk={site.code}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nobody(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """窗口没人: pressed at the kiosk, or asked on a page of its own that the page of the window leads to."""
    rows = Window.objects.visible_to(request.viewer).select_related("site__town", "town", "post", "substitute")
    window = get_object_or_404(rows, site__code=code, number=number)
    if request.method != "POST":
        return _pressed(request, window)
    kiosk = bool(request.POST.get("kiosk"))
    try:
        presence.press(window=window)
    except Refused as refusal:
        if kiosk:
            return _kiosk(request, window.site, error=refusal.message, status=422)
        return _pressed(request, window, refusal.message, 422)
    if kiosk:
        return HttpResponseRedirect(f"/hall/{code}/kiosk?pressed=1")
    return _pressed(request, window, SUMMONED)


def _pressed(request: HttpRequest, window: Window, sentence: str = "", status: int = 200) -> HttpResponse:
    context = {
        "trail": [
            ("便民大厅", "/hall/"),
            (str(window), f"/hall/{window.site.code}/{window.number}"),
            ("窗口没人", None),
        ],
        "window": window,
        "sentence": sentence,
    }
    return render(request, "portal/hall/pressed.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, code: str) -> HttpResponse:
    """预约: the free half hours of the next days; who walks in is served all the same."""
    site, error = _site(request, code), ""
    sent = request.POST if request.method == "POST" else request.GET
    picked = chosen(request, sent.getlist("item"))
    if request.method == "POST":
        try:
            begins = parse_datetime(request.POST.get("begins", "")) if request.POST.get("begins") else None
        except ValueError:
            begins = None
        try:
            if begins is None or timezone.is_naive(begins):
                raise Refused("请选一个时间。", field="begins")
            contact = booking.book(site=site, begins=begins, items=picked, submission=_token(request))
            return HttpResponseRedirect(f"/tickets/{contact.number}?code={code_of(site.town, contact.number)}")
        except Refused as refusal:
            error = refusal.message
    now = timezone.now()
    days = booking.days(site, Opening(site.town), now)
    chosen_day = next((row for row in days if row[0].isoformat() == sent.get("day")), days[0] if days else None)
    tail = "".join(f"&item={row.code}" for row in picked)
    context = {
        "trail": [("便民大厅", "/hall/"), (site.name, f"/hall/{site.code}"), ("预约", None)],
        "here": site,
        "tabs_of": [
            (hall_shown.day_word(day, timezone.localdate(now)), f"?day={day}{tail}", (day, slots) == chosen_day)
            for day, slots in days
        ],
        "day": chosen_day[0] if chosen_day else None,
        "slots": [(slot.begins.isoformat(), _slot(slot)) for slot in chosen_day[1] if slot.free] if chosen_day else [],
        "items": [(row.item.code, row.name) for row in in_force(request)[:200]],
        "picked": [row.code for row in picked],
        "error": error,
        "form_token": _token(request),
        "share": site.book_share,
    }
    return render(request, "portal/hall/book.html", context, status=422 if error else 200)


def _slot(slot: booking.Slot) -> str:
    return f"{timezone.localtime(slot.begins):%H:%M}（还能约 {slot.free} 人）"
