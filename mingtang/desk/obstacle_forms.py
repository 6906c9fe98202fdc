"""What is typed at the desk about an obstacle. Each form of an act is given the obstacle; the room holds the rules."""

from typing import Any

from django import forms

from mingtang.desk.forms import PICK
from mingtang.people.models import Post, Unit
from mingtang.rulebook.models import Version
from mingtang.voices.actions import CHANGING, MAX_NAME, MAX_TEXT, MAX_TOLD
from mingtang.voices.enums import Reason
from mingtang.voices.models import Obstacle
from mingtang.voices.states import WORKING

NEW_DRAFT = "new"


class TellForm(forms.Form):
    """Told at the counter: the clerk writes it down in the person's words."""

    text = forms.CharField(
        label="办什么事，卡在哪里",
        max_length=MAX_TOLD,
        widget=forms.Textarea,
        help_text="照群众的话写。这段话封存，只有负责的岗位看得到。",
        error_messages={"required": "请写明办什么事、卡在哪里。"},
    )
    reason = forms.ChoiceField(label="最像哪一种", choices=Reason.choices, error_messages=PICK)
    item = forms.CharField(
        label="事项", max_length=60, required=False, help_text="写名称或者编码，写一部分也行；不知道就留空。"
    )
    from_number = forms.CharField(
        label="办件编号、号或者出格单编号", max_length=24, required=False, help_text="例如 A017，没有就留空。"
    )
    name = forms.CharField(label="怎么称呼", max_length=30, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False, help_text="群众想接电话才填。")


class ActForm(forms.Form):
    """An act that asks nothing more."""

    def __init__(self, *args: Any, obstacle: Obstacle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obstacle = obstacle


class SortForm(ActForm):
    reason = forms.ChoiceField(label="原因", choices=Reason.choices, error_messages=PICK)
    item = forms.CharField(label="事项", max_length=60, required=False, help_text="写名称或者编码，写一部分也行。")
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="涉及单位", required=False, help_text="不选的，算事项的实施单位。"
    )

    def __init__(self, *args: Any, obstacle: Obstacle, **kwargs: Any) -> None:
        initial = {
            "reason": obstacle.reason,
            "item": obstacle.item.code if obstacle.item else "",
            "unit": obstacle.unit_id,
        }
        super().__init__(*args, obstacle=obstacle, initial=initial, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(town=obstacle.town_id, dissolved_on__isnull=True)


class PostForm(ActForm):
    post = forms.ModelChoiceField(Post.objects.none(), label="岗位", error_messages=PICK)
    reason = forms.CharField(label="为什么", max_length=200, widget=forms.Textarea, help_text="反映的人看得到这句话。")

    def __init__(self, *args: Any, obstacle: Obstacle, **kwargs: Any) -> None:
        super().__init__(*args, obstacle=obstacle, **kwargs)
        rows = Post.objects.filter(town=obstacle.town_id, unit__dissolved_on__isnull=True).select_related("unit")
        able = [post.pk for post in rows if post.permissions.intersection(WORKING) and post.pk != obstacle.owner_id]
        self.fields["post"].queryset = rows.filter(pk__in=able).order_by("unit__order", "pk")


class DeclineForm(ActForm):
    reason = forms.CharField(label="为什么不接，应该归谁", max_length=200, widget=forms.Textarea)


class SolveForm(ActForm):
    case_number = forms.CharField(
        label="办成的办件编号", max_length=24, error_messages={"required": "请写明办成的是哪一件。"}
    )


class ChangeForm(ActForm):
    """``version``: a draft or proposal under way; ``new`` begins one from the text in force."""

    version = forms.ChoiceField(label="哪一份草案", widget=forms.RadioSelect, error_messages=PICK)

    def __init__(self, *args: Any, obstacle: Obstacle, **kwargs: Any) -> None:
        super().__init__(*args, obstacle=obstacle, **kwargs)
        rows = Version.objects.filter(item=obstacle.item_id, state__in=CHANGING).defer("data", "bpmn")
        self._versions = {str(row.pk): row for row in rows.order_by("number")}
        shown = [(key, f"第 {row.number} 版，{row.state_title}") for key, row in self._versions.items()]
        self.fields["version"].choices = [*shown, (NEW_DRAFT, "按现行的一版新开一份草案")]

    def clean_version(self) -> Version | None:
        return self._versions.get(self.cleaned_data["version"])


class ExplainForm(ActForm):
    clause = forms.CharField(
        label="依据哪部规定哪一条", max_length=100, help_text="例如：《湖南省林业条例》第二十三条。"
    )
    text = forms.CharField(
        label="为什么办不成，可以怎么办",
        max_length=MAX_TEXT,
        widget=forms.Textarea,
        help_text="这段话会公开，不要写姓名、电话和身份证号码。您的单位负责解释。",
    )


class PassForm(ActForm):
    organ = forms.CharField(label="转给哪个机关", max_length=MAX_NAME)
    receipt = forms.CharField(label="对方的回执", max_length=MAX_NAME, help_text="文号或者单号，哪天收的。")


FORMS: dict[str, type[ActForm]] = {
    "take_over": ActForm,
    "decline": DeclineForm,
    "solve": SolveForm,
    "change": ChangeForm,
    "explain": ExplainForm,
    "pass_on": PassForm,
    "sort": SortForm,
    "offer": PostForm,
    "assign": PostForm,
}
