"""Searches that found nothing: counted in memory, written once in a while. No page waits for it or fails by it.

Who asked is never kept (`once_a_day`): one who asks again counts once, and nobody fills the list alone.
"""

import threading
from collections import Counter
from datetime import date

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from mingtang import guard
from mingtang.portal.once_a_day import Asked, OnceADay
from mingtang.rulebook import wanted
from mingtang.towns.models import Jurisdiction

# What one address may add in a day, and what waits in memory.
A_DAY, MOST_WAITING = 20, 5_000

_guard = threading.Lock()
_asked = OnceADay()
_waiting: Counter[tuple[int, date, str]] = Counter()


def note(request: HttpRequest, text: str) -> bool:
    """Remember that somebody looked for ``text`` and found nothing. Returns whether it is counted, now or already."""
    words = wanted.kept(text, guard.lists_of(request.town.pk))
    if not words or len(_waiting) >= MOST_WAITING:
        return False
    asked = _asked.ask(request, words, A_DAY)
    if asked == Asked.FIRST:
        with _guard:
            _waiting[request.town.pk, timezone.localdate(), words] += 1
    return asked != Asked.TOO_OFTEN


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
