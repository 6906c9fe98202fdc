"""The WSGI application: stored pages and assets in front, Django behind."""

import ctypes
import gc
import hashlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.signals import got_request_exception
from django.core.wsgi import get_wsgi_application
from django.db import InterfaceError, OperationalError

from mingtang.lib.paths import CHECKOUT
from mingtang.portal.wrapper import LOST_DATABASE, StoredPages

EMBEDDED = os.environ.get("MINGTANG_EMBEDDED") == "1"
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def pages_stamp() -> str:
    """What stored pages are good for: one boot of the machine and one state of code, templates and assets."""
    found = hashlib.sha256()
    boot = Path("/proc/sys/kernel/random/boot_id")
    found.update(boot.read_bytes() if boot.exists() else b"")
    for name in ("mingtang", "config", "templates", "assets"):
        for folder, folders, files in os.walk(CHECKOUT / name):
            folders[:] = sorted(set(folders) - {"__pycache__"})
            for file in sorted(files):
                status = os.stat(os.path.join(folder, file))
                found.update(f"{folder}/{file} {status.st_mtime_ns} {status.st_size}\n".encode())
    return found.hexdigest()


def note_lost_database(sender: Any, request: Any = None, **kwargs: Any) -> None:
    """Tell the wrapper that this answer failed because the database did not answer."""
    if request is not None and isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        request.META[LOST_DATABASE] = True


def _die_with_parent() -> None:
    """A server killed without warning must not leave a worker behind that still answers on its port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _build() -> StoredPages:
    django = get_wsgi_application()
    # Needs the app registry.
    from mingtang.portal.stored import page_store

    got_request_exception.connect(note_lost_database)
    store = page_store()
    store.fit(pages_stamp())
    unavailable = (CHECKOUT / "templates/portal/unavailable.html").read_bytes()
    return StoredPages(django, store, store.root / "hosts.json", CHECKOUT / "assets", unavailable)


if EMBEDDED:
    _die_with_parent()
application = _build()
if EMBEDDED:
    from config import background

    background.start()
    # What is loaded by now stays: the collector need not walk it again.
    gc.collect()
    gc.freeze()
