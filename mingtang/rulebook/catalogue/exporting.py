"""Which version of each item goes out, and the town's file."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from django.utils import timezone

from mingtang.people.models import Post, Unit
from mingtang.rulebook.catalogue.writing import Line, write
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version
from mingtang.towns.models import Jurisdiction

_AT_ONCE = 100
# What is not going to hold, and would only mislead whoever edits it.
_PAST = (VersionState.REFUSED, VersionState.SUPERSEDED)


def export_items(
    town: Jurisdiction, stream: BinaryIO, *, newest: bool = False, told: Callable[[int], None] = lambda done: None
) -> int:
    """Write the town's catalogue as .xlsx; returns how many items.

    Of each item the version in force, or with ``newest`` its draft or proposal where there is one. An item that has
    none in force goes out as its newest version.
    """
    rows = Post.objects.filter(town=town).select_related("unit").order_by("unit__order", "pk")
    day = timezone.localdate()
    which = "最新的草案" if newest else "现行有效的版本"
    return write(
        stream,
        _lines(town, newest),
        heading=f"{town.name}事项目录，{day.year}年{day.month}月{day.day}日导出，{which}",
        posts=[(post.code, str(post)) for post in rows],
        told=told,
    )


def unit_names(town: Jurisdiction) -> dict[int, str]:
    """What each unit is called in the file: its name, or its code where two share the name."""
    units = list(Unit.objects.filter(town=town))
    names = [unit.name for unit in units]
    return {unit.pk: unit.name if names.count(unit.name) == 1 else unit.code for unit in units}


def _lines(town: Jurisdiction, newest: bool) -> Iterator[Line]:
    units = unit_names(town)
    items = Item.objects.filter(town=town).order_by("code").iterator(chunk_size=_AT_ONCE)
    while chunk := list(islice(items, _AT_ONCE)):
        chosen = _chosen(chunk, newest)
        for item in chunk:
            if version := chosen.get(item.pk):
                unit = units[item.unit_id] if item.unit_id else ""
                yield Line(item.code, unit, version.number, version.state_title, version.whole)


def _chosen(items: list[Item], newest: bool) -> dict[int, Version]:
    """One version of each item."""
    current = {item.pk: item.current_id for item in items}
    keys: dict[int, int] = {}
    for pk, item, state in Version.objects.filter(item__in=items).order_by("number").values_list("pk", "item", "state"):
        if current[item] and not newest:
            keys[item] = current[item]
        elif state not in _PAST or item not in keys:
            keys[item] = pk
    rows = Version.objects.filter(pk__in=keys.values()).only("item_id", "number", "state", "data")
    return {row.item_id: row for row in rows}
