"""The subjects of the law pages and the words a town begins from, as data."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mingtang.rulebook.laws.citing import citations

PACK = Path(__file__).parent / "subjects.toml"
Cited = tuple[str, str]


@dataclass(frozen=True)
class Statement:
    """One thing a resident may ask or expect. ``cites``: title and article; ``rule`` names a limit of
    ``workdays.packs``, whose article is cited by itself; the link is the one thing to do next."""

    head: str
    text: str
    cites: tuple[Cited, ...] = ()
    rule: str = ""
    link_label: str = ""
    link_url: str = ""


@dataclass(frozen=True)
class Words:
    """The page of a subject as somebody writes it."""

    title: str
    lead: str
    statements: tuple[Statement, ...]


@cache
def subjects() -> dict[str, Words]:
    """The starting texts by code, in their order."""
    rows = tomllib.loads(PACK.read_text(encoding="utf-8"))["subject"]
    return {row["code"]: Words(row["title"], row["lead"], tuple(map(_statement, row["statement"]))) for row in rows}


def _statement(row: dict) -> Statement:
    cites = tuple(pair for line in row["cites"] for pair in citations(line))
    return Statement(**(row | {"cites": cites}))
