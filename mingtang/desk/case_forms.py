"""Forms of the acts that stand folded at the foot of a case. Each is made for its case."""

from typing import Any

from django import forms

from mingtang.cases.clocks import Read, read_all
from mingtang.cases.models import Case
from mingtang.cases.requirements import missing
from mingtang.desk.forms import PICK, DayField
from mingtang.lib.text import chinese_date


class CaseForm(forms.Form):
    """A form that asks with the words of its case."""

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        self.case = case
        self.fit(case)

    def fit(self, case: Case) -> None:
        """Fill in choices and limits of this case."""


def _days(label: str, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "请写明几个工作日。", "invalid": "请写整数，例如 5。"},
    )


def _text(label: str, missing: str, hint: str = "", most: int = 1000) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, help_text=hint, widget=forms.Textarea, error_messages={"required": missing}
    )


class SuspendForm(CaseForm):
    number = forms.TypedChoiceField(label="哪一项特别程序", coerce=int, error_messages=PICK)
    working_days = _days("需要几个工作日", "从明天起不计入期限；到期自动恢复。")
    reason = _text("理由", "请写明为什么需要这项特别程序。", "会印在告知书上。")

    def fit(self, case: Case) -> None:
        procedures = case.version.spec.procedures
        choices = [(n, f"{one.name}（{one.article}）") for n, one in enumerate(procedures, 1)]
        self.fields["number"].choices = choices if len(choices) == 1 else [("", "请选择"), *choices]


class ExtendForm(CaseForm):
    working_days = _days("延长几个工作日")
    reason = _text("理由", "请写明延期的理由，会告知申请人。", "会印在告知书上。")

    def fit(self, case: Case) -> None:
        most = 15 if case.version.spec.joint_decision else 10
        self.fields["working_days"].help_text = f"最多 {most} 个。一件只能延期一次，承诺的时间不变。"


def pressing(case: Case) -> list[Read]:
    """The running limits that are near or past."""
    return [read for read in read_all(case) if read.clock.stopped_at is None and read.reading.state != "green"]


class DelayForm(CaseForm):
    clock = forms.TypedChoiceField(label="哪个期限", coerce=int, error_messages=PICK)
    text = _text(
        "晚的原因", "请写明晚的原因，这句话会公开。", "这句话会公开在进度上，不要写个人信息。最多 200 个字。", 200
    )

    def fit(self, case: Case) -> None:
        names = {step.key: step.name for step in case.version.spec.steps}
        choices = [
            (
                read.clock.pk,
                f"{names.get(read.clock.step_key, read.clock.kind_title)}：{chinese_date(read.clock.due_on)}到期",
            )
            for read in pressing(case)
        ]
        self.fields["clock"].choices = choices if len(choices) == 1 else [("", "请选择"), *choices]


class DeferForm(CaseForm):
    """A day for every paper that follows."""

    def fit(self, case: Case) -> None:
        for row in missing(case):
            self.fields[row.material.key] = DayField(
                label=f"{row.material.name}：最迟哪天补交", error_messages={"required": "请写明最迟哪天补交。"}
            )
        self.fields["signed"] = forms.BooleanField(
            label="申请人知道要补什么、哪天以前补、不补会怎样，已在清单上签字",
            error_messages={"required": "请让申请人在容缺清单上签字，再勾选。"},
        )


class NothingForm(CaseForm):
    """An act that needs nothing but the button."""
