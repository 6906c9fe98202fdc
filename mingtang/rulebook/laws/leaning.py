"""What stands on a law, to be seen before the law is amended or recorded as gone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from mingtang.rulebook.laws.citing import citations, cited_articles, title_keys
from mingtang.rulebook.laws.resolve import Shelf, cited_as
from mingtang.rulebook.models import Item, ItemFacts, Law, Power, PowerBasis, Version
from mingtang.rulebook.powers.enums import PowerStatus
from mingtang.towns.models import Jurisdiction

Pair = tuple[str, str]
MOST_NAMED = 200


@dataclass(frozen=True)
class LeaningItem:
    """An item in force with its citations of the law, and the names of its fees that are charged by it."""

    item: Item
    cited: list[str]
    fees: list[str]


@dataclass(frozen=True)
class LeaningPower:
    power: Power
    cited: list[str]


@dataclass(frozen=True)
class Leaning:
    """Everything of a town that stands on a law, or on one article; by code. Of very many items the first are named."""

    items: list[LeaningItem] = field(default_factory=list)
    powers: list[LeaningPower] = field(default_factory=list)
    item_count: int = 0
    fee_count: int = 0

    def __bool__(self) -> bool:
        return bool(self.item_count or self.powers)


def leaning_on(law: Law, town: Jurisdiction, on: date, place: tuple[int, int] | None = None) -> Leaning:
    """What cites the law on a day, or from its first day on where that is to come; ``place``: one article, (条, 之几).

    What cited a version that has a newer one stands on the newer.
    """
    names = set(law.names())
    rows = ItemFacts.objects.filter(town=town, suspended=False).order_by("item__code")
    cited = {
        key: (pairs, bool(charges))
        for key, bases, charges in rows.values_list("item_id", "bases", "charges")
        if (pairs := [(title, said) for title, said in bases if _may_mean(names, title)])
    }
    basis = PowerBasis.objects.filter(power__town=town, power__status=PowerStatus.LISTED).select_related("power__unit")
    powers = [row for row in basis.order_by("power__code", "order") if _may_mean(names, row.law)]
    asked = {pair for pairs, _ in cited.values() for pair in pairs} | {(row.law, row.article) for row in powers}
    held = _held(law, town, max(on, law.effective_on), asked, place)
    found = {key: kept for key, (pairs, _) in cited.items() if (kept := _kept(pairs, held))}
    fees = _fees([key for key in found if cited[key][1]], held)
    named = list(found)[:MOST_NAMED]
    items = Item.objects.select_related("facts", "unit").in_bulk(named)
    return Leaning(
        [LeaningItem(items[key], found[key], fees.get(key, [])) for key in named],
        _powers(powers, held),
        len(found),
        sum(map(len, fees.values())),
    )


def _may_mean(names: set[str], title: str) -> bool:
    return not names.isdisjoint(title_keys(title))


def _held(law: Law, town: Jurisdiction, on: date, asked: set[Pair], place: tuple[int, int] | None) -> set[Pair]:
    """Those citations that really lead to this law: another version or a nearer paper may bear the same name."""
    shelf = Shelf.for_citations(town, asked)
    found = set()
    for pair in asked:
        answer = shelf.resolve(*pair, on)
        if answer.law is None or answer.law.pk != law.pk:
            continue
        if place is None or place in {(one.number, one.sub) for one in cited_articles(pair[1])}:
            found.add(pair)
    return found


def _kept(pairs: Iterable[Pair], held: set[Pair]) -> list[str]:
    return list(dict.fromkeys(cited_as(*pair) for pair in pairs if pair in held))


def _fees(charging: list[int], held: set[Pair]) -> dict[int, list[str]]:
    """Of items that charge something, the names of the fees whose basis is among the citations."""
    rows = Version.objects.filter(pk__in=Item.objects.filter(pk__in=charging).values("current")).defer("bpmn")
    return {
        version.item_id: [fee.name for fee in version.spec.fees if held.intersection(citations(fee.basis))]
        for version in rows
    }


def _powers(rows: list[PowerBasis], held: set[Pair]) -> list[LeaningPower]:
    found: dict[int, LeaningPower] = {}
    for row in rows:
        if (row.law, row.article) in held:
            found.setdefault(row.power_id, LeaningPower(row.power, [])).cited.append(cited_as(row.law, row.article))
    return list(found.values())
