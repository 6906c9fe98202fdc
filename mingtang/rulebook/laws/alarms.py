"""Items in force that stand on a basis that is gone."""

from dataclasses import dataclass
from datetime import date

from mingtang.rulebook.laws.resolve import Shelf, cited_as
from mingtang.rulebook.models import Item, ItemFacts, Law
from mingtang.towns.models import Jurisdiction

# A class of powers that ended as a whole in 2015: no item may bear its name any more.
ENDED_CLASS = "非行政许可审批"


@dataclass(frozen=True)
class Gone:
    """One basis of an item in force that is none on a day: the law, where we know it, and why (a sentence)."""

    item_id: int
    unit_id: int | None
    basis: str
    why: str
    law: Law | None = None


@dataclass(frozen=True)
class Alarm:
    """The same with the item, for whoever names it."""

    item: Item
    basis: str
    why: str
    law: Law | None = None


def gone_bases(town: Jurisdiction, on: date) -> list[Gone]:
    """The bases that are not in force on the day, and the items of a class that was ended; by item code."""
    rows = ItemFacts.objects.filter(town=town, suspended=False).order_by("item__code")
    standing = list(rows.values_list("item_id", "unit_id", "name", "power_type", "bases"))
    cited = {(title, article) for *_, bases in standing for title, article in bases}
    shelf = Shelf.for_citations(town, cited)
    answers = {pair: shelf.resolve(*pair, on) for pair in cited}
    gone = {pair: answer for pair, answer in answers.items() if not answer.holds}
    found = []
    for key, unit, name, power_type, bases in standing:
        if ENDED_CLASS in name or power_type == ENDED_CLASS:
            why = f"{ENDED_CLASS}这一类2015年起全部取消，这一事项应当清理。"
            found.append(Gone(key, unit, ENDED_CLASS, why))
        for pair in dict.fromkeys(map(tuple, bases)):
            if pair in gone:
                found.append(Gone(key, unit, cited_as(*pair), gone[pair].why, gone[pair].law))
    return found


def with_items(rows: list[Gone]) -> list[Alarm]:
    """The same rows, each with its item, the facts that name it and its unit."""
    items = Item.objects.select_related("facts", "unit").in_bulk({row.item_id for row in rows})
    return [Alarm(items[row.item_id], row.basis, row.why, row.law) for row in rows]


def alarms(town: Jurisdiction, on: date) -> list[Alarm]:
    """All of a town's, by item code."""
    return with_items(gone_bases(town, on))
