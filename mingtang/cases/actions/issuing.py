"""What a grant gives, in the transaction of the decision: a permit for each 证照 or 批文 of the version, and what
everybody learns of it."""

from datetime import datetime

from django.utils import timezone

from mingtang.cases.actions import kinds
from mingtang.cases.actions.grants import propose
from mingtang.cases.enums import PermitAct
from mingtang.cases.models import CaseDocument, Permit, PermitEntry
from mingtang.cases.permits import PAPERS, last_day
from mingtang.events.log import Actor, record


def issue(paper: CaseDocument, *, by: Actor, at: datetime) -> list[Permit]:
    """The permits that the grant ``paper`` of a decided case gives, valid from the day of ``at``."""
    case, today, given = paper.case, timezone.localdate(at), []
    for number, result in enumerate(case.version.spec.results, 1):
        if result.kind not in PAPERS:
            continue
        permit = Permit.objects.create(
            town=case.town,
            case=case,
            paper=paper,
            number=f"{paper.number}-{number}",
            result=number,
            holder_sealed=case.seal({"holder": case.applicant["organisation"] or case.applicant["name"]}),
            valid_from=today,
            valid_to=last_day(today, result.months),
        )
        entry = PermitEntry(permit=permit, act=PermitAct.ISSUED, at=at, valid_to=permit.valid_to)
        entry.event = record(
            town=case.town,
            type=kinds.PERMIT_ISSUED,
            subject=case.subject,
            by=by,
            happened_at=at,
            data={**entry.told(), "valid_from": today.isoformat()},
        )
        entry.save()
        given.append(permit)
    propose(paper, at=at)
    return given
