"""What rings when an event is committed: the follower is woken, and this process's own projections may act at once."""

import logging
import threading
from collections.abc import Callable

from django.db import transaction

from mingtang.events.models import Event

log = logging.getLogger(__name__)
_work = threading.Event()
_hooks: list[Callable[[Event], None]] = []


def after_commit(function: Callable[[Event], None]) -> Callable[[Event], None]:
    """Register a function that the acting process calls with each of its events right after the commit.

    Only for what spares this node a stale moment (dropping stored pages): the follower does the same again, so a
    crash in between loses nothing.
    """
    _hooks.append(function)
    return function


def _ring(event: Event) -> None:
    for hook in _hooks:
        try:
            hook(event)
        except Exception:
            log.exception("hook failed after %s", event.type)
    wake()


def ring_on_commit(event: Event) -> None:
    transaction.on_commit(lambda: _ring(event))


def wake() -> None:
    _work.set()


def wait(seconds: float) -> None:
    """Sleep until woken, at most ``seconds``."""
    _work.wait(seconds)
    _work.clear()
