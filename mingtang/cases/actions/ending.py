"""Ends before a decision (许可法 32; 社会救助暂行办法 60), and the applicant's own."""

from datetime import datetime

from django.utils import timezone

from mingtang.cases import clocks, letters, papers, process, requirements
from mingtang.cases.acting import acted
from mingtang.cases.actions import kinds
from mingtang.cases.actions.handling import check_first_day, text_of
from mingtang.cases.actions.intake import locked
from mingtang.cases.actions.reopened import close_if_empty
from mingtang.cases.enums import CaseState, MaterialState, Paper
from mingtang.cases.models import Case, CaseDocument, SupplementNotice
from mingtang.cases.policies import check_can, check_head, check_state
from mingtang.events.log import APPLICANT
from mingtang.hall.policies import open_window_of
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.money import actions as money
from mingtang.people.models import Staff
from mingtang.workdays.tables import calendar_for

MAX_NAME, AFTER_REMINDER = 60, 5


def not_required(*, case: Case, basis: str, reasons: str, by: Staff) -> CaseDocument:
    """告知不需要办理: by an article of a law, regulation or rule, on the day of receipt, with remedies."""
    now = timezone.now()
    with act():
        case = locked(case)
        who = check_can("not_required", case, by)
        window = open_window_of(by)
        check_first_day(case, now=now)
        basis = text_of(basis, "请写明依据哪部法律、法规或者规章的哪一条。", "basis", MAX_NAME * 2)
        reasons = text_of(reasons, "请写明为什么不需要办理。", "reasons")
        _end(case, "not_required", CaseState.NOT_REQUIRED, by, now)
        return papers.freeze(
            case,
            Paper.NOT_REQUIRED,
            letters.not_required(case, basis, reasons, papers.adverse(case, now)),
            type=kinds.NOT_REQUIRED,
            by=who.actor(window.post.code),
            at=now,
            place=str(window),
        )


def pass_on(*, case: Case, organ: str, receipt: str, by: Staff) -> CaseDocument:
    """转办: handed to the organ whose matter it is, against its receipt; the applicant need not begin again."""
    now = timezone.now()
    with act():
        case = locked(case)
        who = check_can("pass_on", case, by)
        window = open_window_of(by)
        if SupplementNotice.objects.filter(case=case).exists():
            raise Refused("已经一次性告知过，接下来只能受理，或者写明理由不予受理。")
        organ = text_of(organ, "请写明转给哪个机关。", "organ", MAX_NAME)
        wanted = "请写明对方的收件编号，或者收件人和时间。没有收下的，不能算转办。"
        receipt = text_of(receipt, wanted, "receipt", MAX_NAME)
        _end(case, "pass_on", CaseState.PASSED_ON, by, now)
        return papers.freeze(
            case,
            Paper.PASSED_ON,
            letters.passed_on(case, organ, receipt),
            type=kinds.PASSED_ON,
            by=who.actor(window.post.code),
            at=now,
            place=str(window),
        )


def remind(*, case: Case, by: Staff) -> CaseDocument:
    """提醒补正: in writing, once the notice set a period; without it no case lapses."""
    now = timezone.now()
    with act():
        case = locked(case)
        who = check_can("remind", case, by)
        notice = _with_period(case)
        if notice.reminded_at is not None:
            raise Refused("已经书面提醒过。")
        notice.reminded_at = now
        notice.save(update_fields=["reminded_at"])
        lacking = [row.material.name for row in requirements.missing(case)]
        return papers.freeze(
            case,
            Paper.REMINDER,
            letters.reminder(case, notice, lacking),
            type=kinds.REMINDED,
            by=who.actor(),
            at=now,
        )


