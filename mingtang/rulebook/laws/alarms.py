"""Items in force that stand on a basis that is gone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.laws.resolve import Shelf, bases_of
from mingtang.rulebook.models import Item, Version
from mingtang.towns.models import Jurisdiction

# A class of powers that ended as a whole in 2015: no item may bear its name any more.
ENDED_CLASS = "非行政许可审批"


@dataclass(frozen=True)
class Alarm:
    """One item, its version in force, the basis in question, and why it is none (a sentence)."""

    item: Item
    version: Version
    basis: str
    why: str


def _standing(town: Jurisdiction) -> Iterator[Version]:
    rows = Version.objects.filter(item__town=town, item__current__state=VersionState.IN_FORCE)
    rows = rows.filter(state=VersionState.IN_FORCE).select_related("item__unit").order_by("item__code")
    return rows.defer("bpmn").iterator(chunk_size=500)


def alarms(town: Jurisdiction, on: date) -> list[Alarm]:
    """The items whose basis is not in force on the day, or that belong to a class that was ended; by item code."""
    standing = [(version, bases_of(version.spec)) for version in _standing(town)]
    cited = {(basis.title, basis.article) for _, bases in standing for basis in bases}
    shelf = Shelf.for_citations(town, cited)
    answers = {pair: shelf.resolve(*pair, on) for pair in cited}
    found = []
    for version, bases in standing:
        if ENDED_CLASS in version.name or version.spec.power_type == ENDED_CLASS:
            why = f"{ENDED_CLASS}这一类2015年起全部取消，这一事项应当清理。"
            found.append(Alarm(version.item, version, ENDED_CLASS, why))
        for basis in bases:
            answer = answers[basis.title, basis.article]
            if not answer.holds:
                found.append(Alarm(version.item, version, str(basis), answer.why))
    return found
