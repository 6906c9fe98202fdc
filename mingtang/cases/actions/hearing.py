"""Those whom a case touches: told, heard, and a hearing where it is asked for (许可法 36, 46–48)."""

from datetime import date

from django.utils import timezone

from mingtang.cases import clocks, letters, papers, process
from mingtang.cases.actions import kinds
from mingtang.cases.actions.clocking import begin_pause
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.intake import locked
from mingtang.cases.enums import Paper, PartyAnswer
from mingtang.cases.models import Case, CaseDocument, Hearing, Party
from mingtang.cases.policies import Entitled, check_can, check_head, recused
from mingtang.events.log import Actor, record
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.people.policies import held_by
from mingtang.workdays.tables import calendar_for

ANSWER_DAYS, NOTICE_DAYS, HELD_WITHIN = 5, 7, 20
MAX_NAME, MAX_MATTER, MAX_RECORD = 50, 300, 5000


def _handling(case: Case, who: Entitled) -> Actor:
    """Who acts for a post that owns a step of review which the case has had; raises ``Refused`` for anybody else."""
    stages = [process.INTAKE, process.SUPPLY, process.DECIDE, process.SERVE]
    codes = set(case.steps.exclude(key__in=stages).values_list("post_code", flat=True))
    posts = who.held.served & codes
    if not posts:
        raise Refused("这一件的环节不在您的岗位上，请由经办岗位办理。")
    return who.actor(*posts)


def tell_interested_party(*, case: Case, name: str, matter: str, hearing: bool, by: Staff) -> CaseDocument:
    """告知利害关系人: nothing is decided until the party answered; ``hearing``: where 47 holds."""
    now = timezone.now()
    with act():
        case = locked(case)
        author = _handling(case, check_can("tell_interested_party", case, by))
        name = text_of(name, "请填写利害关系人的姓名或者名称。", "name", MAX_NAME)
        matter = text_of(matter, "请写明这件事怎样关系到他。", "matter", MAX_MATTER)
        row = Party(case=case, number=1 + case.parties.count(), hearing=hearing, told_at=now)
        row.name_sealed = case.seal({"name": name})
        paper = papers.freeze(
            case,
            Paper.PARTY,
            letters.party(case, name, matter, hearing=hearing),
            type=kinds.PARTY_TOLD,
            by=author,
            at=now,
            facts=row.told(),
        )
        row.event = paper.event
        row.save()
    return paper


def record_views(*, case: Case, number: int, answer: str, text: str, by: Staff) -> Party:
    """记录利害关系人的答复: views, a written waiver, a hearing asked for, or silence after five working days."""
    now = timezone.now()
    with act():
        case = locked(case)
        author = _handling(case, check_can("record_views", case, by))
        row = case.parties.filter(number=number, answer="").first()
        if row is None:
            raise Refused("没有等答复的利害关系人，或者已经记过。请刷新后再看。", field="number")
        if answer not in PartyAnswer.values:
            raise Refused("请选择是哪一种答复。", field="answer")
        text = text_of(text, "请记下他的意见。" if answer == PartyAnswer.VIEWS else "", "text")
        last = calendar_for(case.town).add_working_days(timezone.localdate(row.told_at), ANSWER_DAYS)
        if answer == PartyAnswer.SILENT and timezone.localdate(now) <= last:
            raise Refused(f"答复的期限到{chinese_date(last)}，还没有过，不能算没有答复。", field="answer")
        if answer == PartyAnswer.HEARING and not row.hearing:
            raise Refused("告知的时候没有告知听证的权利。请重新告知。", field="answer")
        row.answer, row.answered_at = answer, now
        row.save(update_fields=["answer", "answered_at"])
        record(
            town=case.town,
            type=kinds.PARTY_ANSWERED,
            subject=case.subject,
            by=author,
            happened_at=now,
            data={"party": number, "answer": answer},
            payload={"text": text},
            payload_key=case.key,
        )
    return row


