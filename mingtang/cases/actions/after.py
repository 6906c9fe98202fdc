"""After the end: the organ's own correction, rulings, slips of the pen, the archive."""

import json
from datetime import date, datetime

from django.utils import timezone

from mingtang.cases import clocks, letters, papers, process
from mingtang.cases.actions import kinds
from mingtang.cases.actions.handling import text_of
from mingtang.cases.actions.intake import locked
from mingtang.cases.actions.reopened import reopen
from mingtang.cases.enums import CaseState, ClockKind, Outcome, Paper, Retention, RulingBody, RulingKind
from mingtang.cases.models import Archive, Case, CaseDocument, Ruling
from mingtang.cases.models.after import TO_DO
from mingtang.cases.policies import check_can, check_head
from mingtang.events.log import record
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff

MAX_NUMBER, MAX_SLIP = 60, 100


def self_correct(*, case: Case, reason: str, by: Staff) -> CaseDocument:
    """自行纠正: a refusal, non-acceptance or mistaken end is taken up again, in a new round of the same process.

    Only in the applicant's favour: what was granted changes as a permit does (许可法 8), unless a ruling orders to act
    again. The limits start anew; resident-days never stopped.
    """
    now = timezone.now()
    with act():
        case = locked(case)
        letter, author = check_head("self_correct", case, by)
        ruling = _to_do(case)
        if case.state == CaseState.WITHDRAWN and case.accepted_at is None:
            raise Refused("这一件撤回以前还没有受理，不能直接算受理。请点“重新审查材料”。")
        if case.outcome == Outcome.GRANTED and ruling is None:
            raise Refused("已经准予的，不能在这里改成不利的结果。要变更、撤回或者撤销，按证照的规定办。")
        reason = text_of(reason, "请写明哪里有误、为什么重新办理。", "reason")
        data = letters.corrected(case, reason, ruling)
        given = case.outcome in {Outcome.GRANTED, Outcome.PARTLY} and case.documents.filter(kind=Paper.GRANT).exists()
        anew = case.accepted_at is None
        clocks.stop(case, ClockKind.SERVICE, at=now)
        case.state, case.accepted_at = CaseState.ACCEPTED, case.accepted_at or now
        case.decided_at, case.outcome, case.decided_by, case.delegation = None, "", None, None
        case.superior_number = ""
        case.ended_at, case.serve_mode = None, ""
        case.save()
        clocks.start_handling(case, at=now)
        process.begin_again(case, at=now)
        process.advance(case, "accept", process.INTAKE, at=now, recorded_at=now, by=by)
        _carried_out(ruling, now)
        paper = papers.freeze(
            case,
            Paper.CORRECTED,
            data,
            type=kinds.SELF_CORRECTED,
            by=author,
            at=now,
            facts={
                "delegation": letter.number,
                "accepted_anew": anew,
                "ruling": ruling.number if ruling else None,
                **({"reopens": True, "body": ruling.body if ruling else ""} if given else {}),
            },
        )
        if given:
            reopen(paper, body=ruling.body if ruling else "", at=now)
        return paper


def take_in_again(*, case: Case, reason: str, by: Staff) -> CaseDocument:
    """重新审查材料: what was ended by mistake before anybody had judged whether to accept goes back to there.

    The window accepts it, or not, within the intake days, which start anew; what was missing still is (许可法 32).
    """
    now = timezone.now()
    with act():
        case = locked(case)
        letter, author = check_head("take_in_again", case, by)
        if case.accepted_at is not None:
            raise Refused("这一件结束以前已经受理，不用再审查材料。请点“自行纠正”。")
        reason = text_of(reason, "请写明哪里有误、为什么重新办理。", "reason")
        ruling, state = _to_do(case), case.state_title
        case.state, case.ended_at = CaseState.SUBMITTED, None
        case.save(update_fields=["state", "ended_at"])
        process.begin_again(case, at=now)
        clock = clocks.start_intake(case, at=now)
        _carried_out(ruling, now)
        return papers.freeze(
            case,
            Paper.CORRECTED,
            letters.taken_in_again(case, state, reason, ruling, clock.due_on),
            type=kinds.TAKEN_IN_AGAIN,
            by=author,
            at=now,
            facts={"delegation": letter.number, "ruling": ruling.number if ruling else None},
        )


