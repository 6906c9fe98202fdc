"""The spine: what an event holds, who may change it (nobody), and what lies sealed beside it."""

import hashlib
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from mingtang.events import types, vault
from mingtang.events.log import CONSOLE, commitment, opening, record
from mingtang.events.models import Event, Payload, PayloadKey, Sequenced, Unsequenced
from mingtang.events.sequencing import sequence_pending
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

pytestmark = pytest.mark.django_db
KIND = types.define("test.noted", "记一笔")
STATEMENTS = ["UPDATE {table} SET id = id", "DELETE FROM {table}"]
if connection.vendor == "postgresql":
    STATEMENTS.append("TRUNCATE {table} CASCADE")


@pytest.fixture
def place(db) -> Jurisdiction:
    return Jurisdiction.objects.create(code="430623101", prefix="SP", name="演示镇", site_name="演示")


def note(town: Jurisdiction, **changes) -> Event:
    with act():
        return record(**{"town": town, "type": KIND, "subject": "item:A-1", "by": CONSOLE, **changes})


def refused_by_database(statement: str, *values) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Else a TRUNCATE fails for the checks that wait for the end of the test's transaction.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)
    return str(caught.value)


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("table", ["events_event", "events_sequenced"])
def test_the_database_refuses_to_change_or_remove_an_event_or_its_number(place, table, statement):
    note(place)
    sequence_pending()
    assert "append-only" in refused_by_database(statement.format(table=table))
    assert Event.objects.count() == Sequenced.objects.count() == 1


def test_the_models_say_so_before_the_database_does(place):
    note(place)
    with pytest.raises(TypeError, match="append-only"):
        Event.objects.filter(town=place).update(reason="改")
    with pytest.raises(TypeError, match="append-only"):
        Event.objects.filter(town=place).delete()


def test_an_event_cannot_happen_later_than_it_is_recorded(place):
    with pytest.raises(Refused, match="不能晚于现在"):
        note(place, happened_at=timezone.now() + timedelta(minutes=1))
    assert not Event.objects.exists()


def test_the_database_itself_knows_that_happening_comes_first(place):
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(
            town=place, type=KIND, happened_at=now + timedelta(hours=1), recorded_at=now, actor="x", salt=bytes(16)
        )


def test_an_act_entered_late_shows_both_times(place):
    yesterday = timezone.now() - timedelta(days=1)
    event = note(place, happened_at=yesterday)
    assert event.happened_at == yesterday
    assert event.recorded_at > yesterday


def test_an_undeclared_type_is_not_recorded(place):
    with pytest.raises(KeyError):
        note(place, type="test.never_declared")


def test_the_same_type_is_not_declared_in_two_ways():
    with pytest.raises(ValueError, match="declared twice"):
        types.define(KIND, "另一个名字")


@pytest.mark.parametrize("value", [{"name": "张三"}, 1.5, [["x"]], b"x"], ids=["mapping", "float", "nested", "bytes"])
def test_event_data_holds_codes_and_flags_only(place, value):
    with pytest.raises(TypeError, match="codes and flags only"):
        note(place, data={"value": value})


def test_an_event_outside_the_transaction_of_its_act_is_a_mistake(place, monkeypatch):
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError, match="transaction of its act"):
        record(town=place, type=KIND, subject="item:A-1", by=CONSOLE)


def test_an_act_that_fails_leaves_no_event(place):
    with pytest.raises(ZeroDivisionError), act():
        record(town=place, type=KIND, subject="item:A-1", by=CONSOLE)
        raise ZeroDivisionError
    assert not Event.objects.exists()
    assert not Unsequenced.objects.exists()


def test_a_payload_lies_sealed_beside_its_event_and_opens_to_the_commitment(place):
    key = vault.new_key(place)
    event = note(place, payload={"name": "文小满"}, payload_key=key)
    sealed = bytes(Payload.objects.get(event=event).sealed)
    plain = vault.open_sealed(key, sealed)
    assert "文小满".encode() in plain
    assert hashlib.sha256(plain).hexdigest() == event.payload_commit
    assert "文小满".encode() not in sealed
    assert "文小满" not in str(opening(event))


def test_equal_payloads_have_unequal_commitments(place):
    key = vault.new_key(place)
    first, second = (note(place, payload={"name": "文小满"}, payload_key=key) for _ in range(2))
    assert first.payload_commit != second.payload_commit


def test_a_payload_without_a_key_is_not_recorded(place):
    with pytest.raises(TypeError, match="needs the key"):
        note(place, payload={"name": "文小满"})
    assert not Event.objects.exists()


def test_what_a_destroyed_key_sealed_is_gone_and_the_commitment_stays(place):
    key = vault.new_key(place)
    event = note(place, payload={"name": "文小满"}, payload_key=key)
    before = commitment(opening(event))
    PayloadKey.objects.filter(pk=key.pk).update(wrapped=None, destroyed_at=timezone.now())
    with pytest.raises(Refused, match="已经依法销毁"):
        vault.open_sealed(PayloadKey.objects.get(pk=key.pk), Payload.objects.get(event=event).sealed)
    assert commitment(opening(Event.objects.get(pk=event.pk))) == before


def test_a_key_is_destroyed_with_a_date_or_not_at_all(place):
    key = vault.new_key(place)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayloadKey.objects.filter(pk=key.pk).update(wrapped=None)


def test_an_altered_payload_does_not_open(place):
    key = vault.new_key(place)
    sealed = bytearray(vault.seal(key, b"text"))
    sealed[-1] ^= 1
    with pytest.raises(Refused, match="被改动过"):
        vault.open_sealed(key, bytes(sealed))


def test_another_installations_key_does_not_open(place, settings):
    key = vault.new_key(place)
    settings.PAYLOAD_KEY = "00" * 48
    with pytest.raises(Refused, match="不是同一把"):
        vault.key_bytes(key)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reason", "改过"),
        ("actor", "staff:2"),
        ("data", {"x": 1}),
        ("subject", "item:A-2"),
        ("place", "别处"),
        ("type", "test.other"),
        ("payload_commit", "00" * 32),
        ("salt", bytes(16)),
    ],
)
def test_the_commitment_covers_every_part_of_an_event(place, name, value):
    event = note(place)
    before = commitment(opening(event))
    setattr(event, name, value)
    assert commitment(opening(event)) != before
