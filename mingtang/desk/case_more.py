"""The acts that stand folded at the foot of a case: what each asks, when it is offered, what it does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.actions.hearing import hearing_number
from mingtang.cases.actions.intake import Received
from mingtang.cases.enums import ActsAs, ApplicantKind, AuthorityChange, CaseState, ClockKind, Outcome
from mingtang.cases.line import Line
from mingtang.cases.models import Archive, Case, SupplementNotice
from mingtang.cases.requirements import missing
from mingtang.cases.states import CASE
from mingtang.desk import case_forms as forms
from mingtang.desk.access import offered
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.rulebook.enums import PowerType


def _always(line: Line) -> bool:
    return True


def _pressing(line: Line) -> bool:
    return any(read.clock.stopped_at is None and read.reading.state != "green" for read in line.clocks)


def _extendable(line: Line) -> bool:
    """The statutory limit runs and is not over, and the case was never extended."""
    runs = any(
        read.clock.kind == ClockKind.STATUTORY and read.clock.stopped_at is None and read.reading.state != "red"
        for read in line.clocks
    )
    return runs and not any(read.clock.extension for read in line.clocks)


@dataclass(frozen=True)
class Fold:
    """One act: ``form`` asks, ``run(case, by, answers)`` does it, ``message`` is said afterwards. ``when``: whether the
    case can come to it at all, beside state and power. ``hint`` stands above the form. Where an act has two folds the
    second has a ``key`` of its own, a ``heading``, perhaps a ``power`` that it asks beside those of the act."""

    act: str
    button: str
    message: str
    form: type[forms.CaseForm]
    run: Callable[[Case, Staff, dict[str, Any]], object]
    hint: str = ""
    heading: str = ""
    key: str = ""
    power: str = ""
    when: Callable[[Line], bool] = field(default=_always)
    danger: bool = False

    @property
    def title(self) -> str:
        return self.heading or CASE[self.act].title


def _deferrable(line: Line) -> bool:
    lacking = missing(line.case) if line.case.state == CaseState.SUBMITTED else []
    return bool(lacking) and all(row.material.deferrable for row in lacking)


def _defer(case: Case, by: Staff, data: dict[str, Any]) -> object:
    signed = data.pop("signed")
    return actions.accept(case=case, by=by, deferred=data, signed=signed)


def _pledge(case: Case, by: Staff, data: dict[str, Any]) -> object:
    take = actions.supply if case.state == CaseState.SUPPLEMENT_DUE else actions.receive_materials
    return take(case=case, received=Received(pledged=frozenset(data["papers"])), by=by)


def _verify(case: Case, by: Staff, data: dict[str, Any]) -> object:
    return actions.verify_pledge(
        case=case, material_key=data["material_key"], true=data["true"] == "yes", text=data["text"], by=by
    )


def _rebase(case: Case, by: Staff, data: dict[str, Any]) -> object:
    key, mend = data.pop("added"), data.pop("mend")
    return actions.rebase(case=case, added={key: mend} if key else {}, by=by, **data)


def _goes_up(line: Line) -> bool:
    """A superior organ decides, and nothing is in the way of sending it up."""
    waits = any(step.key == "decide" and step.done_at is None for step in line.case.steps.all())
    return bool(line.case.version.spec.superior.organ) and waits


def _explain(case: Case, by: Staff, data: dict[str, Any]) -> object:
    return actions.explain_delay(case=case, clock=case.clocks.get(pk=data["clock"]), text=data["text"], by=by)


def _first_day(line: Line) -> bool:
    """Nothing was said of the papers yet, and it is the day of receipt."""
    case = line.case
    today = timezone.localdate() == timezone.localdate(case.submitted_at)
    return today and not SupplementNotice.objects.filter(case=case).exists()


def _not_aid(line: Line) -> bool:
    return line.case.version.spec.power_type != PowerType.PAYMENT and _first_day(line)


def _withdraw(case: Case, by: Staff, data: dict[str, Any]) -> object:
    return actions.withdraw(case=case, by=by, returned=data.get("returned", False), acting=data.get("acting", False))


def _mendable(line: Line) -> bool:
    """Not in the applicant's favour already, or ordered by a ruling."""
    case = line.case
    if case.state == CaseState.WITHDRAWN and case.accepted_at is None:
        return False
    return case.outcome != Outcome.GRANTED or any(row.act_by and not row.carried_out_at for row in case.rulings.all())


