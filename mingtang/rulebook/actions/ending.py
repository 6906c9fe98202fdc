"""Stopping an item for a while, taking it up again, and ending it. Cases under way keep their version and run on."""

from datetime import date

from django.utils import timezone

from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, powers_of
from mingtang.rulebook import facts
from mingtang.rulebook.actions import common
from mingtang.rulebook.actions.common import check, check_own_unit, event, locked
from mingtang.rulebook.actions.compositions import joints_of, pieces_of
from mingtang.rulebook.minutes import check_minutes
from mingtang.rulebook.models import Version
from mingtang.rulebook.states import VERSION

_NOT_SUSPENDED = {"suspended_at": None, "suspended_event": None, "suspended_reason": ""}


def _own_or_office(version: Version, by: Staff) -> None:
    if Permission.ITEM_DECIDE not in powers_of(by):
        check_own_unit(version, by, "这个事项不是您单位实施的，请由实施单位的负责人或者党政办办理。")


def suspend(*, version: Version, reason: str, by: Staff) -> Version:
    """No new applications until it is taken up again; the public reads the reason. Joint things of it stop with it."""
    reason = clear_text(reason, "请写明为什么暂停，这句话会公开。", "reason", town=by.town_id)
    with act():
        version = locked(version)
        check("suspend", version, by)
        _own_or_office(version, by)
        _suspend(version, reason, by)
        _stop_joints(version, "暂停办理", by)
    return version


def _suspend(version: Version, reason: str, by: Staff) -> None:
    made = event(version, common.SUSPENDED, actor(by), reason)
    version.state, version.suspended_reason = VERSION["suspend"].target, reason
    version.suspended_at, version.suspended_event = made.recorded_at, made
    version.save()
    facts.enter(version)


def _stop_joints(part: Version, what: str, by: Staff) -> None:
    """Nobody applies for a part of a joint thing that cannot be applied for by itself."""
    for joint in joints_of(part.item):
        _suspend(joint, f"合起来办的“{part.name}”{what}。", by)


def resume(*, version: Version, by: Staff) -> Version:
    """Take applications again, under the same version."""
    with act():
        version = locked(version)
        check("resume", version, by)
        _own_or_office(version, by)
        pieces_of(version.item.town, [part.code for part in version.spec.parts])
        event(version, common.RESUMED, actor(by))
        version.state = VERSION["resume"].target
        for name, value in _NOT_SUSPENDED.items():
            setattr(version, name, value)
        version.save()
        facts.enter(version)
    return version


def cancel(*, version: Version, reason: str, minutes_number: str, decided_on: date, by: Staff) -> Version:
    """End the item by decision of the leading group; whoever wants it back proposes a new item (许可法 20, 69)."""
    reason = clear_text(reason, "请写明为什么取消，这句话会公开。", "reason", town=by.town_id)
    number = check_minutes(minutes_number, "事项不能取消", by.town_id)
    if decided_on > timezone.localdate():
        raise Refused("会议日期不能晚于今天。请核对。", field="decided_on")
    with act():
        version = locked(version)
        check("cancel", version, by)
        made = event(version, common.CANCELLED, actor(by), reason, minutes=number, decided_on=decided_on.isoformat())
        version.state, version.cancelled_reason = VERSION["cancel"].target, reason
        version.cancelled_minutes, version.cancelled_at, version.cancelled_event = number, made.recorded_at, made
        for name, value in _NOT_SUSPENDED.items():
            setattr(version, name, value)
        version.save()
        facts.leave(version.item_id)
        _stop_joints(version, "已经取消", by)
    return version
