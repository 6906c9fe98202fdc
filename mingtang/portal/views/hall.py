"""大厅: where it is, when it is open, what can be done now, who sits at which window."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingtang.files.actions import response as file_response
from mingtang.hall.models import Badge, Site, Window
from mingtang.hall.opening import Opening
from mingtang.people.policies import posts_of
from mingtang.portal import common, hall_shown, interruptions_shown, keys
from mingtang.portal.stored import stored

COLUMN = {
    "name": "便民大厅",
    "description": "在哪里、什么时候开、现在能办什么",
    "keywords": "便民服务中心;窗口",
    "type": "办事服务",
}
KEYS = (keys.HALL, keys.HOURS, keys.SERVICES, keys.SITE, keys.DAY)


@stored(*KEYS)
def index(request: HttpRequest) -> HttpResponse:
    """Every site with whether it is open now."""
    opening, now = Opening(request.town), timezone.now()
    rows = [hall_shown.site_row(site, opening, now) for site in Site.objects.visible_to(request.viewer)]
    context = {"column": COLUMN, "trail": [("便民大厅", None)], "sites": rows, "at": now}
    return render(request, "portal/hall/index.html", context)


def _site(request: HttpRequest, code: str) -> Site:
    return get_object_or_404(Site.objects.visible_to(request.viewer).select_related("town"), code=code)


def windows_of(site: Site) -> list[Window]:
    rows = Window.objects.filter(site=site).select_related("post__unit", "site", "substitute", "town", "unit")
    return list(rows.order_by("number"))


@stored(*KEYS)
def site(request: HttpRequest, code: str) -> HttpResponse:
    """One site: open or when next, its windows, what can be done now and in which hours."""
    here, now = _site(request, code), timezone.now()
    opening, windows = Opening(request.town), windows_of(here)
    duty = opening.duty(here.pk, now)
    at = now if duty.open else duty.next
    posts = opening.posts(here.pk, at) if at and duty.known else {window.post.code for window in windows}
    context = {
        "column": COLUMN,
        "trail": [("便民大厅", "/hall/"), (here.name, None)],
        "here": hall_shown.site_row(here, opening, now),
        "books": bool(here.book_share),
        "windows": [
            {
                "window": window,
                "url": f"/hall/{here.code}/{window.number}",
                **hall_shown.window_state(window, opening, now),
            }
            for window in windows
        ],
        "closed": [text for window in windows if (text := hall_shown.closing(window, opening, now))],
        "doable": hall_shown.offer_shown(hall_shown.offer(request.town, windows, posts, hall_shown.SHOWN_ITEMS)),
        "when": "现在" if duty.open else hall_shown.moment_word(at, now) if at else "",
        "offers": hall_shown.offers(here, opening, windows),
        "at": now,
        "qr": common.qr(f"{request.town.base_url}/hall/{here.code}", "扫一扫，看现在开不开"),
    }
    return render(request, "portal/hall/site.html", context)


def _window(request: HttpRequest, code: str, number: int) -> Window:
    rows = Window.objects.visible_to(request.viewer).select_related("post__unit", "site", "substitute", "town", "unit")
    return get_object_or_404(rows, site__code=code, number=number)


def _board(request: HttpRequest, code: str, number: int) -> dict[str, Any]:
    window, now, opening = _window(request, code, number), timezone.now(), Opening(request.town)
    return {
        "column": COLUMN,
        "trail": [("便民大厅", "/hall/"), (window.site.name, f"/hall/{code}"), (str(window), None)],
        "window": window,
        "state": hall_shown.window_state(window, opening, now),
        "badges": hall_shown.badges(window, opening, now),
        "items": hall_shown.window_items(window),
        "url": f"/hall/{code}/{number}",
        "at": now,
        "qr": common.qr(f"{request.town.base_url}/hall/{code}/{number}", "扫一扫，看这个窗口"),
    }


@stored(*KEYS)
def window(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A window on one page, and on one sheet: what it does, who sits there, whom to complain to."""
    return render(request, "portal/hall/window.html", _board(request, code, number))


@stored(*KEYS, keys.UTILITIES)
def window_screen(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """窗口牌: the same for a tablet on the counter, without frame, made new by itself, with what is cut in the town."""
    context = _board(request, code, number)
    context |= interruptions_shown.for_screen(request.town, context["at"])
    return render(request, "portal/hall/window_screen.html", context)


def _badge(request: HttpRequest, pk: int) -> Badge:
    rows = Badge.objects.visible_to(request.viewer).select_related("staff", "post__unit", "photo", "town")
    return get_object_or_404(rows, pk=pk)


def is_valid(badge: Badge) -> bool:
    """A card holds while it is not ended and its holder holds the post."""
    return badge.ended_on is None and badge.staff.is_active and badge.post_id in {p.pk for p in posts_of(badge.staff)}


@stored(*KEYS, keys.ENTRY)
def badge(request: HttpRequest, pk: int) -> HttpResponse:
    """The card behind the QR code. One that holds no more says so and names nobody."""
    row, now = _badge(request, pk), timezone.now()
    valid = is_valid(row)
    place = Window.objects.filter(town=request.town, post=row.post).select_related("site").first()
    context = {
        "column": COLUMN,
        "trail": [("便民大厅", "/hall/"), ("上岗证", None)],
        "valid": valid,
        "badge": hall_shown.badge_shown(row) if valid else {"unit": row.post.unit.name, "post": row.post.name},
        "window": place,
        "items": hall_shown.window_items(place) if place and valid else [],
        "decides": hall_shown.decides(row, now) if valid else [],
        "at": now,
        "qr": common.qr(f"{request.town.base_url}/hall/badges/{pk}", "扫一扫，核对上岗证"),
    }
    return render(request, "portal/hall/badge.html", context)


@require_safe
def badge_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo on a valid card, and no other."""
    row = _badge(request, pk)
    if row.photo is None or not is_valid(row):
        raise Http404
    return file_response(row.photo)
