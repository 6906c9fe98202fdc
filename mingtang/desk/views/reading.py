"""看得懂吗 at the desk: written by one, approved by another, slips printed, paper answers entered."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import reading_shown, shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.desk.reading_forms import LETTERS, CheckForm, EnterForm, PrintForm
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Edition
from mingtang.lib.errors import Refused
from mingtang.people.models import Assignment, Post
from mingtang.scrutiny import reading
from mingtang.scrutiny.models import ReadCheck
from mingtang.scrutiny.states import READ_CLERKS, READ_KEEPERS, READ_MAKERS, READ_REVIEWERS

HERE = "/desk/read/"
MOST = 100


def _rows(request: HttpRequest) -> Any:
    related = ("town", "edition__document", "edition__revision", "author", "reviewer", "owner__unit", "duty")
    return ReadCheck.objects.visible_to(request.viewer).select_related(*related)


@staff_required(*READ_CLERKS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All of them with how they stand."""
    context = {"rows": [reading_shown.row(check, request.town.pass_mark) for check in _rows(request)[:MOST]]}
    return page(request, "desk/read/index.html", context, active="read")


@staff_required(*READ_MAKERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Three questions about a published edition; after a return they begin with the old ones."""
    asked = request.GET.get("edition", "")
    editions = Edition.objects.visible_to(request.viewer).filter(state=EditionState.PUBLISHED)
    editions = editions.select_related("document__town", "revision", "author")
    edition = get_object_or_404(editions, pk=int(asked) if asked.isdecimal() and len(asked) < 18 else 0)
    before = _rows(request).filter(edition=edition).order_by("-number").first()
    if before is not None and not before.returned_reason:
        return HttpResponseRedirect(f"{HERE}{before.pk}")
    sent = request.POST if request.method == "POST" else None
    form = CheckForm(sent, town=request.town, owner=_owner(edition), old=before)
    if form.is_bound and form.is_valid():
        try:
            owner = Post.objects.get(town=request.town, pk=form.cleaned_data["owner"])
            check = reading.propose(edition=edition, questions=form.asked(), owner=owner, by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"{HERE}{check.pk}", "已经送审。另一个人看过，才能打印纸条。")
    context = {"form": form, "edition": edition, "before": before}
    return page(request, "desk/read/new.html", context, active="read", status=422 if form.errors else 200)


def _owner(edition: Edition) -> int | None:
    """The post that owns the document's first column, else one that its author holds now."""
    filed = edition.document.filings.filter(column__owner__isnull=False).order_by("column__order", "column_id")
    held = Assignment.objects.current(timezone.now()).filter(staff=edition.author).order_by("pk")
    return filed.values_list("column__owner", flat=True).first() or held.values_list("post", flat=True).first()


def _check(request: HttpRequest, pk: int) -> ReadCheck:
    return get_object_or_404(_rows(request), pk=pk)


@staff_required(*READ_CLERKS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One: the questions, what may be done now, the counts."""
    return _show(request, _check(request, pk))


def _show(request: HttpRequest, check: ReadCheck, bad: str = "", form: forms.Form | None = None) -> HttpResponse:
    powers = request.viewer.powers
    reviews = check.waits and check.author_id != request.user.pk and powers.intersection(READ_REVIEWERS)
    prints = check.is_open and powers.intersection(READ_KEEPERS)
    context = {
        "check": check,
        "word": reading_shown.row(check, request.town.pass_mark),
        "shares": [reading.percent([right] * reading.QUESTIONS, check.told) for right in check.told_right]
        if check.told
        else [],
        "back": (form if bad == "return" else ReasonForm()) if reviews else None,
        "print": (form if bad == "print" else PrintForm()) if prints else None,
        "bad": form,
        "slips": check.slips.count(),
        "history": shown.history(request.town, check.subject, type__in=_TOLD),
    }
    return page(request, "desk/read/show.html", context, active="read", status=422 if form else 200)


# Each answer has its event; a list of moments is nobody's business.
_TOLD = (reading.PROPOSED, reading.APPROVED, reading.RETURNED, reading.PRINTED, reading.COUNTED)


@staff_required(*READ_KEEPERS)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Approve, send back, print more slips."""
    check = _check(request, pk)
    forms_of = {"approve": forms.Form, "return": ReasonForm, "print": PrintForm}
    if name not in forms_of:
        raise Http404
    form = forms_of[name](request.POST)
    if form.is_valid():
        try:
            if name == "approve":
                reading.approve(check=check, by=request.user)
                return done(request, f"{HERE}{pk}", "已经通过，可以打印纸条了。")
            if name == "return":
                reading.send_back(check=check, by=request.user, **form.cleaned_data)
                return done(request, f"{HERE}{pk}", "已经退回，出题人会看到理由。")
            reading.print_slips(check=check, by=request.user, **form.cleaned_data)
            return HttpResponseRedirect(f"{HERE}{pk}/slips")
        except Refused as refusal:
            said(form, refusal)
    return _show(request, check, name, form)


@staff_required(*READ_KEEPERS)
@require_safe
def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """What is not used yet, to be printed and cut."""
    check = _check(request, pk)
    if not check.is_open:
        raise Http404
    unused = check.slips.filter(used=False).select_related("check_of__town")
    context = {
        "check": check,
        "slips": [(slip.number, reading.code_of(slip)) for slip in unused],
        "letters": LETTERS,
    }
    return page(request, "desk/read/slips.html", context, active="read")


@staff_required(*READ_CLERKS)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """A slip of paper, one after the other."""
    form = EnterForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            reading.answer(
                town=request.town, number=typed["number"], code=typed["code"], choices=form.choices(), by=request.user
            )
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"{HERE}enter", "登记好了，可以登记下一张。")
    return page(request, "desk/read/enter.html", {"form": form}, active="read", status=422 if form.errors else 200)
