"""停电停网以后补录: what the windows wrote on paper, entered under the time that stands on it.

An outage is declared first, by name: outside of one nothing can be dated back. Every case takes one numbered slip,
whose contact it ends, runs under the version that was in force on that day, and shows both times.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils import timezone

from mingtang.cases import requirements
from mingtang.cases.acting import check_comes
from mingtang.cases.actions import kinds
from mingtang.cases.actions.intake import (
    Received,
    Submission,
    Times,
    checked_applicant,
    earlier,
    end_errand,
    take_up,
)
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import Channel, OutageCause
from mingtang.cases.models import LateEntry, Outage
from mingtang.events.log import Actor, record
from mingtang.events.models import PayloadKey
from mingtang.hall import pads
from mingtang.hall.models import Pad
from mingtang.lib.errors import Refused
from mingtang.lib.text import month_day_time
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_acts, check_may
from mingtang.rulebook import situations
from mingtang.rulebook.models import Item, Version
from mingtang.towns.models import Jurisdiction

LONGEST = timedelta(days=15)


def declare_outage(*, town: Jurisdiction, from_at: datetime, to_at: datetime, cause: str, by: Staff) -> Outage:
    """Say when the machines stood still and why, once it is over; whoever runs the windows says it by name."""
    check_may(by, Permission.WINDOW_RUN, town)
    now = timezone.now()
    if cause not in OutageCause.values:
        raise Refused("请选择原因。", field="cause")
    if to_at > now:
        raise Refused("结束时间不能晚于现在。恢复以后再登记。", field="to_at")
    if from_at >= to_at:
        raise Refused("结束时间要晚于开始时间。请改正。", field="to_at")
    if to_at - from_at > LONGEST:
        raise Refused(f"一次最多登记 {LONGEST.days} 天。请核对日期；确实更久的，分几段登记。", field="from_at")
    if from_at < now - pads.OLDEST:
        raise Refused("开始时间已经过了两个月，不能再补登。请核对日期。", field="from_at")
    with act():
        outage = Outage(town=town, from_at=from_at, to_at=to_at, cause=cause, declared_by=by)
        subject = f"outage:{timezone.localtime(from_at):%y%m%d-%H%M}"
        outage.event = record(town=town, type=kinds.OUTAGE, subject=subject, by=actor(by), data=outage.told())
        outage.declared_at = outage.event.recorded_at
        outage.save()
    return outage


def outage_at(town: Jurisdiction, at: datetime) -> Outage:
    """The declared outage that a moment lies in; raises ``Refused`` where there is none."""
    if found := Outage.objects.filter(town=town, from_at__lte=at, to_at__gte=at).order_by("from_at", "pk").first():
        return found
    raise Refused(
        f"{month_day_time(at)} 不在登记过的停电停网时间里，不能补录。请核对纸上的时间；"
        "确实停过的，先请中心主任登记，平时的件在窗口收。",
        field="happened_at",
    )


def version_at(item: Item, at: datetime) -> Version:
    """The version that held at a moment; raises ``Refused`` where none did."""
    rows = item.versions.select_related("item__town", "item__unit").filter(in_force_at__lte=at)
    version = rows.order_by("-in_force_at", "-number").first()
    if version is None:
        raise Refused(
            f"{month_day_time(at)} 这个事项还没有施行，不能收件。请核对纸上的时间和事项。", field="happened_at"
        )
    ended = [moment for moment in (version.suspended_at, version.cancelled_at) if moment and moment <= at]
    if ended:
        raise Refused(
            f"{month_day_time(at)} 这个事项已经暂停或者取消，不能收件。请核对纸上的时间和事项。", field="happened_at"
        )
    return version


def slip_named(town: Jurisdiction, text: str) -> tuple[Pad, int]:
    """The pad and the number of a slip as it is printed: ``CD01-007``."""
    code, _, number = text.strip().upper().rpartition("-")
    pad = Pad.objects.select_related("town", "site").filter(town=town, code=code).first()
    if pad is None or not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise Refused("没有这张号单。请照号单写全，本号、横线、号，例如 CD01-007。", field="slip")
    return pad, int(number)


def check_slip(town: Jurisdiction, text: str) -> None:
    """Raise ``Refused`` for a slip that cannot be entered: outside its series, used, spoiled."""
    pads.check_free(*slip_named(town, text))


def check_time(town: Jurisdiction, item: Item, at: datetime) -> Version:
    """The version for what was written at a moment on paper; raises ``Refused`` for a time that cannot be."""
    if at > timezone.now():
        raise Refused("纸上的时间不能晚于现在。请核对日期和时间。", field="happened_at")
    outage_at(town, at)
    return version_at(item, at)


def enter_late(
    *,
    item: Item,
    slip: str,
    happened_at: datetime,
    applicant: Applicant,
    answers: Mapping[str, object],
    received: Received,
    submission: str,
    key: PayloadKey,
    by: Staff,
    told: bool = False,
    sure: bool = False,
) -> Submission:
    """Enter a case from its paper: clocks, prices and resident-days run from ``happened_at``, the lag is kept.

    The rest as in ``submit``. Raises ``Refused`` too for a moment outside a declared outage or before the item was in
    force, and for a slip outside its series, used or spoiled.
    """
    town = item.town
    author = check_acts(by, Permission.CASE_INTAKE, town).actor(powers=[Permission.CASE_INTAKE])
    version = check_time(town, item, happened_at)
    today = timezone.localdate(happened_at)
    applicant = checked_applicant(version, applicant, received, today, at_window=True, sure=sure)
    check_comes(version.spec, applicant.acting)
    checked = situations.check(version.spec, answers)
    if not told and (barred := requirements.barred(version.spec, checked)):
        raise Refused(barred, field="told")
    try:
        with act():
            if found := earlier(town, submission):
                return found
            pad, number = slip_named(town, slip)
            contact = pads.enter_slip(pad=pad, slip=number, came_at=happened_at, items=[item], by=by)
            times = Times(happened_at, happened_at, timezone.now())
            made = take_up(
                version, applicant, checked, received, submission, key, author, contact.window, Channel.PAPER, times
            )
            _keep(made, outage_at(town, happened_at), times, author)
            end_errand(made.case, contact.errands.select_related("contact").get(), by)
            return made
    except IntegrityError:
        # The same form sent twice at the same moment: the other one was quicker.
        if found := earlier(town, submission):
            return found
        raise


def _keep(made: Submission, outage: Outage, times: Times, by: Actor) -> None:
    """The row that says when it was entered, with its event."""
    entry = LateEntry(case=made.case, outage=outage, happened_at=times.handed_in, recorded_at=times.recorded)
    entry.event = record(
        town=made.case.town,
        type=kinds.ENTERED_LATE,
        subject=made.case.subject,
        by=by,
        happened_at=times.handed_in,
        data={**entry.told(), "late": int(entry.lag.total_seconds() // 60)},
    )
    entry.save()
