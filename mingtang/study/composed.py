"""A law page as it is read today: the town's words, the limit and its example, and what no longer holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingtang.lib.errors import Refused
from mingtang.rulebook.laws.resolve import Shelf
from mingtang.study import pages
from mingtang.study.bases import Standing, judge, shelf_for
from mingtang.study.limits import Worked, filled, limit, worked
from mingtang.study.models import PageEdition
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.packs import Rule


@dataclass(frozen=True)
class Shown:
    """A statement. With ``gone`` (sentences) it is not the law any more: no limit, no example, the old words apart."""

    head: str
    text: str
    bases: tuple[Standing, ...]
    gone: tuple[str, ...]
    example: Worked | None
    link: tuple[str, str] | None


@dataclass(frozen=True)
class LawPage:
    edition: PageEdition
    statements: tuple[Shown, ...]

    @property
    def gone(self) -> list[Shown]:
        return [one for one in self.statements if one.gone]


def _bases(editions: Iterable[PageEdition]) -> list[dict[str, Any]]:
    return [base for edition in editions for row in edition.statements for base in row["bases"]]


def compose(edition: PageEdition, on: date, shelf: Shelf | None = None) -> LawPage:
    """The page of an edition on a day."""
    shelf = shelf or shelf_for(edition.town, _bases([edition]))
    return LawPage(edition, tuple(_shown(row, edition.town, shelf, on) for row in edition.statements))


def _shown(row: dict[str, Any], town: Jurisdiction, shelf: Shelf, on: date) -> Shown:
    standing = judge(shelf, row["bases"], on)
    gone = [one.gone for one in standing if one.gone]
    found: Rule | None = None
    if row["rule"]:
        try:
            found = limit(row["rule"], on)
        except Refused as refusal:
            gone.append(refusal.message)
    return Shown(
        head=row["head"],
        text=filled(row["text"], found),
        bases=tuple(standing),
        gone=tuple(dict.fromkeys(gone)),
        example=worked(found, town, on) if found and not gone else None,
        link=(row["link_label"], row["link_url"]) if row["link_url"] else None,
    )


def every(town: Jurisdiction, on: date) -> list[LawPage]:
    """All pages of a town that are public, in the order of the subjects."""
    return _composed(town, list(pages.current(town).values()), on)


def _composed(town: Jurisdiction, editions: Collection[PageEdition], on: date) -> list[LawPage]:
    shelf = shelf_for(town, _bases(editions))
    return [compose(edition, on, shelf) for edition in editions]


def alarms(town: Jurisdiction, editions: Collection[PageEdition], on: date) -> list[LawPage]:
    """Of these the pages on which something stands that is not the law any more: restating them clears it."""
    return [page for page in _composed(town, editions, on) if page.gone]
