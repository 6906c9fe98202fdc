"""The kinds of event. Each room declares its own at import; an undeclared kind cannot be recorded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EventType:
    """``public`` lets the ledger show type, time and subject in clear; all others show nothing."""

    code: str
    title: str
    public: bool = False


_types: dict[str, EventType] = {}


def define(code: str, title: str, *, public: bool = False) -> str:
    """Declare an event type; returns its code. Declaring the same code differently is a programming error."""
    kind = EventType(code, title, public)
    if _types.setdefault(code, kind) != kind:
        raise ValueError(f"event type {code} is declared twice")
    return code


def get(code: str) -> EventType:
    return _types[code]


def title(code: str) -> str:
    return _types[code].title if code in _types else code


def is_public(code: str) -> bool:
    return code in _types and _types[code].public
