"""The acts that stand folded at the foot of a case: what each asks, when it is offered, what it does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from mingtang.cases import actions
from mingtang.cases.enums import CaseState, ClockKind
from mingtang.cases.line import Line
from mingtang.cases.models import Case
from mingtang.cases.requirements import missing
from mingtang.cases.states import CASE
from mingtang.desk import case_forms as forms
from mingtang.desk.access import offered
from mingtang.people.models import Staff


def _always(line: Line) -> bool:
    return True


def _pressing(line: Line) -> bool:
    return any(read.clock.stopped_at is None and read.reading.state != "green" for read in line.clocks)


def _extendable(line: Line) -> bool:
    """The statutory limit runs, is not over and was never extended."""
    return any(
        read.clock.kind == ClockKind.STATUTORY and not read.clock.extension and read.reading.state != "red"
        for read in line.clocks
        if read.clock.stopped_at is None
    )


@dataclass(frozen=True)
class Fold:
    """One act: ``form`` asks, ``run(case, by, answers)`` does it, ``message`` is said afterwards. ``when``: whether the
    case can come to it at all, beside state and power. ``hint`` stands above the form."""

    act: str
    button: str
    message: str
    form: type[forms.CaseForm]
    run: Callable[[Case, Staff, dict[str, Any]], object]
    hint: str = ""
    heading: str = ""
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


def _explain(case: Case, by: Staff, data: dict[str, Any]) -> object:
    return actions.explain_delay(case=case, clock=case.clocks.get(pk=data["clock"]), text=data["text"], by=by)


FOLDS = {
    fold.act: fold
    for fold in (
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
    )
}


def folds(request: HttpRequest, line: Line, bound: dict[str, Any]) -> list[dict[str, Any]]:
    """What this person may do now; ``bound`` holds the form that was refused, by act."""
    case = line.case
    return [
        {"fold": fold, "form": bound.get(name) or fold.form(case=case)}
        for name, fold in FOLDS.items()
        if offered(CASE[name], case.state, request.viewer) and fold.when(line)
    ]
