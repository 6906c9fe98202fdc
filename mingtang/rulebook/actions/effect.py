"""Announcing an approved proposal, and the day from which it holds."""

import logging
from datetime import date, timedelta

from django.utils import timezone

from mingtang.events.log import SYSTEM
from mingtang.events.models import Event, Sequenced
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.rulebook import facts, requirements
from mingtang.rulebook.actions import common
from mingtang.rulebook.actions.common import check, check_gate, event, locked
from mingtang.rulebook.actions.compositions import hold_parts
from mingtang.rulebook.actions.gate import changes_hash
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.models.items import NOTICE_DAYS, STANDING
from mingtang.rulebook.states import VERSION

log = logging.getLogger(__name__)
LATEST = timedelta(days=730)
# Who approved: stands in the event too, so that `verify` sees a name that was changed afterwards.
APPROVALS = (
    "edited_by",
    "proposed_by",
    "basis_by",
    "reviewed_by",
    "decided_by",
    "head_by",
    "office_by",
    "announced_by",
)


def approvals_of(version: Version) -> dict[str, str | bool | None]:
    """Who approved what burden, as codes, and by which minutes."""
    persons = {name: getattr(version, f"{name}_id") for name in APPROVALS}
    codes = {name: f"staff:{key}" if key else None for name, key in persons.items()}
    return {**codes, "minutes": version.minutes_number, "burden": version.burden, "initial": version.initial}


def notice_days(version: Version) -> int:
    """Whole days between announcement and effect: none where nobody is asked for more than stood already."""
    return NOTICE_DAYS if version.strict and not version.initial else 0


def earliest_effect(version: Version, announced_on: date) -> date:
    """The first day the version may hold. The notice runs whole days: the day of announcement is not counted."""
    days = notice_days(version)
    return announced_on + timedelta(days=days + 1) if days else announced_on


def _is_stale(version: Version) -> bool:
    """Whether another version came into force since the burden was computed."""
    current = version.item.current
    standing = current.pk if current and current.state in STANDING else None
    return standing != version.replaces_id


_STALE = "提出以后，现行的版本已经变了，比对的负担不再是真的。{then}，按现行版本重新提出。"


def announce(*, version: Version, by: Staff, effective_on: date | None = None) -> Version:
    """Publish what will change and from when; without a day, from the first day that the notice allows.

    What is announced already may be announced anew for another day; its notice begins again.
    """
    today = timezone.localdate()
    with act():
        version = locked(version)
        check("announce", version, by)
        check_gate(version, "批准以后情况有变，还不能公布：")
        if _is_stale(version):
            back = version.state in VERSION["send_back"].sources
            raise Refused(_STALE.format(then="请退回" if back else "这一版请登记不予通过"))
        first = earliest_effect(version, today)
        day = effective_on or first
        if day < today:
            raise Refused("施行日期早于公布日期。规定不能往回管，请改成今天以后的日期。", field="effective_on")
        if day < first:
            raise Refused(
                f"增加负担的，要公布满 {notice_days(version)} 天才施行，最早是{chinese_date(first)}。",
                field="effective_on",
            )
        if day > today + LATEST:
            raise Refused("施行日期在两年以后。请核对年份。", field="effective_on")
        version.announced_event = event(
            version,
            common.ANNOUNCED,
            actor(by),
            flow=version.flow_sha256,
            burden=version.burden,
            changes=changes_hash(version),
            effective_on=day.isoformat(),
        )
        version.state = VERSION["announce"].target
        version.announced_by, version.announced_at = by, version.announced_event.recorded_at
        version.effective_on, version.notice_days = day, notice_days(version)
        version.posted_until = today + timedelta(days=version.notice_days)
        version.save()
    return version


def _logged_on(announcement: Event) -> date:
    """The day the announcement stands in the public log; today while it is not numbered yet."""
    found = Sequenced.objects.filter(event=announcement).first()
    return timezone.localdate(found.logged_at) if found else timezone.localdate()


def put_in_force(*, version: Version, by: Staff | None) -> Version:
    """From now on the guide shows, and the window runs, exactly this version. ``by`` None: the scheduled sweep."""
    with act():
        version = locked(version)
        check("put_in_force", version, by)
        if timezone.localdate() < version.effective_on:
            raise Refused(f"公布的施行日期是{chinese_date(version.effective_on)}，还没有到。")
        if version.effective_on < earliest_effect(version, _logged_on(version.announced_event)):
            raise Refused("公布编入公开日志的时间比公布的日期晚，公布的天数不够。请重新公布，改一个施行日期。")
        hold_parts(version)
        # The organisation or the law may have changed meanwhile: a unit dissolved, a basis abolished.
        check_gate(version, "公布以后情况有变，还不能施行：", requirements.rules)
        if _is_stale(version):
            raise Refused(_STALE.format(then="这一版请登记不予通过"))
        version.published_event = event(
            version,
            common.IN_FORCE,
            actor(by) if by else SYSTEM,
            "" if by else "公布的施行日期到了",
            flow=version.flow_sha256,
            changes=changes_hash(version),
            **approvals_of(version),
        )
        version.item.versions.filter(state__in=STANDING).update(
            state=VERSION["supersede"].target, suspended_at=None, suspended_event=None, suspended_reason=""
        )
        version.state, version.in_force_at = VERSION["put_in_force"].target, version.published_event.recorded_at
        version.save()
        Item.objects.filter(pk=version.item_id).update(current=version)
        version.item.current = version
        facts.enter(version)
    return version


def put_due_in_force() -> int:
    """Put in force what was announced for today or before; returns how many. For the scheduled sweep.

    One that cannot come into force (its unit was dissolved, its basis abolished) waits for a person.
    """
    done = 0
    due = Version.objects.filter(state=VersionState.ANNOUNCED, effective_on__lte=timezone.localdate())
    for version in due.order_by("effective_on", "pk").only("pk"):
        try:
            put_in_force(version=version, by=None)
            done += 1
        except Refused as refusal:
            log.warning("%s does not come into force: %s", version.pk, refusal)
    return done
