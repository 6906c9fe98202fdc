"""Counting once a day from one address, without knowing who it was.

An address is hashed with a salt that lives in memory for a day: one who asks again counts once, and nothing that was
kept leads back to them.
"""

import hashlib
import os
import threading
from collections import Counter
from datetime import date
from enum import Enum
from ipaddress import ip_address

from django.http import HttpRequest
from django.utils import timezone

MOST_SEEN = 100_000  # what memory holds


class Asked(Enum):
    FIRST = "first"
    AGAIN = "again"
    TOO_OFTEN = "too often"


def address_of(request: HttpRequest) -> str:
    """Who asks, as far as the network says. Behind a proxy of this machine it is the one the proxy names last."""
    direct = request.META.get("REMOTE_ADDR", "")
    try:
        near = ip_address(direct).is_loopback
    except ValueError:
        near = True  # a socket in the file system: a proxy of this machine too
    named = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return named if near and named else direct


class OnceADay:
    """What was asked today, by whom as a hash. One for each thing that is counted."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Nobody has asked anything."""
        self._day: date | None = None
        self._salt = b""
        self._seen: set[bytes] = set()
        self._by_address: Counter[bytes] = Counter()

    def ask(self, request: HttpRequest, what: str, most: int) -> Asked:
        """Note what this address asks for: the first time today, again, or more than ``most`` things a day."""
        with self._guard:
            if self._day != (today := timezone.localdate()):
                self.forget()
                self._day, self._salt = today, os.urandom(16)
            who = self._hashed(f"{request.town.pk} {address_of(request)}")
            asked = self._hashed(f"{who.hex()} {what}")
            if asked in self._seen:
                return Asked.AGAIN
            if self._by_address[who] >= most or len(self._seen) >= MOST_SEEN:
                return Asked.TOO_OFTEN
            self._seen.add(asked)
            self._by_address[who] += 1
        return Asked.FIRST

    def _hashed(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "replace"), key=self._salt, digest_size=12).digest()
