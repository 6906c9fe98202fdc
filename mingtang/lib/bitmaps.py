"""Choosing and counting many rows by bitmaps: one whole number per value, whose bits are the places of its rows.

Pure. A row's place is its number in a fixed order; bit ``n`` of a bitmap stands for the row at place ``n``.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

Values = Mapping[str, Iterable[str]]


class Bitmaps:
    """The values of some facets in rows that keep their order. A row may have none, one or several of a facet."""

    def __init__(self, rows: Iterable[Values]) -> None:
        # One bitmap is a growing byte string first: setting a bit in a whole number would copy it each time.
        raw: dict[str, dict[str, bytearray]] = defaultdict(lambda: defaultdict(bytearray))
        self.size = 0
        for place, row in enumerate(rows):
            self.size = place + 1
            byte, bit = place >> 3, 1 << (place & 7)
            for facet, values in row.items():
                held = raw[facet]
                for value in values:
                    bits = held[value]
                    if byte >= len(bits):
                        bits.extend(bytes(byte + 1 - len(bits)))
                    bits[byte] |= bit
        self._bits = {
            facet: {value: int.from_bytes(bits, "little") for value, bits in values.items()}
            for facet, values in raw.items()
        }
        self.all = (1 << self.size) - 1

    def narrowed(self, chosen: Mapping[str, str], within: int | None = None, without: str = "") -> int:
        """The rows that have every chosen value, but for the facet ``without``; ``within`` limits them to some rows."""
        bits = self.all if within is None else within
        for facet, value in chosen.items():
            if facet != without:
                bits &= self.any_of(facet, [value])
        return bits

    def any_of(self, facet: str, values: Iterable[str]) -> int:
        """The rows that have one of these values of a facet, or several."""
        held, bits = self._bits.get(facet, {}), 0
        for value in values:
            bits |= held.get(value, 0)
        return bits

    def counts(self, facet: str, within: int) -> dict[str, int]:
        """How many of some rows have each value of a facet; values without any are left out."""
        found = ((value, (bits & within).bit_count()) for value, bits in self._bits.get(facet, {}).items())
        return {value: count for value, count in found if count}

    def copied(self) -> "Bitmaps":
        """Another one that may be changed while somebody reads this one; the bitmaps themselves are shared."""
        other = copy.copy(self)
        other._bits = {facet: dict(values) for facet, values in self._bits.items()}
        return other

    def insert(self, place: int, row: Values) -> None:
        """Put a row at a place; those from there on move up by one."""
        below = (1 << place) - 1
        if place < self.size:
            for values in self._bits.values():
                for value, bits in values.items():
                    values[value] = bits & below | bits >> place << place + 1
        self.size += 1
        self.all = (1 << self.size) - 1
        self._mark(place, row)

    def replace(self, place: int, row: Values) -> None:
        """Give the row at a place other values."""
        for values in self._bits.values():
            for value, bits in values.items():
                if bits >> place & 1:
                    values[value] = bits ^ 1 << place
        self._mark(place, row)

    def _mark(self, place: int, row: Values) -> None:
        for facet, found in row.items():
            values = self._bits.setdefault(facet, {})
            for value in found:
                values[value] = values.get(value, 0) | 1 << place


def bitmap(places: Iterable[int], size: int) -> int:
    """The rows at these places, each below ``size``."""
    bits = bytearray((size + 7) >> 3)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def first(bits: int, after: int = -1) -> Iterator[int]:
    """The places in a bitmap behind one, in order."""
    rest = bits >> (after + 1)
    while rest:
        step = (rest & -rest).bit_length()
        after += step
        rest >>= step
        yield after


def last(bits: int, before: int) -> Iterator[int]:
    """The places in a bitmap before one, the nearest first."""
    rest = bits & ((1 << before) - 1)
    while rest:
        place = rest.bit_length() - 1
        rest ^= 1 << place
        yield place
