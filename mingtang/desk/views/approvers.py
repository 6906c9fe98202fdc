"""外部签发人 at the desk: leaders without an account, and the links by which they sign."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk.access import DOCUMENTS, done, page, staff_required
from mingtang.desk.forms import PICK, DayField, said
from mingtang.desk.views.info import edition_or_404, simple
from mingtang.disclosure import outside
from mingtang.disclosure.models import ApprovalLink, Approver
from mingtang.disclosure.policies import check_can
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

READERS = (*DOCUMENTS, P.CATALOGUE_KEEP)


class ApproverForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=30, error_messages={"required": "请填写姓名。"})
    post = forms.CharField(label="职务", max_length=60, error_messages={"required": "请填写职务。"})
    phone = forms.CharField(
        label="电话", max_length=30, help_text="告诉口令用的。", error_messages={"required": "请填写电话。"}
    )
    letter = forms.CharField(
        label="授权书编号",
        max_length=40,
        help_text="纸上签字盖章的那一份。例如：万授〔2026〕9号。",
        error_messages={"required": "请填写授权书编号。"},
    )
    valid_from = DayField(label="从哪天起", error_messages={"required": "请填写从哪天起。"})
    valid_to = DayField(label="到哪天止", help_text="这一天还算数。", error_messages={"required": "请填写到哪天止。"})


class LinkForm(forms.Form):
    approver = forms.ModelChoiceField(Approver.objects.none(), label="发给谁", error_messages=PICK)
    days = forms.ChoiceField(
        label="几天内有效",
        choices=[(str(n), f"{n} 天") for n in range(1, outside.MOST_DAYS + 1)],
        error_messages=PICK,
    )

    def __init__(self, *args: Any, rows: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["approver"].queryset = rows


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Who may sign by a link, and until when."""
    today = timezone.localdate()
    rows = Approver.objects.visible_to(request.viewer)
    valid = set(rows.valid(today).values_list("pk", flat=True))
    context = {
        "rows": [(row, ("有效", "done") if row.pk in valid else ("不在有效期", "todo")) for row in rows[:100]],
        "keeps": request.viewer.may(P.CATALOGUE_KEEP),
    }
    return page(request, "desk/approvers/index.html", context, active="info")


@staff_required(P.CATALOGUE_KEEP)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a leader by a letter of authority."""
    form = ApproverForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            outside.register(town=request.town, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, "/desk/approvers/", "已经登记。")
    return page(request, "desk/approvers/new.html", {"form": form}, active="info", status=422 if form.errors else 200)


@staff_required(P.CATALOGUE_KEEP)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """They sign nothing more."""
    row = get_object_or_404(Approver.objects.visible_to(request.viewer).select_related("town"), pk=pk)
    try:
        outside.end(approver=row, by=request.user)
    except Refused as refusal:
        return done(request, "/desk/approvers/", refusal.message)
    return done(request, "/desk/approvers/", f"{row} 已停用，发出去的链接都不能用了。")


@staff_required(P.DOCUMENT_SIGN)
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link for this text; link and code are shown this once."""
    edition, made, trouble = edition_or_404(request, pk), None, ""
    try:
        check_can("sign", edition, request.user)
    except Refused as refusal:
        trouble = refusal.message
    rows = Approver.objects.visible_to(request.viewer).valid(timezone.localdate())
    form = LinkForm(request.POST if request.method == "POST" else None, rows=rows)
    if not trouble and form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            made = outside.make(edition=edition, approver=typed["approver"], days=int(typed["days"]), by=request.user)
        except Refused as refusal:
            said(form, refusal)
    context = {
        "edition": edition,
        "form": form,
        "trouble": trouble,
        "made": made,
        "address": request.build_absolute_uri(f"/approve/{made.token}") if made else "",
        "links": ApprovalLink.objects.visible_to(request.viewer)
        .filter(edition=edition)
        .select_related("approver", "made_by"),
        "now": timezone.now(),
    }
    status = 422 if form.errors or (trouble and request.method == "POST") else 200
    return page(request, "desk/info/link.html", context, active="info", status=status)


@staff_required(P.DOCUMENT_SIGN)
@require_POST
def revoke(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take a link back."""
    rows = ApprovalLink.objects.visible_to(request.viewer).select_related("edition__document")
    row = get_object_or_404(rows, pk=number, edition=pk)
    return simple(request, pk, lambda edition, by: outside.revoke(link=row, by=by), "链接已经收回，打不开了。")
