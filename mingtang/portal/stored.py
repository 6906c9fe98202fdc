"""Views whose pages are stored: collecting what a page was rendered from, and the decorator that saves it."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from mingtang.lib.paths import data_path
from mingtang.portal.store import PageStore
from mingtang.portal.wrapper import FRESH, LOST_DATABASE, START
from mingtang.towns.viewer import Viewer

log = logging.getLogger(__name__)
FRESH_SECONDS = 15
_keys: ContextVar[set[str] | None] = ContextVar("page_keys", default=None)


@contextmanager
def collect() -> Iterator[set[str]]:
    """Within it, ``depends_on`` adds to the set that is yielded."""
    keys: set[str] = set()
    token = _keys.set(keys)
    try:
        yield keys
    finally:
        _keys.reset(token)


def depends_on(*keys: str) -> None:
    """Say that the page being rendered shows these (``document:…``, ``item:…``, ``case:…``, ``catalogue``, ``site``).

    To be called for whatever a page reads, also for what it read and did not find. Elsewhere it does nothing.
    """
    if (collected := _keys.get()) is not None:
        collected.update(keys)


@lru_cache(maxsize=4)
def _store_at(root: Path) -> PageStore:
    return PageStore(root)


def page_store() -> PageStore:
    """The store of this installation, under ``pages`` in the data folder."""
    return _store_at(data_path("pages"))


def mark_fresh(response: HttpResponse, event_id: int) -> None:
    """Let the one who just acted see it: for some seconds their browser passes the stored pages by."""
    response.set_cookie(FRESH, str(event_id), max_age=FRESH_SECONDS, httponly=True, samesite="Lax")


def stored(*keys: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Store what the view answers to GET without a query, under ``keys`` and all it says by ``depends_on``.

    The view is asked as nobody: no cookies, no user, no host name, so that its page is the same for everyone who looks
    at this town. An absolute address must come from the town's own data: asking for the host raises ``RuntimeError``.
    Only an answer 200 without cookies is stored, and only behind ``StoredPages``, which noted the generation of the
    store before anything was read.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
                raise Http404  # no text holds it, and PostgreSQL does not even look for it
            _make_anonymous(request)
            with collect() as collected:
                depends_on(*keys)
                try:
                    response = view(request, *args, **kwargs)
                finally:
                    del request.get_host
            _save(request, response, collected)
            return response

        return answer

    return decorate


def _no_host() -> str:
    raise RuntimeError("a stored page is the same under every host name: take addresses from the town's own data")


def _make_anonymous(request: HttpRequest) -> None:
    request.COOKIES = {}
    request.META.pop("HTTP_COOKIE", None)
    request.META.pop("CSRF_COOKIE", None)
    request.user = AnonymousUser()
    request.viewer = Viewer(town=request.town)
    request.get_host = _no_host
    request.__dict__.pop("_current_scheme_host", None)


def _save(request: HttpRequest, response: HttpResponseBase, keys: set[str]) -> None:
    start = request.META.get(START)
    if (
        start is None
        or start.town != request.town.code
        or request.method != "GET"
        or response.status_code != 200
        or not isinstance(response, HttpResponse)  # a stream
        or not getattr(response, "is_rendered", True)
        or response.cookies
        or "CSRF_COOKIE" in request.META  # the page holds a token of one visitor
        or "Content-Encoding" in response.headers
    ):
        return
    try:
        page_store().save(start, request.path, keys, response.content, response.headers["Content-Type"])
    except OSError:
        # A full disk costs speed, not the answer.
        log.exception("the page %s could not be stored", request.path)


def note_lost_database(sender: Any, request: Any = None, **kwargs: Any) -> None:
    """Receiver of ``got_request_exception``: tell the wrapper that the database was the reason."""
    if request is not None and isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        request.META[LOST_DATABASE] = True
