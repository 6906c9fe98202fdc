"""Writing events."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from mingtang.events import types, vault
from mingtang.events.bell import ring_on_commit
from mingtang.events.models import Event, Payload, PayloadKey, Unsequenced
from mingtang.lib.canonical import canonical_json
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction


@dataclass(frozen=True)
class Actor:
    """Who acts: a code that stays (``staff:12``, ``applicant``, ``system``, ``console``). Never a name.

    A substitute acts for a post, by a row of the duty roster: the event says both.
    """

    code: str
    post: str = ""
    roster: int | None = None

    @property
    def said(self) -> dict[str, Any]:
        return {"substitute_for": self.post, "roster": self.roster} if self.roster else {}


APPLICANT = Actor("applicant")
SYSTEM = Actor("system")
CONSOLE = Actor("console")
# Rows a statement: SQLite counts the values of one, PostgreSQL does not mind.
MANY = 500
# Bytes before a payload, so that its commitment tells nothing to who guesses.
SALT = 16


def _flags_only(data: dict[str, Any]) -> None:
    for key, value in data.items():
        values = value if isinstance(value, list) else [value]
        if not all(item is None or isinstance(item, str | int | bool) for item in values):
            raise TypeError(f"event data holds codes and flags only: {key}")


def record(
    *,
    town: Jurisdiction,
    type: str,
    subject: str,
    by: Actor,
    happened_at: datetime | None = None,
    place: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
    payload: dict[str, Any] | None = None,
    payload_key: PayloadKey | None = None,
) -> Event:
    """Add one event inside the caller's transaction.

    ``happened_at`` may lie before now (entry lag is shown), never after. ``payload`` holds what names a person and is
    sealed under ``payload_key``; the event keeps only its salted commitment.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of its act")
    types.get(type)
    now = timezone.now()
    happened_at = happened_at or now
    if happened_at > now:
        raise Refused("发生时间不能晚于现在。请核对日期和时间。")
    data = {**(data or {}), **by.said}
    _flags_only(data)
    commit, body = "", b""
    if payload is not None:
        body = os.urandom(SALT) + canonical_json(payload)
        commit = hashlib.sha256(body).hexdigest()
    event = Event.objects.create(
        town=town,
        type=type,
        happened_at=happened_at,
        recorded_at=now,
        actor=by.code,
        place=place,
        reason=reason,
        subject=subject,
        data=data,
        payload_commit=commit,
        salt=os.urandom(16),
    )
    if payload is not None:
        if payload_key is None:
            raise TypeError("a payload needs the key it is sealed with")
        Payload.objects.create(event=event, key=payload_key, sealed=vault.seal(payload_key, body))
    Unsequenced.objects.create(event=event)
    ring_on_commit([event])
    return event


def record_all(*, town: Jurisdiction, by: Actor, rows: Iterable[tuple[str, str, dict[str, Any]]]) -> list[Event]:
    """Add many events of one act inside the caller's transaction, each ``(type, subject, data)`` as in ``record``.

    For acts on a whole catalogue, where an insert for each row would hold the writers up.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of its act")
    now = timezone.now()
    events = []
    for type, subject, data in rows:
        types.get(type)
        data = {**data, **by.said}
        _flags_only(data)
        events.append(
            Event(
                town=town,
                type=type,
                happened_at=now,
                recorded_at=now,
                actor=by.code,
                subject=subject,
                data=data,
                salt=os.urandom(16),
            )
        )
    Event.objects.bulk_create(events, batch_size=MANY)
    Unsequenced.objects.bulk_create([Unsequenced(event=event) for event in events], batch_size=MANY)
    if events:
        ring_on_commit(events)
    return events


def opened(event: Event) -> dict[str, Any]:
    """The payload of an event that has one. Decrypts; raises ``Refused`` where its key was destroyed."""
    held = event.payload
    return json.loads(vault.open_sealed(held.key, held.sealed)[SALT:])


def iso(moment: datetime) -> str:
    """UTC with microseconds, the one way a time is written into hashed bytes."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def whole(event: Event) -> dict[str, Any]:
    """The event as it is committed to: everything but the salt and the database's own number."""
    return {
        "town": event.town.code,
        "type": event.type,
        "happened_at": iso(event.happened_at),
        "recorded_at": iso(event.recorded_at),
        "actor": event.actor,
        "place": event.place,
        "reason": event.reason,
        "subject": event.subject,
        "data": event.data,
        "payload_commit": event.payload_commit,
    }


def opening(event: Event) -> dict[str, Any]:
    """What opens a leaf: salt and event. Whoever holds it can check the log; nobody else learns anything."""
    return {"salt": bytes(event.salt).hex(), "event": whole(event)}


def commitment(opened: dict[str, Any]) -> str:
    """SHA-256 over salt and canonical event, hex (`reference` format of the log's entries)."""
    return hashlib.sha256(bytes.fromhex(opened["salt"]) + canonical_json(opened["event"])).hexdigest()


def entry(opened: dict[str, Any]) -> bytes:
    """The bytes of a log entry: the commitment, and a public envelope for the types that may be shown."""
    event = opened["event"]
    envelope = {"commit": commitment(opened)}
    if types.is_public(event["type"]):
        envelope |= {"type": event["type"], "recorded_at": event["recorded_at"], "subject": event["subject"]}
    return canonical_json(envelope)
