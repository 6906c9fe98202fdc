"""From what was asked to the engine's query.

Names and questions are weighed differently: a short name is looked for in titles first, by bigrams and by single
characters (an abbreviation keeps characters, not bigrams); a question in the text. Words that only ask (怎么办) are not
looked for, and everyday words are looked for as the official ones too.
"""

import re
from dataclasses import dataclass

import tantivy

from mingtang.search import thesaurus
from mingtang.search.text import characters, code_key, code_keys, name_parts, terms

_TOO_LITTLE = 0.05  # a weight that hardly changes the order is left out; it would slow the search down
_COMMON = 1000  # passages under titles with a term
_OFFICIAL = 0.6  # what an official word counts beside the word that was typed
_TIE = 0.2  # what further official words for the same everyday word add
_ASKING = re.compile(
    r"怎么办理|怎么样|怎么[办弄搞]|怎么|怎样|咋[办弄样]|咋|如何|要什么手续|需要什么|带什么|什么|哪些|哪个|"
    r"[在去到]?哪[里儿]办?|[在去到]哪|是否|能否|可否|能不能|会不会|要不要|有没有|是不是|可不可以|"
    r"找谁|谁|多少钱?|多久|为何|请问|我[想要们]|想[要问]|[吗呢?]"
)

_MUST, _SHOULD = tantivy.Occur.Must, tantivy.Occur.Should
_Q = tantivy.Query


@dataclass(frozen=True)
class _Weights:
    title: float
    character: float
    body: float


_NAME = _Weights(1, 0.6, 0.5)
_QUESTION = _Weights(0.2, 0, 1)


def asked_for(folded: str) -> list[str]:
    """The distinct terms of a question without the words that only ask, or all of them when nothing else is there."""
    return list(dict.fromkeys(terms(_ASKING.sub(" ", folded)) or terms(folded)))


def name_share(folded: str) -> float:
    """How far a question is a name and not a sentence that asks: 1 for a short name, towards 0 for a sentence."""
    rest, asked = _ASKING.subn(" ", folded)
    return min(1.0, ((6 if asked else 16) / max(1, len(characters(rest)))) ** 3)


def weigh(folded: str) -> _Weights:
    """How much titles count: all for a short name, little for a sentence that asks (chosen on labelled queries)."""
    share = name_share(folded)
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
    clauses += [(_SHOULD, _official(layout, town, words, weights)) for words in thesaurus.current().official(folded)]
    single = list(dict.fromkeys(characters(folded)))
    if weights.character > _TOO_LITTLE and single and _scarce(searcher, town, wanted):
        clauses.append((_SHOULD, _characters(searcher, layout, town, single, weights.character)))
    exact = [(f"{town}:number\x1f{key}", 1000.0) for key in code_keys(folded)]
    exact.append((f"{town}:name\x1f{code_key(folded)}", 30.0))
    exact += [(f"{town}:name\x1f{part}", 5.0 + len(part)) for part in name_parts(folded)]
    for value, score in exact:
        if searcher.doc_freq("exact", value):  # a condition that matches nothing still slows the search down
            query = _Q.term_query(layout, "exact", value, index_option="basic")
            clauses.append((_SHOULD, _Q.const_score_query(query, score)))
    return _Q.boolean_query(clauses) if clauses else None


def _scarce(searcher: tantivy.Searcher, town: int, wanted: list[str]) -> bool:
    """Whether a term stands in few titles: where all are common, those that hold them whole are more than are shown."""
    return any(searcher.doc_freq("title", f"{town}:{term}") < _COMMON for term in wanted)


def _official(layout: tantivy.Schema, town: int, words: tuple[str, ...], weights: _Weights) -> tantivy.Query:
    """The official words for one everyday word, where they stand whole; the best of them counts, not their number."""
    choices = []
    for word in words:
        parts = list(dict.fromkeys(terms(word)))
        for name, weight in (("title", weights.title), ("body", weights.body)):
            whole = [(_MUST, _Q.term_query(layout, name, f"{town}:{part}", index_option="freq")) for part in parts]
            choices.append(_Q.boost_query(_Q.boolean_query(whole), weight * _OFFICIAL))
    return _Q.disjunction_max_query(choices, _TIE)


def _characters(
    searcher: tantivy.Searcher, layout: tantivy.Schema, town: int, single: list[str], weight: float
) -> tantivy.Query:
    """Single characters of titles, where half of the query's and at least two stand together: one alone says nothing
    (unless nothing else was asked)."""
    single = sorted(single, key=lambda character: searcher.doc_freq("character", f"{town}:{character}"))
    clauses = []
    for character in single:
        query = _Q.term_query(layout, "character", f"{town}:{character}", index_option="freq")
        clauses.append((_SHOULD, _Q.boost_query(query, weight)))
    together = min(len(single), max(2, (len(single) + 1) // 2))
    half = _Q.boolean_query(clauses, minimum_number_should_match=together)
    # Whatever holds so many holds one of the rarest: the frequent ones need not be gone through.
    rarest = _Q.boolean_query(clauses[: len(single) - together + 1])
    return _Q.boolean_query([(_MUST, _Q.const_score_query(rarest, 0.0)), (_MUST, half)])
