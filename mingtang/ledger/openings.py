"""Entries and what opens them, without a database: the bytes that become leaves. Pure.

An *opening* is ``{"salt": hex, "event": {...}}``. The entry holds only its commitment and, for types that may be
shown, a public envelope. `mingtang.events.log` writes the same bytes; here they can be checked on any machine.
"""

import json
from typing import Any

from mingtang.lib.canonical import canonical_json, sha256_hex

#: What a public envelope shows of an event.
SHOWN = ("type", "recorded_at", "subject")


def commitment(opening: dict[str, Any]) -> str:
    """``SHA-256(salt || canonical event)``, lower-case hex."""
    return sha256_hex(bytes.fromhex(opening["salt"]) + canonical_json(opening["event"]))


def entry_bytes(opening: dict[str, Any], shown: bool) -> bytes:
    """The entry of an event: commitment, and with ``shown`` its type, time of record and subject."""
    envelope = {"commit": commitment(opening)}
    if shown:
        envelope |= {key: opening["event"][key] for key in SHOWN}
    return canonical_json(envelope)


def opens(opening: dict[str, Any], entry: bytes) -> bool:
    """Whether the opening is the one this entry commits to, and the envelope shows nothing else than it."""
    try:
        shown = "type" in json.loads(entry)
        return entry_bytes(opening, shown) == entry
    except (ValueError, KeyError, TypeError):
        return False
