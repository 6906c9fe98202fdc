"""Forms about duties and slots."""

from typing import Any

from django import forms

from mingtang.desk.forms import PICK, DayField, ReasonForm
from mingtang.disclosure.kinds import kinds
from mingtang.disclosure.models import Column, Document
from mingtang.oversight.actions import MOST_DAYS
from mingtang.oversight.enums import Source, Trigger
from mingtang.oversight.models import Slot
from mingtang.people.models import Post
from mingtang.towns.models import Jurisdiction

OFFERED = 50  # papers to choose from
PUBLIC = "这句话会公开。"


class PaperField(forms.CharField):
    """The index number of a published document of the town."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=60, **more)
        self.town: Jurisdiction | None = None

    def clean(self, value: Any) -> Document | None:
        number = super().clean(value)
        if not number:
            return None
        found = Document.objects.filter(town=self.town, index_number=number).first()
        if found is None:
            raise forms.ValidationError(f"没有索引号是“{number}”的信息，请核对。")
        return found


class AnswerForm(forms.Form):
    document = PaperField(label="凭据的索引号", required=False, help_text="本镇已经公开的一份信息。")
    statement = forms.CharField(
        label="怎么办成的",
        max_length=200,
        required=False,
        widget=forms.Textarea,
        help_text="没有信息可选，就写一句，由您的岗位署名，写的当天算办成。" + PUBLIC,
    )

    def __init__(self, *args: Any, slot: Slot, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["document"].town = slot.town
        if slot.duty.column_id:
            self.fields["document"] = forms.ModelChoiceField(
                papers_of(slot),
                label="凭据",
                to_field_name="index_number",
                empty_label="请选择",
                help_text="已经归入这个栏目、公开了的信息，最近的在前。",
                error_messages=PICK,
            )
            self.fields["document"].label_from_instance = lambda row: row.current.revision.title
            del self.fields["statement"]


def papers_of(slot: Slot) -> Any:
    """The newest documents that could fill a column's slot."""
    rows = Document.objects.filter(town=slot.town_id, filings__column=slot.duty.column_id).published()
    newest = rows.order_by("-published_at").values("pk")[:OFFERED]
    return (
        Document.objects.filter(pk__in=list(newest.values_list("pk", flat=True)))
        .select_related("current__revision")
        .order_by("-published_at")
    )


class ExcuseForm(ReasonForm):
    reason = forms.CharField(
        label="为什么没有",
        max_length=200,
        widget=forms.Textarea,
        help_text=PUBLIC + "例如：这个季度没有采购。",
        error_messages={"required": "请写明为什么没有，这句话会公开。"},
    )
    paper = PaperField(label="依据的索引号", required=False, help_text="有一份公开的信息说明这件事的，写它的索引号。")

    def __init__(self, *args: Any, slot: Slot, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["paper"].town = slot.town


class MoveForm(forms.Form):
    day = DayField(label="新的期限", error_messages={"required": "请填写新的期限。"})
    reason = forms.CharField(
        label="为什么改期限",
        max_length=200,
        widget=forms.Textarea,
        help_text=PUBLIC + "原来的期限也留在旁边。",
        error_messages={"required": "请写明为什么改期限，这句话会公开。"},
    )

    def __init__(self, *args: Any, slot: Slot, **more: Any) -> None:
        super().__init__(*args, **more)


class OfferForm(forms.Form):
    to = forms.ModelChoiceField(Post.objects.none(), label="移交给", empty_label="请选择", error_messages=PICK)
    reason = forms.CharField(
        label="为什么移交",
        max_length=200,
        widget=forms.Textarea,
        help_text=PUBLIC,
        error_messages={"required": "请写明为什么移交，这句话会公开。"},
    )

    def __init__(self, *args: Any, town: Jurisdiction, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].queryset = posts_of_town(town)


def posts_of_town(town: Jurisdiction) -> Any:
    return Post.objects.filter(town=town, unit__dissolved_on__isnull=True).select_related("unit").order_by("unit", "pk")


class WhyForm(ReasonForm):
    """A reason and nothing else; ``town`` as in the other forms of a duty."""

    def __init__(self, *args: Any, town: Jurisdiction, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["reason"].help_text = PUBLIC


class TakeForm(forms.Form):
    def __init__(self, *args: Any, town: Jurisdiction, **more: Any) -> None:
        super().__init__(*args, **more)


class TermsForm(forms.Form):
    """What a duty is: its rule is put together from the choice and the few fields it needs."""

    name = forms.CharField(label="要做什么", max_length=120, error_messages={"required": "请写明要做什么。"})
    source = forms.ChoiceField(
        label="来源",
        choices=[(Source.LAW, Source.LAW.label), (Source.PROMISE, Source.PROMISE.label)],
        error_messages=PICK,
    )
    basis = forms.CharField(
        label="依据",
        max_length=120,
        help_text="哪部法律第几条，或者哪一份承诺。写到第几条的，期限镇里不能再改。",
        error_messages={"required": "请写明依据：哪部法律哪一条，或者哪份文件。"},
    )
    owner = forms.ModelChoiceField(Post.objects.none(), label="责任岗位", empty_label="请选择", error_messages=PICK)
    trigger = forms.ChoiceField(
        label="周期", choices=[("", "请选择"), *(row for row in Trigger.choices if row[0] != Trigger.EVENT)],
        error_messages={"required": "请选择周期。", "invalid_choice": "请选择周期。"},
    )  # fmt: skip
    days = forms.IntegerField(
        label="期满以后几个工作日",
        min_value=0,
        max_value=MOST_DAYS,
        required=False,
        help_text="0 是期满当天。每年一次、有固定日子的，写在下面。",
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), f"请写 0 到 {MOST_DAYS} 之间的整数。"),
    )
    month = forms.IntegerField(
        label="每年几月", min_value=1, max_value=12, required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "月份请写 1 到 12。"),
    )  # fmt: skip
    day = forms.IntegerField(
        label="几日以前", min_value=1, max_value=31, required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "日期请写 1 到 31。"),
    )  # fmt: skip
    years_after = forms.BooleanField(label="说的是上一年的事（例如上一年度的报告）", required=False)
    due_on = DayField(label="一次性的期限", required=False, help_text="周期选“一次”才填。")
    column = forms.ModelChoiceField(
        Column.objects.none(), label="凭据在哪个公开栏目", required=False, empty_label="不在栏目里", error_messages=PICK
    )
    kind = forms.ChoiceField(label="凭据是哪一种信息", required=False, error_messages=PICK)

    def __init__(self, *args: Any, town: Jurisdiction, sourced: bool = True, **more: Any) -> None:
        """``sourced``: whether the source is asked for too; a task of a plan has its own."""
        super().__init__(*args, **more)
        self.fields["owner"].queryset = posts_of_town(town)
        duties = Column.objects.filter(town=town, closed_on__isnull=True).exclude(rhythm="")
        self.fields["column"].queryset = duties.order_by("order", "pk")
        self.fields["kind"].choices = [("", "不限种类"), *((kind.code, kind.name) for kind in kinds().values())]
        if not sourced:
            del self.fields["source"], self.fields["basis"]

    def terms(self) -> dict[str, Any]:
        """Of the fields those that `oversight.actions.Terms` has, empty numbers as 0."""
        typed = dict(self.cleaned_data)
        for name in ("days", "month", "day"):
            typed[name] = typed[name] or 0
        typed["years_after"] = int(typed["years_after"])
        return typed
