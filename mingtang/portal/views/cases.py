"""办件查询: the public line, the receipt, and the applicant's own view."""

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.cases import actions, requirements, telling
from mingtang.cases import shown as line_shown
from mingtang.cases.actions.deferring import outstanding
from mingtang.cases.actions.intake import Received
from mingtang.cases.enums import CaseState, MaterialState, Outcome, Paper, TellBy
from mingtang.cases.line import Line, line
from mingtang.cases.models import Case, CaseDocument
from mingtang.cases.papers import billed
from mingtang.cases.policies import check_state
from mingtang.disclosure.derived.reading import lists_with
from mingtang.disclosure.derived.reading import title as list_title
from mingtang.events import vault
from mingtang.events.log import APPLICANT, commitment, opening
from mingtang.events.models import Event
from mingtang.files import policies, uploads
from mingtang.files.actions import store
from mingtang.files.models import Upload
from mingtang.hall.models import Site
from mingtang.ledger import service as ledger
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date
from mingtang.notices.enums import Channel as Way
from mingtang.notices.models import Message
from mingtang.portal import common, keys, kiosk_shown, opened, payment_shown, permits_shown, shown
from mingtang.portal.forms import FindForm
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views.find import KIOSK_SECONDS
from mingtang.press.case_paper import pdf
from mingtang.press.render import PaperUnavailable
from mingtang.rulebook import situations
from mingtang.rulebook.guide_words import days_text

STATES = {
    MaterialState.RECEIVED: "ok",
    MaterialState.FETCHED: "ours",
    MaterialState.MISSING: "missing",
    MaterialState.TO_BRING: "later",
    MaterialState.DEFERRED: "follows",
    MaterialState.PLEDGED: "pledged",
    MaterialState.DROPPED: "dropped",
}


def _public(request: HttpRequest, number: str) -> Case:
    """A case of a public kind; a sealed number answers like one that does not exist."""
    return get_object_or_404(
        Case.objects.filter(town=request.town, sealed=False).select_related(
            "version", "item", "town__parent", "window", "key"
        ),
        number=number,
    )


@stored(keys.DAY)
def public_line(request: HttpRequest, number: str) -> HttpResponse:
    """Each step's post, planned and actual dates: no personal data."""
    depends_on(f"case:{number}")
    row = _public(request, number)
    told = line(row)
    first = Event.objects.filter(town=row.town, subject=row.subject).order_by("-pk").first()
    context = {
        "trail": [("办件查询", "/cases/"), (row.number, None)],
        "case": shown.case(told) | {"json_url": f"/cases/{number}.json", "mine_url": f"/cases/{number}/mine"},
        "steps": line_shown.stages(told),
        "clocks": line_shown.clock_list(told),
        "proof": common.proof(first),
    }
    return render(request, "portal/cases/line.html", context)


def _stage_json(stage: Any) -> dict[str, Any]:
    return {
        "key": stage.key,
        "title": stage.title,
        "state": stage.state,
        "post": stage.owner or None,
        "planned": stage.planned.isoformat() if stage.planned else None,
        "actual": timezone.localtime(stage.actual).isoformat() if stage.actual else None,
        "entry_lag_seconds": int(stage.lag.total_seconds()) if stage.lag else 0,
        "delay": stage.delay or None,
        "branches": [_stage_json(branch) for branch in stage.branches],
    }


@stored(keys.DAY)
def public_line_json(request: HttpRequest, number: str) -> HttpResponse:
    """The public line as data."""
    depends_on(f"case:{number}")
    row = _public(request, number)
    told = line(row)
    data = {
        "number": row.number,
        "item": row.item.code,
        "version": row.version.number,
        "flow_sha256": row.flow_sha256,
        "state": row.state,
        "outcome": row.outcome or None,
        "channel": row.channel,
        "resident_days": told.resident_days,
        "steps": [_stage_json(stage) for stage in told.stages],
        "clocks": [
            {
                "kind": read.clock.kind,
                "step": read.clock.step_key or None,
                "started_on": read.clock.started_on.isoformat(),
                "working_days": read.clock.working_days,
                "extension": read.clock.extension,
                "state": "stopped"
                if read.clock.stopped_at
                else "paused"
                if read.reading.paused
                else read.reading.state,
                "due_on": read.clock.due_on.isoformat(),
                "provisional": read.clock.provisional,
                "stopped_at": timezone.localtime(read.clock.stopped_at).isoformat() if read.clock.stopped_at else None,
            }
            for read in told.clocks
        ],
    }
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")


