"""Four Chinese words for a root: short enough to compare by eye or over the telephone. Pure.

The list `words.txt` holds 2,048 common single characters, sorted by code point, one a line; it never changes, since
words once printed on paper must stay true.
"""

from functools import cache
from pathlib import Path

COUNT = 4
_BITS = 11


@cache
def word_list() -> tuple[str, ...]:
    """The 2,048 words in the order that gives them their numbers."""
    return tuple(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())


def words_of(root: bytes) -> str:
    """The words of a root: its first 44 bits, 11 for each word, joined by spaces (``稻 桥 春 印``)."""
    bits = int.from_bytes(root[:6], "big") >> 48 - COUNT * _BITS
    numbers = [bits >> _BITS * place & 2**_BITS - 1 for place in reversed(range(COUNT))]
    return " ".join(word_list()[number] for number in numbers)
