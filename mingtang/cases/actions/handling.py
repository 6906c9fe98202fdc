"""From acceptance to service (许可法 34–44)."""

from datetime import datetime

from django.utils import timezone

from mingtang.cases import clocks, papers, process, requirements
from mingtang.cases.acting import acted
from mingtang.cases.actions import kinds
from mingtang.cases.actions.deferring import check_none_outstanding
from mingtang.cases.actions.intake import locked
from mingtang.cases.actions.issuing import issue
from mingtang.cases.actions.reopened import fate_of, in_question, settle, standing
from mingtang.cases.enums import ActsAs, ApplicantKind, CaseState, ClockKind, Fate, Outcome, Paper, ServeMode
from mingtang.cases.models import Case, CaseDocument, SupplementNotice
from mingtang.cases.policies import check_can, check_head, check_owns
from mingtang.events.log import record
from mingtang.hall.policies import open_window_of
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.rulebook import in_person
from mingtang.rulebook.enums import PowerType

MAX_TEXT, MAX_RECEIVER = 1000, 50
FACE_TO_FACE = {ServeMode.DIRECT, ServeMode.AGENT}


def text_of(text: str, sentence: str, field: str, limit: int = MAX_TEXT) -> str:
    """What was written, whole; ``sentence`` is what a person reads who wrote nothing, empty where that is allowed."""
    text = text.strip()
    if not text and sentence:
        raise Refused(sentence, field=field)
    if len(text) > limit:
        raise Refused(f"写了 {len(text)} 个字，最多 {limit} 个字。请写短一些。", field=field)
    return text


def _happened(case: Case, happened_at: datetime | None, now: datetime) -> datetime:
    at = happened_at or now
    if at > now:
        raise Refused("办理时间不能晚于现在。请核对日期和时间。", field="happened_at")
    if case.accepted_at and at < case.accepted_at:
        raise Refused("办理时间不能早于受理时间。请核对日期和时间。", field="happened_at")
    return at


def opinion(
    *, case: Case, step_key: str, agrees: bool, text: str, by: Staff, happened_at: datetime | None = None
) -> Case:
    """The step owner's opinion. ``happened_at`` may lie before now: the lag between act and entry is shown."""
    now = timezone.now()
    with act():
        case = locked(case)
        who = check_can("opinion", case, by)
        rows = process.steps_of(case)
        step = process.waiting(rows, step_key)
        if step is None or step_key in {process.DECIDE, process.SERVE, process.INTAKE, process.SUPPLY}:
            raise Refused("这一环节已经办完，或者还没有轮到。请刷新后再看。")
        check_owns(step, who)
        text = text_of(text, "" if agrees else "不同意的，请写明理由。", "text")
        at = _happened(case, happened_at, now)
        process.advance(
            case,
            "opinion",
            step_key,
            at=at,
            recorded_at=now,
            by=by,
            agrees=agrees,
            opinion=text,
            rows=rows,
        )
        record(
            town=case.town,
            type=kinds.OPINION,
            subject=case.subject,
            by=who.actor(step.post_code),
            happened_at=at,
            data={"step": step_key, "round": step.round, "agrees": agrees},
            payload={"opinion": text},
            payload_key=case.key,
        )
    return case


def return_for_redo(*, case: Case, reason: str, by: Staff) -> Case:
    """The decider sends the steps back with a reason; the statutory clock runs on."""
    now = timezone.now()
    with act():
        case = locked(case)
        who = check_can("return_for_redo", case, by)
        reason = text_of(reason, "请写明退回重办的理由。", "reason")
        rows = process.steps_of(case)
        step = process.waiting(rows, process.DECIDE)
        if step is None:
            raise Refused("前面的环节还没有办完，现在不能退回。")
        check_owns(step, who)
        if not case.selected.steps:
            raise Refused("这一件没有决定以前的环节，退不回去。请直接作出决定。")
        first = case.selected.steps[0].key
        process.advance(
            case, "redo", process.DECIDE, at=now, recorded_at=now, by=by, opinion=reason, step=first, rows=rows
        )
        record(
            town=case.town,
            type=kinds.REDO,
            subject=case.subject,
            by=who.actor(step.post_code),
            payload={"reason": reason},
            payload_key=case.key,
        )
    return case


