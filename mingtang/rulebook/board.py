"""收费公示: what may be charged, a query over the versions in force, and since when each standard holds.

Nothing here is typed in for the board: a fee that no version in force holds is not on it, and cannot be charged.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models.fields.json import KT
from django.utils import timezone

from mingtang.rulebook.enums import ChangeKind, VersionState
from mingtang.rulebook.models import ItemFacts, ProposedChange, Version
from mingtang.rulebook.models.items import IN_FORCE_ONCE
from mingtang.rulebook.payers import payers
from mingtang.rulebook.spec import Fee, build
from mingtang.towns.models import Jurisdiction


class Standing(models.TextChoices):
    """Of a fee on a day."""

    IN_FORCE = "in_force", "现行"
    COMING = "coming", "还没开始收"
    ENDED = "ended", "已停收"


@dataclass(frozen=True)
class Charge:
    """One standard of one fee of an item, and the days it holds: from ``since`` until before ``until``.

    ``version`` is the first that held it, ``event_id`` the event that put that version in force; ``fee`` has the words
    of the last version that held it. ``phone`` is where to complain about it.
    """

    item_id: int
    code: str
    item: str
    unit_id: int
    served: tuple[str, ...]
    phone: str
    fee: Fee
    version: int
    event_id: int
    since: date
    until: date | None

    def standing(self, on: date) -> Standing:
        """``IN_FORCE`` exactly on the days on which the fee can be on a bill of the version in force."""
        if self.until is not None and self.until <= on:
            return Standing.ENDED
        return Standing.COMING if self.since > on else Standing.IN_FORCE

    @property
    def payers(self) -> frozenset[str]:
        return payers(self.fee.payer, self.served)


def _terms(fee: Fee) -> tuple[object, ...]:
    """What makes it another standard. Words on paper (basis, receipt, scope) may change and the standard stays."""
    less = tuple((row.label, row.when, row.percent) for row in fee.reductions)
    return (fee.name, fee.amount, fee.per, fee.quantity, fee.most, fee.when, less, fee.valid_from)


def charges(town: Jurisdiction, *, unit: int | None = None, item: int | None = None) -> list[Charge]:
    """Every standard that was ever in force: by item, what holds in the order of the version, then what ended.

    Of a whole town only those of items that still charge something: a catalogue holds thousands that do not. An item
    that is suspended or cancelled charges nothing from that day on.
    """
    rows = Version.objects.filter(item__town=town, state__in=IN_FORCE_ONCE)
    if unit is not None:
        rows = rows.filter(item__unit=unit)
    if item is not None:
        rows = rows.filter(item=item)
    if unit is None and item is None:
        charging = ItemFacts.objects.filter(town=town, charges__0__isnull=False).values("item")
    else:
        charging = rows.filter(data__fees__0__isnull=False).values("item")
    read = rows.filter(item__in=charging).annotate(phone=KT("data__complaint_phone"))
    stopped = (f"item__current__{name}" for name in ("state", "suspended_at", "cancelled_at"))
    columns = ("item_id", "item__code", "item__unit_id", "name", "number", "in_force_at", "published_event_id")
    found = read.order_by("item__code", "item_id", "in_force_at", "number").values(
        *columns, *stopped, "phone", "data__served", "data__fees"
    )
    return [charge for _, versions in groupby(found, lambda row: row["item_id"]) for charge in _of_item(list(versions))]


def _of_item(versions: list[dict[str, Any]]) -> Iterator[Charge]:
    """One item's versions, oldest first: a standard runs through all consecutive versions that hold it."""
    last = versions[-1]
    running: dict[tuple[object, ...], Charge] = {}
    ended: list[Charge] = []
    for row in versions:
        day = timezone.localdate(row["in_force_at"])
        fees = {_terms(fee): fee for fee in (build(Fee, one, "收费") for one in row["data__fees"])}
        ended += [replace(running[terms], until=day) for terms in running if terms not in fees]
        running = {
            terms: replace(running[terms], fee=fee) if terms in running else _begun(row, last, fee, day)
            for terms, fee in fees.items()
        }
    if last["item__current__state"] != VersionState.IN_FORCE:
        day = timezone.localdate(last["item__current__cancelled_at"] or last["item__current__suspended_at"])
        running = {terms: replace(charge, until=day) for terms, charge in running.items()}
    yield from (_within(charge) for charge in [*running.values(), *reversed(ended)] if _held(charge))


def _begun(row: dict[str, Any], last: dict[str, Any], fee: Fee, day: date) -> Charge:
    return Charge(
        item_id=last["item_id"],
        code=last["item__code"],
        item=last["name"],
        unit_id=last["item__unit_id"],
        served=tuple(last["data__served"]),
        phone=last["phone"],
        fee=fee,
        version=row["number"],
        event_id=row["published_event_id"],
        since=day,
        until=None,
    )


def _held(charge: Charge) -> bool:
    """Whether the days that the fee names itself and those of its versions have one in common."""
    fee, last = charge.fee, [charge.until] if charge.until else []
    first = max(charge.since, date.fromisoformat(fee.valid_from)) if fee.valid_from else charge.since
    return all(first <= day for day in [*last, *([date.fromisoformat(fee.valid_to)] if fee.valid_to else [])])


def _within(charge: Charge) -> Charge:
    """Narrowed to the days the fee names itself, both included."""
    fee, until = charge.fee, charge.until
    since = max(charge.since, date.fromisoformat(fee.valid_from)) if fee.valid_from else charge.since
    if fee.valid_to:
        after = date.fromisoformat(fee.valid_to) + timedelta(days=1)
        until = min(until, after) if until else after
    return replace(charge, since=since, until=until)


@dataclass(frozen=True)
class Announced:
    """A change of fees that is announced and not yet in force."""

    code: str
    item: str
    unit_id: int
    version: int
    on: date
    sentences: tuple[str, ...]


def announced(town: Jurisdiction, *, unit: int | None = None, item: int | None = None) -> list[Announced]:
    """What announced versions change about fees, in the words of their proposal, soonest first."""
    rows = ProposedChange.objects.filter(
        version__item__town=town, version__state=VersionState.ANNOUNCED, kind=ChangeKind.FEE
    )
    if unit is not None:
        rows = rows.filter(version__item__unit=unit)
    if item is not None:
        rows = rows.filter(version__item=item)
    read = rows.select_related("version__item").defer("version__data", "version__bpmn")
    ordered = read.order_by("version__effective_on", "version_id", "order")
    return [
        Announced(
            code=version.item.code,
            item=version.name,
            unit_id=version.item.unit_id,
            version=version.number,
            on=version.effective_on,
            sentences=tuple(change.sentence for change in changes),
        )
        for version, changes in _by_version(ordered)
    ]


def _by_version(rows: Iterable[ProposedChange]) -> Iterator[tuple[Version, list[ProposedChange]]]:
    for _, changes in groupby(rows, lambda change: change.version_id):
        found = list(changes)
        yield found[0].version, found
