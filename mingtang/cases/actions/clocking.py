"""What moves a date, and why a date is missed (许可法 42, 45; 营商条例 36)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from mingtang.cases import clocks, letters, papers, process
from mingtang.cases.actions import kinds
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.intake import locked
from mingtang.cases.enums import CaseState, ClockKind, Paper
from mingtang.cases.models import Case, CaseDocument, Clock, Delay, Extension, Pause
from mingtang.cases.policies import check_can, check_head, check_state
from mingtang.events.log import SYSTEM, record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.workdays.tables import calendar_for

MOST_PAUSED, MOST_EXTENDED, MOST_EXTENDED_JOINT = 120, 10, 15


def suspend(*, case: Case, number: int, working_days: int, reason: str, by: Staff) -> CaseDocument:
    """启动特别程序: one of those that the version holds, counted from 1, for the days it needs.

    The applicant is told today; the next day is the first that does not count. A longer need is a new notice.
    """
    now = timezone.now()
    with act():
        case = locked(case)
        letter, author = check_head("suspend", case, by)
        procedures = case.version.spec.procedures
        if not 1 <= number <= len(procedures):
            raise Refused("这个事项的规定里没有这项特别程序，不能启动，时限照常计算。", field="number")
        if not 1 <= working_days <= MOST_PAUSED:
            raise Refused(f"请写明需要几个工作日（1 到 {MOST_PAUSED}）。", field="working_days")
        reason = text_of(reason, "请写明为什么需要这项特别程序。", "reason")
        pause, due = begin_pause(case, number, working_days, now)
        paper = papers.freeze(
            case,
            Paper.SPECIAL,
            letters.special(case, pause, reason, due),
            type=kinds.SUSPENDED,
            by=author,
            at=now,
            facts={**pause.told(), "delegation": letter.number},
        )
        pause.event = paper.event
        pause.save()
        clocks.move(case)
    return paper


def begin_pause(case: Case, number: int, working_days: int, now: datetime) -> tuple[Pause, list[tuple[str, date]]]:
    """Begin special procedure ``number`` of the locked case; its pause, not saved yet, and the dates that follow."""
    held, today = case.version.spec.procedures[number - 1], timezone.localdate(now)
    last_on = calendar_for(case.town).add_working_days(today, working_days)
    process.begin_special(case, number, at=now, last_on=last_on)
    case.state = CaseState.SUSPENDED
    case.save(update_fields=["state"])
    pause = Pause(
        case=case,
        number=number,
        ground=f"{held.name}（{held.article}）",
        working_days=working_days,
        first_on=today + timedelta(days=1),
        last_on=last_on,
    )
    return pause, _due_over(case, pause)


def _due_over(case: Case, pause: Pause) -> list[tuple[str, date]]:
    """The dates of the running limits once the pause is left out of them, with their names."""
    calendar, span = calendar_for(case.town), pause.span
    assert span is not None  # it has not ended
    spans = (*clocks.spans_of(case), span)
    rows = case.clocks.filter(kind__in=[ClockKind.STATUTORY, ClockKind.PROMISE], stopped_at__isnull=True)
    return [
        (row.kind_title, calendar.last_day(row.started_on, row.working_days + row.extension, suspensions=spans).day)
        for row in rows.order_by("pk")
    ]


def resume(*, case: Case, by: Staff | None = None) -> Case:
    """恢复办理: the special procedure is over; by itself when its days are, or earlier by the head."""
    now = timezone.now()
    with act():
        case = locked(case)
        author = check_head("resume", case, by)[1] if by else SYSTEM
        check_state("resume", case)
        pause = case.pauses.get(ended_at__isnull=True)
        if by is None and pause.last_on >= timezone.localdate(now):
            raise Refused(f"特别程序到{chinese_date(pause.last_on)}才结束，还不能自动恢复。")
        process.advance(
            case, "resume", f"{process.SPECIAL}{pause.number}", at=now, recorded_at=now, by=by, n=pause.number
        )
        case.state = CaseState.ACCEPTED
        case.save(update_fields=["state"])
        clocks.end_pause(pause, at=now)
        clocks.move(case)
        record(
            town=case.town,
            type=kinds.RESUMED,
            subject=case.subject,
            by=author,
            happened_at=now,
            reason="" if by else "特别程序的时间已满",
            data={"procedure": pause.number},
        )
    return case


def paused_over(at: datetime | None = None) -> Iterable[Case]:
    """Cases whose special procedure has had its days: they go on by themselves."""
    today = timezone.localdate(at or timezone.now())
    return Case.objects.filter(
        state=CaseState.SUSPENDED, pauses__ended_at__isnull=True, pauses__last_on__lt=today
    ).distinct()


def extend(*, case: Case, working_days: int, reason: str, by: Staff) -> CaseDocument:
    """延期: once, before the old date, at most ten working days (fifteen where several organs decide together).

    Moves the statutory date alone: a promise that is missed stays missed for all to see.
    """
    now = timezone.now()
    with act():
        case = locked(case)
        letter, author = check_head("extend", case, by)
        if Extension.objects.filter(case=case).exists():
            raise Refused("这一件已经延期过一次，不能再延。")
        clock = case.clocks.filter(kind=ClockKind.STATUTORY, stopped_at__isnull=True).first()
        if clock is None:
            raise Refused("法律没有给这个事项规定期限，没有期限可以延长。请在承诺时间内办结，办不结的公开说明原因。")
        if timezone.localdate(now) > clock.due_on:
            raise Refused(f"法定期限{chinese_date(clock.due_on)}已经过了，不能再延期。请抓紧办结，并公开说明原因。")
        most = MOST_EXTENDED_JOINT if case.version.spec.joint_decision else MOST_EXTENDED
        if not 1 <= working_days <= most:
            raise Refused(f"延长的时间写 1 到 {most} 个工作日。", field="working_days")
        reason = text_of(reason, "请写明延期的理由，会告知申请人。", "reason")
        row = Extension(case=case, working_days=working_days, old_due_on=clock.due_on)
        clocks.move(case, extension=working_days)
        clock.refresh_from_db()
        row.due_on = clock.due_on
        paper = papers.freeze(
            case,
            Paper.EXTENSION,
            letters.extension(case, row, reason),
            type=kinds.EXTENDED,
            by=author,
            at=now,
            facts={**row.told(), "delegation": letter.number},
        )
        row.event = paper.event
        row.save(force_insert=True)
    return paper


def explain_delay(*, case: Case, clock: Clock, text: str, by: Staff) -> Delay:
    """说明晚的原因: in public words, asked for before the date; by a post that a task of the case waits for."""
    now = timezone.now()
    with act():
        case = locked(case)
        who = check_can("explain_delay", case, by)
        if clock.case_id != case.pk or clock.stopped_at is not None:
            raise Refused("这个期限已经结束，不用再说明。", field="clock")
        posts = who.held.served & _answer_for(case, clock)
        if not posts:
            raise Refused("这个期限不由您的岗位负责，请由负责的岗位说明。", field="clock")
        text = clear_text(text, "请写明晚的原因，这句话会公开。", "text", town=by.town_id)
        row = Delay(clock=clock, text=text, given_on=timezone.localdate(now), by=by)
        row.event = record(
            town=case.town,
            type=kinds.DELAY_EXPLAINED,
            subject=case.subject,
            by=who.actor(*posts),
            happened_at=now,
            reason=text,
            data=row.told(),
        )
        row.save()
    return row


def _answer_for(case: Case, clock: Clock) -> set[str]:
    """The posts that may say why a limit is missed: its step's, or the window's and the decider's."""
    if clock.step_key:
        return {row.post_code for row in case.steps.filter(key=clock.step_key, round=clock.round)}
    open_posts = case.steps.filter(done_at__isnull=True).exclude(post_code="").values_list("post_code", flat=True)
    return {*open_posts, process.post_of(case, process.DECIDE)}
