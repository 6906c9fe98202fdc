"""Acceptance, by the window or by silence (许可法 32)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from mingtang.cases import charging, clocks, papers, process, requirements
from mingtang.cases.actions import kinds
from mingtang.cases.actions.deferring import check_deferred, defer
from mingtang.cases.actions.intake import locked
from mingtang.cases.actions.pledging import pledge
from mingtang.cases.enums import CaseState, ClockKind, Paper
from mingtang.cases.models import Case, CaseDocument
from mingtang.cases.policies import check_can, check_state
from mingtang.events.log import SYSTEM, Actor
from mingtang.hall.policies import open_window_of
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.rulebook.enums import SilenceRule


def accept(*, case: Case, by: Staff, deferred: Mapping[str, date] | None = None, signed: bool = False) -> CaseDocument:
    """受理: complete and in legal form; starts the statutory and the promised clock and the steps.

    ``deferred``: the papers that follow (容缺), each with its day, on a list that the applicant ``signed``; only those
    that the version lets follow.
    """
    deferred = deferred or {}
    with act():
        case = locked(case)
        who = check_can("accept", case, by)
        window = open_window_of(by)
        lacking = requirements.missing(case)
        now = timezone.now()
        if lacking and not deferred:
            names = "”“".join(row.material.name for row in lacking)
            raise Refused(f"还缺“{names}”，不能受理。请收齐，或者一次性告知补正。")
        check_deferred(lacking, deferred, signed=signed, today=timezone.localdate(now))
        author = who.actor(window.post.code)
        paper = _accept(
            case,
            at=now,
            since=now,
            by=author,
            staff=by,
            place=str(window),
            type=kinds.ACCEPTED,
            deferred=deferred,
        )
        charging.ask_if_due(case, by, author)
        return paper


def _accept(
    case: Case,
    *,
    at: datetime,
    since: datetime,
    by: Actor,
    staff: Staff | None,
    place: str,
    type: str,
    deferred: Mapping[str, date],
) -> CaseDocument:
    spec = case.version.spec
    case.state, case.accepted_at = CaseState.ACCEPTED, since
    case.accepted_by_silence = staff is None
    case.save(update_fields=["state", "accepted_at", "accepted_by_silence"])
    clocks.stop(case, ClockKind.INTAKE, at=at)
    clocks.start_handling(case, at=since)
    process.advance(case, "accept", process.INTAKE, at=since, recorded_at=at, by=staff)
    promise = case.clocks.get(kind=ClockKind.PROMISE)
    conditions = [*pledge(case, by=by, at=at), *defer(case, deferred, latest=promise.due_on, by=by, at=at)]
    return papers.freeze(
        case,
        Paper.ACCEPTANCE,
        papers.acceptance(case, promise, since, silence=staff is None, conditions=conditions),
        type=type,
        by=by,
        at=at,
        place=place,
        reason="" if staff else SilenceRule(spec.silence_rule).label,
    )


def silent(at: datetime | None = None) -> Iterable[Case]:
    """Cases whose intake limit has passed without a word, and whose item says what then follows."""
    today = timezone.localdate(at or timezone.now())
    return (
        Case.objects.filter(state=CaseState.SUBMITTED)
        .filter(Q(clocks__kind=ClockKind.INTAKE, clocks__stopped_at__isnull=True, clocks__due_on__lt=today))
        .exclude(version__data__silence_rule=SilenceRule.NONE)
        .distinct()
    )


def accept_by_silence(*, case: Case) -> CaseDocument:
    """Nobody answered in time: accepted by the item's rule, every limit from the day of receipt (许可法 32(四)).

    After the one notice the day of receipt is the day on which what it asked for was in (32(五)): the town does not
    answer for the time the applicant took. Taken in again, it is that day.
    """
    with act():
        case = locked(case)
        check_state("accept_by_silence", case)
        if case.version.spec.silence_rule == SilenceRule.NONE:
            raise Refused("这个事项没有“逾期视为受理”的规定。")
        clock = case.clocks.filter(kind=ClockKind.INTAKE, stopped_at__isnull=True).get()
        if clock.due_on >= timezone.localdate():
            raise Refused("收件审查的期限还没有过。")
        paper = _accept(
            case,
            at=timezone.now(),
            since=case.steps.get(key=process.INTAKE, done_at__isnull=True).opened_at,
            by=SYSTEM,
            staff=None,
            place="",
            type=kinds.ACCEPTED_BY_SILENCE,
            deferred={},
        )
        charging.ask_if_due(case)
        return paper
