"""没有期限的规范性文件 and what holds for a document that is out: one person proposes, another agrees."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk.access import DOCUMENTS, done, page, staff_required
from mingtang.desk.forms import PICK, DayField, ReasonForm, said
from mingtang.desk.views.info import edition_or_404
from mingtang.disclosure import validity
from mingtang.disclosure.enums import ValidityVerdict
from mingtang.disclosure.models import Edition, Restatement
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

PAGE = 50
LEAVES = ("revision__body_html", "revision__body_text", "revision__facts")


class RestateForm(forms.Form):
    verdict = forms.ChoiceField(label="结论", choices=ValidityVerdict.choices, error_messages=PICK)
    first = DayField(label="施行日期", required=False, help_text="已经写明的不用填。")
    last = DayField(label="有效期到哪天为止", required=False, help_text="拟修改的不填。日期已经过了的，第二天失效。")
    number = forms.CharField(
        label="哪份文件定的",
        max_length=60,
        required=False,
        help_text="例如清理结果，写索引号；外单位的写在依据里。",
    )
    basis = forms.CharField(
        label="依据",
        max_length=200,
        widget=forms.Textarea,
        help_text="这句话会公开。例如：2026年规范性文件清理，评估后继续有效。",
        error_messages={"required": "请写明依据：哪个办法第几条，或者哪份清理结果。"},
    )


def _rows(found: Any) -> list[Edition]:
    return list(found.select_related("document", "revision").defer(*LEAVES)[:PAGE])


@staff_required(*DOCUMENTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Documents that must have a term and have none; what waits for the second person."""
    mine = Edition.objects.visible_to(request.viewer).values("pk")
    lacking = validity.without_term(request.town).filter(pk__in=mine)
    waiting = Restatement.objects.visible_to(request.viewer).waiting().select_related("edition", "proposed_by")
    context = {
        "rows": _rows(lacking),
        "total": lacking.count(),
        "waiting": waiting.select_related("edition__revision", "edition__document", "proposed_by").order_by("pk"),
    }
    return page(request, "desk/info/validity.html", context, active="info")


def _show(request: HttpRequest, edition: Edition, form: forms.Form, why: forms.Form | None = None) -> HttpResponse:
    rows = edition.restatements.select_related("paper", "proposed_by", "settled_by").order_by("-pk")
    waiting = next((row for row in rows if row.settled_at is None), None)
    context = {
        "edition": edition,
        "form": form if request.viewer.may(P.DOCUMENT_DRAFT) and waiting is None else None,
        "waiting": waiting,
        "settles": waiting is not None and validity.may_settle(waiting, request.user),
        "why": why or ReasonForm(prefix="refuse"),
        "refused": why is not None,
        "settled": [row for row in rows if row.settled_at],
    }
    wrong = form.errors or why is not None
    return page(request, "desk/info/restate.html", context, active="info", status=422 if wrong else 200)


@staff_required(*DOCUMENTS)
@require_http_methods(["GET", "POST"])
def restate(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said of one document, and saying it anew."""
    edition = edition_or_404(request, pk)
    form = RestateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            validity.propose(edition=edition, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/info/{pk}/validity", "已经提出，等审查或者签发的另一个人同意。")
    return _show(request, edition, form)


@staff_required(*DOCUMENTS)
@require_POST
def settle(request: HttpRequest, pk: int, number: int, name: str) -> HttpResponse:
    """同意、不同意; the room decides who may."""
    edition = edition_or_404(request, pk)
    row = get_object_or_404(Restatement.objects.visible_to(request.viewer), pk=number, edition=edition)
    if name not in ("agree", "refuse"):
        raise Http404
    form = ReasonForm(request.POST, prefix="refuse") if name == "refuse" else forms.Form(request.POST)
    if form.is_valid():
        try:
            if name == "agree":
                validity.agree(restatement=row, by=request.user)
            else:
                validity.refuse(restatement=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
    if not form.errors:
        return done(
            request, f"/desk/info/{pk}/validity", "已经定下，公开页上看得到。" if name == "agree" else "已经退回。"
        )
    return _show(request, edition, RestateForm(), form)
