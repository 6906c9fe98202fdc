"""Window intake: what it is about, who applies, the checklist that follows, the receipt. Nothing is typed twice."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.agents import actions as order_actions
from mingtang.cases import actions, drafts
from mingtang.cases.actions.intake import Submission
from mingtang.cases.applicant_form import PROOF
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import Paper
from mingtang.cases.models import ApplicationDraft, CaseErrand
from mingtang.desk import case_shown
from mingtang.desk.access import ITEMS, done, page, staff_required
from mingtang.desk.forms import DraftForm, said
from mingtang.desk.intake_sheet import SAME, Sheet, fields_of
from mingtang.desk.views.cases import case_or_404, window_trouble
from mingtang.desk.views.items import version_of
from mingtang.lib.card_line import read_card
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.rulebook import in_person
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item
from mingtang.rulebook.requirements.situated import unanswerable

CODES, DRAFTS = "desk_codes", "desk_drafts"
STALE = "您填写的时候，这个事项发布了新版。填的都还在，请对照新版再核对一遍。"
RELISTED = "回答改过了，材料清单已经照新的回答重列，勾过的还在。请核对以后再收件。"
UNTOLD = "请先把提示里的话告诉申请人；申请人仍要申请的，打上勾再收件。"
UNSURE = "请对照证件再看一遍；没有填错的，打上勾再收件。"


def _item(request: HttpRequest, code: str) -> Item:
    return get_object_or_404(
        Item.objects.visible_to(request.viewer)
        .filter(current__state=VersionState.IN_FORCE)
        .select_related("current__item__town", "town"),
        code=code,
    )


def _page(sheet: Sheet, template: str, *, status: int, **more: Any) -> HttpResponse:
    context = {
        "item": sheet.item,
        "spec": sheet.spec,
        "version": sheet.item.current,
        "given": sheet.given,
        "token": sheet.kept.token,
        "kept": sheet.kept.signed(sheet.request.user),
        "window_trouble": "" if sheet.preview or sheet.late or sheet.office else window_trouble(sheet.request),
        "late": sheet.late,
        "office": sheet.office,
        "in_person": "" if sheet.office else in_person.told(sheet.spec),
        "found": sheet.sent.get("found", ""),
        "preview": sheet.preview,
        "errand": sheet.errand,
        "begun": sheet.request.method == "GET" and "draft" in sheet.request.GET,
        **more,
    }
    return page(sheet.request, template, context, active="items" if sheet.preview else "cases", status=status)


def _ask(sheet: Sheet, *, said: bool, note: str = "") -> HttpResponse:
    """The questions alone; ``said``: they were sent. What was typed and ticked on the other screen comes along."""
    wrong = sheet.wrong if said else {}
    status = 422 if wrong or note else 200
    return _page(sheet, "desk/cases/ask.html", status=status, wrong=wrong, note=note, hidden=sheet.typed())


def _draw(
    sheet: Sheet,
    errors: dict[str, list[str]] | None = None,
    unsaid: dict[str, str] | None = None,
    unread: dict[str, str] | None = None,
    over: bool = False,
) -> HttpResponse:
    """``unsaid``: box that has to be ticked → sentence. ``unread``: card reader's input → sentence; empty: all read."""
    form, errors, unsaid = sheet.form, errors or {}, unsaid or {}
    bad = bool(errors or unsaid or unread or (form.is_bound and form.errors))
    return _page(
        sheet,
        "desk/cases/new.html",
        status=422 if bad else 200,
        form=form,
        rows=sheet.rows(errors),
        row_errors=[(sheet.place(key), text) for key, texts in errors.items() for text in texts],
        proof={"kept": sheet.kept.shown(PROOF), "errors": errors.get(PROOF, [])},
        listed=sheet.listed,
        barred=sheet.barred,
        told=sheet.told,
        unsaid=unsaid,
        doubts=sheet.doubts,
        offers=sheet.offers,
        same=sheet.same,
        sure=sheet.sure,
        unread=unread or {},
        read=unread == {},
        bill=sheet.bill,
        over=over,
    )


