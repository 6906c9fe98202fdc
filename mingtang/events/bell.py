"""What rings when an event is committed: the follower is woken, and this process's own projections may act at once."""

import logging
import threading
from collections.abc import Callable

from django.db import transaction

from mingtang.events.models import Event

log = logging.getLogger(__name__)
_work = threading.Event()
Hook = Callable[[list[Event]], None]
_hooks: list[Hook] = []


def after_commit(function: Hook) -> Hook:
    """Register a function that the acting process calls with its events, of one town, right after the commit.

    Only for what spares this node a stale moment (dropping stored pages): the follower does the same again, so a
    crash in between loses nothing.
    """
    _hooks.append(function)
    return function


def _ring(events: list[Event]) -> None:
    for hook in _hooks:
        try:
            hook(events)
        except Exception:
            log.exception("hook failed after %s", events[0].type)
    wake()


def ring_on_commit(events: list[Event]) -> None:
    transaction.on_commit(lambda: _ring(events))


def wake() -> None:
    _work.set()


def wait(seconds: float) -> None:
    """Sleep until woken, at most ``seconds``."""
    _work.wait(seconds)
    _work.clear()
