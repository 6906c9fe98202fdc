"""证照 in its life: what its holder asks, and what the post with the letter of the item answers (许可法 49, 50)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from mingtang.cases import papers, permit_letters
from mingtang.cases.actions import kinds
from mingtang.cases.actions.entering import enter
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.intake import locked
from mingtang.cases.enums import Asked, AskOutcome, Paper, PermitAct, PermitState
from mingtang.cases.models import CaseDocument, Permit, PermitAsk
from mingtang.cases.permits import answer_by, ask_by, check_permit, check_permit_head, check_permit_state, last_day
from mingtang.events.log import APPLICANT, SYSTEM, Actor
from mingtang.hall.policies import open_window_of
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.workdays.tables import calendar_for

MAX_ASKED, MAX_HOLDER = 500, 100


def locked_permit(permit: Permit) -> Permit:
    """The permit under the lock of its case: two people acting at once meet here, one after the other."""
    case = locked(permit.case)
    permit = Permit.objects.get(pk=permit.pk)
    permit.case = case
    return permit


def ask_change(*, permit: Permit, text: str, by: Staff | None = None) -> CaseDocument:
    """申请变更: at the window, or online by whoever opened the case with its code."""
    return _ask("ask_change", Asked.CHANGE, permit, text, by)


def ask_renewal(*, permit: Permit, text: str = "", by: Staff | None = None) -> CaseDocument:
    """申请延续: before the permit ends. Thirty days before it, silence renews; later, it is answered all the same."""
    return _ask("ask_renewal", Asked.RENEW, permit, text, by)


def _ask(name: str, kind: str, permit: Permit, text: str, by: Staff | None) -> CaseDocument:
    now = timezone.now()
    today = timezone.localdate(now)
    with act():
        permit = locked_permit(permit)
        author = check_permit(name, permit, by).actor(open_window_of(by).post.code) if by else APPLICANT
        check_permit_state(name, permit)
        if permit.expired(today):
            raise Refused(f"证照的有效期到{chinese_date(permit.valid_to)}已经满了。请重新申请。")
        calendar = calendar_for(permit.town)
        last = ask_by(permit, calendar)
        if kind == Asked.RENEW and last is None:
            raise Refused("这个证照没有截止日期，不用延续。")
        if permit.asks.filter(kind=kind, outcome="").exists():
            raise Refused(f"已经申请过{Asked(kind).label}，还没有答复，不用再申请。")
        needed = "请写明要变更什么，变成什么样。" if kind == Asked.CHANGE else ""
        text = text_of(text, needed, "text", MAX_ASKED) or "有效期届满以后继续使用"
        row = PermitAsk(
            permit=permit,
            kind=kind,
            asked_on=today,
            in_time=kind == Asked.CHANGE or (last is not None and today <= last),
            due_on=answer_by(permit, kind, today, calendar),
            text_sealed=permit.case.seal({"text": text}),
        )
        paper = papers.freeze(
            permit.case,
            Paper.PERMIT_ASKED,
            permit_letters.receipt(permit, row),
            type=kinds.PERMIT_ASKED,
            by=author,
            at=now,
            facts=row.told(),
        )
        row.event = paper.event
        row.save()
    return paper


def _open_ask(permit: Permit, kind: str) -> PermitAsk:
    row = permit.asks.filter(kind=kind, outcome="").first()
    if row is None:
        raise Refused(f"没有等着答复的{Asked(kind).label}申请。可能有同事刚刚办理过，请刷新后再看。")
    row.permit = permit
    return row


def _answer(row: PermitAsk, outcome: str, at: datetime) -> None:
    row.outcome, row.ended_at = outcome, at
    row.save(update_fields=["outcome", "ended_at"])


def change(*, permit: Permit, what: str, holder: str = "", by: Staff) -> CaseDocument:
    """准予变更: what is different from now on; ``holder`` only where the holder has another name."""
    now = timezone.now()
    with act():
        permit = locked_permit(permit)
        letter, author = check_permit_head("change", permit, by)
        row = _open_ask(permit, Asked.CHANGE)
        what = text_of(what, "请写明变更为什么。", "what", MAX_ASKED)
        if holder := text_of(holder, "", "holder", MAX_HOLDER):
            permit.holder_sealed, permit.holder = permit.case.seal({"holder": holder}), holder
        _answer(row, AskOutcome.GRANTED, now)
        data = permit_letters.changed(permit, row, what)
        return enter(permit, PermitAct.CHANGED, data, by=author, at=now, facts={"delegation": letter.number})


def renew(*, permit: Permit, by: Staff) -> CaseDocument:
    """准予延续: from the old last day on, for the time that the version gives."""
    now = timezone.now()
    with act():
        permit = locked_permit(permit)
        letter, author = check_permit_head("renew", permit, by)
        return _renewed(permit, PermitAct.RENEWED, author, now, {"delegation": letter.number})


def _renewed(permit: Permit, how: str, by: Actor, now: datetime, facts: dict[str, Any]) -> CaseDocument:
    row, deemed = _open_ask(permit, Asked.RENEW), how == PermitAct.DEEMED
    _answer(row, AskOutcome.DEEMED if deemed else AskOutcome.GRANTED, now)
    permit.valid_to = renewed_to(permit)
    data = permit_letters.renewed(permit, row, permit.valid_to, deemed=deemed)
    return enter(permit, how, data, by=by, at=now, facts=facts)


def renewed_to(permit: Permit) -> date:
    """The last day of the next time."""
    last = last_day(permit.valid_to, permit.given.months) if permit.valid_to else None
    if last is None:
        raise Refused("这个证照没有截止日期，不用延续。")
    return last


def refuse_ask(*, permit: Permit, kind: str, reasons: str, by: Staff) -> CaseDocument:
    """不予变更或者延续: with reasons and remedies; the permit stays as it is until its end."""
    now = timezone.now()
    with act():
        permit = locked_permit(permit)
        letter, author = check_permit_head("refuse_ask", permit, by)
        row = _open_ask(permit, kind)
        reasons = text_of(reasons, "请写明不予准许的理由和依据。", "reasons")
        _answer(row, AskOutcome.REFUSED, now)
        return papers.freeze(
            permit.case,
            Paper.PERMIT_KEPT,
            permit_letters.kept(permit, row, reasons, papers.adverse(permit.case, now)),
            type=kinds.PERMIT_KEPT,
            by=author,
            at=now,
            facts={"permit": permit.number, "ask": kind, "delegation": letter.number},
        )


def renewals_over(at: datetime | None = None) -> Iterable[Permit]:
    """Permits whose renewal was asked in time and not answered by its day."""
    today = timezone.localdate(at or timezone.now())
    over = PermitAsk.objects.filter(kind=Asked.RENEW, in_time=True, outcome="", due_on__lt=today)
    return Permit.objects.filter(state=PermitState.VALID, asks__in=over).select_related("case").order_by("pk")


def deem_renewed(*, permit: Permit) -> CaseDocument:
    """视为准予延续: the organ was silent until the day was over; the certificate issues by itself (许可法 50)."""
    now = timezone.now()
    with act():
        permit = locked_permit(permit)
        check_permit_state("deem_renewed", permit)
        row = _open_ask(permit, Asked.RENEW)
        if not row.in_time or row.due_on >= timezone.localdate(now):
            raise Refused("还没有到答复的最后一天，或者申请提出得晚，不能视为准予。")
        return _renewed(permit, PermitAct.DEEMED, SYSTEM, now, {})


def reissue(*, permit: Permit, reasons: str, by: Staff) -> CaseDocument:
    """补发: lost or spoiled; content and dates stay."""
    now = timezone.now()
    with act():
        permit = locked_permit(permit)
        letter, author = check_permit_head("reissue", permit, by)
        if permit.expired(timezone.localdate(now)):
            raise Refused("证照的有效期已经满了，不能补发。请重新申请。")
        reasons = text_of(reasons, "请写明为什么补发，例如遗失、损毁。", "reasons", MAX_ASKED)
        data = permit_letters.reissued(permit, reasons, now)
        return enter(permit, PermitAct.REISSUED, data, by=author, at=now, facts={"delegation": letter.number})
