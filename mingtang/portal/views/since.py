"""上次看过以后: what is new since a day or since this browser was last told, which the browser alone remembers."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.portal import since_shown

# Readable by the page's script, so that it asks for nothing where nothing is remembered; it holds a time and no more.
COOKIE = "looked"
KEPT = 400 * 24 * 3600
FIRST = timedelta(days=7)  # shown to who never looked
FARTHEST = timedelta(days=366)
CHOICES = ((1, "昨天以来"), (7, "一周以来"), (30, "一个月以来"), (365, "一年以来"))
DATE = "日期写得不对，请照 2026-03-01 这样写。"
TOO_FAR = "只能看最近一年的。更早的请到目录里按年份找。"
AHEAD = "这一天还没有到，请选今天或者以前的日期。"


def _looked(request: HttpRequest) -> datetime | None:
    """When this browser was last told; a time that is none, or lies ahead, is forgotten."""
    try:
        at = parse_datetime(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return None
    return at if at and timezone.is_aware(at) and at <= timezone.now() else None


def _chosen(typed: str) -> tuple[datetime | None, str]:
    """The beginning of a day that was typed; what is wrong with it."""
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    if day is None:
        return None, DATE
    today = timezone.localdate()
    if day > today:
        return None, AHEAD
    if today - day > FARTHEST:
        return None, TOO_FAR
    return timezone.make_aware(datetime.combine(day, time())), ""


@never_cache
@require_http_methods(["GET", "POST"])
def since(request: HttpRequest) -> HttpResponse:
    """By the address, else by what the browser remembers, else of a week; POST remembers now."""
    now = timezone.now()
    if request.method == "POST":
        answer = HttpResponseRedirect("/info/since")
        answer.set_cookie(COOKIE, now.isoformat(), max_age=KEPT, samesite="Lax", secure=settings.HTTPS)
        return answer
    typed, looked, problem = request.GET.get("from", "").strip(), _looked(request), ""
    start = max(looked, now - FARTHEST) if looked else now - FIRST
    if typed:
        chosen, problem = _chosen(typed)
        start = chosen or start
    today = timezone.localdate()
    groups = since_shown.changes(request.viewer, start)
    context = {
        "column": {"name": "上次看过以后", "description": "新公开、更正和撤下的信息", "keywords": "最新公开;更正;撤下"},
        "trail": [("政府信息公开", "/info/"), ("上次看过以后", None)],
        "start": start,
        "looked": looked if not typed else None,
        "typed": typed,
        "problem": problem,
        "today": today,
        "choices": [(label, f"/info/since?from={today - timedelta(days=days)}") for days, label in CHOICES],
        "groups": groups,
        "summary": since_shown.summary(groups),
    }
    return render(request, "portal/info/since.html", context, status=422 if problem else 200)


@never_cache
@require_safe
def since_json(request: HttpRequest) -> HttpResponse:
    """For the line on the front page and the catalogue, which are the same for everybody: what is new for this one."""
    looked = _looked(request)
    groups = since_shown.changes(request.viewer, max(looked, timezone.now() - FARTHEST)) if looked else []
    return JsonResponse({"since": looked, "summary": since_shown.summary(groups)})
