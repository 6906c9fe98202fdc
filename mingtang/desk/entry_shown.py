"""进驻 on the desk: the forms of the register, and a plan as this person may go on with it."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from mingtang.desk.forms import NEEDED, PICK, DayField, MinutesField
from mingtang.hall import entry
from mingtang.hall.models import HandOver, Window
from mingtang.hall.standing import waits_for
from mingtang.people.enums import Permission as P
from mingtang.rulebook.models import Item

ROWS, MORE_ROWS = 4, 4


class EnterForm(forms.Form):
    window = forms.ModelChoiceField(Window.objects.none(), label="进驻哪个窗口", error_messages=PICK)
    since_on = DayField(label="从哪天起", error_messages={"required": "请填写从哪天起。"})

    def __init__(self, data: Any = None, *, item: Item, **more: Any) -> None:
        super().__init__(data, **more)
        rows = Window.objects.filter(town=item.town, post__code=item.facts.window_post)
        self.fields["window"].queryset = rows
        self.fields["window"].help_text = "" if rows else "办事指南写的收件岗位没有窗口，请先改指南或者设窗口。"
        if len(rows) == 1:
            self.initial.setdefault("window", rows[0].pk)


class LeaveForm(forms.Form):
    reason = forms.CharField(
        label="为什么退出", max_length=200, widget=forms.Textarea, error_messages={"required": "请写明退出的原因。"}
    )
    minutes_number = MinutesField("不能登记退出")


class ExemptForm(forms.Form):
    reason = forms.CharField(
        label="为什么暂时进不来",
        max_length=200,
        widget=forms.Textarea,
        help_text="这句话会公开。",
        error_messages={"required": "请写明暂缓进驻的原因，这句话会公开。"},
    )
    minutes_number = MinutesField("不能批准暂缓")
    from_on = DayField(label="从哪天起", error_messages={"required": "请填写从哪天起。"})
    until_on = DayField(
        label="最晚到哪天",
        help_text="过了这一天还没有进驻，网页上自己变红。",
        error_messages={"required": "请填写最晚到哪天。"},
    )


class PlanForm(forms.Form):
    """Rows of title and day; those left empty do not count."""

    def __init__(self, data: Any = None, *, rows: int = ROWS, **more: Any) -> None:
        super().__init__(data, **more)
        self.rows = range(1, rows + 1)
        for n in self.rows:
            more: dict[str, Any] = {"required": n == 1, "error_messages": NEEDED}
            self.fields[f"title_{n}"] = forms.CharField(label=f"第 {n} 步做什么", max_length=entry.MAX_TITLE, **more)
            self.fields[f"due_{n}"] = DayField(label="哪天做完", **more)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for n in self.rows:
            title, due = typed.get(f"title_{n}"), typed.get(f"due_{n}")
            if bool(title) != bool(due) and f"title_{n}" in typed and f"due_{n}" in typed:
                empty = "due" if title else "title"
                self.add_error(f"{empty}_{n}", f"第 {n} 步做什么、哪天做完，两样都要填。")
        return typed

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        rows = [(typed[f"title_{n}"], typed[f"due_{n}"]) for n in self.rows if typed[f"title_{n}"]]
        return {"milestones": rows}


class MoveForm(forms.Form):
    due_on = DayField(label="改到哪天", error_messages={"required": "请填写改到哪天。"})
    reason = forms.CharField(
        label="为什么改期",
        max_length=200,
        help_text="这句话会公开，原定的日期也留着。",
        error_messages={"required": "请写明为什么改期，这句话会公开。"},
    )


def form_of(name: str, item: Item, data: Any = None) -> forms.Form:
    """The form of an act on an item, blank or with what was typed."""
    today = timezone.localdate()
    if name == "enter":
        return EnterForm(data, item=item, prefix="enter", initial={"since_on": today})
    if name == "exempt":
        return ExemptForm(data, prefix="exempt", initial={"from_on": today})
    asked = data.get("rows", "") if data else ""
    rows = min(int(asked), entry.MAX_MILESTONES) if asked.isdecimal() and len(asked) < 3 else ROWS
    return PlanForm(data, rows=max(rows, 1), prefix="plan")


def plan_shown(plan: HandOver, today: date) -> dict[str, Any]:
    """A plan with its first milestone that lacks a signature."""
    rows = list(plan.milestones.all())
    open_ = next((row for row in rows if not row.is_done), None)
    late = (today - open_.due_on).days if open_ else 0
    return {"plan": plan, "rows": rows, "next": open_, "waits": waits_for(open_) if open_ else "", "late": late}


def milestones(request: HttpRequest, plan: HandOver, bad: tuple[int, forms.Form] | None) -> list[dict[str, Any]]:
    """Each milestone with what this person may do to it: sign for a side, move its day."""
    today, first = timezone.localdate(), True
    found = []
    sides = [(side, entry.may_sign(side, plan, request.user)) for side in (entry.UNIT_SIDE, entry.CENTRE_SIDE)]
    for row in plan.milestones.all():
        signed = {
            entry.UNIT_SIDE: (plan.unit.name, row.unit_signed_by, row.unit_signed_at),
            entry.CENTRE_SIDE: ("便民服务中心", row.centre_signed_by, row.centre_signed_at),
        }
        mine = [side for side, may in sides if may and signed[side][2] is None]
        other = {entry.UNIT_SIDE: row.centre_signed_by_id, entry.CENTRE_SIDE: row.unit_signed_by_id}
        form = bad[1] if bad and bad[0] == row.pk else MoveForm(prefix=f"m{row.order}", initial={"due_on": row.due_on})
        found.append(
            {
                "row": row,
                "signed": signed.values(),
                "late": max(0, (today - row.due_on).days) if not row.is_done else 0,
                "now": first and not row.is_done,
                "may_sign": [(side, signed[side][0]) for side in mine if first and other[side] != request.user.pk],
                "form": form if request.viewer.may(P.WINDOW_RUN) and not row.is_done else None,
            }
        )
        first = first and row.is_done
    return found
