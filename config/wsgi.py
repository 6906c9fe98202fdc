"""The WSGI application: stored pages and assets in front, Django behind."""

import hashlib
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.signals import got_request_exception
from django.core.wsgi import get_wsgi_application

from mingtang.lib.paths import CHECKOUT
from mingtang.portal.wrapper import StoredPages


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


def _build() -> StoredPages:
    django = get_wsgi_application()
    # Needs the app registry.
    from mingtang.portal.stored import note_lost_database, page_store

    got_request_exception.connect(note_lost_database)
    store = page_store()
    store.fit(pages_stamp())
    unavailable = (CHECKOUT / "templates/portal/unavailable.html").read_bytes()
    return StoredPages(django, store, store.hosts_file, CHECKOUT / "assets", unavailable)


application = _build()
if os.environ.get("MINGTANG_EMBEDDED") == "1":
    from config import background

    background.start()
