"""您是不是要找: what a misspelt query probably meant, from the town's own words.

Most mistakes in Chinese typing are the right sound in the wrong characters, so words are compared by their pinyin.
"""

import os
import threading
import time
from functools import lru_cache

import tantivy

from mingtang.search.text import is_cjk, terms

_WORDS = 30_000  # most frequent words of a town that are kept
_TOWNS = 4  # vocabularies kept at once: about 5 MB each at most
_FRESH = 300  # seconds a vocabulary may lag behind its index: new words are rarely the ones misspelt
_LONGEST = 12  # characters of a query that may be one misspelt word
LONGEST_MISSPELT = 24  # characters of a query in which a misspelt part is looked for


@lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    # Without its phrase table pypinyin takes 14 MB instead of 57. Words and queries are read by the same single
    # readings, so a rare reading of 行 or 长 does no harm.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(character)[0])


def sound(text: str) -> str:
    """Pinyin without tones or spaces; letters and digits stay as they are."""
    return "".join(_sound(c) if c > "\u2e7f" else c for c in text)


class Vocabulary:
    """The words of one town, most frequent first, by their sound."""

    def __init__(self, counted: list[tuple[str, int]]) -> None:
        self.words: dict[str, int] = dict(sorted(counted, key=lambda pair: (-pair[1], pair[0]))[:_WORDS])
        self.by_sound: dict[str, list[str]] = {}
        for word in self.words:
            self.by_sound.setdefault(sound(word), []).append(word)
        self.sounds = list(self.by_sound)

    def nearest(self, typed: str) -> str | None:
        """The word that ``typed`` most likely meant: equal sound first, else at most two letters apart."""
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        heard = sound(typed)
        if exact := self.by_sound.get(heard):
            return self._likeliest(typed, exact)
        allowed = 0 if len(heard) < 4 else 1 if len(heard) < 6 else 2
        near = process.extract(heard, self.sounds, scorer=Levenshtein.distance, limit=20, score_cutoff=allowed)
        certain = {c for c in typed if is_cjk(c)}  # characters that were chosen, not heard
        found = [
            (distance - 2 * len(certain & set(word)), distance, -self.words[word], word)
            for key, distance, _ in near
            for word in self.by_sound[key]
            if allowed and (not certain or certain & set(word))
        ]
        return min(found)[3] if found else None

    def like(self, part: str) -> str | None:
        """The likeliest other word of equal sound and length; ``None`` for a word of its own right."""
        if part in self.words:
            return None
        alike = [word for word in self.by_sound.get(sound(part), ()) if len(word) == len(part)]
        return self._likeliest(part, alike) if alike else None

    def _likeliest(self, typed: str, words: list[str]) -> str:
        kept = set(typed)
        return min(
            words, key=lambda word: (-len(kept & set(word)), abs(len(word) - len(typed)), -self.words[word], word)
        )


class Suggester:
    """Vocabularies of an index, made from its term dictionary when first needed."""

    def __init__(self, layout: tantivy.Schema) -> None:
        self._layout = layout
        self._guard = threading.Lock()
        self._kept: dict[int, tuple[float, Vocabulary]] = {}

    def suggest(self, searcher: tantivy.Searcher, town: int, folded: str, missing: set[str]) -> str | None:
        """A better spelling of a query, or ``None``; ``missing`` are its terms that no entry found on top holds."""
        typed = "".join(folded.split())
        if not missing or not 2 <= len(typed) <= LONGEST_MISSPELT:
            return None
        vocabulary = self.vocabulary(searcher, town)
        if typed in vocabulary.words:
            return None
        meant = vocabulary.nearest(typed) if len(typed) <= _LONGEST else None
        if meant and self._findable(searcher, town, meant):
            return meant
        return self._part(searcher, town, typed, vocabulary, missing)

    def _part(
        self, searcher: tantivy.Searcher, town: int, typed: str, vocabulary: Vocabulary, missing: set[str]
    ) -> str | None:
        """The query with one part replaced by a word of equal sound, where the characters typed were not found.

        Words of two characters sound alike too often: there the pair must stand in no text at all.
        """
        for at in range(len(typed) - 1):
            gap = typed[at : at + 2]
            if gap not in missing or not is_cjk(gap):
                continue
            for length in (4, 3, 2):
                if length == 2 and self._known(searcher, town, gap):
                    continue
                for start in range(max(0, at + 2 - length), min(at, len(typed) - length) + 1):
                    word = vocabulary.like(typed[start : start + length])
                    if word and self._findable(searcher, town, word):
                        return typed[:start] + word + typed[start + length :]
        return None

    def _known(self, searcher: tantivy.Searcher, town: int, term: str) -> bool:
        return any(searcher.doc_freq(name, f"{town}:{term}") for name in ("body", "title"))

    def _findable(self, searcher: tantivy.Searcher, town: int, word: str) -> bool:
        """Whether some entry still holds the word: words of a withdrawn one linger in the term dictionary."""
        query = tantivy.Query
        needed = []
        for term in terms(word):
            places = [
                (tantivy.Occur.Should, query.term_query(self._layout, name, f"{town}:{term}", index_option="freq"))
                for name in ("title", "body")
            ]
            needed.append((tantivy.Occur.Must, query.boolean_query(places)))
        return bool(needed and searcher.search(query.boolean_query(needed), 1, count=False).hits)

    def vocabulary(self, searcher: tantivy.Searcher, town: int) -> Vocabulary:
        """The words of one town; another town's never show."""
        with self._guard:
            made, kept = self._kept.get(town, (0.0, None))
            if kept is None or time.monotonic() - made > _FRESH:
                prefix = f"{town}:"
                counted = searcher.terms_with_prefix("word", prefix)
                kept = Vocabulary([(term[len(prefix) :], count) for term, count in counted])
                self._kept.pop(town, None)
                self._kept[town] = (time.monotonic(), kept)
                while len(self._kept) > _TOWNS:
                    self._kept.pop(next(iter(self._kept)))
            return kept
