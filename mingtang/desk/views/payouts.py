"""发放 at the desk: paste the bank's list of what was paid out, void what was entered wrong."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.cases import actions
from mingtang.cases.actions.payouts import HOW, read
from mingtang.cases.models import Payout
from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.desk.views.money import before_of
from mingtang.lib.errors import Refused
from mingtang.money.models import READERS
from mingtang.people.enums import Permission as P

PAGE = 50


class LinesForm(forms.Form):
    lines = forms.CharField(
        label="发了哪些",
        widget=forms.Textarea,
        max_length=500_000,
        help_text=f"{HOW}。可以从表格里整片复制过来。",
        error_messages={"required": "请写上发了哪些，一笔一行。"},
    )


def _page(request: HttpRequest, form: LinesForm, bound: dict[int, ReasonForm]) -> HttpResponse:
    rows = Payout.objects.visible_to(request.viewer).select_related("case", "entered_by", "voided_by")
    rows, before = rows.defer("case__applicant_sealed"), before_of(request)
    found = list((rows.filter(pk__lt=before) if before is not None else rows)[: PAGE + 1])
    may_void = request.viewer.may(P.MONEY_APPROVE)
    context = {
        "form": form if request.viewer.may(P.MONEY_MATCH) else None,
        "rows": [
            (row, bound.get(row.pk) or ReasonForm(prefix=f"void-{row.pk}") if may_void and not row.voided_at else None)
            for row in found[:PAGE]
        ],
        "refused": next(iter(bound.values()), None),
        "older_url": shown.link(before=found[PAGE - 1].pk) if len(found) > PAGE else "",
        "newer_url": "/desk/money/payouts" if before is not None else "",
    }
    status = 422 if form.errors or bound else 200
    return page(request, "desk/money/payouts.html", context, active="money", status=status)


@staff_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """All payments, newest first; a list pasted is entered whole or not at all."""
    form = LinesForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.pay_out(town=request.town, lines=read(form.cleaned_data["lines"]), by=request.user)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, "/desk/money/payouts", f"登记了 {len(made):,} 笔发放。")
    return _page(request, form, {})


@staff_required(P.MONEY_APPROVE)
@require_POST
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """作废 one that somebody else entered wrong."""
    payout: Any = get_object_or_404(Payout.objects.visible_to(request.viewer), pk=pk)
    form = ReasonForm(request.POST, prefix=f"void-{pk}")
    if form.is_valid():
        try:
            actions.void_payout(payout=payout, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
    if form.errors:
        return _page(request, LinesForm(), {pk: form})
    return done(request, "/desk/money/payouts", "已经作废，不再算进去。")