def lapse(*, case: Case, reason: str, by: Staff) -> CaseDocument:
    """视为放弃: the period that the notice stated with its basis is over, and so are five working days since the
    reminder; a person signs."""
    now = timezone.now()
    with act():
        case = locked(case)
        letter, author = check_head("lapse", case, by)
        notice, today = _with_period(case), timezone.localdate(now)
        if today <= notice.reply_by:
            raise Refused(f"告知书上写的是{chinese_date(notice.reply_by)}，还没有到期。")
        if notice.reminded_at is None:
            raise Refused("还没有书面提醒过申请人，不能视为放弃。请窗口先提醒。")
        last = calendar_for(case.town).add_working_days(timezone.localdate(notice.reminded_at), AFTER_REMINDER)
        if today <= last:
            raise Refused(f"提醒以后至少等 {AFTER_REMINDER} 个工作日，到{chinese_date(last)}。")
        reason = text_of(reason, "请写明理由：怎样提醒的、申请人怎样答复。", "reason")
        case.state, case.ended_at = CaseState.LAPSED, now
        case.save(update_fields=["state", "ended_at"])
        case.steps.filter(done_at__isnull=True).delete()
        clocks.stop_all(case, at=now)
        return papers.freeze(
            case,
            Paper.LAPSED,
            letters.lapsed(case, notice, reason, papers.adverse(case, now)),
            type=kinds.LAPSED,
            by=author,
            at=now,
            facts={"delegation": letter.number},
        )


def _with_period(case: Case) -> SupplementNotice:
    """The notice of the case, where it stated a period and its effect."""
    notice = SupplementNotice.objects.get(case=case)
    if notice.reply_by is None:
        raise Refused("一次性告知书没有写期限和后果，不能视为放弃。请等申请人补正，或者问他还办不办。")
    return notice


def _end(case: Case, name: str, state: CaseState, by: Staff, now: datetime) -> None:
    """Complete intake by this act and end the case."""
    process.advance(case, name, process.INTAKE, at=now, recorded_at=now, by=by)
    case.state, case.ended_at = state, now
    case.save(update_fields=["state", "ended_at"])
    clocks.stop_all(case, at=now)


def originals(case: Case) -> list[str]:
    """The names of the papers that lie with us and go back to the applicant."""
    received = case.materials.filter(state=MaterialState.RECEIVED, returned_at__isnull=True)
    return [case.version.spec.material(key).name for key in received.values_list("material_key", flat=True)]


def withdraw(
    *, case: Case, by: Staff | None = None, returned: bool = False, acting: bool = False, reason: str = ""
) -> CaseDocument:
    """The applicant takes the application back, until it is served; a new one is always free.

    At the window the papers go back at once (``returned``); who withdraws online is told what to collect. Where
    somebody acts for the applicant, ``acting`` says that they ask for it: only a guardian may, or whom the authority
    allows it. Online it is taken to be them, who hold the code.
    """
    now = timezone.now()
    with act():
        case = locked(case)
        author = check_can("withdraw", case, by).actor() if by else APPLICANT
        check_state("withdraw", case)
        who = case.acting if acting or by is None else None
        if who and (why := who.refuses("withdraw", today=timezone.localdate(now))):
            raise Refused(why, field="acting")
        held = originals(case)
        if by is not None and held and not returned:
            raise Refused("请先把交来的材料原件当面退还申请人，再撤回。", field="returned")
        reason = text_of(reason, "", "reason", 200)
        case.state, case.ended_at = CaseState.WITHDRAWN, now
        case.save(update_fields=["state", "ended_at"])
        case.steps.filter(done_at__isnull=True).delete()
        clocks.stop_all(case, at=now)
        money.drop(town=case.town, case_number=case.number, by=by)
        close_if_empty(case, by=author, at=now)
        return papers.freeze(
            case,
            Paper.WITHDRAWAL,
            letters.withdrawal(case, held, returned=by is not None),
            type=kinds.WITHDRAWN,
            by=author,
            at=now,
            facts={"originals": "none" if not held else "returned" if by else "to_collect"} | acted(who),
            payload={"reason": reason} if reason else None,
        )
