"""号单本: pre-numbered slips on paper. Each is entered once or spoiled with a reason; what is neither is a gap."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import record
from mingtang.events.models import Event
from mingtang.guard.clear import clear_text
from mingtang.hall.contacts import EVENTS, check_powers, errands_of, opened_as, own, tell
from mingtang.hall.enums import ContactChannel, ContactState
from mingtang.hall.models import Contact, Errand, Pad, PadVoid, Site, Window
from mingtang.hall.presence import touched
from mingtang.hall.states import INTAKE
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may, served_by
from mingtang.rulebook.models import Item

ISSUED = types.define("pad.issued", "发出号单本", public=True)
VOIDED = types.define("pad.slip_voided", "号单作废", public=True)
MOST_SLIPS, OLDEST = 200, timedelta(days=60)


def issue_pad(*, site: Site, code: str, first: int, last: int, by: Staff) -> Pad:
    """Hand numbers ``first`` to ``last`` of a new pad to a station, or to a hall for when its machines stand still."""
    check_may(by, Permission.WINDOW_RUN, site.town)
    code = code.strip().upper()
    if not re.fullmatch(r"[A-Z]{2,4}\d{0,4}", code):
        raise Refused("本号写 2 到 4 个字母加数字，例如 CD01。", field="code")
    if not 1 <= first <= last or last - first >= MOST_SLIPS or last > 999:
        raise Refused(f"号码从小到大写，1 到 999，一本最多 {MOST_SLIPS} 张。", field="last")
    with act():
        if Pad.objects.filter(town=site.town, code=code).exists():
            raise Refused(f"本号 {code} 已经用过，号码不能重用。请换一个本号。", field="code")
        pad = Pad.objects.create(town=site.town, site=site, code=code, first=first, last=last, issued_at=timezone.now())
        data = {"site": site.code, "first": first, "last": last}
        record(town=site.town, type=ISSUED, subject=f"pad:{code}", by=actor(by), data=data)
    return pad


def check_free(pad: Pad, slip: int) -> None:
    """Raise ``Refused`` for a slip outside its series, one that was entered, one that was spoiled."""
    if not pad.first <= slip <= pad.last:
        raise Refused(
            f"{pad.code} 这一本只有 {pad.first} 到 {pad.last} 号，没有 {slip} 号。请核对号单上的号码。", field="slip"
        )
    if used := Contact.objects.filter(pad=pad, slip=slip).first():
        raise Refused(
            f"号单 {used.number} 已经登记过（{timezone.localtime(used.opened_at):%m月%d日 %H:%M}），"
            "一张号单只用一次。请核对号码。",
            field="slip",
        )
    if spoiled := PadVoid.objects.filter(pad=pad, slip=slip).first():
        raise Refused(f"号单 {pad.number(slip)} 已经作废（{spoiled.reason}），不能再用。", field="slip")


def enter_slip(*, pad: Pad, slip: int, came_at: datetime, items: Sequence[Item | None], by: Staff) -> Contact:
    """A slip that was filled in becomes a contact, from the time written on it; whoever enters it owns it."""
    held = check_powers("enter_slip", pad.town_id, by)
    now = timezone.now()
    if came_at > now:
        raise Refused("号单上的时间不能晚于现在。请核对日期和时间。", field="came_at")
    if came_at < pad.issued_at or came_at < now - OLDEST:
        raise Refused("号单上的时间早于这一本发出的时间，或者已经过了两个月。请核对日期。", field="came_at")
    with act():
        pad = Pad.objects.select_for_update(of=("self",)).select_related("site", "town").get(pk=pad.pk)
        check_free(pad, slip)
        served = served_by(by)
        posts = [post for post in served if post.since] or served
        window = Window.objects.filter(town=pad.town, post__in=posts).order_by("site__letter", "number").first()
        contact = Contact.objects.create(
            town=pad.town,
            site=pad.site,
            number=pad.number(slip),
            day=timezone.localdate(came_at),
            pad=pad,
            slip=slip,
            channel=ContactChannel.SLIP,
            state=ContactState.OWNED,
            opened_at=came_at,
            recorded_at=now,
            place_at=came_at,
            started_at=came_at,
            window=window,
        )
        Errand.objects.bulk_create(errands_of(items, contact))
        post = window.post if window else posts[0]
        own(contact, post, by, window, now)
        touched(window)
        late = int((now - came_at).total_seconds() // 60)
        tell("enter_slip", contact, held.actor([post.code]), **opened_as(contact, items, post), late=late)
    return contact


def void_slip(*, pad: Pad, slip: int, reason: str, by: Staff) -> PadVoid:
    """A spoiled slip is accounted for, with the reason."""
    author = check_powers("enter_slip", pad.town_id, by).actor(powers=INTAKE)
    reason = clear_text(reason, "请写明号单为什么作废，例如“写坏了”。", "reason", 100, town=by.town_id)
    with act():
        pad = Pad.objects.select_for_update(of=("self",)).select_related("town").get(pk=pad.pk)
        check_free(pad, slip)
        row = PadVoid.objects.create(pad=pad, slip=slip, reason=reason, voided_by=by, voided_at=timezone.now())
        record(town=pad.town, type=VOIDED, subject=f"pad:{pad.code}", by=author, reason=reason, data={"slip": slip})
    return row


@dataclass(frozen=True)
class PadCount:
    """What has become of a pad. ``gaps``: slips below the highest used one that nobody accounts for."""

    pad: Pad
    used: int
    spoiled: int
    gaps: tuple[int, ...]
    left: int


def count(pad: Pad) -> PadCount:
    """What the log has seen entered counts as used up: a contact that was taken out afterwards is a gap."""
    used = set(pad.contacts.values_list("slip", flat=True))
    spoiled = set(pad.voids.values_list("slip", flat=True))
    known = used | spoiled
    subjects = {f"contact:{pad.number(slip)}": slip for slip in range(pad.first, pad.last + 1)}
    entered = Event.objects.filter(town=pad.town_id, type=EVENTS["enter_slip"], subject__in=list(subjects))
    told = {subjects[subject] for subject in entered.values_list("subject", flat=True)}
    highest = max(known | told, default=pad.first - 1)
    gaps = tuple(slip for slip in range(pad.first, highest + 1) if slip not in known)
    return PadCount(pad, len(used), len(spoiled), gaps, pad.last - highest)
