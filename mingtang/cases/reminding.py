"""What applicants are reminded of once, by the clock: a decision nobody collected, a permit to be renewed in time.

Only who asked to be told is reminded, so that an event stands for a message. Once a day is enough: days are counted.
"""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.utils import timezone

from mingtang.cases import telling
from mingtang.cases.actions import kinds
from mingtang.cases.actions.intake import locked
from mingtang.cases.actions.permits import locked_permit
from mingtang.cases.enums import Asked, CaseState, PermitState
from mingtang.cases.models import Case, Permit
from mingtang.cases.permits import ASK_BEFORE, SOON, ask_by
from mingtang.events.log import SYSTEM, record
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.workdays.tables import calendar_for

log = logging.getLogger(__name__)
# Half of the days within which a decision is served (许可法 44): there is time left to bring it.
COLLECT_AFTER = 5


def _lies(case: Case, today: date) -> bool:
    """Whether a decision lies at the window since more than ``COLLECT_AFTER`` working days, and nobody was reminded."""
    if case.state != CaseState.DECIDED:
        return False
    if calendar_for(case.town).add_working_days(timezone.localdate(case.decided_at), COLLECT_AFTER) >= today:
        return False
    told = Event.objects.filter(town=case.town, subject=case.subject, type=kinds.COLLECT_REMINDED)
    return not told.filter(recorded_at__gte=case.decided_at).exists()


def uncollected(today: date) -> Iterator[Case]:
    """Cases to be reminded of: decided, not served, and wanted by somebody who asked to be told."""
    rows = Case.objects.filter(state=CaseState.DECIDED, decided_at__lt=timezone.now() - timedelta(days=COLLECT_AFTER))
    for case in rows.select_related("town", "key").order_by("pk"):
        if _lies(case, today) and telling.reaches(case, kinds.COLLECT_REMINDED):
            yield case


def remind_collect(*, case: Case) -> None:
    """提醒领取: once a decision. Raises ``Refused`` where it was collected meanwhile, or another node was quicker."""
    with act():
        case = locked(case)
        if not _lies(case, timezone.localdate()):
            raise Refused("决定书已经领走，或者已经提醒过。")
        record(town=case.town, type=kinds.COLLECT_REMINDED, subject=case.subject, by=SYSTEM)


def _ends(permit: Permit) -> bool:
    """Whether its end comes near, nobody asked to renew it, and nobody was reminded of this end."""
    if permit.state != PermitState.VALID or permit.asks.filter(kind=Asked.RENEW, outcome="").exists():
        return False
    rows = Event.objects.filter(town=permit.town_id, subject=permit.case.subject, type=kinds.PERMIT_REMINDED)
    told = {(row["permit"], row["valid_to"]) for row in rows.values_list("data", flat=True)}
    return (permit.number, permit.valid_to.isoformat()) not in told


def ending(today: date) -> Iterator[Permit]:
    """Permits whose renewal is to be asked for soon: from ``SOON`` days before the end to thirty (许可法 50)."""
    span = today + timedelta(days=ASK_BEFORE), today + timedelta(days=SOON)
    rows = Permit.objects.filter(state=PermitState.VALID, valid_to__range=span)
    for permit in rows.select_related("town", "case__town", "case__key").order_by("pk"):
        if _ends(permit) and telling.reaches(permit.case, kinds.PERMIT_REMINDED):
            yield permit


def remind_renewal(*, permit: Permit) -> None:
    """提醒申请延续: once an end, with the last day on which it is asked in time. Raises ``Refused`` where it was asked
    meanwhile, or another node was quicker."""
    with act():
        permit = locked_permit(permit)
        last = ask_by(permit, calendar_for(permit.town))
        if last is None or not _ends(permit):
            raise Refused("已经申请延续，或者已经提醒过。")
        facts = {"permit": permit.number, "valid_to": permit.valid_to.isoformat(), "due_on": last.isoformat()}
        record(town=permit.town, type=kinds.PERMIT_REMINDED, subject=permit.case.subject, by=SYSTEM, data=facts)


def remind_all() -> int:
    """Remind whoever is due today; returns how many. For the scheduled sweep."""
    today = timezone.localdate()
    found = [partial(remind_collect, case=case) for case in uncollected(today)]
    found += [partial(remind_renewal, permit=permit) for permit in ending(today)]
    done = 0
    for remind in found:
        try:
            remind()
            done += 1
        except Refused as refusal:
            # Somebody was quicker.
            log.info("not reminded: %s", refusal)
    return done
