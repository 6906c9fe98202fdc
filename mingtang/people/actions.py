"""Acts on the organisation; each leaves an event."""

from datetime import datetime

from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import Actor, record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Assignment, Delegation, Post, Staff, Unit

APPOINTED = types.define("people.appointed", "任职")
RELIEVED = types.define("people.relieved", "免去任职")
DELEGATED = types.define("people.delegated", "授权", public=True)
DELEGATION_REVOKED = types.define("people.delegation_revoked", "撤销授权", public=True)
MAX_NUMBER, MAX_LIMIT, MAX_REASON = 40, 120, 200


def appoint(*, staff: Staff, post: Post, by: Actor, valid_from: datetime | None = None) -> Assignment:
    """Give a person a post. Both belong to one town."""
    if staff.town_id != post.town_id:
        raise Refused("人员和岗位不在同一个乡镇，不能任职。")
    with act():
        assignment = Assignment.objects.create(staff=staff, post=post, valid_from=valid_from or timezone.now())
        record(town=post.town, type=APPOINTED, subject=f"post:{post.code}", by=by, data={"staff": staff.code})
    return assignment


def relieve(*, assignment: Assignment, by: Actor) -> None:
    """End an appointment now."""
    with act():
        assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
        if assignment.valid_to:
            raise Refused("这一任职已经结束。")
        assignment.valid_to = timezone.now()
        assignment.save(update_fields=["valid_to"])
        record(
            town=assignment.post.town,
            type=RELIEVED,
            subject=f"post:{assignment.post.code}",
            by=by,
            data={"staff": assignment.staff.code},
        )


def delegate(
    *,
    grantor: Unit,
    post: Post,
    number: str,
    item_code: str,
    step_code: str,
    valid_from: datetime,
    valid_to: datetime,
    by: Actor,
    limit: str = "",
) -> Delegation:
    """Write down a letter of delegation for one item's step; who may issue it is asked where the items are."""
    if grantor.town_id != post.town_id:
        raise Refused("授权单位和受权岗位不在同一个乡镇，不能授权。")
    if valid_to <= valid_from:
        raise Refused("授权的结束日期要晚于开始日期。请改正日期。", field="valid_to")
    if not 1 <= len(number) <= MAX_NUMBER:
        raise Refused(f"请填写授权书编号，最多 {MAX_NUMBER} 个字。", field="number")
    if len(limit) > MAX_LIMIT:
        raise Refused(f"限度最多 {MAX_LIMIT} 个字。请写短一些。", field="limit")
    with act():
        if Delegation.objects.filter(town=post.town, number=number, item_code=item_code, step_code=step_code).exists():
            raise Refused(f"授权书 {number} 已经登记过这个事项的这一环节。请核对编号。", field="number")
        letter = Delegation.objects.create(
            town=post.town,
            number=number,
            grantor=grantor,
            post=post,
            item_code=item_code,
            step_code=step_code,
            limit=limit,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        record(
            town=post.town,
            type=DELEGATED,
            subject=f"delegation:{number}",
            by=by,
            data={"post": post.code, "item": item_code, "step": step_code},
        )
    return letter


def revoke_delegation(*, letter: Delegation, by: Actor, reason: str) -> None:
    """End a letter now, with a reason."""
    reason = reason.strip()
    if not reason:
        raise Refused("请写明撤销授权的理由。", field="reason")
    if len(reason) > MAX_REASON:
        raise Refused(f"撤销授权的理由最多 {MAX_REASON} 个字。请写短一些。", field="reason")
    with act():
        letter = Delegation.objects.select_for_update().get(pk=letter.pk)
        if letter.revoked_at:
            raise Refused("这份授权书已经撤销过了。")
        letter.revoked_at = timezone.now()
        letter.save(update_fields=["revoked_at"])
        record(town=letter.town, type=DELEGATION_REVOKED, subject=f"delegation:{letter.number}", by=by, reason=reason)
