"""The ends of a permit: withdrawn, revoked, cancelled; its holder is told and heard first (许可法 7, 8, 69, 70)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from mingtang.cases import papers, permit_letters
from mingtang.cases.actions import kinds
from mingtang.cases.actions.entering import drop_asks, enter
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.permits import locked_permit
from mingtang.cases.actions.reopened import close_if_empty, in_question
from mingtang.cases.enums import (
    Asked,
    CancelGround,
    Paper,
    PermitAct,
    PermitState,
    RevokeGround,
    ServeMode,
    WarnedOf,
    WithdrawGround,
)
from mingtang.cases.models import Case, CaseDocument, Permit, PermitWarning
from mingtang.cases.permits import check_permit, check_permit_head, heard_from
from mingtang.cases.states import ENDED_EARLY
from mingtang.events.log import record
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.workdays.tables import calendar_for


def warn(*, permit: Permit, of: str, reasons: str, by: Staff) -> CaseDocument:
    """拟撤销（撤回）告知: facts and reasons, before anything is decided; it counts from the day it is served."""
    now = timezone.now()
    with act():
        permit = locked_permit(permit)
        letter, author = check_permit_head("warn", permit, by)
        if of not in WarnedOf.values:
            raise Refused("请选择拟撤销还是拟撤回。", field="of")
        reasons = text_of(reasons, "请写明事实和理由，当事人才能陈述、申辩。", "reasons")
        row = PermitWarning(permit=permit, of=of, told_at=now)
        paper = papers.freeze(
            permit.case,
            Paper.PERMIT_WARNED,
            permit_letters.warned(permit, of, reasons),
            type=kinds.PERMIT_WARNED,
            by=author,
            at=now,
            facts={**row.told(), "delegation": letter.number},
        )
        row.event = paper.event
        row.save()
    return paper


def serve_warning(*, permit: Permit, served_on: date, mode: str, by: Staff) -> PermitWarning:
    """登记告知书送达: from this day the holder has time to answer."""
    now = timezone.now()
    with act():
        permit = locked_permit(permit)
        author = check_permit("serve_warning", permit, by).actor()
        row = permit.warnings.filter(served_on__isnull=True).last()
        if row is None:
            raise Refused("没有等着送达的告知书。可能有同事刚刚登记过，请刷新后再看。")
        if mode not in ServeMode.values:
            raise Refused("请选择送达的方式。", field="mode")
        if not timezone.localdate(row.told_at) <= served_on <= timezone.localdate(now):
            raise Refused("送达的日期要在制作告知书以后、今天以前。请核对。", field="served_on")
        row.served_on, row.serve_mode = served_on, mode
        row.save(update_fields=["served_on", "serve_mode"])
        record(
            town=permit.town,
            type=kinds.PERMIT_WARNING_SERVED,
            subject=permit.case.subject,
            by=author,
            happened_at=now,
            data={"permit": permit.number, "of": row.of, "served_on": served_on.isoformat(), "mode": mode},
        )
    return row


def _check_heard(permit: Permit, of: str, views: str, today: date) -> str:
    """The holder was told and had time to answer; what was answered."""
    row = permit.warnings.last()
    if row is None or row.of != of:
        raise Refused(f"还没有告知当事人拟{WarnedOf(of).label}。请先告知，听取意见以后再决定。")
    if row.served_on is None:
        raise Refused("告知书还没有登记送达，不能决定。请先登记送达。")
    first = heard_from(row.served_on, calendar_for(permit.town))
    if today < first:
        raise Refused(f"告知书{chinese_date(row.served_on)}送达，给当事人五个工作日，{chinese_date(first)}起才能决定。")
    return text_of(views, "请写明当事人的意见；没有提出的，写“到期没有提出意见”。", "views")


def revoke(*, permit: Permit, ground: str, reasons: str, views: str, no_grave_harm: bool, by: Staff) -> CaseDocument:
    """撤销: for a ground of article 69; not where it would gravely harm the public interest."""
    now = timezone.now()
    with act():
        permit = locked_permit(permit)
        letter, author = check_permit_head("revoke", permit, by)
        if ground not in RevokeGround.values:
            raise Refused("请选择撤销的情形。", field="ground")
        views = _check_heard(permit, WarnedOf.REVOKE, views, timezone.localdate(now))
        if not no_grave_harm:
            raise Refused(
                "可能对公共利益造成重大损害的，不能撤销（许可法第六十九条）。请核实以后勾选。",
                field="no_grave_harm",
            )
        reasons = text_of(reasons, "请写明撤销的事实和理由。", "reasons")
        permit.state = PermitState.REVOKED
        drop_asks(permit, now)
        data = permit_letters.revoked(permit, ground, reasons, views, papers.adverse(permit.case, now))
        facts = {"ground": ground, "delegation": letter.number}
        return enter(permit, PermitAct.REVOKED, data, by=author, at=now, facts=facts)


def withdraw_permit(
    *, permit: Permit, ground: str, reasons: str, views: str, compensation: str, by: Staff
) -> CaseDocument:
    """撤回: law or facts have changed and the public interest asks for it; what is lost by it is made good."""
    now = timezone.now()
    with act():
        permit = locked_permit(permit)
        letter, author = check_permit_head("withdraw_permit", permit, by)
        if ground not in WithdrawGround.values:
            raise Refused("请选择撤回的情形。", field="ground")
        views = _check_heard(permit, WarnedOf.WITHDRAW, views, timezone.localdate(now))
        reasons = text_of(reasons, "请写明撤回的事实、理由和公共利益的需要。", "reasons")
        compensation = text_of(compensation, "请写明怎样补偿；没有财产损失的，写明“没有造成财产损失”。", "compensation")
        permit.state = PermitState.WITHDRAWN
        drop_asks(permit, now)
        data = permit_letters.withdrawn(permit, ground, reasons, views, compensation, papers.adverse(permit.case, now))
        facts = {"ground": ground, "delegation": letter.number}
        return enter(permit, PermitAct.WITHDRAWN, data, by=author, at=now, facts=facts)


def cancel(*, permit: Permit, ground: str, reasons: str, by: Staff) -> CaseDocument:
    """注销: the permit is over in law; the entry stays and says so (许可法 70)."""
    now = timezone.now()
    with act():
        permit = locked_permit(permit)
        letter, author = check_permit_head("cancel", permit, by)
        if ground not in CancelGround.values:
            raise Refused("请选择注销的情形。", field="ground")
        if ground == CancelGround.EXPIRED:
            _check_expired(permit, timezone.localdate(now))
        if ground == CancelGround.TAKEN and permit.state == PermitState.VALID:
            raise Refused("证照还没有被撤销或者撤回，不能以此注销。请先作出撤销或者撤回的决定。", field="ground")
        if ground == CancelGround.REDONE:
            _check_redone(permit.case)
        reasons = text_of(reasons, "请写明注销的事实和理由。", "reasons")
        permit.state = PermitState.CANCELLED
        drop_asks(permit, now)
        data = permit_letters.cancelled(permit, ground, reasons, papers.adverse(permit.case, now))
        facts = {"ground": ground, "delegation": letter.number}
        paper = enter(permit, PermitAct.CANCELLED, data, by=author, at=now, facts=facts)
        if permit.case.state in ENDED_EARLY:
            close_if_empty(permit.case, by=author, at=now)
        return paper


def _check_redone(case: Case) -> None:
    """Only where a case that was reopened was taken back before it was decided anew: else the decision says it."""
    if in_question(case) is None:
        raise Refused("原来的决定没有重新作过，不能以此注销。", field="ground")
    if case.state not in ENDED_EARLY:
        raise Refused("这一件正在重新办理，作出新的决定时一并注销，不能在这里先注销。", field="ground")


def _check_expired(permit: Permit, today: date) -> None:
    if not permit.expired(today):
        raise Refused("证照还在有效期内，不能以有效期届满注销。", field="ground")
    if permit.asks.filter(kind=Asked.RENEW, outcome="").exists():
        raise Refused("延续申请还没有答复，不能注销。请先答复。", field="ground")


def ended(at: datetime | None = None) -> Iterable[Permit]:
    """Permits whose days are over and that nobody asked to renew: proposed for 注销, which a person signs."""
    today = timezone.localdate(at or timezone.now())
    rows = Permit.objects.filter(state=PermitState.VALID, valid_to__lt=today)
    return rows.exclude(asks__kind=Asked.RENEW, asks__outcome="")
