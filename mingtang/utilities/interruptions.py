"""停供通知: what stops where, from when until when; told, changed, restored. Every change keeps what stood before."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import iso, record
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Village
from mingtang.people.policies import actor, held_by
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.enums import Cut, InterruptionState, Urgency
from mingtang.utilities.lead import lead
from mingtang.utilities.models import Interruption, Tenant
from mingtang.utilities.states import INTERRUPTION

EVENTS = {
    "propose": types.define("interruption.propose", "写停供通知"),
    "announce_urgent": types.define("interruption.announce_urgent", "发出突发停供通知", public=True),
    "announce": types.define("interruption.announce", "发出停供通知", public=True),
    "confirm": types.define("interruption.confirm", "事后核对停供通知", public=True),
    "change": types.define("interruption.change", "改停供通知", public=True),
    "restore": types.define("interruption.restore", "恢复供应", public=True),
    "withdraw": types.define("interruption.withdraw", "撤回停供通知", public=True),
}
LONGEST = timedelta(days=60)
HOUR = timedelta(hours=1)
MAX_PLACES, MAX_TEXT = 300, 200


@dataclass(frozen=True)
class Told:
    """What people read: where, from–until, why, what to do meanwhile. ``places`` says exactly which groups and streets
    of ``villages``; empty, all of them."""

    places: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    advice: str = ""
    villages: Collection[Village] = ()


def _checked(told: Told, town: Jurisdiction) -> Told:
    if told.ends_at <= told.starts_at:
        raise Refused("恢复的时间要晚于停的时间。请改正。", field="ends_at")
    if told.ends_at - told.starts_at > LONGEST:
        raise Refused(f"一次最多写 {LONGEST.days} 天。更长的，请分几次通知。", field="ends_at")
    if any(village.town_id != town.pk for village in told.villages):
        raise Refused("选的村不在这个镇。请重新选。", field="villages")
    places = told.places.strip() or "、".join(map(str, told.villages))
    return replace(
        told,
        places=clear_text(places, "请选哪些村；只停几个组、几条街的，再写明。", "places", MAX_PLACES, town=town.pk),
        reason=clear_text(told.reason, "请写明为什么停。", "reason", MAX_TEXT, town=town.pk),
        advice=clear_text(told.advice, "", "advice", MAX_TEXT, town=town.pk),
    )


def check(act: str, row: Interruption, by: Staff) -> None:
    """Raise ``Refused`` unless the table has the act from this state and the person may do it: who keeps the unit's
    notices, or a second person who checks what another wrote."""
    rule, held = INTERRUPTION[act], held_by(by)
    if (
        by.town_id != row.town_id
        or held.own.isdisjoint(rule.powers)
        or (held.tenant and row.unit_id not in held.tenant)
    ):
        raise Refused(f"您的岗位不能{rule.title}。停供通知由停供的单位写，由它的第二个人或者镇里的审查员核对。")
    if row.state not in rule.sources:
        raise Refused(f"这份通知现在是“{row.get_state_display()}”，不能{rule.title}。请刷新后再看。")
    if rule.who == ("checker",) and by.pk == row.author_id:
        raise Refused("自己写的通知要由另一个人核对。请本单位的同事或者镇里的审查员办理。")


def can(act: str, row: Interruption, by: Staff) -> bool:
    try:
        check(act, row, by)
    except Refused:
        return False
    return True


def propose(*, tenant: Tenant, cut: str, urgency: str, told: Told, by: Staff) -> Interruption:
    """Write a notice. What was planned waits for a second person; what is urgent is public at once and checked
    afterwards."""
    if cut not in Cut.values or urgency not in Urgency.values:
        raise Refused("请选停什么、是不是计划内的。", field="cut")
    held = held_by(by)
    urgent = urgency == Urgency.URGENT
    name = "announce_urgent" if urgent else "propose"
    if tenant.unit_id not in held.tenant or held.own.isdisjoint(INTERRUPTION[name].powers):
        raise Refused("停供通知由停供的单位自己写。您的岗位不在这个单位。")
    told, now = _checked(told, tenant.town), timezone.now()
    if told.ends_at <= now:
        raise Refused("恢复的时间已经过去了。请核对；停过了的不用再通知。", field="ends_at")
    with act():
        row = Interruption(
            town=tenant.town,
            unit=tenant.unit,
            cut=cut,
            urgency=urgency,
            state=INTERRUPTION[name].target,
            author=by,
            announced_at=now if urgent else None,
        )
        _fill(row, told)
        _tell(name, row, by)
    return row


def announce(*, interruption: Interruption, by: Staff) -> Interruption:
    """The second person sends it out. Later than the rule asks, it says by how many hours."""
    with act():
        row = _locked(interruption)
        check("announce", row, by)
        now = timezone.now()
        if row.ends_at <= now:
            raise Refused("恢复的时间已经过去了，不用再通知。请撤回。")
        row.state = INTERRUPTION["announce"].target
        row.checked_by, row.checked_at, row.announced_at = by, now, now
        row.short_hours = _short(row, now)
        return _saved("announce", row, by)


def confirm(*, interruption: Interruption, by: Staff) -> Interruption:
    """The second look at what was told in a hurry."""
    with act():
        row = _locked(interruption)
        check("confirm", row, by)
        if row.checked_by_id:
            raise Refused("这份通知已经有第二个人核对过了。")
        row.checked_by, row.checked_at = by, timezone.now()
        return _saved("confirm", row, by)


def change(*, interruption: Interruption, told: Told, why: str, by: Staff) -> Interruption:
    """Other hours or places. What stood before stays in the event; a start moved forward may make it told too late."""
    told = _checked(told, interruption.town)
    why = clear_text(why, "请写明为什么改，这句话会公开。", "why", town=by.town_id)
    with act():
        row = _locked(interruption)
        check("change", row, by)
        before = {"from_before": iso(row.starts_at), "to_before": iso(row.ends_at)}
        sooner = told.starts_at < row.starts_at
        _fill(row, told)
        if row.state == InterruptionState.OUT and sooner:
            row.short_hours = max(row.short_hours, _short(row, timezone.now()))
        return _saved("change", row, by, reason=why, **before)


def restore(*, interruption: Interruption, restored_at: datetime, by: Staff) -> Interruption:
    """It is back, since a moment that has passed; later than told, the page says by how much."""
    with act():
        row = _locked(interruption)
        check("restore", row, by)
        if restored_at > timezone.now():
            raise Refused("恢复的时间不能晚于现在。还没有恢复的，请等恢复了再写。", field="restored_at")
        if restored_at < row.starts_at:
            raise Refused("恢复的时间早于停的时间。没有停的，请撤回这份通知。", field="restored_at")
        row.state, row.restored_at = INTERRUPTION["restore"].target, restored_at
        return _saved("restore", row, by)


def withdraw(*, interruption: Interruption, why: str, by: Staff) -> Interruption:
    """It does not stop after all, or the notice was wrong."""
    why = clear_text(why, "请写明为什么撤回。发出以后撤回的，这句话会公开。", "why", town=by.town_id)
    with act():
        row = _locked(interruption)
        check("withdraw", row, by)
        row.state = INTERRUPTION["withdraw"].target
        return _saved("withdraw", row, by, reason=why)


def _fill(row: Interruption, told: Told) -> None:
    for name, value in vars(told).items():
        if name != "villages":
            setattr(row, name, value)
    row.save()
    row.villages.set(told.villages)


def _short(row: Interruption, at: datetime) -> int:
    """How many hours are missing to the lead that its kind owes, begun ones whole."""
    missing = lead(row.cut, row.urgency).hours * HOUR - (row.starts_at - at)
    return max(0, -(-missing // HOUR))


def facts(row: Interruption) -> dict[str, str | int | list[int]]:
    """What an event says of a notice: all that an act can change, its words as one hash."""
    return {
        "villages": sorted(village.pk for village in row.villages.all()),
        "state": row.state,
        "unit": row.unit.code,
        "cut": row.cut,
        "urgency": row.urgency,
        "from": iso(row.starts_at),
        "to": iso(row.ends_at),
        "short": row.short_hours,
        "checked": row.checked_by.code if row.checked_by else "",
        "restored": iso(row.restored_at) if row.restored_at else "",
        "words": sha256_hex(canonical_json([row.places, row.reason, row.advice])),
    }


def _tell(name: str, row: Interruption, by: Staff, *, reason: str = "", **before: str) -> None:
    record(
        town=row.town,
        type=EVENTS[name],
        subject=row.subject,
        by=actor(by),
        reason=reason,
        data={**facts(row), **before},
    )


def _saved(name: str, row: Interruption, by: Staff, *, reason: str = "", **before: str) -> Interruption:
    row.save()
    _tell(name, row, by, reason=reason, **before)
    return row


def _locked(row: Interruption) -> Interruption:
    Interruption.objects.select_for_update().only("pk").get(pk=row.pk)
    return Interruption.objects.select_related("town", "unit", "checked_by").get(pk=row.pk)