def decide(*, case: Case, outcome: str, reasons: str, by: Staff, earlier: str = "") -> CaseDocument:
    """作出决定: all branches joined, by a holder of a valid delegation for this item's decision.

    A refusal, or the refused part of a partial grant, needs reasons; its paper carries the computed remedies. In a
    case that was reopened ``earlier`` says what becomes of the permits that it gave: kept, no new ones are given.
    """
    now = timezone.now()
    if outcome not in Outcome.values:
        raise Refused("请选择准予、部分准予或者不予。", field="outcome")
    with act():
        case = locked(case)
        letter, author = check_head("decide", case, by)
        rows = process.steps_of(case)
        step = process.waiting(rows, process.DECIDE)
        if step is None:
            raise Refused("前面的环节还没有办完，现在不能作出决定。")
        above = case.version.spec.superior.organ
        if above and outcome != Outcome.REFUSED:
            raise Refused(f"这个事项由{above}决定，镇里不能准予。请报送上级；不同意报送的，写明理由作出不予决定。")
        needed = "" if outcome == Outcome.GRANTED else "不予或者部分准予的，请写明理由和依据。"
        reasons = text_of(reasons, needed, "reasons")
        requirements.check_heard(case)
        check_none_outstanding(case, today=timezone.localdate(now), refused=outcome == Outcome.REFUSED)
        reopening = in_question(case)
        fate = fate_of(reopening, outcome, earlier) if reopening else ""
        case.state, case.decided_at, case.outcome = CaseState.DECIDED, now, outcome
        case.decided_by, case.delegation = by, letter
        case.save(update_fields=["state", "decided_at", "outcome", "decided_by", "delegation"])
        process.advance(
            case,
            "decide",
            process.DECIDE,
            at=now,
            recorded_at=now,
            by=by,
            agrees=outcome != Outcome.REFUSED,
            opinion=reasons,
            decision=outcome,
            rows=rows,
        )
        clocks.stop(case, ClockKind.STATUTORY, ClockKind.PROMISE, at=now)
        clocks.start_service(case, at=now)
        clocks.start_verifying(case)
        paper = papers.freeze(
            case,
            Paper.REFUSAL if outcome == Outcome.REFUSED else Paper.GRANT,
            papers.refusal(case, reasons, now)
            if outcome == Outcome.REFUSED
            else papers.grant(case, outcome, reasons, now, standing(case) if fate == Fate.KEPT else ()),
            type=kinds.DECIDED,
            by=author,
            at=now,
            facts={"outcome": outcome, "delegation": letter.number},
        )
        if reopening:
            settle(reopening, fate, letter=letter, by=author, at=now)
        if outcome != Outcome.REFUSED and fate != Fate.KEPT:
            issue(paper, by=author, at=now)
    return paper


def not_accept(*, case: Case, reasons: str, by: Staff, competent_organ: str = "") -> CaseDocument:
    """不予受理: only after the one notice, for what it listed, by a holder of a delegation.

    With ``competent_organ`` because the matter is that organ's (许可法 32(二)): on the day of receipt; never for aid,
    which is passed on (社会救助暂行办法 60).
    """
    now = timezone.now()
    with act():
        case = locked(case)
        letter, author = check_head("not_accept", case, by)
        if competent_organ:
            competent_organ, lacking = _not_ours(case, competent_organ, now), []
        else:
            lacking = _still_lacking(case)
        reasons = text_of(reasons, "请写明不予受理的理由。", "reasons")
        process.advance(
            case,
            "not_accept",
            process.INTAKE,
            at=now,
            recorded_at=now,
            by=by,
        )
        case.state, case.ended_at = CaseState.NOT_ACCEPTED, now
        case.save(update_fields=["state", "ended_at"])
        clocks.stop_all(case, at=now)
        return papers.freeze(
            case,
            Paper.NOT_ACCEPTED,
            papers.not_accepted(case, lacking, reasons, now, competent_organ),
            type=kinds.NOT_ACCEPTED,
            by=author,
            at=now,
            facts={"delegation": letter.number},
        )


