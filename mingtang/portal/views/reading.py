"""How the site is read: the size of its type."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SIZES = {1: "标准", 2: "大", 3: "特大"}
COOKIE = "size"
A_YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> str:
    """Where the reader came from, on this site; empty when the browser does not say."""
    told = request.GET.get("back") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(told, {request.get_host()}):
        return ""
    parts = urlsplit(told)
    return parts._replace(scheme="", netloc="").geturl() if parts.path.startswith("/") else ""


@never_cache
@require_safe
def sizes(request: HttpRequest) -> HttpResponse:
    """The sizes to choose from, each shown in itself."""
    back = _back(request)
    if back.startswith("/size/"):
        back = ""
    now = request.COOKIES.get(COOKIE, "1")
    query = f"?{urlencode({'back': back})}" if back else ""
    choices = [(name, f"/size/{step}{query}", str(step) == now, step) for step, name in SIZES.items()]
    return render(request, "portal/size.html", {"trail": [("字号", None)], "choices": choices, "back": back})


@never_cache
@require_safe
def size(request: HttpRequest, step: int) -> HttpResponse:
    """Keep the choice in this browser and go back; nothing about the reader is kept here."""
    if step not in SIZES:
        raise Http404
    answer = HttpResponseRedirect(_back(request) or "/size/")
    answer.set_cookie(COOKIE, str(step), max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS)
    return answer
