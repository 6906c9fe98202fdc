"""办件 on the desk: the list, one case, its papers and files."""

from typing import Any

from django.db.models import Count
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from mingtang.cases import process, requirements
from mingtang.cases import shown as line_shown
from mingtang.cases.actions.intake import lapse_bases
from mingtang.cases.actions.reopened import standing
from mingtang.cases.enums import CaseState
from mingtang.cases.line import line
from mingtang.cases.models import Case, CaseDocument, CaseStep, MaterialFile
from mingtang.cases.policies import recused
from mingtang.cases.states import CASE
from mingtang.desk import case_more, case_shown, shown, todo
from mingtang.desk.access import offered, page, served_posts, staff_required
from mingtang.desk.forms import DecideForm, NotAcceptForm, OpinionForm, ReasonForm, ServeForm
from mingtang.events import vault
from mingtang.files.actions import response as file_response
from mingtang.files.models import StoredFile
from mingtang.hall.policies import open_window_of
from mingtang.lib.errors import Refused
from mingtang.people.enums import DECIDE
from mingtang.people.enums import Permission as P
from mingtang.people.models import Delegation
from mingtang.people.policies import delegation_for
from mingtang.press.case_paper import pdf
from mingtang.press.render import PaperUnavailable
from mingtang.rulebook.models import ItemFacts, Version

PAGE = 30
# Acts a case page may offer; the first ones need an open window.
AT_WINDOW = ("accept", "request_supplement", "correct_on_the_spot", "supply", "hand_in_deferred", "serve")
SHOWN = (*AT_WINDOW, "charge", "supply_complete", "opinion", "not_accept")
STAGES = {process.INTAKE, process.SUPPLY, process.DECIDE, process.ABOVE, process.SERVE}


