"""May this person do this now?"""

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from mingtang.events.log import Actor
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission, permissions_of
from mingtang.people.models import Assignment, Delegation, Post, Staff
from mingtang.towns.models import Jurisdiction


def posts_of(staff: Staff, at: datetime | None = None) -> list[Post]:
    """The posts a person holds at a moment, in the order they took them."""
    rows = Assignment.objects.current(at or timezone.now()).filter(staff=staff)
    return [row.post for row in rows.select_related("post__unit").order_by("valid_from", "pk")]


class Held(NamedTuple):
    """The codes of the posts somebody holds, and the permissions these give."""

    codes: frozenset[str]
    powers: frozenset[str]


def held_by(staff: Staff, at: datetime | None = None) -> Held:
    """What a person holds at a moment, in one query; no power for an account that is switched off."""
    rows = Assignment.objects.current(at or timezone.now()).filter(staff=staff)
    found = list(rows.values_list("post__code", "post__roles"))
    powers = permissions_of(role for _, roles in found for role in roles) if staff.is_active else frozenset()
    return Held(frozenset(code for code, _ in found), powers)


def powers_of(staff: Staff, at: datetime | None = None) -> frozenset[str]:
    """Permission codes from the posts held at that moment; none for an account that is switched off."""
    return held_by(staff, at).powers


def holds(staff: Staff, post_code: str, at: datetime | None = None) -> bool:
    """Whether the person holds this post of the town at that moment."""
    rows = Assignment.objects.current(at or timezone.now())
    return rows.filter(staff=staff, post__code=post_code).exists()


def check_may(staff: Staff, power: str, town: Jurisdiction) -> None:
    """Raise ``Refused`` unless this person holds the power in this town now."""
    if staff.town_id != town.pk or power not in powers_of(staff):
        raise Refused(f"您的岗位没有“{Permission(power).label}”的权限。需要时请联系本单位负责人调整岗位。")


def can(staff: Staff, power: str, town: Jurisdiction) -> bool:
    try:
        check_may(staff, power, town)
    except Refused:
        return False
    return True


def delegation_for(staff: Staff, *, item_code: str, step_code: str, at: datetime | None = None) -> Delegation:
    """The letter that lets this person decide; raises ``Refused`` naming what is missing or since when it lapsed."""
    at = at or timezone.now()
    letters = Delegation.objects.filter(
        town=staff.town, post__in=posts_of(staff, at), item_code=item_code, step_code=step_code
    )
    if letter := letters.valid(at).order_by("valid_to").last():
        return letter
    lapsed = letters.order_by("valid_to").last()
    if lapsed is None:
        raise Refused("您没有这个事项这一环节的授权书，不能作出决定。请由有授权的岗位办理，或者先取得授权。")
    if lapsed.valid_from > at:
        raise Refused(f"授权书 {lapsed.number} 还没有生效，不能作出决定。")
    end = min(moment for moment in (lapsed.valid_to, lapsed.revoked_at) if moment)
    raise Refused(
        f"授权书 {lapsed.number} 已于 {timezone.localtime(end):%Y年%m月%d日} 失效，不能作出决定。"
        "请先续办授权，再办理这一件。"
    )


def actor(staff: Staff) -> Actor:
    return Actor(staff.code)
