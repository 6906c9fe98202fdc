"""Window intake: who applies, the version's checklist, the receipt. Nothing is typed twice."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.cases import actions
from mingtang.cases.actions.intake import Received, Submission, new_case_key
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import Paper
from mingtang.desk import case_shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import ApplicantForm
from mingtang.desk.kept import Kept
from mingtang.desk.views.cases import case_or_404, window_trouble
from mingtang.events.models import PayloadKey
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item
from mingtang.rulebook.spec import Material

CODES = "desk_codes"


def _item(request: HttpRequest, code: str) -> Item:
    return get_object_or_404(
        Item.objects.visible_to(request.viewer)
        .filter(current__state=VersionState.IN_FORCE)
        .select_related("current__item__town", "town"),
        code=code,
    )


def _asked(item: Item) -> list[Material]:
    return [material for material in item.current.spec.materials if not material.fetched_by_us]


def _rows(request: HttpRequest, item: Item, kept: Kept, errors: dict[str, list[str]]) -> list[dict[str, Any]]:
    return [
        {
            "code": material.key,
            "name": material.name,
            "form": material.form,
            "copies": material.copies,
            "standard": material.standard,
            "required": material.required,
            "state": request.POST.get(f"check_{material.key}", ""),
            "kept": kept.shown(material.key),
            "errors": errors.get(material.key, []),
        }
        for material in _asked(item)
    ]


def _files(request: HttpRequest, item: Item, kept: Kept) -> dict[str, list[str]]:
    """Store what was scanned, sealed under the case's own key; a sentence per file that could not be taken."""
    errors: dict[str, list[str]] = {}
    for material in _asked(item):
        uploads = request.FILES.getlist(f"file_{material.key}")
        if not uploads:
            continue
        if refused := kept.receive(material.key, uploads, town=item.town, by=request.user, key=_key(item, kept)):
            errors[material.key] = refused
    return errors


def _key(item: Item, kept: Kept) -> PayloadKey:
    if kept.key is None:
        kept.key = new_case_key(item.current).pk
    return PayloadKey.objects.get(pk=kept.key, town=item.town)


def _received(request: HttpRequest, item: Item, kept: Kept) -> Received:
    files = {material.key: kept.stored(material.key, item.town) for material in _asked(item)}
    answers = {material.key: request.POST.get(f"check_{material.key}") for material in _asked(item)}
    return Received(
        seen=frozenset(key for key, answer in answers.items() if answer == "ok"),
        files={key: rows for key, rows in files.items() if rows},
        to_bring=frozenset(key for key, answer in answers.items() if answer == "later"),
    )


def _unanswered(request: HttpRequest, item: Item, kept: Kept) -> dict[str, list[str]]:
    """Each paper of the list is looked at: in, missing, or brought later."""
    return {
        material.key: [f"请选择“{material.name}”收到了没有。"]
        for material in _asked(item)
        if request.POST.get(f"check_{material.key}") not in {"ok", "missing", "later"}
        and not kept.files.get(material.key)
    }


def _draw(
    request: HttpRequest, item: Item, kept: Kept, form: ApplicantForm, errors: dict[str, list[str]]
) -> HttpResponse:
    bad = bool(errors or (form.is_bound and form.errors))
    context = {
        "item": item,
        "spec": item.current.spec,
        "version": item.current,
        "form": form,
        "rows": _rows(request, item, kept, errors),
        "row_errors": [(f"check_{key}", text) for key, texts in errors.items() for text in texts],
        "token": kept.token,
        "kept": kept.signed(request.user),
        "window_trouble": window_trouble(request),
    }
    return page(request, "desk/cases/new.html", context, active="cases", status=422 if bad else 200)


@staff_required(P.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Take in an application at the window. The same form sent twice gives the same case and code."""
    item = _item(request, code)
    if request.method == "GET":
        return _draw(request, item, Kept.new(), ApplicantForm(), {})
    kept, form = Kept.read(request), ApplicantForm(request.POST)
    errors = _files(request, item, kept)
    errors |= {key: text for key, text in _unanswered(request, item, kept).items() if key not in errors}
    if request.POST.get("version") != str(item.current.pk):
        form.add_error(None, "您填写的时候，这个事项发布了新版。填的都还在，请对照新版的材料再核对一遍。")
    if not form.is_valid() or errors:
        return _draw(request, item, kept, form, errors)
    try:
        made = _submit(request, item, kept, form)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _draw(request, item, kept, form, {})
    # Shown on the next page; kept in the clerk's own session until a few more receipts were given.
    codes = {**request.session.get(CODES, {}), made.case.number: made.code}
    request.session[CODES] = dict(list(codes.items())[-3:])
    return done(request, f"/desk/cases/{made.case.number}/receipt", "已经收件。请把凭证交给申请人。")


def _submit(request: HttpRequest, item: Item, kept: Kept, form: ApplicantForm) -> Submission:
    return actions.submit(
        version=item.current,
        applicant=Applicant(**{name: form.cleaned_data.get(name, "") for name in ApplicantForm.base_fields}),
        received=_received(request, item, kept),
        submission=kept.token,
        key=_key(item, kept),
        by=request.user,
    )


@staff_required(P.CASE_INTAKE)
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Number and code, to be handed over with the printed receipt."""
    case = case_or_404(request, number)
    paper = case.documents.get(kind=Paper.RECEIPT)
    intake = case.clocks.order_by("pk").first()
    context = {
        "case": case,
        "spec": case.version.spec,
        "code": request.session.get(CODES, {}).get(number, ""),
        "due": intake.due_on if intake else None,
        "pdf_url": f"/desk/cases/{number}/papers/{paper.pk}.pdf",
        "materials": case_shown.materials(case),
    }
    return page(request, "desk/cases/receipt.html", context, active="cases")
