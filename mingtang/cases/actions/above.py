"""Decided above: the town looks at it and sends it up, the county decides (许可法 35, 43)."""

from datetime import date, datetime

from django.utils import timezone

from mingtang.cases import clocks, letters, papers, process, requirements
from mingtang.cases.actions import kinds
from mingtang.cases.actions.deferring import check_none_outstanding
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.intake import locked
from mingtang.cases.enums import CaseState, ClockKind, Outcome, Paper
from mingtang.cases.models import Case, CaseDocument, SendUp
from mingtang.cases.policies import Entitled, check_can, check_head, check_owns
from mingtang.events.log import Actor, record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff

MAX_NUMBER = 60


def send_up(*, case: Case, opinion: str, by: Staff) -> CaseDocument:
    """报送上级: with an opinion and the whole file; nothing is asked of the applicant twice.

    Stops the town's limits and starts the superior organ's, where it has one; resident-days run on. Not to send it up
    is a refusal, with reasons and remedies (``decide``).
    """
    now = timezone.now()
    with act():
        case = locked(case)
        letter, author = check_head("send_up", case, by)
        above = case.version.spec.superior
        if not above.organ:
            raise Refused("这个事项由本镇决定，不用报上级。请直接作出决定。")
        opinion = text_of(opinion, "请写明镇里的审查意见。", "opinion")
        rows = process.steps_of(case)
        if process.waiting(rows, process.DECIDE) is None:
            raise Refused("前面的环节还没有办完，现在不能报送。")
        requirements.check_heard(case)
        check_none_outstanding(case, today=timezone.localdate(now), refused=False)
        case.state = CaseState.REPORTED_UP
        case.save(update_fields=["state"])
        clocks.stop(case, ClockKind.STATUTORY, ClockKind.PROMISE, at=now)
        if above.working_days:
            round = 1 + case.send_ups.count()
            clocks.start(case, ClockKind.SUPERIOR, at=now, working_days=above.working_days, round=round)
        process.advance(
            case,
            "send_up",
            process.DECIDE,
            at=now,
            recorded_at=now,
            by=by,
            agrees=True,
            opinion=opinion,
            rows=rows,
        )
        row = SendUp(case=case, organ=above.organ, sent_at=now)
        paper = papers.freeze(
            case,
            Paper.SENT_UP,
            letters.sent_up(case, above, opinion, papers.brought(case)),
            type=kinds.SENT_UP,
            by=author,
            at=now,
            facts={**row.told(), "delegation": letter.number},
        )
        row.event = paper.event
        row.save()
    return paper


def record_result(*, case: Case, outcome: str, number: str, decided_on: date, reasons: str, by: Staff) -> CaseDocument:
    """登记上级决定: what the superior organ decided, under which number, on which day; it is served by us.

    The limit of service runs from that day (许可法 44). What was refused carries the remedies against that organ. A
    permit that it grants is its own: what becomes of it later is not ours to enter.
    """
    now = timezone.now()
    if outcome not in Outcome.values:
        raise Refused("请选择准予、部分准予或者不予。", field="outcome")
    with act():
        case = locked(case)
        row, author = _above(case, check_can("record_result", case, by))
        at = _decided(row, decided_on, now)
        number = text_of(number, "请填写上级决定的文号。", "number", MAX_NUMBER)
        needed = "" if outcome == Outcome.GRANTED else "不予或者部分准予的，请照上级的决定书写明理由和依据。"
        reasons = text_of(reasons, needed, "reasons")
        case.state, case.decided_at, case.outcome = CaseState.DECIDED, at, outcome
        case.decided_by, case.superior_number = by, number
        case.save(update_fields=["state", "decided_at", "outcome", "decided_by", "superior_number"])
        process.advance(
            case,
            "record_result",
            process.ABOVE,
            at=at,
            recorded_at=now,
            by=by,
            agrees=outcome != Outcome.REFUSED,
            opinion=reasons,
            decision=outcome,
        )
        clocks.stop(case, ClockKind.SUPERIOR, at=at)
        clocks.start_service(case, at=at)
        row.ended_at, row.decision_number = at, number
        row.save(update_fields=["ended_at", "decision_number"])
        clocks.start_verifying(case)
        adverse = [] if outcome == Outcome.GRANTED else papers.adverse(case, at)
        return papers.freeze(
            case,
            Paper.RESULT_ABOVE,
            letters.result_above(case, row, decided_on, reasons, adverse),
            type=kinds.RESULT_ABOVE,
            by=author,
            at=now,
            happened_at=at,
            facts={"outcome": outcome, "superior_number": number, "organ": row.organ},
        )


def take_back(*, case: Case, reason: str, by: Staff) -> Case:
    """上级退回: the town goes on with what is left of its own limits; nothing is asked of the applicant again."""
    now = timezone.now()
    with act():
        case = locked(case)
        row, author = _above(case, check_can("take_back", case, by))
        reason = text_of(reason, "请写明上级为什么退回。", "reason")
        clocks.stop(case, ClockKind.SUPERIOR, at=now)
        case.state = CaseState.ACCEPTED
        case.save(update_fields=["state"])
        clocks.go_on(case, at=now)
        process.advance(case, "returned_from_above", process.ABOVE, at=now, recorded_at=now, by=by, opinion=reason)
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        record(
            town=case.town,
            type=kinds.TAKEN_BACK,
            subject=case.subject,
            by=author,
            happened_at=now,
            data={"organ": row.organ},
            payload={"reason": reason},
            payload_key=case.key,
        )
    return case


def _above(case: Case, who: Entitled) -> tuple[SendUp, Actor]:
    """What lies above, where this person may say what came of it, and who the event names."""
    step = process.waiting(process.steps_of(case), process.ABOVE)
    assert step is not None  # the state says so
    check_owns(step, who)
    return case.send_ups.get(ended_at__isnull=True), who.actor(step.post_code)


def _decided(row: SendUp, decided_on: date, now: datetime) -> datetime:
    """The moment that stands for the day of the decision: now, or that day's beginning, never before it was sent."""
    if not timezone.localdate(row.sent_at) <= decided_on <= timezone.localdate(now):
        raise Refused("上级作出决定的日期要在报送以后、今天以前。请核对决定书。", field="decided_on")
    if decided_on == timezone.localdate(now):
        return now
    return max(row.sent_at, timezone.make_aware(datetime.combine(decided_on, datetime.min.time())))
