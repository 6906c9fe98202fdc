"""Following events: whatever is not written in the act itself listens here, in order, after the commit.

A higher room registers a listener; a lower room knows nobody. A listener may be called again with rows it has seen
(after a crash), so it must be idempotent.
"""

import logging
import os
import socket
from collections.abc import Callable

from mingtang.events.models import Cursor, Sequenced, Unsequenced
from mingtang.events.sequencing import sequence_pending
from mingtang.lib.locks import file_lock
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

Listener = Callable[[list[Sequenced]], None]
BATCH = 500
log = logging.getLogger(__name__)
_listeners: dict[str, Listener] = {}


def node() -> str:
    """This machine's name in cursors; projections that live on a node (pages, search) are followed per node."""
    return os.environ.get("MINGTANG_NODE") or socket.gethostname()[:40]


def listener(name: str) -> Callable[[Listener], Listener]:
    """Register ``function(rows)`` under a stable name; rows are of one town, in sequence order."""

    def register(function: Listener) -> Listener:
        if _listeners.setdefault(name, function) is not function:
            raise ValueError(f"two listeners are called {name}")
        return function

    return register


def _follow(name: str, function: Listener, town_id: int) -> int:
    cursor, _ = Cursor.objects.get_or_create(node=node(), listener=name, town_id=town_id)
    rows = list(
        Sequenced.objects.filter(town_id=town_id, index__gte=cursor.next_index)
        .select_related("event__town", "town")
        .order_by("index")[:BATCH]
    )
    if not rows:
        return 0
    function(rows)
    with act():
        Cursor.objects.filter(pk=cursor.pk).update(next_index=rows[-1].index + 1)
    return len(rows)


def run_once() -> int:
    """Let every listener catch up by one batch; returns how many rows were handed out.

    A listener that fails stays where it is and is tried again next time; the others go on.
    """
    handed = 0
    with file_lock("follower") as held:
        assert held
        for town_id in Jurisdiction.objects.values_list("pk", flat=True):
            for name, function in _listeners.items():
                try:
                    handed += _follow(name, function, town_id)
                except Exception:
                    log.exception("listener %s failed in town %s", name, town_id)
    return handed


def settle() -> None:
    """Return when everything recorded so far is numbered and followed on this node."""
    while Unsequenced.objects.exists():
        sequence_pending()
    while run_once():
        pass


def rewind(name: str, town_id: int | None = None) -> None:
    """Let a listener start from the beginning again (its projection was dropped)."""
    cursors = Cursor.objects.filter(node=node(), listener=name)
    (cursors.filter(town_id=town_id) if town_id else cursors).update(next_index=0)


def is_behind() -> bool:
    """Whether any event waits to be numbered or followed on this node."""
    if Unsequenced.objects.exists():
        return True
    reached = {(row.listener, row.town_id): row.next_index for row in Cursor.objects.filter(node=node())}
    for town_id in Jurisdiction.objects.values_list("pk", flat=True):
        last = Sequenced.objects.filter(town_id=town_id).order_by("-index").values_list("index", flat=True).first()
        if last is not None and any(reached.get((name, town_id), 0) <= last for name in _listeners):
            return True
    return False