def _still_lacking(case: Case) -> list[str]:
    """The names of what the one notice listed and is not in."""
    if not SupplementNotice.objects.filter(case=case).exists():
        raise Refused("还没有一次性告知，不能因为材料不齐不予受理。请先告知补正。")
    lacking = [row.material.name for row in requirements.missing(case)]
    if not lacking:
        raise Refused("告知书上的材料都已补齐，应当受理。")
    return lacking


def _not_ours(case: Case, organ: str, now: datetime) -> str:
    """The organ whose matter it is, where that may be said at all."""
    if case.version.spec.power_type == PowerType.PAYMENT:
        raise Refused("救助和给付的申请不能说不归我们管。请转办给管这件事的机关，取得对方的收件。")
    check_first_day(case, now=now)
    return text_of(organ, "请写明归哪个机关管。", "competent_organ", MAX_RECEIVER)


def check_first_day(case: Case, *, now: datetime) -> None:
    """What is not for us to do is said at once (许可法 32(一)(二)): on the day of receipt, before any notice."""
    if SupplementNotice.objects.filter(case=case).exists():
        raise Refused("已经一次性告知过，接下来只能受理，或者写明理由不予受理。")
    if timezone.localdate(now) != timezone.localdate(case.submitted_at):
        raise Refused("这要在收件当天告诉申请人，现在已经过了。请受理以后作出决定，写明理由。")


def serve(*, case: Case, mode: str, receiver: str, by: Staff, happened_at: datetime | None = None) -> CaseDocument:
    """送达: remedies and the decision's effect start now; clocks and resident-days stop.

    Whoever acts for the applicant is handed it only as far as their authority goes.
    """
    now = timezone.now()
    if mode not in ServeMode.values:
        raise Refused("请选择送达的方式。", field="mode")
    with act():
        case = locked(case)
        author = check_can("serve", case, by).actor(open_window_of(by).post.code)
        receiver = text_of(receiver, "请填写签收人的姓名。", "receiver", MAX_RECEIVER)
        _check_fetches(case, mode, receiver)
        who = case.acting if mode in FACE_TO_FACE else None
        who = who if who and who.name == receiver else None
        if who and (why := who.refuses("collect", today=timezone.localdate(now))):
            raise Refused(why, field="receiver")
        at = happened_at or now
        if at > now or at < case.decided_at:
            raise Refused("送达时间要在决定之后、现在之前。请核对日期和时间。", field="happened_at")
        process.advance(case, "serve", process.SERVE, at=at, recorded_at=now, by=by)
        case.state, case.ended_at, case.serve_mode = CaseState.CLOSED, at, mode
        case.save(update_fields=["state", "ended_at", "serve_mode"])
        clocks.stop_all(case, at=at)
        return papers.freeze(
            case,
            Paper.SERVICE_RECORD,
            papers.service_record(case, ServeMode(mode).label, receiver, at),
            type=kinds.SERVED,
            by=author,
            at=now,
            happened_at=at,
            facts={"mode": mode} | acted(who),
        )


def _check_fetches(case: Case, mode: str, receiver: str) -> None:
    """Where the law has the applicant fetch what was granted, nobody else signs for it and nothing is sent. A guardian
    is the person; for an organisation somebody always comes."""
    why = in_person.refuses(case.version.spec, "collect")
    if not why or case.outcome == Outcome.REFUSED:
        return
    if mode not in {ServeMode.DIRECT, ServeMode.LEFT, ServeMode.NOTICE}:
        raise Refused(why, field="mode")
    guardian = case.acting if case.acting and case.acting.acts_as == ActsAs.GUARDIAN else None
    themselves = {case.applicant["name"], guardian.name if guardian else ""}
    if mode == ServeMode.DIRECT and case.applicant_kind == ApplicantKind.PERSON and receiver not in themselves:
        raise Refused(why, field="receiver")
