"""Guard: what must not get out. Pure: text in, findings out; the calling room decides what a finding stops.

Blocks: secret marks as they stand on a paper, resident IDs, mobile numbers, bank cards, what a table tells of a named
person, fixed phrases of politics written wrong. Warns: bare words of secrecy, internal papers, a person named with an
illness or a home, names that look wrong, a list shorter than promised, dates that cannot be, numbers of papers out of
form, vague wording, half-width punctuation, slips. Of the parts of a file also what should not be there at all: the
place of a photo, comments and tracked changes (block), names in its properties, hidden sheets and rows (warn).
Time grows with the length of the text and no faster.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from mingtang.guard.counts import find_counts
from mingtang.guard.dates import find_dates, find_paper_numbers
from mingtang.guard.findings import NEVER_WAIVED, Finding, to_waive
from mingtang.guard.leftovers import find_leftovers
from mingtang.guard.links import Link, links
from mingtang.guard.lists import NONE, Lists, lists_of
from mingtang.guard.marks import find_marks
from mingtang.guard.numbers import find_numbers, find_turned
from mingtang.guard.persons import find_persons
from mingtang.guard.phrases import find_phrases
from mingtang.guard.plain import GHOST, Lines, plain
from mingtang.guard.proposals import Proposal, accepted, proposals
from mingtang.guard.tables import find_tables
from mingtang.guard.wording import find_wording
from mingtang.lib.text import CHINA

__all__ = [
    "NEVER_WAIVED",
    "Finding",
    "Link",
    "Lists",
    "Proposal",
    "accepted",
    "blocked",
    "check",
    "check_many",
    "check_numbers",
    "links",
    "lists_of",
    "proposals",
    "to_waive",
]

TITLE = "标题"


def check(text: str, title: str = "", *, today: date | None = None, lists: Lists = NONE) -> list[Finding]:
    """Everything to mend in a text and its title, blocks first, then in order of place.

    Findings in the title carry ``part`` 标题 and count characters of the title. ``today`` (default: today in China)
    bounds the births a resident ID may state; ``lists`` are the town's own words. At most ``MOST`` findings of one kind
    and level are listed.
    """
    day = today or datetime.now(CHINA).date()
    found = [replace(finding, part=TITLE, message=f"{TITLE}：{finding.message}") for finding in _of(title, day, lists)]
    found += _of(text, day, lists)
    found.sort(key=lambda finding: not finding.blocks)
    return found


def check_many(parts: Iterable[tuple[str, str]], *, today: date | None = None, lists: Lists = NONE) -> list[Finding]:
    """``check`` for several texts, each with the label its findings carry as ``part`` and their sentence begins with.

    Of a part of a file the label says where it stands (附件“名单.docx”的批注); some should not be there at all.
    """
    day = today or datetime.now(CHINA).date()
    found = [
        named
        for label, text in parts
        for named in _named(label, (*find_leftovers(label, text), *_of(text, day, lists)))
    ]
    found.sort(key=lambda finding: not finding.blocks)
    return found


def check_numbers(label: str, text: str, *, today: date | None = None) -> list[Finding]:
    """Only the numbers that ``check_many`` finds in one part, for where no sentence stands: an address, a serial."""
    reading = plain(text)
    return list(_named(label, find_numbers(reading, Lines(reading), today or datetime.now(CHINA).date())))


def _named(label: str, found: Iterable[Finding]) -> Iterator[Finding]:
    for finding in found:
        yield replace(finding, part=label, message=f"{label}：{finding.message}" if label else finding.message)


def blocked(findings: Iterable[Finding]) -> bool:
    """Whether any of them forbids publication."""
    return any(finding.blocks for finding in findings)


def _of(text: str, today: date, lists: Lists) -> list[Finding]:
    if not text:
        return []
    reading = plain(text)
    lines = Lines(reading)
    # What the town allows is read as nothing by the checks of words.
    words = lists.allowed_words.sub(lambda allowed: GHOST * len(allowed.group()), reading)
    found = [
        *find_marks(text, reading, lines),
        *find_numbers(reading, lines, today),
        *find_turned(text, lines, today),
        *find_tables(text, lines, today),
        *find_persons(reading, lines),
        *find_phrases(words, lines, lists, today),
        *find_counts(words, lines),
        *find_dates(words, lines),
        *find_paper_numbers(words, lines),
        *find_wording(text, words, lines, lists),
    ]
    found.sort(key=lambda finding: finding.where)
    return found
