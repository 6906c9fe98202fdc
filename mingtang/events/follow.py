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


def _numbered(town: Jurisdiction, start: int) -> list[Sequenced]:
    rows = Sequenced.objects.filter(town=town, index__gte=start).select_related("event").order_by("index")[:BATCH]
    for row in rows:
        row.town = row.event.town = town
    return list(rows)


def _follow(name: str, function: Listener, town: Jurisdiction, read: dict[int, list[Sequenced]]) -> int:
    cursor, _ = Cursor.objects.get_or_create(node=node(), listener=name, town=town)
    if cursor.next_index not in read:
        read[cursor.next_index] = _numbered(town, cursor.next_index)
    rows = read[cursor.next_index]
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
        for town in Jurisdiction.objects.all():
            # Listeners mostly stand at the same place: what one was handed the next is handed too.
            read: dict[int, list[Sequenced]] = {}
            for name, function in _listeners.items():
                try:
                    handed += _follow(name, function, town, read)
                except Exception:
                    log.exception("listener %s failed in town %s", name, town.pk)
    return handed


def settle(progress: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Return when everything recorded so far is numbered and followed on this node; ``progress`` is told of how many
    events that has come true, and of how many it will."""
    while Unsequenced.objects.exists():
        sequence_pending()
    handed, left = 0, _left()
    while some := run_once():
        handed += some
        progress(handed // len(_listeners), max(handed, left) // len(_listeners))


def _left() -> int:
    """How many rows are still to be handed out to the listeners of this node, all together."""
    reached = {(row.listener, row.town_id): row.next_index for row in Cursor.objects.filter(node=node())}
    return sum(
        max(0, last + 1 - reached.get((name, town_id), 0))
        for town_id in Jurisdiction.objects.values_list("pk", flat=True)
        for last in Sequenced.objects.filter(town_id=town_id).order_by("-index").values_list("index", flat=True)[:1]
        for name in _listeners
    )


def rewind(name: str, town_id: int | None = None) -> None:
    """Let a listener start from the beginning again (its projection was dropped)."""
    cursors = Cursor.objects.filter(node=node(), listener=name)
    (cursors.filter(town_id=town_id) if town_id else cursors).update(next_index=0)


def is_behind() -> bool:
    """Whether any event waits to be numbered or followed on this node."""
    return Unsequenced.objects.exists() or _left() > 0