def _lapsable(line: Line) -> bool:
    notice = line.case.notice
    return bool(notice.reply_by and notice.reminded_at and notice.reply_by < timezone.localdate())


def _hear(case: Case, by: Staff, data: dict[str, Any]) -> object:
    host = Staff.objects.get(town=case.town, pk=data.pop("host"))
    return actions.hold_hearing(case=case, host=host, by=by, **data)


def _clerical(case: Case, by: Staff, data: dict[str, Any]) -> object:
    paper = case.documents.get(pk=data.pop("paper"))
    return actions.correct_clerical_error(case=case, paper=paper, by=by, **data)


def _stands(line: Line) -> bool:
    return line.case.acting is not None and not line.case.acting.ended


def _authority(change: str) -> Callable[[Case, Staff, dict[str, Any]], object]:
    def run(case: Case, by: Staff, data: dict[str, Any]) -> object:
        since, reason = data.pop("since"), data.pop("reason", "")
        acting = forms.acting(data) if change != AuthorityChange.ENDED else None
        return actions.record_authority(case=case, change=change, since=since, by=by, acting=acting, reason=reason)

    return run


def _recuse(case: Case, by: Staff, data: dict[str, Any]) -> object:
    person = Staff.objects.get(town=case.town, pk=data["person"])
    granted = {"yes": True, "no": False}.get(data.get("granted", ""))
    return actions.recuse(
        case=case, person=person, reason=data["reason"], by=by, granted=granted, to_post=data.get("to_post", "")
    )


