"""专家库 and 抽取 at the desk: who may be drawn, the announcement, the draw."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk.access import DOCUMENTS, done, page, staff_required
from mingtang.desk.forms import NEEDED, PICK, said
from mingtang.disclosure.derived import draws
from mingtang.disclosure.models import Draw, Expert
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

MOST = 50
HERE = "/desk/lists/experts"


class ExpertForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=draws.MAX_NAME, error_messages=NEEDED)
    field = forms.CharField(
        label="专业", max_length=draws.MAX_FIELD, help_text="同一个专业写法要一样。", error_messages=NEEDED
    )
    workplace = forms.CharField(label="单位", max_length=draws.MAX_PLACE, error_messages=NEEDED)


class AnnounceForm(forms.Form):
    purpose = forms.CharField(
        label="评什么",
        max_length=draws.MAX_PURPOSE,
        help_text="例如：长堤村公路硬化工程。会公开。",
        error_messages=NEEDED,
    )
    field = forms.ChoiceField(label="专业", error_messages=PICK)
    wanted = forms.IntegerField(
        label="抽几人",
        min_value=1,
        max_value=99,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "请填写 1 到 99 的整数。"),
    )

    def __init__(self, *args: Any, town: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields = Expert.objects.filter(town=town, left_on__isnull=True).order_by("field")
        self.fields["field"].choices = [(one, one) for one in fields.values_list("field", flat=True).distinct()]


def _page(request: HttpRequest, bound: dict[str, forms.Form]) -> HttpResponse:
    may = request.viewer.may
    rows = list(Draw.objects.visible_to(request.viewer).select_related("announced_by", "drawn_by")[:MOST])
    context = {
        "experts": list(Expert.objects.visible_to(request.viewer)),
        "draws": [(row, draws.called(row)) for row in rows],
        "enter": bound.get("enter") or ExpertForm() if may(P.DOCUMENT_REVIEW) else None,
        "announce": bound.get("announce") or AnnounceForm(town=request.town) if may(P.DOCUMENT_DRAFT) else None,
        "may_draw": may(P.DOCUMENT_REVIEW) or may(P.DOCUMENT_SIGN),
        "refused": next(iter(bound.values()), None),
    }
    return page(request, "desk/lists/experts.html", context, active="lists", status=422 if bound else 200)


@staff_required(*DOCUMENTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The register and the draws, newest first."""
    return _page(request, {})


@staff_required(P.DOCUMENT_REVIEW)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """入库."""
    form = ExpertForm(request.POST)
    if form.is_valid():
        try:
            made = draws.enter_expert(town=request.town, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, HERE, f"{made.name}已经入库，编号 {made.number}。")
    return _page(request, {"enter": form})


@staff_required(P.DOCUMENT_REVIEW)
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """退出."""
    expert = get_object_or_404(Expert.objects.visible_to(request.viewer), pk=pk)
    return _run(request, "已经退出，以后不会再抽到。", draws.leave_expert, expert=expert)


@staff_required(P.DOCUMENT_DRAFT)
@require_POST
def announce(request: HttpRequest) -> HttpResponse:
    """公告."""
    form = AnnounceForm(request.POST, town=request.town)
    if form.is_valid():
        try:
            draws.announce(town=request.town, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, HERE, "已经公告。过一分钟，请另一位同事抽取。")
    return _page(request, {"announce": form})


@staff_required(P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN)
@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """抽取."""
    row = get_object_or_404(Draw.objects.visible_to(request.viewer), pk=pk)
    return _run(request, "抽好了，结果已经公开。", draws.draw_lots, draw=row)


def _run(request: HttpRequest, message: str, act: Any, **what: Any) -> HttpResponse:
    form = forms.Form(request.POST)
    try:
        act(by=request.user, **what)
    except Refused as refusal:
        said(form, refusal)
        return _page(request, {"": form})
    return done(request, HERE, message)
