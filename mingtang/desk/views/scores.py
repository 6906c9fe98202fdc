"""三项得分 at the desk: of the columns of one's posts, with each place, slot and document that is missing in them."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.desk import shown
from mingtang.desk.access import denied, done, my_posts, page, staff_required
from mingtang.desk.forms import said
from mingtang.disclosure.models import Column
from mingtang.lib.errors import Refused
from mingtang.oversight.enums import SlotState
from mingtang.oversight.periods import title_of
from mingtang.people.enums import Permission as P
from mingtang.scrutiny import limits
from mingtang.scrutiny.scores import Inputs, Share, gather, reckon
from mingtang.scrutiny.states import OVERSEERS

MOST = 20
WORDS = {SlotState.LATE: "迟了", SlotState.EMPTY: "空着", SlotState.BROKEN: "没有做到"}


def _lacking(inputs: Inputs, mark: int) -> list[dict[str, str]]:
    """What takes points away, each with where it is mended; what came late stays late. ``mark``: what a text must
    reach to be understood."""
    owed = [row for row in inputs.owed if row.state in WORDS]
    slots = [
        {
            "url": f"/desk/duties/{row.duty}",
            "title": f"{row.name}　{title_of(row.period)}",
            "word": WORDS[SlotState(row.state)],
        }
        for row in owed
    ]
    stated = [
        {"url": f"/desk/info/{row.edition}", "title": row.title, "word": f"缺 {row.required - row.filled} 处"}
        for row in inputs.stated
        if row.filled < row.required
    ]
    known = [
        {"url": f"/desk/reach/{row.document}", "title": row.title, "word": f"到了 {row.arrived} 次，要 {row.times} 次"}
        for row in inputs.known
        if row.arrived < row.times
    ]
    read = [
        {
            "url": f"/desk/info/{row.edition}",
            "title": row.title,
            "word": f"{row.people} 个人答题，答对 {share.percent}%",
        }
        for row in inputs.read
        if not (share := Share(row.right, row.asked)).passes(mark)
    ]
    return [*slots, *stated, *known, *read]


@staff_required()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The columns one answers for; all of them where one answers for none."""
    inputs = gather(request.viewer, timezone.localdate())
    columns = Column.objects.visible_to(request.viewer).filter(closed_on__isnull=True).order_by("order", "pk")
    own = columns.filter(owner__in=[post.pk for post in my_posts(request)])
    mine = own.exists()
    rows: list[dict[str, Any]] = []
    for column in own if mine else columns:
        found = inputs.of_column(column.code)
        scores = reckon(found)
        if scores.has_data:
            lacking = _lacking(found, request.town.pass_mark)
            rows.append({"column": column, "scores": scores, "lacking": lacking[:MOST], "more": len(lacking) - MOST})
    context = {"rows": rows, "mine": mine, "passing": request.town.pass_mark}
    context["may_see_limits"] = bool(request.viewer.powers.intersection(OVERSEERS))
    return page(request, "desk/duties/scores.html", context, active="duties")


class LimitsForm(forms.Form):
    pass_mark = forms.IntegerField(
        label="及格线，百分之几",
        help_text="得分不到这个数的标红；答对的不到这个数的文件要改写。已经定了的改写任务不变。",
        error_messages=dict.fromkeys(("required", "invalid"), "请写一个整数，例如 60。"),
    )
    heard_days = forms.IntegerField(
        label="单位有几个工作日说明",
        help_text="抽查结果不符的，公布以前等这几天。已经写了结果的不变。",
        error_messages=dict.fromkeys(("required", "invalid"), "请写一个整数，例如 5。"),
    )
    reason = forms.CharField(
        label="为什么这样定",
        max_length=200,
        help_text="这句话会公开。",
        error_messages={"required": "请写明为什么这样定，这句话会公开。"},
    )


@staff_required(*OVERSEERS)
@require_http_methods(["GET", "POST"])
def limits_page(request: HttpRequest) -> HttpResponse:
    """Who keeps the duties sets the limits; who supervises sees them."""
    keeps, now = request.viewer.may(P.DUTY_KEEP), limits.facts(request.town)
    form = LimitsForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_bound:
        if not keeps:
            return denied(request, (P.DUTY_KEEP,))
        if form.is_valid():
            try:
                limits.decide(town=request.town, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                said(form, refusal)
        if not form.errors:
            return done(request, "/desk/scores/limits", "已经定下，从现在起照这个来。")
    context = {
        "form": form if keeps else None,
        "now": now,
        "history": shown.history(request.town, f"town:{request.town.code}", type=limits.SET),
    }
    status = 422 if form.errors else 200
    return page(request, "desk/duties/limits.html", context, active="duties", status=status)
