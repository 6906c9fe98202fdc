"""The acts of a case, one view each: bind, call one action, say what it refused at its field."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from mingtang.cases import actions
from mingtang.cases.actions.intake import Received
from mingtang.cases.enums import CaseState
from mingtang.cases.models import Case
from mingtang.desk.access import done, staff_required
from mingtang.desk.case_more import FOLDS
from mingtang.desk.forms import DecideForm, NotAcceptForm, OpinionForm, ReasonForm, ServeForm
from mingtang.desk.kept import Kept
from mingtang.desk.views.cases import case_or_404, case_page
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

# What papers at the window are, by the state of the case.
RECEIVED: dict[CaseState, Callable[..., Case]] = {
    CaseState.SUBMITTED: actions.receive_materials,
    CaseState.SUPPLEMENT_DUE: actions.supply,
}


def _simple(request: HttpRequest, number: str, act: Callable[..., Any], message: str) -> HttpResponse:
    """An act that needs nothing but the button."""
    case = case_or_404(request, number)
    try:
        act(case=case, by=request.user)
    except Refused as refusal:
        return case_page(request, case_or_404(request, number), errors=[(None, refusal.message)], status=422)
    return done(request, f"/desk/cases/{number}", message)


def _with_form(
    request: HttpRequest,
    number: str,
    name: str,
    form: Form,
    act: Callable[[Case, dict[str, Any]], Any],
    message: str,
) -> HttpResponse:
    """An act with a form; what was typed stays when it is refused."""
    if form.is_valid():
        try:
            act(case_or_404(request, number), form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if not form.errors:
        return done(request, f"/desk/cases/{number}", message)
    case = case_or_404(request, number)
    # The form may be gone from the page (a colleague was quicker): its sentences then stand on top.
    errors = [(None, sentence) for sentence in form.non_field_errors()]
    return case_page(request, case, forms={name: form}, errors=errors, status=422)


@staff_required(P.CASE_INTAKE)
@require_POST
def accept(request: HttpRequest, number: str) -> HttpResponse:
    return _simple(request, number, actions.accept, "已经受理，开始计算办理时限。")


@staff_required(P.CASE_INTAKE, P.MONEY_MATCH)
@require_POST
def charge(request: HttpRequest, number: str) -> HttpResponse:
    return _simple(request, number, actions.charge, "缴款通知已经发出，在“文书”里。")


@staff_required(P.CASE_INTAKE)
@require_POST
def supply_complete(request: HttpRequest, number: str) -> HttpResponse:
    return _simple(request, number, actions.supply_complete, "已记下申请人说补齐了，请审查材料。")


@staff_required(P.CASE_INTAKE)
@require_POST
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """Papers brought to the window: before acceptance, or in answer to the notice."""
    case = case_or_404(request, number)
    keys = [row.material_key for row in case.materials.all()]
    kept, errors, files = Kept.new(), [], {}
    for key in keys:
        uploads = request.FILES.getlist(f"file_{key}")
        if uploads:
            refused = kept.receive(key, uploads, town=case.town, by=request.user, key=case.key)
            errors += [(f"file_{key}", text) for text in refused]
            if stored := kept.stored(key, case.town):
                files[key] = stored
    seen, back = ({key for key in request.POST.getlist(name) if key in keys} for name in ("seen", "back"))
    received = Received(seen=frozenset(seen | back), files=files, returned=frozenset(back))
    if not received.seen and not files and not errors:
        errors.append((None, "还没有勾选材料，也没有选文件。请勾选收到的材料。"))
    if received.seen or files:
        act = RECEIVED.get(CaseState(case.state), actions.hand_in_deferred)
        try:
            act(case=case, received=received, by=request.user)
        except Refused as refusal:
            errors.append((None, refusal.message))
    if errors:
        return case_page(request, case_or_404(request, number), errors=errors, status=422)
    return done(request, f"/desk/cases/{number}", "已记下收到的材料。")


def _day(text: str) -> date | None:
    """The day that was typed; raises ``Refused`` for what is no day."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Refused("最迟补齐的日期不存在，请写成 2026-11-24。", field="reply_by") from None


def _period_field(refusal: Refused) -> str | None:
    return refusal.field if refusal.field in {"reply_by", "lapse_basis"} else None


@staff_required(P.CASE_INTAKE)
@require_POST
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """一次性告知: every paper that is missing or wrong, with how to mend it."""
    case = case_or_404(request, number)
    demands = {
        row.material_key: request.POST.get(f"note_{row.material_key}", "")
        for row in case.materials.all()
        if request.POST.get(f"check_{row.material_key}") in {"missing", "wrong"}
    }
    try:
        actions.request_supplement(
            case=case,
            demands=demands,
            by=request.user,
            reply_by=_day(request.POST.get("reply_by", "")),
            lapse_basis=request.POST.get("lapse_basis", ""),
        )
    except Refused as refusal:
        known = refusal.field in demands
        return case_page(
            request,
            case_or_404(request, number),
            errors=[(f"check_{refusal.field}" if known else _period_field(refusal), refusal.message)],
            field_errors={refusal.field: refusal.message} if known and refusal.field else {},
            status=422,
        )
    return done(request, f"/desk/cases/{number}", "已经一次性告知。请把告知书交给申请人。")


@staff_required(P.CASE_WORK)
@require_POST
def opinion(request: HttpRequest, number: str, step: str) -> HttpResponse:
    def act(case: Case, data: dict[str, Any]) -> None:
        actions.opinion(
            case=case,
            step_key=step,
            agrees=data["verdict"] == "agree",
            text=data["text"],
            by=request.user,
            happened_at=data["happened_at"],
        )

    return _with_form(request, number, f"opinion-{step}", OpinionForm(request.POST, prefix=step), act, "意见已经记下。")


@staff_required(P.CASE_DECIDE)
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    def act(case: Case, data: dict[str, Any]) -> None:
        actions.decide(case=case, by=request.user, **data)

    return _with_form(request, number, "decide", DecideForm(request.POST), act, "决定已经作出，等窗口送达。")


@staff_required(P.CASE_DECIDE)
@require_POST
def redo(request: HttpRequest, number: str) -> HttpResponse:
    def act(case: Case, data: dict[str, Any]) -> None:
        actions.return_for_redo(case=case, by=request.user, **data)

    return _with_form(request, number, "redo", ReasonForm(request.POST), act, "已退回重办，法定时限照常计算。")


@staff_required(P.CASE_DECIDE)
@require_POST
def not_accept(request: HttpRequest, number: str) -> HttpResponse:
    def act(case: Case, data: dict[str, Any]) -> None:
        actions.not_accept(case=case, by=request.user, **data)

    return _with_form(request, number, "not_accept", NotAcceptForm(request.POST), act, "已作出不予受理决定。")


@staff_required(P.CASE_INTAKE)
@require_POST
def serve(request: HttpRequest, number: str) -> HttpResponse:
    def act(case: Case, data: dict[str, Any]) -> None:
        actions.serve(case=case, by=request.user, **data)

    return _with_form(request, number, "serve", ServeForm(request.POST), act, "已经送达，这一件办结。")


@staff_required(P.CASE_READ)
@require_POST
def fold(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One of the acts folded at the foot of the page."""
    found = FOLDS.get(name)
    if found is None:
        raise Http404
    case = case_or_404(request, number)
    form = found.form(request.POST, case=case, prefix=name)

    def act(case: Case, data: dict[str, Any]) -> None:
        found.run(case, request.user, data)

    return _with_form(request, number, name, form, act, found.message)
