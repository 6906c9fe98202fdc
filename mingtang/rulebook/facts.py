"""The facts of the items that stand: a projection of their versions, written by the acts that change which one stands.

Everything here follows from the spec alone, so that ``rebuild`` gives the same rows. What holds on one day only (a fee
with dates) is kept with its dates and asked for with a day.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import F, Q

from mingtang.lib.tx import act
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.laws.resolve import bases_of
from mingtang.rulebook.models import Item, ItemFacts, ItemResult, Version
from mingtang.rulebook.models.items import STANDING
from mingtang.rulebook.spec import Spec
from mingtang.towns.models import Jurisdiction

FORM = 4  # of what is taken from a spec: rows of another form are made anew by `ensure`
VARIES = -1  # fen of a fee that depends on the situation
_BATCH = 200
_LISTS = ("synonyms", "served", "person_themes", "firm_themes", "charges", "bases")


def facts_of(spec: Spec) -> dict[str, Any]:
    """The columns of a row that come from the spec, as plain JSON."""
    asked = [material for material in spec.materials if not material.fetched_by_us]
    return {
        "name": spec.name,
        "synonyms": list(spec.synonyms),
        "kind": spec.kind,
        "power_type": spec.power_type,
        "served": list(spec.served),
        "person_themes": list(spec.listing.person_themes),
        "firm_themes": list(spec.listing.firm_themes),
        "days": spec.promised_days,
        "materials": len(asked),
        "materials_vary": any(material.when for material in asked),
        "charges": [
            {
                "amount": VARIES if fee.quantity or fee.when or fee.reductions else fee.amount,
                "from": fee.valid_from,
                "to": fee.valid_to,
            }
            for fee in spec.fees
        ],
        "bases": [[basis.title, basis.article] for basis in bases_of(spec)],
        "visits": spec.visits,
        "online": spec.online,
        "joint": bool(spec.parts),
        "ex_officio": bool(spec.ex_officio),
        "window_post": spec.window_post,
        "decider_post": spec.decider_post,
    }


def charged(charges: Iterable[dict[str, Any]], on: date) -> int | None:
    """What an application costs on a day, in fen: None for nothing, ``VARIES`` where it depends on the situation.

    Both days of a fee's validity are included, as in ``fees.in_force``.
    """
    day = on.isoformat()
    held = [row["amount"] for row in charges if row["from"] <= day and (not row["to"] or day <= row["to"])]
    if not held:
        return None
    return VARIES if VARIES in held else sum(held)


def in_force(town: Jurisdiction) -> Any:
    """The items that can be applied for, by code, with unit and facts but for their lists: for whoever walks them all.

    A walk over whole versions reads and parses a hundred times as much.
    """
    rows = Item.objects.filter(town=town, facts__suspended=False).select_related("facts", "unit")
    return rows.defer(*(f"facts__{name}" for name in _LISTS)).order_by("code")


def enter(version: Version) -> None:
    """Write what an item's version, in force or suspended, says in the place of what stood; inside the act."""
    _write([version])


def leave(item_id: int) -> None:
    """Take out an item that does not stand any more; inside the act."""
    for model in (ItemFacts, ItemResult):
        model.objects.filter(item=item_id).delete()


def _write(versions: list[Version]) -> None:
    """The rows of some versions, each of another item, and of what they give."""
    items = [version.item_id for version in versions]
    for model in (ItemFacts, ItemResult):
        model.objects.filter(item__in=items).delete()
    ItemFacts.objects.bulk_create([_row(version) for version in versions])
    ItemResult.objects.bulk_create(
        ItemResult(item_id=version.item_id, name=name)
        for version in versions
        for name in dict.fromkeys(result.name for result in version.spec.results)
    )


def _row(version: Version) -> ItemFacts:
    item = version.item
    return ItemFacts(
        town_id=item.town_id,
        item=item,
        version=version,
        unit_id=item.unit_id,
        form=FORM,
        suspended=version.state == VersionState.SUSPENDED,
        **facts_of(version.spec),
    )


def ensure() -> int:
    """Make the rows that are missing or not what the version and form of today give; returns how many changed."""
    standing = Item.objects.filter(current__state__in=STANDING)
    suspended = Q(suspended=True, version__state=VersionState.SUSPENDED)
    in_force = Q(suspended=False, version__state=VersionState.IN_FORCE)
    right = ItemFacts.objects.filter(
        suspended | in_force, form=FORM, version=F("item__current"), unit=F("item__unit"), town=F("item__town")
    )
    if right.count() == ItemFacts.objects.count() == standing.count():
        return 0
    with act():
        gone, _ = ItemFacts.objects.exclude(pk__in=right.values("pk")).delete()
        made = _make(standing.filter(facts__isnull=True))
    return gone + made


def rebuild(progress: Callable[[int], None] | None = None) -> int:
    """Make every row anew from the versions that stand; returns how many there are."""
    with act():
        ItemFacts.objects.all().delete()
        ItemResult.objects.all().delete()
        return _make(Item.objects.filter(current__state__in=STANDING), progress)


def _make(items: Any, progress: Callable[[int], None] | None = None) -> int:
    wanted, done = list(items.values_list("current", flat=True)), 0
    for start in range(0, len(wanted), _BATCH):
        versions = Version.objects.filter(pk__in=wanted[start : start + _BATCH]).select_related("item").defer("bpmn")
        _write(list(versions))
        done += len(versions)
        if progress:
            progress(done)
    return done
