"""Items in force that stand on a basis that is gone."""

from dataclasses import dataclass
from datetime import date

from mingtang.rulebook.laws.resolve import Shelf, cited_as
from mingtang.rulebook.models import Item, ItemFacts, Law
from mingtang.towns.models import Jurisdiction

# A class of powers that ended as a whole in 2015: no item may bear its name any more.
ENDED_CLASS = "非行政许可审批"


@dataclass(frozen=True)
class Alarm:
    """One item in force, the basis in question, and why it is none (a sentence); the law, where we know it."""

    item: Item
    basis: str
    why: str
    law: Law | None = None


def alarms(town: Jurisdiction, on: date) -> list[Alarm]:
    """The items whose basis is not in force on the day, or that belong to a class that was ended; by item code."""
    rows = ItemFacts.objects.filter(town=town, suspended=False).order_by("item__code")
    standing = list(rows.values_list("item_id", "name", "power_type", "bases"))
    cited = {(title, article) for *_, bases in standing for title, article in bases}
    shelf = Shelf.for_citations(town, cited)
    answers = {pair: shelf.resolve(*pair, on) for pair in cited}
    gone = {pair: answer for pair, answer in answers.items() if not answer.holds}
    found: list[tuple[int, str, str, Law | None]] = []
    for key, name, power_type, bases in standing:
        if ENDED_CLASS in name or power_type == ENDED_CLASS:
            why = f"{ENDED_CLASS}这一类2015年起全部取消，这一事项应当清理。"
            found.append((key, ENDED_CLASS, why, None))
        for title, article in dict.fromkeys(map(tuple, bases)):
            if (title, article) in gone:
                answer = gone[title, article]
                found.append((key, cited_as(title, article), answer.why, answer.law))
    items = Item.objects.select_related("facts", "unit").in_bulk({key for key, *_ in found})
    return [Alarm(items[key], *rest) for key, *rest in found]
