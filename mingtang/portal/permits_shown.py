"""The permits of a case for its holder: until when, how and by when to renew, what to do when one is lost."""

from typing import Any

from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.enums import Asked, PermitState
from mingtang.cases.models import Case
from mingtang.cases.permits import ask_by, status
from mingtang.lib.errors import Refused
from mingtang.workdays.tables import calendar_for

ASKS = {"ask_renewal": actions.ask_renewal, "ask_change": actions.ask_change}


def permits(case: Case) -> list[dict[str, Any]]:
    """Each with what its holder may ask now; nothing for a case that was never accepted."""
    if not case.accepted_at:
        return []
    today, calendar, found = timezone.localdate(), calendar_for(case.town), []
    for permit in case.permits.prefetch_related("entries", "asks"):
        permit.case = case
        waiting = [row for row in permit.asks.all() if not row.outcome]
        kinds = {row.kind for row in waiting}
        usable = permit.state == PermitState.VALID and not permit.expired(today)
        last = ask_by(permit, calendar)
        found.append(
            {
                "permit": permit,
                "name": permit.given.name,
                "holder": permit.holder,
                "word": status(permit, list(permit.entries.all())[-1].act, today),
                "tone": "stop" if not usable else "today" if case.questioned else "done",
                "usable": usable,
                "waiting": waiting,
                "ask_by": last,
                "late": last is not None and last < today,
                "may_renew": usable and last is not None and Asked.RENEW not in kinds,
                "may_change": usable and Asked.CHANGE not in kinds,
            }
        )
    return found


def ask(case: Case, act: str, number: str, text: str) -> None:
    """What the holder asks of the permit with this number. Raises ``Refused``."""
    permit = case.permits.filter(number=number).first()
    if permit is None:
        raise Refused("没有这个证照，请刷新后再看。")
    ASKS[act](permit=permit, text=text)
