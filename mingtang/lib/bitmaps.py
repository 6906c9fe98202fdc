"""Choosing and counting many rows by bitmaps: one whole number per value, whose bits are the places of its rows.

Pure. A row's place is its number in a fixed order; bit ``n`` of a bitmap stands for the row at place ``n``.
"""

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
            for facet, values in row.items():
                for value in values:
                    bits = raw[facet][value]
                    bits.extend(bytes(max(0, (place >> 3) + 1 - len(bits))))
                    bits[place >> 3] |= 1 << (place & 7)
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
                bits &= self._bits.get(facet, {}).get(value, 0)
        return bits

    def counts(self, facet: str, within: int) -> dict[str, int]:
        """How many of some rows have each value of a facet; values without any are left out."""
        found = ((value, (bits & within).bit_count()) for value, bits in self._bits.get(facet, {}).items())
        return {value: count for value, count in found if count}


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
