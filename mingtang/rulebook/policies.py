"""Who keeps which items."""

from collections.abc import Iterable

from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission
from mingtang.people.models import Post, Staff, Unit
from mingtang.people.policies import posts_of, powers_of
from mingtang.towns.models import Jurisdiction


def kept_units(by: Staff, posts: Iterable[Post] | None = None) -> set[int]:
    """The units whose items alone this person keeps: those of the posts that carry ``item.edit_own``. ``posts``: those
    that the person holds, where somebody has read them already."""
    return {
        post.unit_id
        for post in (posts_of(by) if posts is None else posts)
        if Permission.ITEM_EDIT_OWN in post.permissions
    }


def check_keeps(by: Staff, town: Jurisdiction, unit: Unit | None) -> None:
    """Raise ``Refused`` unless this person edits items of the unit: all of the town's, or only the own unit's."""
    powers = powers_of(by) if by.town_id == town.pk else frozenset()
    if Permission.ITEM_EDIT in powers:
        return
    if Permission.ITEM_EDIT_OWN not in powers:
        raise Refused(f"您的岗位没有“{Permission.ITEM_EDIT.label}”的权限。需要时请联系本单位负责人调整岗位。")
    if unit is None or unit.pk not in kept_units(by):
        raise Refused("您只编制本单位的事项。这个事项请由它的实施单位或者便民服务中心编制。", field="unit")


def can_keep(by: Staff, town: Jurisdiction, unit: Unit | None) -> bool:
    try:
        check_keeps(by, town, unit)
    except Refused:
        return False
    return True
