"""From what was asked to the engine's query.

Names and questions are weighed differently: a short name is looked for in titles first, by bigrams and by single
characters (an abbreviation keeps characters, not bigrams); a question in the text.
"""

import re
from dataclasses import dataclass

import tantivy

from mingtang.search.text import characters, code_key, code_keys, name_parts

_TOO_LITTLE = 0.05  # a weight that hardly changes the order is left out; it would slow the search down
_ASKING = re.compile(
    r"怎么办理|怎么样|怎么办|怎么|怎样|如何|什么|哪些|哪里|哪个|哪儿|是否|能否|可否|能不能|会不会|要不要|有没有|谁|多少|多久|为何|请问|我想|[吗呢?]"
)

_SHOULD = tantivy.Occur.Should
_Q = tantivy.Query


@dataclass(frozen=True)
class _Weights:
    title: float
    character: float
    body: float


_NAME = _Weights(1, 0.6, 0.5)
_QUESTION = _Weights(0.3, 0, 1)


def weigh(folded: str) -> _Weights:
    """How much titles count: all for a short name, little for a sentence that asks (chosen on labelled queries)."""
    rest, asked = _ASKING.subn(" ", folded)
    length = len(characters(rest))
    share = min(1.0, ((6 if asked else 16) / max(1, length)) ** 3)
    return _Weights(*(low + (high - low) * share for low, high in zip(_flat(_QUESTION), _flat(_NAME), strict=True)))


def _flat(weights: _Weights) -> tuple[float, float, float]:
    return weights.title, weights.character, weights.body


def condition(layout: tantivy.Schema, name: str, value: str) -> tantivy.Query:
    """A condition that narrows but does not score."""
    return _Q.const_score_query(_Q.term_query(layout, name, value, index_option="basic"), 0.0)


def matching(
    searcher: tantivy.Searcher, layout: tantivy.Schema, town: int, folded: str, wanted: list[str]
) -> tantivy.Query | None:
    """The scoring query: every term one alternative, in title and text; known numbers and names far ahead."""
    weights = weigh(folded)
    clauses = []
    for name, weight in (("title", weights.title), ("body", weights.body)):
        for term in wanted:
            query = _Q.term_query(layout, name, f"{town}:{term}", index_option="freq")
            clauses.append((_SHOULD, query if weight == 1 else _Q.boost_query(query, weight)))
    single = list(dict.fromkeys(characters(folded)))
    if weights.character > _TOO_LITTLE and single:
        clauses.append((_SHOULD, _characters(layout, town, single, weights.character)))
    exact = [(f"{town}:number\x1f{key}", 1000.0) for key in code_keys(folded)]
    exact.append((f"{town}:name\x1f{code_key(folded)}", 30.0))
    exact += [(f"{town}:name\x1f{part}", 5.0 + len(part)) for part in name_parts(folded)]
    for value, score in exact:
        if searcher.doc_freq("exact", value):  # a condition that matches nothing still slows the search down
            query = _Q.term_query(layout, "exact", value, index_option="basic")
            clauses.append((_SHOULD, _Q.const_score_query(query, score)))
    return _Q.boolean_query(clauses) if clauses else None


def _characters(layout: tantivy.Schema, town: int, single: list[str], weight: float) -> tantivy.Query:
    """Single characters of titles, where half of the query's and at least two stand together: one alone says nothing
    (unless nothing else was asked)."""
    clauses = []
    for character in single:
        query = _Q.term_query(layout, "character", f"{town}:{character}", index_option="freq")
        clauses.append((_SHOULD, _Q.boost_query(query, weight)))
    together = min(len(single), max(2, (len(single) + 1) // 2))
    return _Q.boolean_query(clauses, minimum_number_should_match=together)
