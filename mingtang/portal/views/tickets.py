"""一个号: its place, who is responsible, what came of it; opened with number and code, no name asked."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingtang.hall import numbers, tickets
from mingtang.hall.models import Contact, Site
from mingtang.lib.errors import Refused
from mingtang.portal import tickets_shown

PAPER_SECONDS = 25
ACTS = {
    "check_in": tickets.check_in,
    "come_back": tickets.come_back,
    "leave": tickets.leave,
    "nobody": tickets.nobody,
    "cancel": tickets.cancel,
}
TRAIL = [("便民大厅", "/hall/"), ("查号", "/tickets/")]


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Number and code, as they stand on the paper."""
    number, code = request.GET.get("number", "").strip(), request.GET.get("code", "").strip()
    if not number and not code:
        return _ask(request)
    try:
        contact = numbers.find(request.town, number, code)
    except Refused as refusal:
        return _ask(request, number=number, error=refusal.message, status=422)
    return HttpResponseRedirect(f"/tickets/{contact.number}?code={numbers.code_of(request.town, contact.number)}")


def _ask(request: HttpRequest, *, number: str = "", error: str = "", status: int = 200) -> HttpResponse:
    context = {"trail": [TRAIL[0], ("查号", None)], "number": number, "error": error}
    return render(request, "portal/tickets/find.html", context, status=status)


@never_cache
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The number as its holder sees it. At the kiosk (``kiosk`` names the site) it gives way to a clean screen."""
    try:
        contact = numbers.find(request.town, number, request.GET.get("code", ""))
    except Refused as refusal:
        return _ask(request, number=number, error=refusal.message if request.GET.get("code") else "", status=422)
    return _show(request, contact)


def _show(request: HttpRequest, contact: Contact, *, error: str = "", status: int = 200) -> HttpResponse:
    kiosk = Site.objects.visible_to(request.viewer).filter(code=request.GET.get("kiosk", "")).first()
    context: dict[str, Any] = {
        "trail": [*TRAIL, (contact.label, None)],
        "ticket": tickets_shown.ticket(contact, timezone.now()),
        "kiosk": kiosk,
        "error": error,
    }
    template = "portal/tickets/paper.html" if kiosk else "portal/tickets/show.html"
    answer = render(request, template, context, status=status)
    if kiosk:
        answer.headers["Refresh"] = f"{PAPER_SECONDS}; url=/hall/{kiosk.code}/kiosk"
    return answer


@never_cache
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """The holder says: here, back again, gone, nobody there, not coming."""
    if act not in ACTS:
        raise Http404
    try:
        contact = numbers.find(request.town, number, request.POST.get("code", ""))
    except Refused as refusal:
        return _ask(request, number=number, error=refusal.message, status=422)
    try:
        ACTS[act](contact=contact)
    except Refused as refusal:
        contact.refresh_from_db()
        return _show(request, contact, error=refusal.message, status=422)
    return HttpResponseRedirect(f"/tickets/{contact.number}?code={numbers.code_of(request.town, contact.number)}")
