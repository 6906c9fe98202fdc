"""Taking a whole catalogue in: all of its drafts in one transaction, or none."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from django.db import IntegrityError
from django.utils import timezone

from mingtang.events.log import MANY, Actor, record_all
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.rulebook.actions.common import EDITED, LISTED
from mingtang.rulebook.actions.drafts import move
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.policies import check_keeps
from mingtang.towns.models import Jurisdiction

_MEANWHILE = "核对完以后，同事改过{what}。什么都没有导入，请再导入一次，系统会说明怎么办。"


@dataclass(frozen=True, slots=True)
class Change:
    """One item to write. Without ``item`` it is new; without ``draft`` version ``number`` is begun; else the draft is
    changed, provided that nobody has touched it since ``seen``.

    ``data`` is the spec as JSON, in bytes for its size. ``unit`` is that of a new item, or where an item moves.
    """

    code: str
    data: bytes
    number: int
    unit: int | None = None
    item: int | None = None
    draft: int | None = None
    seen: datetime | None = None


def take_in(*, town: Jurisdiction, changes: Sequence[Change], by: Actor, editor: Staff | None = None) -> None:
    """Write all changes or none, with the rows and events of ``list_item``, ``new_version`` and ``edit``.

    Raises ``Refused`` when an item was changed by someone else meanwhile, or is not ``editor``'s to keep; None is the
    console.
    """
    if editor is not None:
        _check_keeps(town, changes, editor)
    with act():
        try:
            begun = [change for change in changes if change.draft is None]
            _begin([*_listed(town, begun), *(change for change in begun if change.item is not None)], editor)
        except IntegrityError as error:
            raise Refused(_MEANWHILE.format(what="其中的事项")) from error
        for change in changes:
            if change.draft is not None:
                _edit(change, editor)
            if change.item is not None and change.unit is not None:
                item = Item.objects.select_related("town", "unit", "current").get(pk=change.item)
                move(item, Unit.objects.get(pk=change.unit), editor)
        record_all(town=town, by=by, rows=map(_event, changes))


def _check_keeps(town: Jurisdiction, changes: Sequence[Change], editor: Staff) -> None:
    """Raise ``Refused`` unless this person keeps the items of every unit that is touched."""
    items = Item.objects.filter(pk__in=[change.item for change in changes if change.item is not None])
    touched = {*items.values_list("unit", flat=True), *(change.unit for change in changes if change.item is None)}
    units = Unit.objects.in_bulk([pk for pk in touched if pk is not None])
    for pk in touched:
        check_keeps(editor, town, units.get(pk))


def _event(change: Change) -> tuple[str, str, dict[str, int | str]]:
    type = LISTED if change.item is None else EDITED
    return type, f"item:{change.code}", {"version": change.number, "sha256": ""}


def _chunks(changes: Iterable[Change]) -> Iterator[list[Change]]:
    rest = iter(changes)
    while chunk := list(islice(rest, MANY)):
        yield chunk


def _listed(town: Jurisdiction, changes: list[Change]) -> Iterator[Change]:
    """Enter the new items; their changes with the key of the item."""
    for chunk in _chunks(change for change in changes if change.item is None):
        items = Item.objects.bulk_create(Item(town=town, code=change.code, unit_id=change.unit) for change in chunk)
        yield from (replace(change, item=item.pk) for change, item in zip(chunk, items, strict=True))


def _begin(changes: list[Change], editor: Staff | None) -> None:
    """Add a draft version to each item."""
    for chunk in _chunks(changes):
        Version.objects.bulk_create(
            Version(
                item_id=change.item,
                number=change.number,
                name=data["name"],
                kind=data["kind"],
                data=data,
                edited_by=editor,
            )
            for change, data in ((change, json.loads(change.data)) for change in chunk)
        )


def _edit(change: Change, editor: Staff | None) -> None:
    """Change a draft in one statement that finds it only as it was seen. The console leaves the last editor's name:
    whoever wrote a text may not approve it."""
    data = json.loads(change.data)
    values = {"name": data["name"], "kind": data["kind"], "data": data, "edited_at": timezone.now()}
    if editor is not None:
        values["edited_by"] = editor
    untouched = Version.objects.filter(pk=change.draft, state=VersionState.DRAFT, edited_at=change.seen)
    if not untouched.update(**values):
        raise Refused(_MEANWHILE.format(what=f"事项 {change.code}"))
