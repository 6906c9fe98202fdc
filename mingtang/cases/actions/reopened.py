"""What a reopened case gave before: in question until the new decision keeps it or ends it, all of it in that act."""

from datetime import datetime

from mingtang.cases import papers, permit_letters
from mingtang.cases.actions import kinds
from mingtang.cases.actions.entering import drop_asks, enter
from mingtang.cases.enums import CancelGround, Fate, Outcome, PermitAct, PermitState
from mingtang.cases.models import Case, CaseDocument, Permit, Reopening
from mingtang.events.log import Actor, record
from mingtang.lib.errors import Refused
from mingtang.people.models import Delegation


def reopen(paper: CaseDocument, *, body: str, at: datetime) -> Reopening:
    """From now on what this case has given is in question; ``paper`` says so to the applicant."""
    return Reopening.objects.create(case=paper.case, body=body, opened_at=at, event=paper.event)


def in_question(case: Case) -> Reopening | None:
    return case.reopenings.filter(fate="").first()


def standing(case: Case) -> list[Permit]:
    """The permits that the case gave and that nothing has ended yet."""
    rows = list(case.permits.filter(state=PermitState.VALID))
    for permit in rows:
        permit.case = case
    return rows


def fate_of(row: Reopening, outcome: str, asked: str) -> str:
    """How a new decision with this ``outcome`` leaves what was given before; raises ``Refused``.

    Ordered by a ruling the decision is free. By the organ itself it is only in the applicant's favour (许可法 8): what
    was given is taken by revoking the permit, whose holder is heard first (许可法 69). Without a permit nothing is
    asked: the new decision stands in the place of the earlier.
    """
    if outcome == Outcome.REFUSED and not row.body:
        raise Refused(
            "自行纠正只能改得对申请人有利，已经准予的不能在这里改成不予。要收回的，按证照的撤销、撤回先听取意见。",
            field="outcome",
        )
    if not standing(row.case):
        return Fate.ENDED
    if asked not in Fate.values:
        raise Refused("原来发的证照还在。请选原证照怎么办：维持，还是注销。", field="earlier")
    if outcome == Outcome.REFUSED and asked == Fate.KEPT:
        raise Refused("不予的，原来的证照不能维持。请选注销。", field="earlier")
    return asked


def settle(row: Reopening, fate: str, *, letter: Delegation, by: Actor, at: datetime) -> None:
    """Keep what was given before, or cancel each permit with its own paper (许可法 70)."""
    if fate == Fate.ENDED:
        for permit in standing(row.case):
            permit.state = PermitState.CANCELLED
            drop_asks(permit, at)
            ground = CancelGround.REDONE
            data = permit_letters.cancelled(permit, ground, row.reason, papers.adverse(row.case, at))
            facts = {"ground": ground, "delegation": letter.number}
            enter(permit, PermitAct.CANCELLED, data, by=by, at=at, facts=facts)
    close(row, fate, by=by, at=at)


def close(row: Reopening, fate: str, *, by: Actor, at: datetime) -> None:
    row.fate, row.settled_at = fate, at
    row.save(update_fields=["fate", "settled_at"])
    record(
        town=row.case.town,
        type=kinds.EARLIER_SETTLED,
        subject=row.case.subject,
        by=by,
        happened_at=at,
        data={"fate": fate},
    )


def close_if_empty(case: Case, *, by: Actor, at: datetime) -> None:
    """A case that was taken back has no decision to come: once none of its permits stands, nothing is in question."""
    row = in_question(case)
    if row is not None and not standing(case):
        close(row, Fate.ENDED, by=by, at=at)
