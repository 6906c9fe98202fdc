"""Everyday words and what guides call the same thing: 老屋推倒重盖 is looked for as 住宅, 改建, 建房 too.

The words stand in ``thesaurus.txt`` beside this module; an installation adds its own, dialect above all, in a file of
the same name and form in the data folder.
"""

import time
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from mingtang.lib.paths import data_dir
from mingtang.search.text import clean, fold

COMMON = Path(__file__).with_name("thesaurus.txt")
LOOK_EVERY = 1.0  # seconds
_LONGEST = 1_000_000  # bytes of a file that is read; the common one has 10,000


class Thesaurus:
    """Everyday words, each with the official ones. Of words that overlap in a question the first and longest counts."""

    def __init__(self, text: str) -> None:
        """Lines of ``everyday words = official words``; a line without both sides says nothing, the last one wins."""
        self._official: dict[str, tuple[str, ...]] = {}
        for line in fold(clean(text)).splitlines():
            everyday, _, official = line.partition("#")[0].partition("=")
            if words := tuple(dict.fromkeys(official.split())):
                self._official |= dict.fromkeys(everyday.split(), words)
        self._starting: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._official, key=len, reverse=True):
            self._starting[word[0]].append(word)

    def official(self, folded: str) -> list[tuple[str, ...]]:
        """For each everyday word in folded text the official words for it, one of which is enough."""
        found: list[str] = []
        at = 0
        while at < len(folded):
            word = next((word for word in self._starting.get(folded[at], ()) if folded.startswith(word, at)), "")
            found += [word] if word else []
            at += len(word) or 1
        return list(dict.fromkeys(self._official[word] for word in found))


_looked = float("-inf")
_words: Thesaurus | None = None


def current() -> Thesaurus:
    """The common words and the installation's own, as the files were at most ``LOOK_EVERY`` seconds ago."""
    global _looked, _words
    now = time.monotonic()
    if _words is None or now - _looked > LOOK_EVERY:
        own = data_dir() / COMMON.name
        try:
            state = own.stat()
            _words = _read(own, state.st_mtime_ns, state.st_size)
        except OSError:
            _words = _read(None, 0, 0)
        _looked = now
    return _words


@lru_cache(maxsize=2)
def _read(own: Path | None, changed: int, size: int) -> Thesaurus:
    text = COMMON.read_text(encoding="utf-8")
    if own is not None and size <= _LONGEST:
        text += "\n" + own.read_text(encoding="utf-8-sig", errors="replace")
    return Thesaurus(text)
