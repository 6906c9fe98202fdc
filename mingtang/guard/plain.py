"""A second reading of the text, character for character: tricks of width undone, positions unchanged."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache

from mingtang.lib.text import INVISIBLE

#: Stands for every character that shows nothing; a number may be split by it and still be read as one.
GHOST = "\x00"
DASH = "-"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u00ad\u2043"
_STARS = "★☆⭐✩✪✫✬✭✮✯✰⋆✦✧⚝🌟⛤"
_SPACES = "\t\u00a0\u3000\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3164"


@cache
def _table() -> dict[int, str]:
    table = {
        code: str(unicodedata.decimal(chr(code)))
        for code in range(0x80, 0x20000)
        if unicodedata.category(chr(code)) == "Nd"
    }
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code not in table}
    table |= {ord(char): " " for char in _SPACES}
    table |= {ord(char): DASH for char in _DASHES}
    table |= {ord(char): "★" for char in _STARS}
    table |= {ord(char): GHOST for char in INVISIBLE}
    # Also what only changes the character before it, and letters that show nothing.
    table |= {
        code: GHOST
        for code in (*range(0x80, 0x20000), *range(0xE0000, 0xE01F0))
        if unicodedata.category(chr(code)) in ("Cf", "Mn", "Me")
    }
    table |= dict.fromkeys((0x115F, 0x1160, 0xFFA0), GHOST)
    table |= {ord("×"): "x", ord("Ⅹ"): "X", ord("ⅹ"): "x", ord("Х"): "X", ord("х"): "x", ord("Χ"): "X"}
    table |= {ord("絕"): "绝", ord("機"): "机", ord("祕"): "秘"}
    table |= {ord("○"): "0", ord("〇"): "0", ord("\r"): "\n", ord("\u2028"): "\n", ord("\u2029"): "\n"}
    table |= {ord("\x0b"): "\n", ord("\x0c"): "\n", ord("\x85"): "\n"}
    return table


def plain(text: str) -> str:
    """The text with digits, letters, dashes, stars and spaces in one form; every position stays what it was."""
    return text.translate(_table())


class Lines:
    """Which line a position lies on, from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        at = text.find("\n")
        while at != -1:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def number(self, position: int) -> int:
        return bisect_right(self._starts, position)


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words as they are read, the longest first; nothing when there are none."""
    read = sorted({plain(word) for word in words if word}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, read)) or r"(?!)")


def corrections(words: Mapping[str, str]) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for wrong words and what is right for each that it finds."""
    return any_of(words), {plain(wrong): right for wrong, right in words.items()}
