"""Forms about truth samples."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from mingtang.desk.forms import NEEDED, PICK, DayField, ReasonForm
from mingtang.people.enums import UnitKind
from mingtang.people.models import Assignment, Post, Staff
from mingtang.scrutiny.enums import StatementKind, Truth
from mingtang.scrutiny.models import Sample
from mingtang.scrutiny.rounds import MOST_WANTED

PUBLIC = "这句话会公开。"
QUARTER = timedelta(days=90)
COUNT = dict.fromkeys(("required", "invalid", "min_value", "max_value"), f"请填写 1 到 {MOST_WANTED} 的整数。")


class AnnounceForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label="抽哪几种",
        choices=StatementKind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=StatementKind.values,
        error_messages={**PICK, "required": "请至少选一种。"},
    )
    from_on = DayField(label="从哪天公开的", error_messages=NEEDED)
    to_on = DayField(
        label="到哪天公开的",
        help_text="收费标准和办理时限的承诺，现行的都在里面，不看日期。",
        error_messages=NEEDED,
    )
    wanted = forms.IntegerField(label="抽几条", min_value=1, max_value=MOST_WANTED, initial=5, error_messages=COUNT)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        today = timezone.localdate()
        self.fields["from_on"].initial, self.fields["to_on"].initial = today - QUARTER, today


class AssignForm(forms.Form):
    inspector = forms.ModelChoiceField(
        Staff.objects.none(),
        label="核对人",
        empty_label="请选择",
        help_text="不在公开的单位任职，也没有经手过的人。",
        error_messages=PICK,
    )

    def __init__(self, *args: Any, sample: Sample, **more: Any) -> None:
        super().__init__(*args, **more)
        held = Assignment.objects.current(timezone.now()).filter(post__town=sample.town_id)
        own = held.filter(post__unit=sample.unit_id).values("staff")
        free = held.exclude(post__unit__kind=UnitKind.UTILITY).exclude(staff__in=own)
        rows = Staff.objects.filter(pk__in=free.values("staff"), is_active=True)
        self.fields["inspector"].queryset = rows.order_by("number")


class JudgeForm(forms.Form):
    verdict = forms.ChoiceField(label="核对结果", choices=Truth.choices, widget=forms.RadioSelect, error_messages=PICK)
    found = forms.CharField(
        label="原始记录怎么写",
        max_length=200,
        widget=forms.Textarea,
        help_text=PUBLIC + "例如：2026年10月的凭证上是 8,600 元。查不到的，写明在哪里找过。",
        error_messages={"required": "请写明原始记录怎么写，这句话会公开。"},
    )
    record = forms.CharField(
        label="看了哪一份原始记录",
        max_length=200,
        help_text="凭证、台账、合同的名称和编号。只在工作台看得到。",
        error_messages={"required": "请写明看了哪一份原始记录。"},
    )
    seen_on = DayField(label="核对日期", error_messages=NEEDED)
    scan = forms.FileField(
        label="原始记录的照片或者扫描件",
        required=False,
        help_text="查不到依据的可以不附。加密存放，只有监督岗位和您看得到。",
    )

    def __init__(self, *args: Any, sample: Sample, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["seen_on"].initial = timezone.localdate()


class ReplyForm(forms.Form):
    text = forms.CharField(
        label="单位的说明",
        max_length=200,
        widget=forms.Textarea,
        help_text="这句话会和结果一起公开。",
        error_messages={"required": "请写明单位的说明。"},
    )

    def __init__(self, *args: Any, sample: Sample, **more: Any) -> None:
        super().__init__(*args, **more)


class BackForm(ReasonForm):
    reason = forms.CharField(
        label="要重新核对什么",
        max_length=200,
        widget=forms.Textarea,
        error_messages={"required": "请写明要重新核对什么。"},
    )

    def __init__(self, *args: Any, sample: Sample, **more: Any) -> None:
        super().__init__(*args, **more)


class ShowForm(forms.Form):
    """Who mends it until when, where something is to be mended."""

    owner = forms.ModelChoiceField(
        Post.objects.none(), label="由哪个岗位改正", empty_label="请选择", error_messages=PICK
    )
    due_on = DayField(label="哪天以前改好", error_messages=NEEDED)

    def __init__(self, *args: Any, sample: Sample, **more: Any) -> None:
        super().__init__(*args, **more)
        if sample.verdict == Truth.MATCHES:
            del self.fields["owner"], self.fields["due_on"]
        else:
            self.fields["owner"].queryset = Post.objects.filter(unit=sample.unit_id).select_related("unit")
