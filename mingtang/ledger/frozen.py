"""What other rooms let `mingtang verify` compute again, so that a changed row is named even where the log is whole.

Frozen records are rows whose hash an event carries (editions, item versions, case documents): a room registers one
checker for the event types that carry it. Told rows are those whose state and dates follow from their events (cases,
editions): a room registers one checker for all of a town's.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mingtang.events.models import Event
from mingtang.towns.models import Jurisdiction

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    """One row that is not as it was: its table, its number (or a key as text), and what differs, in Chinese.

    ``table`` is empty for what lies outside the database.
    """

    table: str
    row: int | str
    what: str

    def __str__(self) -> str:
        row = f"第{self.row}行" if isinstance(self.row, int) else self.row
        return f"表 {self.table} {row}：{self.what}。" if self.table else f"{row}：{self.what}。"


def readable(table: str, row: int | str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What ``check`` finds; a row that none of our code wrote may not even be readable, and is named all the same."""
    try:
        return list(check())
    except Exception:
        _log.warning("%s %s cannot be read", table, row, exc_info=True)
        return [Finding(table, row, "数据不成样子，读不出来")]


Checker = Callable[[list[Event]], Iterable[Finding]]


@dataclass(frozen=True)
class Frozen:
    """A kind of frozen record: name for people, the event types that carry its hashes, the checker."""

    name: str
    types: frozenset[str]
    checker: Checker


_kinds: dict[str, Frozen] = {}


def frozen(name: str, types: Iterable[str], checker: Checker) -> None:
    """Register ``checker(events)``: recompute each event's hash from the tables, yield what differs.

    It is called with batches of events of one town, of the given types only, in order. ``name`` is shown to people.
    """
    kind = Frozen(name, frozenset(types), checker)
    known = _kinds.setdefault(name, kind)
    if (known.types, known.checker) != (kind.types, kind.checker):
        raise ValueError(f"two kinds of frozen record are called {name}")


def kinds() -> list[Frozen]:
    return list(_kinds.values())


RowChecker = Callable[[Jurisdiction], Iterable[Finding]]
_told: dict[str, RowChecker] = {}


def told(name: str, checker: RowChecker) -> None:
    """Register ``checker(town)``: compare each row with what its events say of it, yield what differs.

    A row that cannot be read is named too (``readable``). It is asked again about what it finds, since an act may have
    committed between its reading of rows and of events.
    """
    if _told.setdefault(name, checker) != checker:
        raise ValueError(f"two kinds of told rows are called {name}")


def told_rows() -> dict[str, RowChecker]:
    return dict(_told)
