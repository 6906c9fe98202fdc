"""One transaction per act, queued fairly where the database has a single writer."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


class FairLock:
    """A re-entrant lock that serves its waiters in the order they came.

    SQLite's busy handler starves the unlucky (waits of two seconds were measured with eight writers); handing the
    lock over in order bounds everyone's wait by the work that stands before them.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiters: deque[threading.Event] = deque()
        self._owner: int | None = None
        self._depth = 0

    def acquire(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._owner == me:
                self._depth += 1
                return
            if self._owner is None:
                self._owner, self._depth = me, 1
                return
            turn = threading.Event()
            self._waiters.append(turn)
        turn.wait()
        with self._guard:
            self._owner, self._depth = me, 1

    def release(self) -> None:
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            if self._waiters:
                # The lock passes straight to the next in line: a newcomer cannot slip in between.
                self._owner = -1
                self._waiters.popleft().set()
            else:
                self._owner = None


_writers = FairLock()


@contextmanager
def act() -> Iterator[None]:
    """Run one act: all of it is committed, or none of it.

    On SQLite writers of this process queue in order of arrival. Nested use joins the outer act.
    """
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    _writers.acquire()
    try:
        with transaction.atomic():
            yield
    finally:
        _writers.release()
