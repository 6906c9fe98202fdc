"""The part of a passage that answers the query, with the matching places marked.

The engine's own snippets would show segmented text; these are cut from the text as it was written.
"""

import html
from collections.abc import Iterable

from mingtang.search.text import fold, fold_with_offsets

Segments = list[tuple[str, bool]]
SHOWN = 120  # characters of a snippet
_STOPS = "。；！？\n"


class Marker:
    """The terms of one query, ready to be looked for in many texts."""

    def __init__(self, wanted: list[str], runs: list[str]) -> None:
        self.terms = wanted
        self._runs = runs
        self._whole = {term for term in wanted if term.isascii()}

    def missing(self, texts: Iterable[str]) -> set[str]:
        """The terms that stand in none of the texts."""
        folded = "\n".join(fold(text) for text in texts)
        return {term for term in self.terms if term not in folded}

    def spans(self, text: str) -> tuple[list[tuple[int, int]], dict[str, list[int]]]:
        """Where the terms stand in ``text``: merged (start, end) pairs, and the places of each term found.

        A run of the query that stands in the text whole is marked only whole: 民法典 leaves 人民法院 alone.
        """
        folded, offsets = fold_with_offsets(text)
        runs = [run for run in self._runs if run in folded]
        present = [term for term in self.terms if term in folded]
        if runs:
            present = runs + [term for term in present if not any(term in run for run in runs)]
        places: dict[str, list[int]] = {}
        covered: list[tuple[int, int]] = []
        for term in present:
            start = folded.find(term)
            while start >= 0:
                end = start + len(term)
                if term not in self._whole or not _inside_word(folded, start, end):
                    first = offsets[start] if offsets else start
                    covered.append((first, (offsets[end - 1] if offsets else end - 1) + 1))
                    places.setdefault(term, []).append(first)
                start = folded.find(term, start + 1)
        return _merge(covered), places


def _inside_word(folded: str, start: int, end: int) -> bool:
    before = start > 0 and folded[start - 1].isascii() and folded[start - 1].isalnum()
    after = end < len(folded) and folded[end].isascii() and folded[end].isalnum()
    return before or after


def _merge(covered: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(covered):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def segments(text: str, marked: list[tuple[int, int]]) -> Segments:
    """``text`` in pieces, each with whether it matched; joined, the pieces are the text."""
    pieces: Segments = []
    position = 0
    for start, end in marked:
        if start > position:
            pieces.append((text[position:start], False))
        pieces.append((text[start:end], True))
        position = end
    if position < len(text):
        pieces.append((text[position:], False))
    return pieces


def title(text: str, marker: Marker) -> Segments:
    """A whole title, marked."""
    return segments(text, marker.spans(text)[0])


def excerpt(passage: str, marker: Marker) -> Segments:
    """About ``SHOWN`` characters around the place where most different terms stand together."""
    marked, places = marker.spans(passage)
    start = _best_start(passage, places)
    end = min(len(passage), start + SHOWN)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in marked if b > start and a < end]
    pieces = segments(passage[start:end].replace("\n", " "), inside)
    if start > 0:
        pieces.insert(0, ("…", False))
    if end < len(passage):
        pieces.append(("…", False))
    return pieces


def _best_start(passage: str, places: dict[str, list[int]]) -> int:
    """The start of the richest window, moved back to the beginning of its sentence where that is near."""
    if len(passage) <= SHOWN or not places:
        return 0
    events = sorted((place, term) for term, found in places.items() for place in found)
    best, richest, left, inside = 0, 0, 0, {}
    for place, term in events:
        inside[term] = inside.get(term, 0) + 1
        while events[left][0] < place - SHOWN + 20:
            leaving = events[left][1]
            inside[leaving] -= 1
            if not inside[leaving]:
                del inside[leaving]
            left += 1
        if len(inside) > richest:
            richest, best = len(inside), events[left][0]
    sentence = max(passage.rfind(stop, 0, best) for stop in _STOPS) + 1
    start = sentence if best - sentence <= SHOWN // 3 else best - 10
    return max(0, min(start, len(passage) - SHOWN))


def marked_html(pieces: Segments) -> str:
    """The pieces as safe HTML: text escaped, matches in ``<mark>``."""
    return "".join(f"<mark>{html.escape(text)}</mark>" if hit else html.escape(text) for text, hit in pieces)
