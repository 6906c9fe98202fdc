"""How many of the entries found have which facet value."""

import json
from collections import Counter, defaultdict

import tantivy

Facets = dict[str, list[tuple[str, int]]]
_VALUES = 200
_KEPT = 20_000


class FacetCounter:
    """Counts facet values of some hundred entries without reading them.

    Each entry carries one number for its whole combination of values. Combinations are few and repeat, so what a
    number stands for is read once and remembered.
    """

    def __init__(self) -> None:
        self._known: dict[int, list[list[str]]] = {}

    def count(self, searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress]) -> Facets:
        """Values of every facet among the entries (one passage of each is given), most frequent first."""
        numbers = searcher.fast_field_values("combination", addresses)
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        examples = dict(zip(numbers, addresses, strict=True))
        for number, times in Counter(numbers).items():
            values = self._known.get(number)
            if values is None:
                values = json.loads(bytes(searcher.doc(examples[number]).get_first("meta")))["facets"]
                if len(self._known) >= _KEPT:
                    self._known = {}
                self._known[number] = values
            for name, value in values:
                counted[name][value] += times
        return {name: _ordered(counted[name].items()) for name in sorted(counted)}


def count_all(searcher: tantivy.Searcher, heads: tantivy.Query) -> Facets:
    """The same over all entries whose heads a query matches, however many."""
    answer = searcher.aggregate(heads, {"facet": {"terms": {"field": "facet", "size": _VALUES}}})
    counted: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for bucket in answer["facet"]["buckets"]:
        name, _, value = bucket["key"].partition("\x1f")
        counted[name].append((value, bucket["doc_count"]))
    return {name: _ordered(counted[name]) for name in sorted(counted)}


def _ordered(counted) -> list[tuple[str, int]]:
    return sorted(counted, key=lambda pair: (-pair[1], pair[0]))
