"""Publication at a time that was set before: by the scheduler, with every check of a publication by hand."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from mingtang.disclosure import requirements
from mingtang.disclosure.acting import locked, tell
from mingtang.disclosure.actions import put_out
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Edition
from mingtang.disclosure.policies import check_can
from mingtang.disclosure.states import EDITION
from mingtang.events import types
from mingtang.events.log import SYSTEM, iso
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import actor

SCHEDULED = types.define("document.scheduled", "定时公开")
UNSCHEDULED = types.define("document.unscheduled", "取消定时公开")
STOPPED = types.define("document.stopped", "到时没有公开")
LONGEST = timedelta(days=366)
MOST_REASON = 200


def schedule(*, edition: Edition, at: datetime, by: Staff) -> Edition:
    """Set the time at which a signed edition is published. What would be refused then is refused now."""
    now = timezone.now()
    if at <= now:
        raise Refused("定的时间已经过去了。请写一个以后的时间，或者直接点“公开”。", field="at")
    if at > now + LONGEST:
        raise Refused("最多只能定在一年以内公开。请把时间改近一些。", field="at")
    with act():
        edition = locked(edition)
        check_can("schedule", edition, by)
        requirements.check_complete(edition.document, edition.revision)
        edition.state = EDITION["schedule"].target
        edition.publish_at, edition.scheduled_by, edition.stopped = at, by, ""
        edition.save(update_fields=["state", "publish_at", "scheduled_by", "stopped"])
        tell(edition, SCHEDULED, actor(by), publish_at=iso(at))
    return edition


def unschedule(*, edition: Edition, reason: str, by: Staff) -> Edition:
    """Take the time back: the edition waits for somebody to publish it, as before."""
    reason = clear_text(reason, "请写明为什么不按原来定的时间公开。", "reason", town=by.town_id)
    with act():
        edition = locked(edition)
        check_can("unschedule", edition, by)
        _signed_again(edition)
        tell(edition, UNSCHEDULED, actor(by), reason=reason)
    return edition


def scheduled_now() -> QuerySet[Edition]:
    """The editions whose time has come, the earliest first."""
    rows = Edition.objects.filter(state=EditionState.SCHEDULED, publish_at__lte=timezone.now())
    return rows.order_by("publish_at", "pk")


def publish_scheduled(*, edition: Edition) -> bool:
    """Publish an edition at its time. Whether it was: what the checks refuse is signed and waits again, with the
    reason. Whoever comes second, a clerk or another round of the scheduler, changes nothing."""
    with act():
        edition = locked(edition)
        if edition.state not in EDITION["stop"].sources or edition.publish_at > timezone.now():
            return False
        told = {"publish_at": iso(edition.publish_at), "scheduled_by": edition.scheduled_by.code}
        try:
            put_out(edition, SYSTEM, reason=edition.note or "按定好的时间公开", **told)
        except Refused as refusal:
            reason = refusal.message[:MOST_REASON]
            _signed_again(edition, reason)
            tell(edition, STOPPED, SYSTEM, reason=reason, **told)
            return False
    return True


def _signed_again(edition: Edition, stopped: str = "") -> None:
    edition.state = EditionState.SIGNED
    edition.publish_at, edition.scheduled_by, edition.stopped = None, None, stopped
    edition.save(update_fields=["state", "publish_at", "scheduled_by", "stopped"])
