"""The secrecy review on one screen: what the guard found, the text, each attachment, the sheet; remarks beside it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import DOCUMENTS, done, page, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.desk.review_form import CommentForm, SheetForm
from mingtang.desk.review_shown import MasksForm
from mingtang.desk.views.info import edition_or_404, simple, with_form
from mingtang.disclosure import actions, comments, masking, requirements, waiving
from mingtang.disclosure.comments import open_ones
from mingtang.disclosure.models import Comment, Edition, Review
from mingtang.disclosure.policies import check_can
from mingtang.disclosure.requirements import Issue
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff
from mingtang.press import review_paper
from mingtang.press.render import PaperUnavailable

WRITERS = (P.DOCUMENT_DRAFT, P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN)


@staff_required(P.DOCUMENT_REVIEW)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in the sheet: pass, or send back with what it says. What was ticked stays when it is refused."""
    edition = edition_or_404(request, pk)
    try:
        check_can("review", edition, request.user)
    except Refused as refusal:
        context = {"edition": edition, "form": None, "trouble": refusal.message}
        status = 422 if request.method == "POST" else 200
        return page(request, "desk/info/review.html", context, active="info", status=status)
    found = requirements.issues(edition.document, edition.revision)
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        revision=edition.revision,
        warned=sum(issue.warns for issue in found),
    )
    back = request.POST.get("act") == "return"
    if form.is_bound and form.is_valid():
        act = actions.return_reviewed if back else actions.review
        try:
            act(edition=edition, by=request.user, sheet=form.sheet())
        except Refused as refusal:
            said(form, refusal)
        else:
            told = "已退回，起草人会看到您写的说明。" if back else "保密审查通过，等签发。"
            return done(request, f"/desk/info/{pk}", told)
    return _draw(request, edition, form, found)


def _draw(
    request: HttpRequest,
    edition: Edition,
    form: SheetForm,
    found: list[Issue],
    refused: tuple[str, ReasonForm] | None = None,
) -> HttpResponse:
    """``refused``: the identity of a finding that could not be let stand, with its form."""
    waivable: dict[str, Issue] = {}
    for issue in found:
        if issue.may_be_waived and issue.finding:
            waivable.setdefault(issue.finding.identity, issue)
    forms = {identity: ReasonForm(prefix=identity[:8]) for identity in waivable}
    if refused and refused[0] in forms:
        forms[refused[0]] = refused[1]
    context = {
        "edition": edition,
        "doc": shown.document_head(edition.document, edition),
        "attachments": shown.attachments(edition),
        "form": form,
        "refused": refused[1] if refused else None,
        "blocking": [issue.sentence for issue in found if issue.blocks and not issue.may_be_waived],
        "waivable": [(identity, issue.sentence, forms[identity]) for identity, issue in waivable.items()],
        "warnings": [issue.sentence for issue in found if issue.warns],
        "waivers": edition.revision.waivers.select_related("by"),
        "comments": open_ones(edition).select_related("by"),
    }
    status = 422 if form.errors or refused else 200
    return page(request, "desk/info/review.html", context, active="info", status=status)


@staff_required(P.DOCUMENT_REVIEW)
@require_POST
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one finding of this text stand, with a reason."""
    edition, identity = edition_or_404(request, pk), request.POST.get("identity", "")[:32]
    form = ReasonForm(request.POST, prefix=identity[:8])
    if form.is_valid():
        try:
            waiving.waive(edition=edition, identity=identity, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/info/{pk}/review", "已放行这一处，写进了审查记录。")
    found = requirements.issues(edition.document, edition.revision)
    sheet = SheetForm(revision=edition.revision, warned=sum(issue.warns for issue in found))
    return _draw(request, edition, sheet, found, (identity, form))


@staff_required(P.DOCUMENT_DRAFT)
@require_POST
def mask(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide what was ticked of a draft; a colleague's change in between is not overwritten."""
    seen = request.POST.get("seen_revision", "")
    seen_revision = int(seen) if seen.isascii() and seen.isdigit() else None
    text = edition_or_404(request, pk).revision
    form = MasksForm(request.POST, masks=masking.masked(text, text.claims.all()).said)

    def run(edition: Edition, by: Staff, **typed: Any) -> None:
        masking.mask(edition=edition, by=by, seen_revision=seen_revision, left=form.left())

    return with_form(request, pk, "mask", form, run, "已照您选的办。请再看一遍。")


@staff_required(*WRITERS)
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a remark beside what is not public yet."""
    form = CommentForm(request.POST)
    return with_form(request, pk, "comment", form, comments.comment, "已写下，起草、审查、签发的同事都看得到。")


@staff_required(*WRITERS)
@require_POST
def settle(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Say that a remark is done with."""
    rows = Comment.objects.visible_to(request.viewer).select_related("edition__document")
    remark = get_object_or_404(rows, pk=number, edition=pk)
    return simple(request, pk, lambda edition, by: comments.settle(remark=remark, by=by), "已了结。")


@staff_required(*DOCUMENTS)
@require_safe
def paper(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The sheet on paper, for the file."""
    rows = Review.objects.visible_to(request.viewer).select_related(
        "edition__document__town", "revision__author", "reviewer", "event__town"
    )
    row = get_object_or_404(rows, pk=number, edition=pk)
    try:
        return HttpResponse(review_paper.pdf(row), content_type="application/pdf")
    except PaperUnavailable as refusal:
        return HttpResponse(refusal.message, status=503, content_type="text/plain; charset=utf-8")
