"""内容概述 of a document (信息公开条例 12): its first sentence that says something. Pure; shown, never stored."""

import re

LONGEST = 80
# Enough of a text to find that sentence in.
LOOKED_AT = 600
# What stands before the text: whom it is addressed to, what it is numbered, headings.
_ADDRESSED = re.compile(r"^[^。；！？]{1,80}[:：]$")
_NUMBER = re.compile(r"^\S{1,15}〔\d{4}〕\s*\d+\s*号$")
_HEADING = re.compile(
    r"^(第?[一二三四五六七八九十]+[、章节条]|（[一二三四五六七八九十]+）|\d+[.．、])[^。；！？]{0,30}$"
)
_END = re.compile(r"(?<=[。！？；])")


def summary(text: str, title: str) -> str:
    """At most ``LONGEST`` characters, cut with …; empty for a text that says nothing before its tables."""
    for line in (line.strip() for line in text[:LOOKED_AT].splitlines()):
        if len(line) < 6 or line == title or _ADDRESSED.match(line) or _NUMBER.match(line) or _HEADING.match(line):
            continue
        said = ""
        for sentence in _END.split(line):
            if said and len(said) + len(sentence) > LONGEST:
                break
            said += sentence
        return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
    return ""
