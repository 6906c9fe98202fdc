"""Searches that found nothing: counted in memory, written once in a while. No page waits for it or fails by it.

Who asked is never kept. An address is hashed with a salt that lives in memory for a day, so that one who asks again
counts once and nobody fills the list alone.
"""

import hashlib
import os
import threading
from collections import Counter
from datetime import date
from ipaddress import ip_address

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from mingtang.rulebook import wanted
from mingtang.towns.models import Jurisdiction

# What one address may add in a day, and what memory holds.
A_DAY, MOST_WAITING, MOST_SEEN = 20, 5_000, 100_000

_guard = threading.Lock()
_day: date | None = None
_salt = b""
_seen: set[bytes] = set()
_by_address: Counter[bytes] = Counter()
_waiting: Counter[tuple[int, date, str]] = Counter()


def address_of(request: HttpRequest) -> str:
    """Who asks, as far as the network says. Behind a proxy of this machine it is the one the proxy names last."""
    direct = request.META.get("REMOTE_ADDR", "")
    try:
        near = ip_address(direct).is_loopback
    except ValueError:
        near = True  # a socket in the file system: a proxy of this machine too
    named = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return named if near and named else direct


def note(request: HttpRequest, text: str) -> bool:
    """Remember that somebody looked for ``text`` and found nothing. Returns whether it is counted, now or already."""
    words = wanted.kept(text)
    if not words:
        return False
    today = timezone.localdate()
    with _guard:
        _begin(today)
        who = _hashed(f"{request.town.pk} {address_of(request)}")
        what = _hashed(f"{who.hex()} {words}")
        if what in _seen:
            return True
        if _by_address[who] >= A_DAY or len(_seen) >= MOST_SEEN or len(_waiting) >= MOST_WAITING:
            return False
        _seen.add(what)
        _by_address[who] += 1
        _waiting[request.town.pk, today, words] += 1
    return True


def _begin(today: date) -> None:
    """A new day forgets who asked on the last."""
    global _day, _salt
    if _day != today:
        _day, _salt = today, os.urandom(16)
        _seen.clear()
        _by_address.clear()


def _hashed(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), key=_salt, digest_size=12).digest()


def flush() -> None:
    """Write what was counted; what the database does not take now waits for the next time."""
    with _guard:
        counted = dict(_waiting)
        _waiting.clear()
    try:
        for town in Jurisdiction.objects.filter(pk__in={town for town, _, _ in counted}):
            for day in {day for owner, day, _ in counted if owner == town.pk}:
                rows = {text: times for (owner, on, text), times in counted.items() if (owner, on) == (town.pk, day)}
                wanted.add(town=town, counted=rows, day=day)
                for text in rows:
                    del counted[town.pk, day, text]
    except DatabaseError:
        with _guard:
            _waiting.update(counted)
        raise
