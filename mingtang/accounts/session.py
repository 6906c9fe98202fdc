"""Who is logged in with an account in this browser. Staff are ``request.user``; a session is never both."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone

from mingtang.accounts.models import Resident

RESIDENT = "resident"


def begin(request: HttpRequest, resident: Resident) -> None:
    """Log in. What this browser has opened with codes stays open, under a new session key; staff are logged out."""
    if request.user.is_authenticated:
        logout(request)
    request.session.cycle_key()
    request.session[RESIDENT] = [resident.pk, resident.epoch, int(timezone.now().timestamp())]
    request._resident = resident


def current(request: HttpRequest) -> Resident | None:
    """The account, asked once a request; nobody after eight hours, or when every browser was logged out."""
    if not hasattr(request, "_resident"):
        request._resident = _found(request.session.get(RESIDENT))
    return request._resident


def _found(held: list[int] | None) -> Resident | None:
    if held is None or timezone.now().timestamp() - held[2] > settings.SESSION_COOKIE_AGE:
        return None
    return Resident.objects.select_related("key").filter(pk=held[0], epoch=held[1]).first()


def end(request: HttpRequest) -> None:
    """Log out: the whole session goes, with all that was opened in it."""
    if RESIDENT in request.session:
        request.session.flush()
    request._resident = None
