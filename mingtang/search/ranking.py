"""From a query to ranked entries: passages are searched, entries are answered.

An entry's passages are pooled by their squares, each next one counting less: one that answers outweighs many that only
touch the matter, and yet what answers a sentence may be spread over a text, while a name stands in one place. On lay
questions over laws the best passage alone has a recall@10 of .84 and an MRR@10 of .60, pooled .89 and .67. How a
question is asked of the engine: ``asking``.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import sqrt
from typing import Any

import tantivy

from mingtang.search import snippets
from mingtang.search.asking import asked_for, condition, matching, name_share
from mingtang.search.entries import moments, scope, shown
from mingtang.search.facets import FacetCounter, count_all
from mingtang.search.suggest import LONGEST_MISSPELT, Suggester
from mingtang.search.text import QUERY_CHARS, clean, fold, terms

WINDOW = 200  # passages that are looked at; totals and facets count the entries among them
MAX_SIZE = 50
_POOLED = 10  # passages of an entry that count
_NEXT_FOR_NAME, _NEXT_FOR_QUESTION = 0.25, 0.9  # what each next passage counts of the one before
_ENOUGH = 50  # entries that one window should hold; a few long documents must not fill it alone
_NEWEST_DEPTH = 10_000
_A_NAME = 0.5  # from this share on a question is compared with the names of what was found
_COMPARED = 20  # candidates whose names are read
_WHOLE = 12  # characters of a query that may be meant as one name

Days = tuple[date | None, date | None]
_MUST, _NOT = tantivy.Occur.Must, tantivy.Occur.MustNot
_Q = tantivy.Query


@dataclass(frozen=True)
class Hit:
    """One entry found, with its best passage. What is marked is worked out when a page asks for it.

    Segments are (text, matched) pairs; the ``_html`` forms are escaped, with ``<mark>`` around matches.
    """

    key: str
    kind: str
    source_id: str
    title: str
    url: str
    date: str | None
    score: float
    passage: str
    marker: snippets.Marker = field(repr=False, compare=False)

    @cached_property
    def title_segments(self) -> snippets.Segments:
        return snippets.title(self.title, self.marker)

    @cached_property
    def snippet_segments(self) -> snippets.Segments:
        return snippets.excerpt(self.passage, self.marker)

    @property
    def title_html(self) -> str:
        return snippets.marked_html(self.title_segments)

    @property
    def snippet_html(self) -> str:
        return snippets.marked_html(self.snippet_segments)

    @property
    def snippet(self) -> str:
        return "".join(text for text, _ in self.snippet_segments)


@dataclass(frozen=True)
class Results:
    """One page of an answer. ``total`` and ``facets`` count entries in the candidate window; ``total_capped`` says
    that there are more beyond it. ``facets`` maps a name (``kind`` among them) to (value, count), most frequent first.
    """

    total: int = 0
    total_capped: bool = False
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    suggestion: str | None = None


def run(
    searcher: tantivy.Searcher,
    layout: tantivy.Schema,
    suggester: Suggester,
    counter: FacetCounter,
    town: int,
    q: str,
    filters: dict[str, str],
    days: Days,
    page: int,
    size: int,
) -> Results:
    """Answer ``q`` for one town. Any string is text, never syntax and never an error; only its first
    ``QUERY_CHARS`` characters count. ``page`` from 1, ``size`` 1 to ``MAX_SIZE``; a page past the window is empty.
    ``days`` are the first and the last, each may be left open.
    """
    size = min(max(1, size), MAX_SIZE)
    first = (max(1, page) - 1) * size
    folded = fold(clean(q)[:QUERY_CHARS]).strip()[:QUERY_CHARS]
    narrow = [condition(layout, "within", scope(town, name, value)) for name, value in filters.items()]
    if any(days):
        between = _Q.range_query(layout, "moment", tantivy.FieldType.Unsigned, *moments(*days))
        narrow.append(_Q.const_score_query(between, 0.0))
    if not folded:
        return _newest(searcher, layout, town, narrow, first, size)
    wanted = asked_for(folded)
    query = matching(searcher, layout, town, folded, wanted)
    if query is None:
        return Results()
    share = name_share(folded)
    scores, best, capped = _candidates(searcher, layout, query, narrow, share)
    read: dict[int, dict[str, Any]] = {}
    if share > _A_NAME:
        read = _favour_likeness(searcher, scores, best, set(wanted), share)
    ranked = sorted(scores, key=lambda number: (-scores[number], number))
    marker = snippets.Marker(wanted, [run for run in folded.split() if 2 < len(run) <= _WHOLE])
    hits = [
        _hit(read.get(number) or shown(searcher, best[number]), scores[number], marker)
        for number in ranked[first : first + size]
    ]
    return Results(
        total=len(ranked),
        total_capped=capped,
        hits=hits,
        facets=counter.count(searcher, [best[number] for number in ranked]),
        suggestion=_suggestion(searcher, suggester, town, folded, hits, marker) if first == 0 else None,
    )


def _suggestion(
    searcher: tantivy.Searcher, suggester: Suggester, town: int, folded: str, hits: list[Hit], marker: snippets.Marker
) -> str | None:
    """A better spelling, when not even the entry that answers most of the query answers all of it."""
    if len(folded) > LONGEST_MISSPELT:
        return None
    missing = set(marker.terms)
    for hit in hits[:3]:
        missing = min(missing, marker.missing((hit.title, hit.passage)), key=len)
        if not missing:
            return None
    return suggester.suggest(searcher, town, folded, missing)


def _candidates(
    searcher: tantivy.Searcher, layout: tantivy.Schema, query: tantivy.Query, narrow: list[tantivy.Query], share: float
) -> tuple[dict[int, float], dict[int, tantivy.DocAddress], bool]:
    """Scores and best passages of the entries in the window, and whether the window left any out. ``share``: how far
    the question is a name.

    A title that answers repeats in every passage of a long document; when such documents fill the window, it is
    searched again without them.
    """
    by_entry: dict[int, list[float]] = {}
    best: dict[int, tantivy.DocAddress] = {}
    full = False
    for _ in range(3):
        crowding = [number for number, found in by_entry.items() if len(found) > 2]
        limits = [(_MUST, query)] + [(_MUST, condition) for condition in narrow]
        if crowding:
            limits.append((_NOT, _Q.term_set_query(layout, "doc", crowding)))
        hits = searcher.search(_Q.boolean_query(limits) if len(limits) > 1 else query, WINDOW, count=False).hits
        addresses = [address for _, address in hits]
        fresh: dict[int, list[float]] = {}
        for (score, address), number in zip(hits, searcher.fast_field_values("doc", addresses), strict=True):
            if number in fresh:
                fresh[number].append(score)
            else:
                fresh[number] = [score]
                best[number] = address
        by_entry |= fresh  # entries of the window before that were not left out come again, with all they had
        full = len(hits) == WINDOW
        if not full or len(by_entry) >= _ENOUGH:
            break
    step = _NEXT_FOR_QUESTION + (_NEXT_FOR_NAME - _NEXT_FOR_QUESTION) * share
    parts = [step**place for place in range(_POOLED)]
    scores = {
        number: sqrt(sum(part * score * score for part, score in zip(parts, found, strict=False)))
        if len(found) > 1
        else found[0]
        for number, found in by_entry.items()
    }
    return scores, best, full


def _favour_likeness(
    searcher: tantivy.Searcher,
    scores: dict[int, float],
    best: dict[int, tantivy.DocAddress],
    wanted: set[str],
    share: float,
) -> dict[int, dict[str, Any]]:
    """Raise the best candidates by how like the question one of their names is, up to twofold: of two items that hold
    all words of a short question, the one that is called just that comes first. Returns what was read of them."""
    read = {}
    for number in sorted(scores, key=lambda number: (-scores[number], number))[:_COMPARED]:
        kept = read[number] = shown(searcher, best[number])
        names = [set(terms(fold(name))) for name in (kept["title"], *kept["synonyms"])]
        scores[number] *= 1 + share * max(len(name & wanted) / (len(name | wanted) or 1) for name in names)
    return read


def _hit(kept: dict[str, Any], score: float, marker: snippets.Marker) -> Hit:
    return Hit(
        key=kept["key"],
        kind=kept["kind"],
        source_id=kept["source_id"],
        title=kept["title"],
        url=kept["url"],
        date=kept["date"],
        score=round(score, 4),
        passage=kept["text"],
        marker=marker,
    )


def _newest(
    searcher: tantivy.Searcher,
    layout: tantivy.Schema,
    town: int,
    narrow: list[tantivy.Query],
    first: int,
    size: int,
) -> Results:
    """Entries by date, the newest first; here total and facets count all of them."""
    conditions = [condition(layout, "head", f"{town}:"), *narrow]
    query = _Q.boolean_query([(_MUST, condition) for condition in conditions])
    offset = min(first, _NEWEST_DEPTH)
    found = searcher.search(query, size, count=True, order_by_field="moment", offset=offset)
    marker = snippets.Marker([], [])
    addresses = [address for _, address in found.hits] if first < _NEWEST_DEPTH else []
    return Results(
        total=found.count,
        hits=[_hit(shown(searcher, address), 0.0, marker) for address in addresses],
        facets=count_all(searcher, query),
    )