def hearing_number(case: Case) -> int:
    """Which special procedure of the version is the hearing, counted from 1; 0 for none."""
    found = [n for n, one in enumerate(case.version.spec.procedures, 1) if "听证" in one.name]
    return found[0] if found else 0


def hold_hearing(*, case: Case, held_on: date, place: str, host: Staff, by: Staff) -> CaseDocument:
    """组织听证: told seven working days before, held within twenty of the asking, by a host who did not examine the
    case; until the day is over no limit runs."""
    now = timezone.now()
    with act():
        case = locked(case)
        letter, author = check_head("hold_hearing", case, by)
        number = hearing_number(case)
        if not number:
            raise Refused("这个事项的规定里没有听证这项特别程序，不能停时限。请先改规定。")
        place = text_of(place, "请写明听证的地点。", "place", 100)
        _check_day(case, held_on, timezone.localdate(now))
        _check_host(case, host)
        days = calendar_for(case.town).working_days_between(timezone.localdate(now), held_on)
        pause, due = begin_pause(case, number, days, now)
        row = Hearing(case=case, host=host, held_on=held_on, place=place)
        paper = papers.freeze(
            case,
            Paper.HEARING,
            letters.hearing(case, row, due),
            type=kinds.HEARING,
            by=author,
            at=now,
            facts={**pause.told(), **row.told(), "delegation": letter.number},
        )
        pause.event = row.event = paper.event
        pause.save()
        row.pause = pause
        row.save(force_insert=True)
        clocks.move(case)
    return paper


def _check_day(case: Case, held_on: date, today: date) -> None:
    """A working day, late enough to be told of, early enough for whoever asked."""
    calendar = calendar_for(case.town)
    if not calendar.is_workday(held_on):
        raise Refused("听证要在工作日举行。请换一天。", field="held_on")
    if held_on <= today or calendar.latest_before(held_on, NOTICE_DAYS, "working_days") < today:
        raise Refused(f"听证要在 {NOTICE_DAYS} 个工作日以前通知。请换晚一些的日子。", field="held_on")
    asked = case.parties.filter(answer=PartyAnswer.HEARING).order_by("answered_at").first()
    if asked is not None:
        last = calendar.add_working_days(timezone.localdate(asked.answered_at), HELD_WITHIN)
        if held_on > last:
            raise Refused(f"听证要在提出要求的二十个工作日内举行，最迟{chinese_date(last)}。", field="held_on")


def _check_host(case: Case, host: Staff) -> None:
    """The host is not one of those who examine the case."""
    if host.town_id != case.town_id or recused(case, host):
        raise Refused("这个人不能主持：不是本镇的，或者要回避。请换一个人。", field="host")
    waiting = case.steps.filter(done_at__isnull=True).exclude(key=process.DECIDE).values_list("post_code", flat=True)
    if case.steps.filter(done_by=host, agrees__isnull=False).exists() or not held_by(host).served.isdisjoint(waiting):
        raise Refused("审查这一件的人不能主持听证。请换一个人。", field="host")


def record_hearing(*, case: Case, text: str, by: Staff) -> Hearing:
    """登记听证笔录: by the host, once it was held; the decision rests on it."""
    now = timezone.now()
    with act():
        case = locked(case)
        who = check_can("record_hearing", case, by)
        row = case.hearings.filter(recorded_at__isnull=True).first()
        if row is None:
            raise Refused("没有等着登记笔录的听证。")
        if row.host_id != by.pk:
            raise Refused("听证笔录由主持人登记。")
        if row.held_on > timezone.localdate(now):
            raise Refused(f"听证在{chinese_date(row.held_on)}举行，还没有到。")
        text = text_of(text, "请写明听证笔录。", "text", MAX_RECORD)
        row.record_sealed, row.recorded_at = case.seal({"record": text}), now
        row.save(update_fields=["record_sealed", "recorded_at"])
        record(
            town=case.town,
            type=kinds.HEARING_RECORDED,
            subject=case.subject,
            by=who.actor(),
            happened_at=now,
            payload={"record": text},
            payload_key=case.key,
        )
    return row
