"""公示表 at the desk: make one from the records, check it, show it, print its sheet, say where it hangs."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import DOCUMENTS, done, page, staff_required
from mingtang.desk.forms import PICK, DayField, said
from mingtang.disclosure.derived import actions, reading
from mingtang.disclosure.derived.compose import Period, period_of, periods, villages
from mingtang.disclosure.derived.owed import owed
from mingtang.disclosure.derived.states import can_list
from mingtang.disclosure.derived.template import Template, templates
from mingtang.disclosure.enums import ListState as S
from mingtang.disclosure.models import DerivedList, Penalty, Posting
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.press import list_paper
from mingtang.press.render import PaperUnavailable

PAGE = 50
TONES = {
    S.MADE: "today", S.CHECKED: "today", S.SHOWN: "done", S.SUPERSEDED: "todo", S.ENDED: "paused", S.WITHDRAWN: "stop",
    S.DROPPED: "stop",
}  # fmt: skip


class KindForm(forms.Form):
    kind = forms.ChoiceField(label="哪一种公示表", error_messages=PICK)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(one.code, one.name) for one in templates().values()]


class MakeForm(forms.Form):
    """For which period, and on which village's board."""

    period = forms.ChoiceField(label="哪段时间", error_messages=PICK)
    village = forms.ChoiceField(
        label="贴在哪个村（社区）",
        help_text="有结果公示过的村都在这里。没有要找的村，先在“结果公开”里看完那里的结果。",
        error_messages=PICK,
    )

    def __init__(self, data: Any = None, *, template: Template, town: Any, today: date) -> None:
        super().__init__(data)
        self.fields["period"].choices = [(one.code, one.label) for one in periods(template, today)]
        if template.scope == "board":
            self.fields["village"].choices = [(one, one) for one in villages(template, town)]
        else:
            del self.fields["village"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label="为什么", max_length=200, error_messages={"required": "请写明为什么。"})


class PostForm(forms.Form):
    place = forms.CharField(
        label="贴在哪里",
        max_length=actions.MAX_PLACE,
        help_text="例如：长堤村公示栏。",
        error_messages={"required": "请写明贴在哪里。"},
    )
    on = DayField(label="哪天贴上的", error_messages={"required": "请填写日期。"})


class DownForm(forms.Form):
    on = DayField(label="哪天取下的", error_messages={"required": "请填写日期。"})


# name: (form, act, what is said afterwards, title of the button, kind of the button)
ACTS: dict[str, tuple[type[forms.Form], Any, str, str, str]] = {
    "check": (forms.Form, actions.check, "核对过了，等公开。", "和记录核对过，没有问题", ""),
    "show": (forms.Form, actions.show, "已经公开。", "公开", ""),
    "post_up": (PostForm, actions.post_up, "张贴已经登记。", "登记张贴", ""),
    "drop": (ReasonForm, actions.drop, "已经作废。改好记录以后再生成。", "作废重做", "danger"),
    "take_back": (ReasonForm, actions.take_back, "已经撤下，理由会公开。", "提前撤下", "danger"),
}


def _rows(request: HttpRequest) -> Any:
    return DerivedList.objects.visible_to(request.viewer).select_related("town", "key")


def _line(row: DerivedList) -> dict[str, Any]:
    return {"row": row, "title": reading.title(row), "tone": TONES[S(row.state)], "url": f"/desk/lists/{row.number}"}