@never_cache
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest, number: str = "") -> HttpResponse:
    """Number and code open the applicant's view; wrong ones wait longer each time."""
    if request.method == "GET" and request.GET.get("kiosk"):
        return kiosk(request)
    form = FindForm(request.POST or None, initial={"number": number})
    if request.method == "POST" and form.is_valid():
        try:
            case = opened.open_with_code(request.town, form.cleaned_data["number"], form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            opened.remember(request, case)
            return HttpResponseRedirect(f"/cases/{case.number}/mine")
    context = {"trail": [("办件查询", None)], "form": form}
    return render(request, "portal/cases/find.html", context, status=422 if form.errors else 200)


def kiosk(request: HttpRequest) -> HttpResponse:
    """The public line in a few large sentences, by number alone, and read aloud: nobody needs a telephone.

    ``kiosk`` may name the site whose screen it is, to which the answer then gives way.
    """
    number = kiosk_shown.number_of(request.GET.get("number", ""), request.town)
    named = request.GET["kiosk"].replace("\x00", "")[:40]
    site = Site.objects.visible_to(request.viewer).filter(code=named).first()
    here = site.code if site else "1"
    context: dict[str, Any] = {"number": number, "said": [], "spoken": "", "kiosk": here}
    context["back"] = f"/hall/{here}/kiosk" if site else "/cases/?kiosk=1"
    if number:
        found = Case.objects.filter(town=request.town, sealed=False, number=number)
        case = found.select_related("version", "item", "town__parent", "window", "key").first()
        if case is not None:
            context["said"] = kiosk_shown.sentences(case)
            context["spoken"] = kiosk_shown.spoken(case, context["said"])
    answer = render(request, "portal/cases/kiosk.html", context, status=404 if number and not context["said"] else 200)
    if number:
        # The next person need not see it.
        answer.headers["Refresh"] = f"{KIOSK_SECONDS}; url={context['back']}"
    return answer


def _mine(request: HttpRequest, number: str) -> Case | None:
    return opened.opened_case(request, number)


def _ask_code(request: HttpRequest, number: str) -> HttpResponse:
    return find(request, number) if request.method == "GET" else HttpResponseRedirect(f"/cases/{number}/mine")


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Handed over at once; the code is shown to the browser that applied."""
    case = _mine(request, number)
    if case is None:
        return _ask_code(request, number)
    spec, paper = case.version.spec, case.documents.get(kind=Paper.RECEIPT)
    intake = case.clocks.order_by("pk").first()
    steps = [f"我们在 {chinese_date(intake.due_on)} 前看完材料，告诉您受理还是要补什么。缺什么一次说完。"]
    if case.materials.filter(state=MaterialState.TO_BRING).exists():
        steps.insert(0, f"请把还没有交的材料带到{spec.place}，说出办件编号就行。")
    steps.append(f"受理以后，{days_text(spec)}。每一步都看得到。")
    checkpoint = paper.data.get("checkpoint")
    context = {
        "trail": [("办件查询", "/cases/"), ("收件凭证", None)],
        "case": {
            "number": case.number,
            "code": opened.new_code(request, case) or "（已经显示过）",
            "item": spec.name,
            "item_url": f"/services/{case.item.code}",
            "received_at": case.submitted_at,
            "promise": days_text(spec),
            "intake_due": intake.due_on,
            "line_url": f"/cases/{case.number}/mine",
            "pdf_url": f"/cases/{case.number}/papers/{paper.pk}.pdf",
            "sealed": case.sealed,
        },
        "next_steps": steps,
        "missing": _material_states(case),
        **_situation(case),
        "proof": {
            "words": checkpoint["words"] if checkpoint else [],
            "event_commit": commitment(opening(paper.event)),
            "file_url": f"/cases/{case.number}/proof.json",
        },
        "qr": common.qr(f"{case.town.base_url}/cases/{case.number}/mine", "扫一扫，看办理进度"),
    }
    return render(request, "portal/cases/receipt.html", context)


def _material_states(case: Case) -> list[dict[str, Any]]:
    spec = case.version.spec
    return [
        {
            "name": spec.material(row.material_key).name,
            "state": STATES[row.state],
            "note": "不用您带" if row.state == MaterialState.FETCHED else "",
        }
        for row in case.materials.all()
    ]


def _situation(case: Case) -> dict[str, Any]:
    """What was answered and what it costs: on the applicant's own pages only, because answers may tell of need."""
    return {"answered": situations.words(case.version.spec, case.answers), "bill": billed(case)}


def _papers(case: Case) -> list[dict[str, Any]]:
    """All but what was written to others, whose names are not the applicant's to read."""
    return [
        {"name": f"{row.kind_title}　{row.number}", "url": f"/cases/{case.number}/papers/{row.pk}.pdf", "size": "PDF"}
        for row in case.documents.exclude(kind=Paper.PARTY).order_by("-pk")
    ]


def _supplement(case: Case, errors: dict[str, str], here: dict[str, Any]) -> dict[str, Any] | None:
    notice = requirements.notice_of(case)
    if notice is None:
        return None
    spec = case.version.spec
    paper = case.documents.filter(kind=Paper.SUPPLEMENT).first()
    return {
        "at": notice.issued_at,
        "pdf_url": f"/cases/{case.number}/papers/{paper.pk}.pdf" if paper else "",
        "demands": [
            {
                "code": demand.material_key,
                "name": spec.material(demand.material_key).name,
                "why": demand.how_to_mend,
                "state": "waived" if demand.dropped_at else "ok" if demand.supplied_at else "missing",
                "kept": here.get(demand.material_key, []),
                "error": errors.get(demand.material_key),
            }
            for demand in notice.demands.all()
        ],
    }


def _deferred(case: Case, errors: dict[str, str], here: dict[str, Any]) -> list[dict[str, Any]]:
    """The papers that may still follow, each with its last day."""
    if not _can("hand_in_deferred", case):
        return []
    spec = case.version.spec
    return [
        {
            "code": row.material_key,
            "name": spec.material(row.material_key).name,
            "due": row.due_on,
            "missed": row.missed_at is not None,
            "kept": here.get(row.material_key, []),
            "error": errors.get(row.material_key),
        }
        for row in outstanding(case)
    ]


def _decision(case: Case) -> dict[str, Any] | None:
    decided = case.decided_at is not None or case.state == CaseState.NOT_ACCEPTED
    kinds = [Paper.GRANT, Paper.REFUSAL, Paper.RESULT_ABOVE, Paper.NOT_ACCEPTED]
    paper = case.documents.filter(kind__in=kinds).order_by("-pk").first() if decided else None
    if paper is None:
        return None
    data = paper.data
    return {
        "title": Outcome(case.outcome).label if case.outcome else paper.kind_title,
        "kind": case.outcome or "refused",
        "at": paper.created_at,
        "reasons": "".join(data.get("reasons", [])),
        "remedies": "".join(data.get("remedies", [])),
        "pdf_url": f"/cases/{case.number}/papers/{paper.pk}.pdf",
    }


def _sent(case: Case) -> dict[str, Any]:
    """All that was sent to the applicant in this case, newest first; what is not here, the town did not send."""
    rows = Message.objects.filter(town=case.town, subject=case.subject).exclude(channel=Way.WEBHOOK)
    found = []
    for row in rows.select_related("key").order_by("-pk"):
        try:
            text = row.content["text"]
        except Refused:
            text = "内容已经按期销毁。"
        found.append({"message": row, "text": text})
    return {"rows": found, "chosen": TellBy(telling.chosen(case))}


def _can(act: str, case: Case) -> bool:
    try:
        check_state(act, case)
    except Refused:
        return False
    return True


def _own_page(request: HttpRequest, case: Case, errors: dict[str, str] | None = None) -> HttpResponse:
    told: Line = line(case)
    errors = errors or {}
    here = {
        slot: [{"name": uploads.name_of(row), "size": policies.size_label(row.size)} for row in rows]
        for slot, rows in _arrived(request, case).items()
    }
    context = {
        "trail": [("办件查询", "/cases/"), (case.number, None)],
        "case": shown.case(told) | {"line_url": "" if case.sealed else f"/cases/{case.number}"},
        "steps": line_shown.stages(told),
        "clocks": line_shown.clock_list(told),
        "supplement": _supplement(case, errors, here),
        "deferred": _deferred(case, errors, here),
        "decision": _decision(case),
        "papers": _papers(case),
        "materials": _material_states(case),
        **_situation(case),
        "payment": payment_shown.payment(case),
        "permits": permits_shown.permits(case),
        "lists": [(list_title(row), row) for row in lists_with(case)],
        "place": case.version.spec.place,
        "typed": request.POST,
        "sent": _sent(case),
        "can": {
            "supply": _can("supply", case),
            "supply_complete": _can("supply_complete", case),
            "withdraw": _can("withdraw", case),
            "withdraw_open": "confirm" in errors,
            "stop_telling": telling.chosen(case) != TellBy.NO,
        },
        "errors": [(f"file_{key}" if key not in {"", "confirm"} else key, text) for key, text in errors.items()],
    }
    return render(request, "portal/cases/mine.html", context, status=422 if errors else 200)


def _asked_for(case: Case) -> list[str]:
    """The papers that the applicant may hand in now: what the notice lists, or what was deferred."""
    if _can("supply", case):
        open_demands = case.notice.demands.filter(supplied_at__isnull=True, dropped_at__isnull=True)
        return list(open_demands.values_list("material_key", flat=True))
    return [row.material_key for row in outstanding(case)] if _can("hand_in_deferred", case) else []


def _arrived(request: HttpRequest, case: Case) -> dict[str, list[Upload]]:
    """What this browser has sent in pieces for the case and not handed in yet, by paper."""
    return uploads.arrived(case.town, uploads.owner_of(request.session), case.subject)


def _supplied(request: HttpRequest, case: Case, take: Callable[..., Case]) -> dict[str, str]:
    """Take in what was uploaded for the papers asked for; a sentence per file that could not be taken."""
    errors: dict[str, str] = {}
    files: dict[str, list[Any]] = {}
    key, arrived = vault.key_bytes(case.key), _arrived(request, case)
    for material_key in _asked_for(case):
        for upload in arrived.get(material_key, []):
            try:
                uploads.take_up(upload=upload, key=case.key, by=APPLICANT)
            except Refused as refusal:
                errors[material_key] = refusal.message
            else:
                files.setdefault(material_key, []).append(upload.file)
        for upload in request.FILES.getlist(f"file_{material_key}"):
            try:
                kept = store(
                    town=case.town,
                    name=upload.name,
                    stream=upload,
                    by=APPLICANT,
                    purpose="case_material",
                    allowed=policies.MATERIALS,
                    seal_key=key,
                )
            except Refused as refusal:
                errors[material_key] = refusal.message
            else:
                files.setdefault(material_key, []).append(kept)
    if files:
        take(case=case, received=Received(files=files))
        uploads.drop(upload for rows in arrived.values() for upload in rows if upload.file)
    elif not errors:
        errors[""] = "还没有选材料。请选文件上传，或者把材料带到窗口。"
    return errors


@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant's view: what is missing, answer the notice, decision, papers, withdraw."""
    case = _mine(request, number)
    if case is None:
        return _ask_code(request, number)
    if request.method == "GET":
        return _own_page(request, case)
    act, errors = request.POST.get("act"), {}
    try:
        if act == "supply":
            check_state("supply", case)
            errors = _supplied(request, case, actions.supply)
        elif act == "hand_in_deferred":
            check_state("hand_in_deferred", case)
            errors = _supplied(request, case, actions.hand_in_deferred)
        elif act == "supply_complete":
            actions.supply_complete(case=case)
        elif act == "stop_telling":
            telling.stop(case=case)
        elif act in permits_shown.ASKS:
            permits_shown.ask(case, act, request.POST.get("permit", ""), request.POST.get("change", ""))
        elif act == "withdraw":
            if request.POST.get("confirm") != "yes":
                errors = {"confirm": "请先勾选“我确定撤回”，再点撤回。"}
            else:
                actions.withdraw(case=case, reason=request.POST.get("reason", ""))
        else:
            raise Http404
    except Refused as refusal:
        errors = {"": refusal.message}
    if errors:
        case = _mine(request, number)
        assert case is not None
        return _own_page(request, case, errors)
    return HttpResponseRedirect(f"/cases/{number}/mine")


@never_cache
@require_safe
def paper(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A paper of one's own case as PDF."""
    case = _mine(request, number)
    if case is None:
        return _ask_code(request, number)
    own = CaseDocument.objects.exclude(kind=Paper.PARTY).select_related("case__town", "case__key", "event__town")
    document = get_object_or_404(own, pk=pk, case=case)
    try:
        body = pdf(document)
    except PaperUnavailable as refusal:
        return HttpResponse(refusal.message, status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.case.number}-{document.kind}.pdf"'
    return response


@never_cache
@require_safe
def proof_json(request: HttpRequest, number: str) -> HttpResponse:
    """The proof of one's own application, for `mingtang verify`: whole once it is numbered, a receipt until then."""
    case = _mine(request, number)
    if case is None:
        return _ask_code(request, number)
    event = case.documents.select_related("event__town").get(kind=Paper.RECEIPT).event
    found = ledger.proof_for(event) or ledger.receipt_for(event)
    response = HttpResponse(json.dumps(found, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{number}-proof.json"'
    return response
