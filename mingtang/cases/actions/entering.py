"""What happens to a permit is entered with its paper, in the transaction of the act."""

from datetime import datetime
from typing import Any

from mingtang.cases import papers
from mingtang.cases.actions import kinds
from mingtang.cases.enums import AskOutcome, Paper, PermitAct
from mingtang.cases.models import CaseDocument, Permit, PermitEntry
from mingtang.events.log import Actor

EVENTS = {
    PermitAct.CHANGED: (kinds.PERMIT_CHANGED, Paper.PERMIT_CHANGED),
    PermitAct.RENEWED: (kinds.PERMIT_RENEWED, Paper.PERMIT_RENEWED),
    PermitAct.DEEMED: (kinds.PERMIT_DEEMED, Paper.PERMIT_RENEWED),
    PermitAct.REISSUED: (kinds.PERMIT_REISSUED, Paper.PERMIT_REISSUED),
    PermitAct.WITHDRAWN: (kinds.PERMIT_WITHDRAWN, Paper.PERMIT_WITHDRAWN),
    PermitAct.REVOKED: (kinds.PERMIT_REVOKED, Paper.PERMIT_REVOKED),
    PermitAct.CANCELLED: (kinds.PERMIT_CANCELLED, Paper.PERMIT_CANCELLED),
}


def enter(
    permit: Permit, act: str, data: dict[str, Any], *, by: Actor, at: datetime, facts: dict[str, Any]
) -> CaseDocument:
    """Save the permit as it is now, with what happened to it and the paper that says so."""
    type, kind = EVENTS[PermitAct(act)]
    permit.save()
    entry = PermitEntry(permit=permit, act=act, at=at, valid_to=permit.valid_to)
    paper = papers.freeze(permit.case, kind, data, type=type, by=by, at=at, facts={**entry.told(), **facts})
    entry.event = paper.event
    entry.save()
    return paper


def drop_asks(permit: Permit, at: datetime) -> None:
    """The permit is gone: what was asked of it falls away."""
    permit.asks.filter(outcome="").update(outcome=AskOutcome.DROPPED, ended_at=at)