@staff_required(P.CASE_READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The town's cases, newest first, by state and by number."""
    query, state = shown.asked(request, 24).upper(), request.GET.get("state", "")
    found = Case.objects.visible_to(request.viewer)
    if query:
        found = found.filter(number__contains=query)
    counts = dict(found.values_list("state").annotate(count=Count("pk")).order_by())
    labels = [("", "全部", sum(counts.values()))]
    labels += [(key, label, counts.get(key, 0)) for key, label in CaseState.choices if counts.get(key) or key == state]
    rows = found.filter(state=state) if state in CaseState.values else found
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        rows = rows.filter(pk__lt=int(before))
    listed = list(
        rows.select_related("version", "window")
        .defer("version__bpmn", "version__data", "applicant_sealed")
        .order_by("-pk")[: PAGE + 1]
    )
    older = shown.link(q=query, state=state, before=listed[PAGE - 1].pk) if len(listed) > PAGE else ""
    context = {
        "q": query,
        "state": state if state in CaseState.values else "",
        "tabs": shown.tabs(state, labels, query),
        "rows": [{"case": row, "tone": line_shown.TONES.get(CaseState(row.state), "todo")} for row in listed[:PAGE]],
        "older_url": older,
        "newer_url": shown.link(q=query, state=state) if before else "",
        "can_take_in": request.viewer.may(P.CASE_INTAKE),
        "openable": _openable(request),
    }
    return page(request, "desk/cases/index.html", context, active="cases")


def _openable(request: HttpRequest) -> list[Version]:
    """What this person's posts may begin without an application (依职权启动)."""
    if not request.viewer.may(P.CASE_WORK):
        return []
    codes = {post.code for post in served_posts(request)}
    rows = Version.objects.filter(
        pk__in=ItemFacts.objects.filter(town=request.town, suspended=False, ex_officio=True).values("version")
    ).select_related("item")
    return [version for version in rows.defer("bpmn").order_by("name") if codes & version.spec.posts]


def case_or_404(request: HttpRequest, number: str) -> Case:
    return get_object_or_404(
        Case.objects.visible_to(request.viewer).select_related("town__parent", "item", "version", "key", "window"),
        number=number,
    )


def my_steps(request: HttpRequest, case: Case) -> list[CaseStep]:
    """The steps of review that wait at this person's posts."""
    codes = [post.code for post in served_posts(request)]
    rows = case.steps.filter(done_at__isnull=True, post_code__in=codes).exclude(key__in=STAGES)
    return list(rows.order_by("pk"))


def _decision(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Whether the decision waits at this person's post, by which letter; ``letter``: what their authority lacks."""
    codes = {post.code for post in served_posts(request)}
    step = case.steps.filter(key=process.DECIDE, done_at__isnull=True).first()
    if step is None or step.post_code not in codes or not offered(CASE["decide"], case.state, request.viewer):
        return {"waits": False, "letter": ""}
    held, lacks = _authority(request, case)
    return {"waits": True, "held": held, "letter": lacks, "earlier": case.questioned and standing(case)}


def _authority(request: HttpRequest, case: Case) -> tuple[Delegation | None, str]:
    """The letter under which the person decides, or the sentence that says why there is none."""
    try:
        return delegation_for(request.user, item_code=case.item.code, step_code=DECIDE), ""
    except Refused as refusal:
        return None, refusal.message


def window_trouble(request: HttpRequest) -> str:
    """Why nothing can be taken in at this person's window now; empty when it is open."""
    try:
        open_window_of(request.user)
    except Refused as refusal:
        return refusal.message
    return ""


def _check_rows(
    rows: list[dict[str, Any]], lacking: list[str], typed: dict[str, str], errors: dict[str, str]
) -> list[dict[str, Any]]:
    """The rows of the one-time notice: what was answered, else what the checklist says."""
    return [
        row
        | {
            "state": typed.get(f"check_{row['code']}", "missing" if row["code"] in lacking else "ok"),
            "note": typed.get(f"note_{row['code']}", ""),
            "error": errors.get(row["code"]),
        }
        for row in rows
        if row["state"] != "ours"
    ]


def _period(case: Case, typed: dict[str, str]) -> dict[str, Any]:
    """The period of the one-time notice: what was typed, and the articles it may stand on."""
    bases = [(text, text) for text in lapse_bases(case)]
    return {"day": typed.get("reply_by", ""), "basis": typed.get("lapse_basis", ""), "bases": bases}


def _blank(steps: list[CaseStep]) -> dict[str, Form]:
    """The forms of the page before anything was typed."""
    return {
        "decide": DecideForm(),
        "redo": ReasonForm(),
        "not_accept": NotAcceptForm(),
        "serve": ServeForm(),
        **{f"opinion-{step.key}": OpinionForm(prefix=step.key) for step in steps},
    }


def case_page(
    request: HttpRequest,
    case: Case,
    *,
    forms: dict[str, Form] | None = None,
    errors: list[tuple[str | None, str]] | None = None,
    field_errors: dict[str, str] | None = None,
    whole: bool = False,
    status: int = 200,
) -> HttpResponse:
    """One case: the line and the one thing this person may do next, beside their other work."""
    told = line(case)
    rows = case_shown.materials(case)
    notice = requirements.notice_of(case)
    lacking = requirements.missing_by(case, notice)
    away = recused(case, request.user)
    acts = {name: not away and offered(CASE[name], case.state, request.viewer) for name in SHOWN}
    steps = my_steps(request, case) if acts["opinion"] else []
    decision = _decision(request, case) if not away else {"waits": False, "letter": ""}
    refusable = acts["not_accept"] and notice is not None and bool(lacking)
    spec = case.version.spec
    typed = request.POST.dict() if request.method == "POST" else {}
    context = {
        "case": case,
        "version": case.version,
        "spec": spec,
        "tone": line_shown.TONES.get(CaseState(case.state), "todo"),
        "line": told,
        "steps": line_shown.stages(told),
        "clocks": line_shown.clock_list(told),
        "applicant": case_shown.applicant(case, whole=whole),
        "whole": whole,
        "proofs": [f"/desk/cases/{case.number}/authority/{row.pk}" for row in case.authority_scans.all()],
        "materials": rows,
        "missing": lacking,
        "notice": notice,
        "demands": [(spec.material(d.material_key).name, d) for d in notice.demands.all()] if notice else [],
        "follows": [row for row in rows if row["state"] == "follows"] if acts["hand_in_deferred"] else [],
        "check": _check_rows(rows, [row.material.key for row in lacking], typed, field_errors or {}),
        "period": _period(case, typed),
        "opinions": case_shown.opinions(case),
        "papers": case_shown.papers(case),
        "permits": case.permits.all() if case.accepted_at else [],
        "history": shown.history(request.town, case.subject),
        "can": acts,
        "away": away,
        "my_steps": [{"step": step, "work": spec.step(step.key), "form": f"opinion-{step.key}"} for step in steps],
        "situation": case_shown.situation(case) | {"lapsed": case_shown.lapsed(case)},
        "payment": case_shown.payment(case, request.viewer),
        "decision": decision | {"redo": decision["waits"] and bool(case.selected.steps)},
        "refusable": refusable,
        "letter": _authority(request, case)[1] if refusable else "",
        "window_trouble": window_trouble(request) if any(acts[name] for name in AT_WINDOW) else "",
        "forms": _blank(steps) | (forms or {}),
        "opened": [name for name, form in (forms or {}).items() if form.errors],
        "errors": errors or [],
        "folds": [] if away else case_more.folds(request, told, forms or {}),
        "work": todo.groups(request, current=f"/desk/cases/{case.number}"),
    }
    return page(request, "desk/cases/show.html", context, active="cases", status=status)


@staff_required(P.CASE_READ)
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    return case_page(request, case_or_404(request, number))


@staff_required(P.CASE_READ)
@require_POST
def applicant(request: HttpRequest, number: str) -> HttpResponse:
    """The same page with the applicant's data unmasked, asked for by a press of a button each time."""
    return case_page(request, case_or_404(request, number), whole=True)


@staff_required(P.CASE_READ)
@require_safe
def paper(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A paper of the case as PDF; a sentence when this machine cannot make it now."""
    document = get_object_or_404(
        CaseDocument.objects.select_related("case__town", "case__key", "event__town"),
        pk=pk,
        case=case_or_404(request, number),
    )
    try:
        body = pdf(document)
    except PaperUnavailable as refusal:
        return page(
            request, "desk/sentence.html", {"sentence": refusal.message, "back": f"/desk/cases/{number}"}, status=503
        )
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{number}-{document.kind}.pdf"'
    return answer


@staff_required(P.CASE_READ)
@require_safe
def material_file(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A material that was handed in, opened with the case's key, as a download."""
    case = case_or_404(request, number)
    row = get_object_or_404(MaterialFile.objects.select_related("file__town"), pk=pk, material__case=case)
    return _opened(request, case, row.file)


@staff_required(P.CASE_READ)
@require_safe
def authority_scan(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What proves that somebody may act for the applicant, as a download."""
    case = case_or_404(request, number)
    row = get_object_or_404(case.authority_scans.select_related("file__town"), pk=pk)
    return _opened(request, case, row.file)


def _opened(request: HttpRequest, case: Case, file: StoredFile) -> HttpResponse:
    try:
        return file_response(file, seal_key=vault.key_bytes(case.key))
    except Refused as refusal:
        context = {"sentence": refusal.message, "back": f"/desk/cases/{case.number}"}
        return page(request, "desk/sentence.html", context, status=410)
