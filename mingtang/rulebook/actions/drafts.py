"""Listing an item and writing its drafts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from mingtang.events.log import Actor
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor
from mingtang.rulebook import facts
from mingtang.rulebook.actions.common import EDITED, LISTED, check, event, locked
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.models.items import CODE_ASKED, STANDING
from mingtang.rulebook.policies import check_keeps
from mingtang.rulebook.spec import Spec, parse
from mingtang.rulebook.states import UNDER_WAY
from mingtang.towns.models import Jurisdiction

MAX_NAME = 120


class Overtaken(Refused):
    """A colleague saved the draft after this editor had opened it."""


def _parsed(data: dict[str, Any]) -> Spec:
    spec = parse(data)
    if len(spec.name) > MAX_NAME:
        raise Refused(f"事项名称有 {len(spec.name)} 个字，最多 {MAX_NAME} 个字。请缩短名称。", field="name")
    return spec


def list_item(
    *, town: Jurisdiction, code: str, unit: Unit | None, data: dict[str, Any], by: Actor, editor: Staff | None = None
) -> Version:
    """Enter an item with a first draft version. ``data`` is a spec as JSON; the console may list without an editor."""
    spec = _parsed(data)
    if unit is not None and unit.town_id != town.pk:
        raise Refused("实施单位不属于本镇。", field="unit")
    if editor is not None:
        check_keeps(editor, town, unit)
    with act():
        item = Item(town=town, code=code, unit=unit)
        try:
            item.full_clean(exclude=["town", "unit", "current"])
        except ValidationError as error:
            raise Refused(CODE_ASKED, field="code") from error
        try:
            with transaction.atomic():
                item.save()
        except IntegrityError as error:
            taken = f"事项编码“{code}”已经用过。请换一个编码，或者在原事项上出新版。"
            raise Refused(taken, field="code") from error
        version = Version.objects.create(
            item=item, number=1, name=spec.name, kind=spec.kind, data=data, edited_by=editor
        )
        event(version, LISTED, by)
    return version


def new_version(*, item: Item, data: dict[str, Any], by: Staff) -> Version:
    """Begin the next version; running cases keep theirs."""
    check_keeps(by, item.town, item.unit)
    spec = _parsed(data)
    with act():
        Item.objects.select_for_update().only("pk").get(pk=item.pk)
        last = item.versions.aggregate(last=Max("number"))["last"] or 0
        version = Version.objects.create(
            item=item, number=last + 1, name=spec.name, kind=spec.kind, data=data, edited_by=by
        )
        event(version, EDITED, actor(by))
    return version


def edit(
    *, version: Version, data: dict[str, Any], by: Staff, seen: dict[str, Any] | None = None, unit: Unit | None = None
) -> Version:
    """Change a draft; ``unit`` hands the item to another unit.

    ``seen`` is the text the editor began from: raises ``Overtaken`` when it is another by now, unless both wrote the
    same. What changes nothing leaves no event.
    """
    spec = _parsed(data)
    with act():
        version = locked(version)
        check("edit", version, by)
        moves = unit is not None and unit.pk != version.item.unit_id
        stands = version.whole
        if stands == data and not moves:
            return version
        if seen is not None and seen != stands != data:
            raise Overtaken("您打开以后，有同事保存过这份草案。")
        if moves:
            move(version.item, unit, by)
        version.name, version.kind, version.data, version.edited_by = spec.name, spec.kind, data, by
        version.save()
        event(version, EDITED, actor(by))
    return version


def move(item: Item, unit: Unit, by: Staff | None) -> None:
    """Hand an item to another unit inside the caller's act; ``by`` None is the console."""
    if unit.town_id != item.town_id or unit.dissolved_on:
        raise Refused("请从列出的单位里选一个。", field="unit")
    if item.current_id and item.unit and not item.unit.dissolved_on:
        raise Refused("已经施行过的事项，实施单位没有撤销的，不能在这里换单位。", field="unit")
    if item.versions.filter(state__in=[*UNDER_WAY, VersionState.ANNOUNCED]).exists():
        raise Refused("这个事项有一版正在审批，不能换单位：同意过的人是原单位的。请先办完或者退回。", field="unit")
    if by is not None:
        check_keeps(by, item.town, unit)
    item.unit = unit
    item.save(update_fields=["unit"])
    if item.current and item.current.state in STANDING:
        facts.enter(item.current)
