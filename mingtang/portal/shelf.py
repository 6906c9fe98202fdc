"""The items in force of a town as their list chooses among them: held in memory as bitmaps, read anew when any changed.

At 10,000 items the facets of a page cost some fifty divisions of whole numbers instead of a dozen groupings in SQL, and
a page deep in the list costs what the first does. What a page shows of its items it reads by their keys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from mingtang.lib.bitmaps import Bitmaps, bitmap, first, last
from mingtang.people.models import Unit
from mingtang.rulebook.enums import Served
from mingtang.rulebook.facts import charged
from mingtang.rulebook.models import ItemFacts
from mingtang.search.text import fold
from mingtang.towns.models import Jurisdiction

COLUMNS = (
    *("pk", "item__code", "unit__code", "name", "synonyms", "kind", "power_type", "served", "person_themes"),
    *("firm_themes", "charges", "visits", "online", "joint"),
)
_KEPT = 40  # towns held; a county has some twenty
_TWICE = 2
Chosen = Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """What a choice leaves: ``keys`` of the rows on one page, and the codes from which the pages beside it start."""

    total: int
    keys: list[int]
    before: str
    after: str


class Shelf:
    """A town's items by unit, then code. ``counts`` and ``page`` take what is chosen as facet → value."""

    def __init__(self, rows: Iterable[dict[str, Any]], units: dict[str, str], today: date) -> None:
        """Rows hold the columns ``COLUMNS``; ``units`` maps the codes of units to their names, in their order."""
        ranks = {code: rank for rank, code in enumerate(units)}
        rows = sorted(rows, key=lambda row: (ranks[row["unit__code"]], row["item__code"]))
        self.units = units
        self._keys = [row["pk"] for row in rows]
        self._codes = [row["item__code"] for row in rows]
        self._places = {code: place for place, code in enumerate(self._codes)}
        self._texts = [fold("\n".join((row["name"], *row["synonyms"], row["item__code"]))) for row in rows]
        self._bitmaps = Bitmaps(facets_of(row, today) for row in rows)

    @property
    def size(self) -> int:
        return self._bitmaps.size

    def matching(self, words: str) -> int:
        """The rows whose name, everyday name or code holds every one of the words, as a bitmap."""
        wanted, texts = fold(words).split(), self._texts
        if not wanted:
            return self._bitmaps.all
        return bitmap((n for n in range(self.size) if all(word in texts[n] for word in wanted)), self.size)

    def counts(self, chosen: Chosen, facet: str, within: int) -> dict[str, int]:
        """Value → count of a facet among the rows that fit all other choices: what choosing it instead would give."""
        return self._bitmaps.counts(facet, self._bitmaps.narrowed(chosen, within, without=facet))

    def page(self, chosen: Chosen, within: int, size: int, *, after: str = "", before: str = "") -> Found:
        """One page of what is chosen: behind the item ``after``, before the item ``before``, else the first.

        A code that is not in the list (any more) begins at the start.
        """
        bits = self._bitmaps.narrowed(chosen, within)
        if before in self._places:
            places = list(islice(last(bits, self._places[before]), size))[::-1]
        else:
            places = list(islice(first(bits, self._places.get(after, -1)), size))
        if not places:
            return Found(bits.bit_count(), [], "", "")
        return Found(
            total=bits.bit_count(),
            keys=[self._keys[place] for place in places],
            before=self._codes[places[0]] if any(True for _ in last(bits, places[0])) else "",
            after=self._codes[places[-1]] if any(True for _ in first(bits, places[-1])) else "",
        )


def facets_of(row: dict[str, Any], today: date) -> dict[str, list[str]]:
    """Facet → values of one item. The day decides which fees are charged."""
    served = row["served"]
    return {
        "kind": [row["kind"]],
        "type": [row["power_type"]],
        "served": ["person"] * (Served.PERSON in served) + ["firm"] * any(one != Served.PERSON for one in served),
        "unit": [row["unit__code"]],
        "theme": row["person_themes"],
        "trade": row["firm_themes"],
        "online": ["yes" if row["online"] else "no"],
        "fee": ["no" if charged(row["charges"], today) is None else "yes"],
        "visits": [str(min(row["visits"], _TWICE))],
        "joint": ["yes"] * row["joint"],
    }


_shelves: dict[int, tuple[object, Shelf]] = {}


def shelf(town: Jurisdiction) -> Shelf:
    """The items in force of a town now. Two small queries tell whether what is held is still true."""
    today = timezone.localdate()
    units = list(Unit.objects.filter(town=town).values_list("code", "name"))
    facts = ItemFacts.objects.filter(town=town)
    state = (today, units, *facts.aggregate(Count("pk"), Sum("pk")).values())
    held = _shelves.get(town.pk)
    if held is None or held[0] != state:
        held = state, Shelf(facts.values(*COLUMNS), dict(units), today)
        if len(_shelves) >= _KEPT:
            _shelves.clear()
        _shelves[town.pk] = held
    return held[1]
