"""Locks between processes of one machine."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from mingtang.lib.paths import data_path


@contextmanager
def file_lock(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold the named lock of this data folder; yields whether it is held.

    With ``wait=False`` a lock held elsewhere yields ``False`` at once. Not re-entrant. The kernel releases the lock
    when the process dies, so nothing is left behind by a kill.
    """
    descriptor = os.open(data_path("locks") / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)
