"""The published documents of a town as its catalogue chooses among them: held in memory as bitmaps, kept by events.

At 100,000 documents the facets of a page cost some hundred divisions of whole numbers instead of a grouping in SQL
each, and a page deep in the list costs what the first does. Whatever changes what a list shows is an event in the same
transaction, so two small queries tell which documents to read again: no list is older than the question. One town with
100,000 documents takes some 20 MB.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from mingtang.disclosure.models import Column, Document, Filing
from mingtang.disclosure.states import READABLE
from mingtang.events.models import Event, Sequenced, Unsequenced
from mingtang.lib.bitmaps import Bitmaps, first, last
from mingtang.lib.text import CHINA
from mingtang.towns.models import Jurisdiction

FACETS = ("theme", "column", "issuer", "kind", "year")
_COLUMNS = ("pk", "listed_at", "theme", "issuer", "kind", "current__state")
# Documents that are taken in one by one; beyond that all of them are read again.
_FEW = 200
# Events between two questions; beyond that as well.
_MANY = 5000
_TOWNS = 40
# A document's rank: when it is listed, in microseconds, and its key behind it.
_KEY_BITS = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Chosen = Mapping[str, Sequence[str]]
Row = tuple[Any, ...]
# What chooses the documents that were not withdrawn.
CAN_BE_READ: Chosen = {"state": tuple(map(str, READABLE))}


@dataclass(frozen=True)
class Found:
    """What a choice leaves: ``keys`` of the documents on one page, and whether there are newer and older ones."""

    total: int
    keys: list[int]
    newer: bool
    older: bool


class Shelf:
    """A town's public documents, newest last. Never changed once it is handed out: ``changed`` makes another one.

    What is chosen is facet → values, of which one is enough; facets that choose nothing are left out.
    """

    def __init__(self, rows: Iterable[tuple[Row, Sequence[str]]]) -> None:
        """Rows hold ``_COLUMNS`` and the codes of the columns they stand in, the first listed first."""
        self._ranks: list[int] = []

        def facets() -> Iterator[dict[str, Sequence[str]]]:
            for row, columns in rows:
                self._ranks.append(_rank(row[1], row[0]))
                yield _facets(row, columns)

        self._bitmaps = Bitmaps(facets())

    @property
    def all(self) -> int:
        return self._bitmaps.all

    def standing_in(self, column: str) -> int:
        """The documents in a column, as a bitmap."""
        return self._bitmaps.any_of("column", [column])

    def published_in(self, column: str) -> tuple[int, datetime | None]:
        """How many documents in a column have not been withdrawn, and when the newest of them was listed."""
        bits = self.narrowed(CAN_BE_READ, self.standing_in(column))
        return bits.bit_count(), _moment(self._ranks[bits.bit_length() - 1]) if bits else None

    def narrowed(self, chosen: Chosen, within: int, without: str = "") -> int:
        """Of the documents ``within``, those that fit every choice, but for that in the facet ``without``."""
        for facet, values in chosen.items():
            if facet != without:
                within &= self._bitmaps.any_of(facet, values)
        return within

    def counts(self, chosen: Chosen, facet: str, within: int) -> dict[str, int]:
        """Value → count of a facet among the documents that fit all other choices."""
        return self._bitmaps.counts(facet, self.narrowed(chosen, within, without=facet))

    def page(
        self,
        chosen: Chosen,
        within: int,
        size: int,
        *,
        after: tuple[datetime, int] | None = None,
        before: tuple[datetime, int] | None = None,
    ) -> Found:
        """One page of what is chosen, newest first: older than ``after``, newer than ``before``, else the newest.

        Both are a moment and a key; the document itself need not be there any more.
        """
        bits = self.narrowed(chosen, within)
        if before:
            rank = _rank(*before)
            place = bisect_left(self._ranks, rank)
            at = place if self._ranks[place : place + 1] == [rank] else place - 1
            places = list(islice(first(bits, at), size))[::-1]
        else:
            place = bisect_left(self._ranks, _rank(*after)) if after else len(self._ranks)
            places = list(islice(last(bits, place), size))
        return Found(
            total=bits.bit_count(),
            keys=[_key(self._ranks[place]) for place in places],
            newer=bool(places) and bits >> places[0] + 1 != 0,
            older=bool(places) and bits & (1 << places[-1]) - 1 != 0,
        )

    def changed(self, rows: Iterable[tuple[Row, Sequence[str]]]) -> "Shelf":
        """The shelf with these documents put in, or in place of what it held of them."""
        other = object.__new__(Shelf)
        other._ranks, other._bitmaps = self._ranks.copy(), self._bitmaps.copied()
        for row, columns in rows:
            rank = _rank(row[1], row[0])
            place = bisect_left(other._ranks, rank)
            if other._ranks[place : place + 1] == [rank]:
                other._bitmaps.replace(place, _facets(row, columns))
            else:
                other._ranks.insert(place, rank)
                other._bitmaps.insert(place, _facets(row, columns))
        return other


def _rank(listed_at: datetime, key: int) -> int:
    return (listed_at - _EPOCH) // timedelta(microseconds=1) << _KEY_BITS | min(key, (1 << _KEY_BITS) - 1)


def _key(rank: int) -> int:
    return rank & (1 << _KEY_BITS) - 1


def _moment(rank: int) -> datetime:
    return _EPOCH + timedelta(microseconds=rank >> _KEY_BITS)


def _facets(row: Row, columns: Sequence[str]) -> dict[str, Sequence[str]]:
    _, listed_at, theme, issuer, kind, state = row
    return {
        "theme": [theme],
        "column": columns,
        "issuer": [issuer] if issuer else [],
        "kind": [kind],
        "year": [str(listed_at.astimezone(CHINA).year)],
        "state": [state],
    }


@dataclass(frozen=True)
class _Held:
    """A shelf, and the events it has seen: all up to the numbered one ``at``, and those ``waiting`` for a number.

    An event is known by its salt: after a database was put back from a copy another one may bear the number.
    """

    shelf: Shelf
    at: tuple[int, bytes] | None
    waiting: frozenset[bytes]


_shelves: dict[int, _Held] = {}


def shelf(town: Jurisdiction) -> Shelf:
    """The public documents of a town now."""
    held = _caught_up(town, _shelves.get(town.pk)) or _read(town)
    if town.pk not in _shelves and len(_shelves) >= _TOWNS:
        _shelves.clear()
    _shelves[town.pk] = held
    return held.shelf


def _waiting(town: Jurisdiction) -> dict[bytes, str]:
    # Asked of the events that are among the waiting: joined, SQLite would go through all events for the few.
    rows = Event.objects.filter(town=town, pk__in=Unsequenced.objects.values("pk")).values_list("salt", "subject")
    return {bytes(salt): subject for salt, subject in rows[: _MANY + 1]}


def _caught_up(town: Jurisdiction, held: _Held | None) -> _Held | None:
    """What was held, brought up to now; None when it must be read anew."""
    if held is None:
        return None
    # First what waits: an event that is given its number in between is met again, none is missed.
    waiting = _waiting(town)
    numbered = Sequenced.objects.filter(town=town, index__gte=held.at[0] if held.at else 0).order_by("index")
    rows = [
        (index, bytes(salt), subject)
        for index, salt, subject in numbered.values_list("index", "event__salt", "event__subject")[: _MANY + 1]
    ]
    if len(waiting) > _MANY or len(rows) > _MANY:
        return None
    if held.at:
        if not rows or rows[0][:2] != held.at:
            return None
        rows = rows[1:]
    new = {salt: subject for _, salt, subject in rows} | waiting
    if not held.waiting <= set(new):
        return None
    subjects = {subject for salt, subject in new.items() if salt not in held.waiting}
    numbers = [subject.removeprefix("document:") for subject in subjects if subject.startswith("document:")]
    if len(numbers) > _FEW:
        return None
    shelf = held.shelf.changed(_rows(town, index_number__in=numbers)) if numbers else held.shelf
    return _Held(shelf, rows[-1][:2] if rows else held.at, frozenset(waiting))


def _read(town: Jurisdiction) -> _Held:
    waiting = _waiting(town)
    last = Sequenced.objects.filter(town=town).order_by("-index").values_list("index", "event__salt").first()
    at = (last[0], bytes(last[1])) if last else None
    return _Held(Shelf(_rows(town)), at, frozenset(waiting))


def _rows(town: Jurisdiction, **which: Any) -> Iterator[tuple[Row, Sequence[str]]]:
    documents = Document.objects.filter(town=town, current__isnull=False, **which)
    codes = dict(Column.objects.filter(town=town).values_list("pk", "code"))
    filed = Filing.objects.filter(document__in=documents) if which else Filing.objects.filter(column__town=town)
    columns: dict[int, list[str]] = defaultdict(list)
    for key, column in filed.values_list("document_id", "column_id").iterator():
        columns[key].append(codes[column])
    for row in documents.order_by("listed_at", "pk").values_list(*_COLUMNS).iterator():
        yield row, columns.get(row[0], ())
