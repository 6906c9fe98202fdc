"""A migration that rebuilds a table must not take its triggers with it."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from mingtang.events import follow
from mingtang.events.append_only import restore
from mingtang.events.models import Event, Sequenced

pytestmark = pytest.mark.django_db


def test_migrate_puts_back_a_trigger_that_was_lost(town):
    tail = "" if connection.vendor == "sqlite" else " ON events_event"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER events_event_no_update{tail}")
    call_command("migrate", verbosity=0)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET reason = 'x'")
    assert not Event.objects.filter(reason="x").exists()


def test_restoring_twice_changes_nothing(town):
    follow.settle()
    restore()
    restore()
    assert Sequenced.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_sequenced")
