"""Giving committed events their numbers."""

from collections import defaultdict

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from mingtang.events.models import Event, Sequenced, Unsequenced
from mingtang.lib.tx import act

BATCH = 2000
_ADVISORY_KEY = 0x6D696E67


def _only_sequencer() -> bool:
    """One sequencer at a time: SQLite's write lock already is one; PostgreSQL holds an advisory lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_KEY])
            return bool(cursor.fetchone()[0])
    return True


def sequence_pending() -> int:
    """Number what is committed and has no number; returns how many.

    The order never changes, and a transaction that is still open delays nobody: whatever it commits later simply gets
    a later number.
    """
    if not Unsequenced.objects.exists():
        return 0
    with act():
        if not _only_sequencer():
            return 0
        # One after the other: joined, SQLite would go through all events for the few that wait.
        waiting = list(Unsequenced.objects.order_by("event_id").values_list("event_id", flat=True)[:BATCH])
        by_town: dict[int, list[int]] = defaultdict(list)
        for event_id, town_id in Event.objects.filter(pk__in=waiting).order_by("pk").values_list("pk", "town_id"):
            by_town[town_id].append(event_id)
        now = timezone.now()
        for town_id, event_ids in by_town.items():
            last = Sequenced.objects.filter(town_id=town_id).aggregate(last=Max("index"))["last"]
            first = 0 if last is None else last + 1
            Sequenced.objects.bulk_create(
                Sequenced(town_id=town_id, index=first + offset, event_id=event_id, logged_at=now)
                for offset, event_id in enumerate(event_ids)
            )
        Unsequenced.objects.filter(event_id__in=waiting).delete()
    return len(waiting)