_PLEDGED = "已经记下承诺。请把承诺书收好，受理通知书上会写明核查的期限。"
_PLEDGE_HINT = "由申请人自己选：交材料，或者签承诺书。决定以后我们核查，不实的依法处理。"
FOLDS = {
    fold.key or fold.act: fold
    for fold in (
        Fold(
            "correct_on_the_spot",
            "记下承诺",
            _PLEDGED,
            forms.PledgeForm,
            _pledge,
            _PLEDGE_HINT,
            heading="用书面承诺代替材料（告知承诺）",
            key="pledge",
            when=lambda line: bool(forms.pledgeable(line.case)),
        ),
        Fold(
            "supply",
            "记下承诺",
            _PLEDGED,
            forms.PledgeForm,
            _pledge,
            _PLEDGE_HINT,
            heading="用书面承诺代替材料（告知承诺）",
            key="pledge_supplied",
            power=Permission.CASE_INTAKE,
            when=lambda line: bool(forms.pledgeable(line.case)),
        ),
        Fold(
            "send_up",
            "报送上级",
            "已经报送。请把材料和报送告知书一起报上去，告知书也给申请人一份。",
            forms.SendUpForm,
            lambda case, by, data: actions.send_up(case=case, by=by, **data),
            "整份材料一次报上去，不能再要申请人交。镇里的期限停下来，群众等的天数一直算。",
            when=_goes_up,
        ),
        Fold(
            "record_result",
            "登记上级决定",
            "已经登记。请把决定书送达申请人。",
            forms.ResultForm,
            lambda case, by, data: actions.record_result(case=case, by=by, **data),
            "照上级的决定书填写。送达的期限从上级作出决定那天起算。",
        ),
        Fold(
            "take_back",
            "上级退回，接着办",
            "已经登记退回，镇里接着办。",
            forms.TakeBackForm,
            lambda case, by, data: actions.take_back(case=case, by=by, **data),
            "镇里的期限还剩几天就接着算几天，至少一天。",
        ),
        Fold(
            "verify_pledge",
            "记下核查结果",
            "已经记下。",
            forms.VerifyForm,
            _verify,
            "不属实的，由负责人依法决定要不要撤销。",
            when=lambda line: line.case.pledges.filter(verified_at__isnull=True, verify_by__isnull=False).exists(),
        ),
        Fold(
            "rebase",
            "适用新法并告知申请人",
            "已经按新法调整。请把告知书交给申请人。",
            forms.RebaseForm,
            _rebase,
            "只在上位法改了的时候用。镇里自己的规定改了，正在办的照原来的办。",
        ),
        Fold(
            "accept",
            "容缺受理",
            "已经容缺受理。请把受理通知书交给申请人，上面写着后补的材料和日期。",
            forms.DeferForm,
            _defer,
            "只缺规定里写明可以后补的材料。补齐以前不能准予；到期没有补，按现有材料决定。",
            heading="容缺受理（缺的可以后补）",
            when=_deferrable,
        ),
        Fold(
            "explain_delay",
            "公开说明",
            "已经公开说明，进度上看得到。",
            forms.DelayForm,
            _explain,
            "办不完的，到期以前就要公开说明原因。没有说明的，进度上会写“还没有说明”。",
            when=_pressing,
        ),
        Fold(
            "suspend",
            "启动并告知申请人",
            "已经启动特别程序。请把告知书交给申请人，到期自动恢复计算。",
            forms.SuspendForm,
            lambda case, by, data: actions.suspend(case=case, by=by, **data),
            "公示、等别的单位、没交费都不是理由，不能停时限。群众等的天数一直算。",
            when=lambda line: bool(line.case.version.spec.procedures),
        ),
        Fold(
            "resume",
            "提前结束，恢复办理",
            "已经恢复办理，从今天起接着计算。",
            forms.NothingForm,
            lambda case, by, data: actions.resume(case=case, by=by),
            "特别程序提前办完的，今天就恢复计算。不点这里，到期也会自动恢复。",
        ),
        Fold(
            "extend",
            "延期并告知申请人",
            "已经延期。请把告知书交给申请人。",
            forms.ExtendForm,
            lambda case, by, data: actions.extend(case=case, by=by, **data),
            "只改法定期限，要在原来的期限到期以前。",
            when=_extendable,
        ),
        Fold(
            "not_required",
            "告知不需要办理",
            "已经告知不需要办理。请把告知书交给申请人，退还材料。",
            forms.NotRequiredForm,
            lambda case, by, data: actions.not_required(case=case, by=by, **data),
            "只在收件当天，依据要写到条款。",
            when=_first_day,
            danger=True,
        ),
        Fold(
            "not_accept",
            "不予受理",
            "已经作出不予受理决定。请把决定书交给申请人，告诉他去哪里办。",
            forms.NotOursForm,
            lambda case, by, data: actions.not_accept(case=case, by=by, **data),
            "只在收件当天。要有这个事项的授权书。",
            heading="不归本机关管，不予受理",
            key="not_ours",
            when=_not_aid,
            danger=True,
        ),
        Fold(
            "pass_on",
            "转办",
            "已经转办。请把告知书交给申请人，上面写着对方的收件。",
            forms.PassOnForm,
            lambda case, by, data: actions.pass_on(case=case, by=by, **data),
            "先请对方收下，再在这里登记。群众不用重新申请。",
            when=lambda line: not SupplementNotice.objects.filter(case=line.case).exists(),
        ),
        Fold(
            "recuse",
            "提出回避",
            "已经提出回避，由负责人决定。决定以前，这个人不能办这一件。",
            forms.RecuseForm,
            _recuse,
            "和申请人是亲属、有利害关系的，要回避。自己提出，或者当事人到窗口提出。",
            heading="提出回避",
        ),
        Fold(
            "recuse",
            "作出决定",
            "已经决定。时限照常计算。",
            forms.RecusalDecisionForm,
            _recuse,
            "没有人提出的，也可以直接决定。",
            heading="决定回避",
            key="recuse_decide",
            power=Permission.CASE_DECIDE,
        ),
        Fold(
            "record_authority",
            "登记新的委托书",
            "已经登记。从今天起按新的委托书核对。",
            forms.RenewedForm,
            _authority(AuthorityChange.RENEWED),
            "还是同一个人来办，申请人重新写了委托书的。",
            heading="委托书到期了，或者改了写的事",
            key="authority_renewed",
            when=lambda line: _stands(line) and line.case.acting.acts_as != ActsAs.GUARDIAN,
        ),
        Fold(
            "record_authority",
            "登记来办的人",
            "已经登记。以前来办的人不能再代申请人办。",
            forms.AuthorityForm,
            _authority(AuthorityChange.CHANGED),
            "换了代理人、监护人，或者申请人后来才请人代办的。",
            heading="换人来办",
            key="authority_changed",
            when=lambda line: line.case.applicant_kind == ApplicantKind.PERSON,
        ),
        Fold(
            "record_authority",
            "登记委托终止",
            "已经登记。以后撤回、代领，要申请人本人来，或者登记新的委托书。",
            forms.EndedForm,
            _authority(AuthorityChange.ENDED),
            "申请人取消了委托，代理人不干了，或者监护人变了还没有新的。办件照常办。",
            heading="委托终止",
            key="authority_ended",
            when=_stands,
        ),
        Fold(
            "remind",
            "书面提醒",
            "已经提醒。请把提醒书交给申请人。",
            forms.NothingForm,
            lambda case, by, data: actions.remind(case=case, by=by),
            "告知书写明了期限的，到期前后都可以提醒一次。没有提醒过，不能视为放弃。",
            when=lambda line: line.case.notice.reply_by is not None and line.case.notice.reminded_at is None,
        ),
        Fold(
            "lapse",
            "视为放弃",
            "已经作出。请把告知书交给申请人，退还材料。",
            forms.LapseForm,
            lambda case, by, data: actions.lapse(case=case, by=by, **data),
            "期限已过，书面提醒满五个工作日，申请人没有补齐也没有说明理由。救济途径由系统写上。",
            when=_lapsable,
            danger=True,
        ),
        Fold(
            "tell_interested_party",
            "告知",
            "已经告知。请把告知书送给利害关系人。",
            forms.PartyForm,
            lambda case, by, data: actions.tell_interested_party(case=case, by=by, **data),
            "告知以后，要等他答复，才能作决定。",
        ),
        Fold(
            "record_views",
            "记下答复",
            "已经记下。",
            forms.ViewsForm,
            lambda case, by, data: actions.record_views(case=case, by=by, **data),
            "五个工作日过了还没有答复的，记“到期没有答复”。",
            when=lambda line: line.case.parties.filter(answer="").exists(),
        ),
        Fold(
            "hold_hearing",
            "组织听证并通知",
            "已经通知听证。请把通知书交给申请人和利害关系人。",
            forms.HearingForm,
            _hear,
            "听证那天过完以前不计入期限，过后自动恢复。",
            when=lambda line: hearing_number(line.case) > 0,
        ),
        Fold(
            "record_hearing",
            "登记笔录",
            "已经登记，决定书会写明根据听证笔录作出。",
            forms.RecordForm,
            lambda case, by, data: actions.record_hearing(case=case, by=by, **data),
            "由主持人登记。没有笔录，不能作决定。",
            when=lambda line: line.case.hearings.filter(recorded_at__isnull=True).exists(),
        ),
        Fold(
            "self_correct",
            "纠正，重新办理",
            "已经自行纠正，重新办理。请把决定书交给申请人。",
            forms.CorrectForm,
            lambda case, by, data: actions.self_correct(case=case, by=by, **data),
            "只能改得对申请人有利；复议或者法院责令的，照办。期限从今天重新算，群众等的天数不停。",
            when=_mendable,
        ),
        Fold(
            "take_in_again",
            "重新审查材料",
            "已经自行纠正，回到收件审查。请把决定书交给申请人。",
            forms.CorrectForm,
            lambda case, by, data: actions.take_in_again(case=case, by=by, **data),
            "受理以前误撤回、误作放弃的，回到收件审查，由窗口再看受理不受理。审查的期限从今天重新算。",
            when=lambda line: line.case.accepted_at is None,
        ),
        Fold(
            "enter_ruling",
            "登记",
            "已经登记，进度上看得到。",
            forms.RulingForm,
            lambda case, by, data: actions.enter_ruling(case=case, by=by, **data),
        ),
        Fold(
            "correct_clerical_error",
            "更正",
            "已经更正。请把更正书送达申请人。",
            forms.ClericalForm,
            _clerical,
            "只改笔误，不改实质内容。",
        ),
        Fold(
            "archive",
            "归档",
            "已经归档。",
            forms.ArchiveForm,
            lambda case, by, data: actions.archive(case=case, by=by, **data),
            when=lambda line: not Archive.objects.filter(case=line.case).exists(),
        ),
        Fold(
            "withdraw",
            "撤回申请",
            "已按申请人的意思撤回。",
            forms.WithdrawForm,
            _withdraw,
            "撤回以后这一件就结束，原件退还申请人；以后可以重新申请。",
            heading="申请人要撤回",
            power=Permission.CASE_INTAKE,
            danger=True,
        ),
    )
}


def folds(request: HttpRequest, line: Line, bound: dict[str, Any]) -> list[dict[str, Any]]:
    """What this person may do now; ``bound`` holds the form that was refused, by act."""
    case, powers = line.case, request.viewer.powers
    return [
        {"key": key, "fold": fold, "form": bound.get(key) or fold.form(case=case, prefix=key)}
        for key, fold in FOLDS.items()
        if offered(CASE[fold.act], case.state, request.viewer)
        and (not fold.power or fold.power in powers)
        and fold.when(line)
    ]