@staff_required(P.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Take in an application at the window. The same form sent twice gives the same case and code.

    ``draft`` in the address names what a resident has kept and this clerk has opened with its code.
    """
    item = _item(request, code)
    if request.method == "POST" or "draft" not in request.GET:
        return walk(Sheet.of(request, item))
    mine = [pk for pk in request.session.get(DRAFTS, []) if str(pk) == request.GET["draft"]]
    rows = ApplicationDraft.objects.select_related("key", "item__current__item", "item__town")
    return walk(Sheet.resumed(request, get_object_or_404(rows, town=request.town, item=item, pk__in=mine)))


@staff_required(P.CASE_WORK)
@require_http_methods(["GET", "POST"])
def open_case(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a case without an application, where the item's own article lets us (依职权启动)."""
    item = _item(request, code)
    if not item.current.spec.ex_officio:
        raise Http404
    return walk(Sheet.of(request, item, office=True))


@staff_required(P.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def from_draft(request: HttpRequest) -> HttpResponse:
    """Go on with what a resident has kept online, by the code the resident tells."""
    form = DraftForm(request.POST or None)
    ticket = (request.POST or request.GET).get("ticket", "")
    if request.method == "POST" and form.is_valid():
        try:
            draft = drafts.open_at_window(town=request.town, code=form.cleaned_data["code"], by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            request.session[DRAFTS] = [*request.session.get(DRAFTS, []), draft.pk][-5:]
            asked = urlencode({"draft": draft.pk} | ({"ticket": ticket} if ticket else {}))
            return HttpResponseRedirect(f"/desk/cases/new/{draft.item.code}?{asked}")
    context = {"form": form, "ticket": ticket}
    return page(request, "desk/cases/draft.html", context, active="cases", status=422 if form.errors else 200)


@staff_required(P.CASE_INTAKE)
@require_POST
@sensitive_post_parameters("line")
def card(request: HttpRequest) -> HttpResponse:
    """For the script: what stands on the card whose line a reader typed. Nothing of it is kept."""
    try:
        found = read_card(request.POST.get("line", ""), today=timezone.localdate())
    except Refused as refusal:
        return JsonResponse({"said": refusal.message}, status=422)
    return JsonResponse({"fields": fields_of(found, request.POST.get("reader", ""), request.POST)})


@staff_required(*ITEMS)
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The window's screens of a version that is not in force yet, to be tried; nothing of it is kept."""
    version = version_of(request, code, number)
    if sentences := unanswerable(version.spec):
        context = {"version": version, "sentences": sentences}
        return page(request, "desk/items/preview_waits.html", context, active="items")
    version.item.current = version  # looked at as if it were in force; never saved
    return walk(Sheet.of(request, version.item, preview=True))


def walk(sheet: Sheet) -> HttpResponse:
    """The screen that comes next, or the act."""
    request = sheet.request
    if request.method == "GET":
        return _ask(sheet, said=False) if sheet.wrong else _draw(sheet)
    refused = sheet.take_files()
    if sheet.wrong:
        return _ask(sheet, said=True, note=STALE if sheet.stale else "")
    if request.POST.get("act", "").startswith(("list", SAME)):
        return _draw(sheet.unchecked(), refused)
    if sheet.carded:
        filled, unread = sheet.read_cards()
        return _draw(filled, refused, unread=unread)
    errors = sheet.unlooked() | refused
    if sheet.stale:
        sheet.form.add_error(None, STALE)
    elif sheet.relisted:
        sheet.form.add_error(None, RELISTED)
    applicant = sheet.applicant()
    unsaid = {"told": UNTOLD} if sheet.barred and not sheet.told else {}
    if sheet.doubts and not sheet.sure:
        unsaid["sure"] = UNSURE
    if applicant is None or errors or unsaid:
        return _draw(sheet, errors, unsaid)
    if sheet.preview:
        return _draw(sheet, over=True)
    try:
        made = _submit(sheet, applicant)
    except Refused as refusal:
        said(sheet.form, refusal)
        return _draw(sheet)
    # Shown on the next page; kept in the clerk's own session until a few more receipts were given.
    codes = {**request.session.get(CODES, {}), made.case.number: made.code}
    request.session[CODES] = dict(list(codes.items())[-3:])
    said_so = "已经启动，从今天起计算时限。请把凭证交给本人。" if sheet.office else "已经收件。请把凭证交给申请人。"
    return done(request, f"/desk/cases/{made.case.number}/receipt", said_so)


def _submit(sheet: Sheet, applicant: Applicant) -> Submission:
    common: dict[str, Any] = {
        "answers": sheet.answers,
        "received": sheet.received(),
        "submission": sheet.kept.token,
        "key": sheet.key,
        "by": sheet.request.user,
        "sure": sheet.sure,
    }
    if sheet.office:
        found = sheet.request.POST.get("found", "")
        return actions.open_ex_officio(version=sheet.item.current, person=applicant, found=found, **common)
    common |= {"applicant": applicant, "told": sheet.told}
    if sheet.late:
        return actions.enter_late(item=sheet.item, slip=sheet.late.slip, happened_at=sheet.late.at, **common)
    submit = partial(order_actions.submit, order=sheet.order) if sheet.order else actions.submit
    return submit(version=sheet.item.current, errand=sheet.errand, **common)


@staff_required(P.CASE_INTAKE, P.CASE_WORK)
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Number and code, to be handed over with the printed receipt."""
    case = case_or_404(request, number)
    paper = case.documents.get(kind=Paper.RECEIPT)
    visit = CaseErrand.objects.filter(case=case).select_related("errand__contact").first()
    intake = case.clocks.order_by("pk").first()
    context = {
        "case": case,
        "contact": visit.errand.contact if visit else None,
        "spec": case.version.spec,
        "code": request.session.get(CODES, {}).get(number, ""),
        "due": intake.due_on if intake else None,
        "pdf_url": f"/desk/cases/{number}/papers/{paper.pk}.pdf",
        "materials": case_shown.materials(case),
    }
    return page(request, "desk/cases/receipt.html", context, active="cases")