@staff_required(*DOCUMENTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is owed, what waits, what was shown; newest first."""
    rows, before = _rows(request).order_by("-pk"), request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    context = {
        "owed": owed(request.town, timezone.localdate()),
        "today": timezone.localdate(),
        "kinds": KindForm() if request.viewer.may(P.DOCUMENT_DRAFT) else None,
        "lists": [_line(row) for row in found[:PAGE]],
        "unconfirmed": Penalty.objects.visible_to(request.viewer).standing().filter(confirmed_at__isnull=True).count(),
        "older_url": shown.link(before=found[PAGE - 1].pk) if len(found) > PAGE else "",
        "newer_url": "/desk/lists/" if before else "",
    }
    return page(request, "desk/lists/index.html", context, active="lists")


@staff_required(P.DOCUMENT_DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose the period; the rows come from the records."""
    template = templates().get(request.GET.get("kind", ""))
    if template is None:
        raise Http404
    today = timezone.localdate()
    form = MakeForm(request.POST or None, template=template, town=request.town, today=today)
    if form.is_bound and form.is_valid():
        period = _chosen(template, form.cleaned_data["period"], today)
        try:
            row = actions.make(
                town=request.town,
                template=template,
                period=period,
                village=form.cleaned_data.get("village", ""),
                by=request.user,
            )
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/lists/{row.number}", "已经从记录生成，请另一位同事核对。")
    context = {"template": template, "form": form}
    status = 422 if form.errors else 200
    return page(request, "desk/lists/new.html", context, active="lists", status=status)


def _chosen(template: Template, code: str, today: date) -> Period:
    return period_of(template, date.fromisoformat(f"{code}-01"), today)


def _row(request: HttpRequest, number: str) -> DerivedList:
    return get_object_or_404(_rows(request).select_related("made_by", "checked_by", "shown_by"), number=number)


def _show(request: HttpRequest, row: DerivedList, bound: dict[str, forms.Form]) -> HttpResponse:
    after = request.GET.get("after", "")
    after_row = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    there = reading.still_there(row)
    listed = list(row.rows.filter(number__gt=after_row)[: PAGE + 1]) if there else []
    rows = reading.shown(row, listed[:PAGE])
    may = [name for name in ACTS if can_list(name, row, request.user)]
    context = {
        **_line(row),
        "template": templates()[row.template],
        "rows": rows,
        "there": there,
        "older_url": shown.link(after=rows[-1].number) if len(listed) > PAGE else "",
        "newer_url": f"/desk/lists/{row.number}" if after_row else "",
        "difference": reading.difference(row) if row.state in {S.MADE, S.CHECKED} else None,
        "acts": [(name, ACTS[name][3], ACTS[name][4], bound.get(name) or _blank(name)) for name in may],
        "postings": [
            (one, bound.get(f"down-{one.pk}") or DownForm(prefix=f"down-{one.pk}")) for one in row.postings.all()
        ],
        "drafts": request.viewer.may(P.DOCUMENT_DRAFT),
        "waits_for": _waits_for(row, may),
        "history": shown.history(row.town, row.subject),
        "errors": next(iter(bound.values()), None),
    }
    return page(request, "desk/lists/show.html", context, active="lists", status=422 if bound else 200)


def _blank(name: str) -> forms.Form:
    return ACTS[name][0](prefix=name, initial={"on": timezone.localdate()})


def _waits_for(row: DerivedList, may: list[str]) -> str:
    """Who has to act next, where it is not this person."""
    if row.state == S.MADE and "check" not in may:
        return "等保密审查员核对。生成的人不能核对自己的。"
    if row.state == S.CHECKED and "show" not in may:
        return "等第三位同事公开：生成、核对、公开是三个人。" if row.key_id else "等生成以外的同事公开。"
    return ""


@staff_required(*DOCUMENTS)
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, _row(request, number), {})


@staff_required(*DOCUMENTS)
@require_POST
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One act of the list's life."""
    row = _row(request, number)
    if name not in ACTS:
        raise Http404
    kind, run, message, _, _ = ACTS[name]
    form = kind(request.POST, prefix=name)
    if form.is_valid():
        try:
            run(row=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
    if form.errors:
        return _show(request, _row(request, number), {name: form})
    return done(request, f"/desk/lists/{row.number}", message)


@staff_required(P.DOCUMENT_DRAFT)
@require_POST
def take_down(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """取下 one of its sheets."""
    row = _row(request, number)
    posting = get_object_or_404(Posting.objects.select_related("list__town"), pk=pk, list=row)
    form = DownForm(request.POST, prefix=f"down-{posting.pk}")
    if form.is_valid():
        try:
            actions.take_down(posting=posting, on=form.cleaned_data["on"], by=request.user)
        except Refused as refusal:
            said(form, refusal)
    if form.errors:
        return _show(request, row, {f"down-{posting.pk}": form})
    return done(request, f"/desk/lists/{row.number}", "取下已经登记。")


@staff_required(*DOCUMENTS)
@require_safe
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet for the board, A3 or A4 across. Only while it is shown: a draft must not be hung up by mistake."""
    row = _row(request, number)
    if row.state != S.SHOWN:
        raise Http404
    try:
        made = list_paper.pdf(row, "a4" if request.GET.get("size") == "a4" else "a3")
    except PaperUnavailable as refusal:
        return HttpResponse(refusal.message, status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return answer
