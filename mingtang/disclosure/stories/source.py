"""What a claim can be taken from: a page of this site, as it stands now, with version, hash and figures.

Each room that has such pages registers how they are found, by the form of their address. Nothing that is not public is
found as a source: it is named as what it is (``public``), so that a person can be told which it was.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

from mingtang.towns.models import Jurisdiction


def nothing() -> str:
    return ""


@dataclass(frozen=True)
class Source:
    """``version`` and ``sha256`` name what stands at ``address`` since ``on``; ``became`` says how it came to stand so
    (更正为第 2 版, 废止, 撤下), for a sentence about what stood there before. ``subject`` is the key of its pages.

    ``words`` reads all its text, in which the figures of a claim are looked for. What is ``moving`` counts on and keeps
    no versions: its words stay with the claim as they were, and it is never told to have changed. What ``ended`` did so
    on the day that was told from the beginning: no story has to be corrected for it. ``title`` is empty where even that
    may not be shown.
    """

    address: str
    subject: str
    title: str
    version: str
    sha256: str
    on: date
    became: str = ""
    public: bool = True
    moving: bool = False
    ended: bool = False
    words: Callable[[], str] = nothing


# Takes the parts of the addresses that its pattern found, by address, and gives what stands there.
Finder = Callable[[Jurisdiction, Mapping[str, re.Match[str]]], Mapping[str, Source]]
_finders: list[tuple[re.Pattern[str], Finder]] = []
LONGEST = 200
_PLACE = re.compile(r"(?:slot|asked|article)-[0-9-]+")


def source(pattern: str) -> Callable[[Finder], Finder]:
    """Register a finder for the addresses that fit."""

    def register(finder: Finder) -> Finder:
        _finders.append((re.compile(pattern), finder))
        return finder

    return register


def address_of(town: Jurisdiction, typed: str) -> str:
    """An address as people paste it, as it is kept: the path, with the place on its page where that is a source of its
    own; empty for one of another site."""
    try:
        parts = urlsplit(typed.strip()[: 2 * LONGEST])
    except ValueError:
        return ""
    if parts.netloc and parts.netloc != urlsplit(town.base_url).netloc:
        return ""
    return unquote(parts.path).rstrip("/") + (f"#{parts.fragment}" if _PLACE.fullmatch(parts.fragment) else "")


def find(town: Jurisdiction, addresses: Iterable[str]) -> dict[str, Source]:
    """What stands at each address now; those that lead nowhere are left out. A query or two for each kind of page."""
    found: dict[str, Source] = {}
    wanted = dict.fromkeys(addresses)
    for pattern, finder in _finders:
        fitting = {one: match for one in wanted if (match := pattern.fullmatch(one))}
        if fitting:
            found |= finder(town, fitting)
    return found