def _to_do(case: Case) -> Ruling | None:
    """The ruling that tells the organ to act again, while it has not."""
    return case.rulings.filter(kind__in=TO_DO, carried_out_at__isnull=True).first()


def _carried_out(ruling: Ruling | None, at: datetime) -> None:
    if ruling is not None:
        ruling.carried_out_at = at
        ruling.save(update_fields=["carried_out_at"])


def enter_ruling(
    *, case: Case, body: str, kind: str, number: str, ruled_on: date, by: Staff, act_by: date | None = None
) -> Ruling:
    """登记复议或者诉讼结果: as it was ruled; where it orders to act again, by when. The head carries it out."""
    now = timezone.now()
    with act():
        case = locked(case)
        who = check_can("enter_ruling", case, by)
        if body not in RulingBody.values or kind not in RulingKind.values:
            raise Refused("请选择是复议还是诉讼，结果是哪一种。", field="kind")
        number = text_of(number, "请写明复议决定书或者判决书的文号。", "number", MAX_NUMBER)
        ended = case.ended_at or case.decided_at
        if ruled_on > timezone.localdate(now) or ended is None or ruled_on < timezone.localdate(ended):
            raise Refused("作出的日期要在这一件有结果以后、今天以前。请核对文书。", field="ruled_on")
        if kind in TO_DO and (act_by is None or act_by < ruled_on):
            raise Refused("责令重新作出或者履行的，请写明限到哪一天。", field="act_by")
        if kind not in TO_DO and act_by is not None:
            raise Refused("这种结果没有重新办理的期限，请不要填。", field="act_by")
        if case.rulings.filter(number=number).exists():
            raise Refused(f"“{number}”已经登记过。", field="number")
        row = Ruling(case=case, body=body, kind=kind, number=number, ruled_on=ruled_on, act_by=act_by)
        row.event = record(
            town=case.town, type=kinds.RULED, subject=case.subject, by=who.actor(), happened_at=now, data=row.told()
        )
        row.save()
    return row


def correct_clerical_error(*, case: Case, paper: CaseDocument, wrong: str, right: str, by: Staff) -> CaseDocument:
    """更正笔误: words of one paper, nothing of substance; who decided corrects, and the correction is served anew."""
    now = timezone.now()
    with act():
        case = locked(case)
        letter, author = check_head("correct_clerical_error", case, by)
        if paper.case_id != case.pk:
            raise Refused("这份文书不是这一件的。请重新选择。", field="paper")
        wrong = text_of(wrong, "请写明原文里写错的字句。", "wrong", MAX_SLIP)
        right = text_of(right, "请写明更正为什么。", "right", MAX_SLIP)
        if wrong == right:
            raise Refused("原文和更正后的一样。请核对。", field="right")
        if wrong not in json.dumps(paper.data, ensure_ascii=False):
            raise Refused(f"{paper.kind_title}里没有“{wrong}”。请对照原文再写。", field="wrong")
        return papers.freeze(
            case,
            Paper.CLERICAL,
            letters.clerical(case, paper, wrong, right),
            type=kinds.CLERICAL,
            by=author,
            at=now,
            facts={"corrects": paper.number, "delegation": letter.number},
        )


def archive(*, case: Case, number: str, retention: str, by: Staff) -> Archive:
    """归档: a case that is closed, under a number that the town's archive gives once."""
    now = timezone.now()
    with act():
        case = locked(case)
        who = check_can("archive", case, by)
        if Archive.objects.filter(case=case).exists():
            raise Refused("这一件已经归档。")
        if retention not in Retention.values:
            raise Refused("请选择保管期限。", field="retention")
        number = text_of(number, "请填写归档号。", "number", 40)
        if Archive.objects.filter(town=case.town, number=number).exists():
            raise Refused(f"归档号“{number}”已经用过。请核对。", field="number")
        row = Archive(case=case, town=case.town, number=number, retention=retention)
        row.event = record(
            town=case.town, type=kinds.ARCHIVED, subject=case.subject, by=who.actor(), happened_at=now, data=row.told()
        )
        row.save(force_insert=True)
    return row
