"""值守表 at the desk: who is A and B of each post, who is there on which day, who is away; and what is to be mended."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import PICK, MomentField, said
from mingtang.hall import duty
from mingtang.lib.errors import Refused
from mingtang.lib.text import WEEKDAYS
from mingtang.people import roster
from mingtang.people.enums import AbsenceKind
from mingtang.people.enums import Permission as P
from mingtang.people.models import Absence, Assignment, Post, Staff
from mingtang.towns.models import Jurisdiction

WEEK, MONTH = 7, 28
MOST, FURTHEST = 100, timedelta(days=366)
SAID = {
    "row": "已经排定，从现在起算数。",
    "away": "外出已经登记。这段时间由B岗替岗，大厅的页面也跟着变。",
    "end": "已经改好，原来的人从现在起照常值守。",
}


class AwayForm(forms.Form):
    """When somebody is away; whose absence is chosen by who keeps the roster, everybody else enters their own."""

    staff = forms.ModelChoiceField(Staff.objects.none(), label="谁外出", error_messages=PICK)
    kind = forms.ChoiceField(
        label="事由", choices=AbsenceKind.choices, help_text="只记这几种，别的不写。", error_messages=PICK
    )
    starts_at = MomentField(label="从什么时候", error_messages={"required": "请填写从什么时候起。"})
    ends_at = MomentField(label="到什么时候回来", error_messages={"required": "请填写什么时候回来。"})
    despite = forms.BooleanField(label="仍然登记：没有人替也只能这样，例如生病", required=False)

    def __init__(self, data: Any = None, *, town: Jurisdiction, chooses: bool, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["staff"].queryset = Staff.objects.filter(town=town, is_active=True).order_by("name", "pk")
        if not chooses:
            del self.fields["staff"]

    @property
    def asks_despite(self) -> bool:
        """Only whoever was refused is asked."""
        return bool(self.errors.get("despite") or self.data.get(self.add_prefix("despite")))


class RowForm(forms.Form):
    """A and B of a post: A is one who holds it, B a person (``s…``) or a post (``p…``)."""

    lead = forms.ChoiceField(label="岗位和A岗", error_messages=PICK)
    substitute = forms.ChoiceField(
        label="B岗", help_text="一个人，或者一个岗位：由现在任那个岗位的人替。", error_messages=PICK
    )

    def __init__(self, data: Any = None, *, town: Jurisdiction, posts: list[Post], **more: Any) -> None:
        super().__init__(data, **more)
        held = Assignment.objects.current(timezone.now()).filter(post__town=town, staff__is_active=True)
        rows = list(held.select_related("staff", "post__unit").order_by("post__unit__order", "post", "pk"))
        wanted = {post.pk for post in posts}
        self.held = {str(row.pk): row for row in rows if row.post_id in wanted}
        leads = [(pk, f"{row.post}：{row.staff}") for pk, row in self.held.items()]
        self.people = {f"s{row.staff_id}": row.staff for row in rows}
        self.others = {f"p{row.post_id}": row.post for row in rows}
        substitutes = [(key, f"人员：{person}（{person.number}）") for key, person in self.people.items()]
        substitutes += [(key, f"岗位：{post}") for key, post in self.others.items()]
        for name, choices in (("lead", leads), ("substitute", substitutes)):
            self.fields[name].choices = [("", "请选择"), *choices]

    def begin(self, post: str) -> None:
        """Start with the post that was clicked."""
        self.initial["lead"] = next((pk for pk, row in self.held.items() if str(row.post_id) == post), "")


def _first(request: HttpRequest) -> date:
    """The day the table begins with: today, or a later one within a year. What is over stands in the log."""
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        asked = today
    return asked if today <= asked <= today + FURTHEST else today


def _absences(request: HttpRequest, may_keep: bool) -> list[dict[str, Any]]:
    """Who is or will be away; why is for those alone who enter it."""
    rows = Absence.objects.visible_to(request.viewer).filter(cancelled_at__isnull=True, ends_at__gt=timezone.now())
    return [
        {"row": row, "kind": row.get_kind_display() if own or may_keep else "外出", "ends": own or may_keep}
        for row in rows.select_related("staff")[:MOST]
        for own in [row.staff_id == request.user.pk]
    ]


def _page(
    request: HttpRequest, bound: dict[str, forms.Form] | None = None, *, error: str = "", status: int = 200
) -> HttpResponse:
    table, may_keep = duty.RosterTable(request.town), request.viewer.may(P.ROSTER)
    first, days = _first(request), MONTH if request.GET.get("view") == "month" else WEEK
    view, after = "month" if days == MONTH else "", first + timedelta(days=days)
    made = {"away": AwayForm(town=request.town, chooses=may_keep, prefix="a")}
    if may_keep:
        made["row"] = RowForm(town=request.town, posts=table.posts, prefix="r")
        made["row"].begin(request.GET.get("post", ""))
    made |= bound or {}
    context = {
        "lines": table.lines(first, days),
        "days": [
            {"day": day, "word": WEEKDAYS[day.weekday()], "today": day == table.today}
            for day in (first + timedelta(days=n) for n in range(days))
        ],
        "holes": list(table.holes()),
        "absences": _absences(request, may_keep),
        "may_keep": may_keep,
        "forms": made,
        "bad": [form for form in (bound or {}).values() if form.errors],
        "error": error,
        "month": days == MONTH,
        "tabs": [("七天", shown.link(**{"from": str(first)}), days == WEEK),
                 ("四周", shown.link(view="month", **{"from": str(first)}), days == MONTH)],
        "older_url": shown.link(view=view, **{"from": str(after)}) if after <= table.today + FURTHEST else "",
        "newer_url": f"/desk/roster/{shown.link(view=view)}" if first > table.today else "",
    }  # fmt: skip
    return page(request, "desk/roster.html", context, active="roster", status=status)


@staff_required()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The table of a week or of four, for all staff; forms for who keeps it, and for one's own absence."""
    return _page(request)


@staff_required()
@require_POST
def act(request: HttpRequest, act: str) -> HttpResponse:
    """Name A and B, enter an absence, end one; what was typed stays when it is refused."""
    if act == "end":
        return _end(request)
    may_keep = request.viewer.may(P.ROSTER)
    form: Any
    if act == "away":
        form = AwayForm(request.POST, town=request.town, chooses=may_keep, prefix="a")
    elif act == "row" and may_keep:
        form = RowForm(request.POST, town=request.town, posts=duty.RosterTable(request.town).posts, prefix="r")
    else:
        raise Http404
    if form.is_valid():
        try:
            if act == "away":
                duty.enter_absence(by=request.user, **{"staff": request.user, **form.cleaned_data})
            else:
                _name(request, form)
            return done(request, "/desk/roster/", SAID[act])
        except Refused as refusal:
            said(form, refusal)
    return _page(request, {act: form}, status=422)


def _name(request: HttpRequest, form: RowForm) -> None:
    held, chosen = form.held[form.cleaned_data["lead"]], form.cleaned_data["substitute"]
    roster.set_row(
        post=held.post,
        lead=held.staff,
        substitute=form.people.get(chosen),
        substitute_post=form.others.get(chosen),
        by=request.user,
    )


def _end(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("row", "")
    rows = Absence.objects.visible_to(request.viewer).select_related("staff__town")
    row = get_object_or_404(rows, pk=key if key.isascii() and key.isdigit() and len(key) < 19 else 0)
    try:
        roster.end_absence(absence=row, by=request.user)
    except Refused as refusal:
        return _page(request, error=refusal.message, status=422)
    return done(request, "/desk/roster/", SAID["end"])
