"""Forms of powers and their clean-up. Rules live in the room; a form only says what was typed where."""

from typing import Any

from django import forms
from django.http import HttpRequest

from mingtang.desk.forms import PICK, DayField, MinutesField
from mingtang.people.models import Post, Unit
from mingtang.rulebook.models import Power
from mingtang.rulebook.powers.cleanup import MAX_REASON, MAX_TARGET, MAX_TITLE
from mingtang.rulebook.powers.enums import PlanClass, PowerKind, PowerLevel, PowerSource, Verdict


def _column(name: str, hint: str = "", *, needed: bool = True, lines: bool = False) -> forms.CharField:
    """A text of the power list, as long as its column."""
    column = Power._meta.get_field(name)
    return forms.CharField(
        label=str(column.verbose_name),
        max_length=column.max_length,
        required=needed,
        help_text=hint,
        widget=forms.Textarea if lines else forms.TextInput,
        error_messages={"required": f"请填写“{column.verbose_name}”。"},
    )


class PowerForm(forms.Form):
    """The columns of a power; its bases and duties are rows (see ``sheet``)."""

    code = _column("code", "字母、数字和短横线，至少有一个数字，定了不再改。例如：WY-XK-05。")
    name = _column("name", "照法律法规里的叫法写。例如：临时占用林地审批。")
    type = forms.ChoiceField(label="权力类型", choices=PowerKind.choices, error_messages=PICK)
    plan_class = forms.ChoiceField(label="清理类别", choices=PlanClass.choices, error_messages=PICK)
    unit = forms.ChoiceField(label="行使单位", error_messages=PICK)
    post = forms.ChoiceField(label="行使岗位", required=False, help_text="要是行使单位的岗位。", error_messages=PICK)
    source = forms.ChoiceField(label="权力来源", choices=PowerSource.choices, error_messages=PICK)
    level = forms.ChoiceField(label="行使层级", choices=PowerLevel.choices, error_messages=PICK)
    scope = _column("scope", "哪些人、哪些事归它管。例如：农村居民采伐自留山上的林木。", lines=True)
    place = _column("place", "例如：全镇；集镇规划区。")
    limit = _column("limit", "金额、数量、幅度的上限。例如：一次不超过十五立方米。", needed=False)
    above = _column("above", "例如：县林业局。", needed=False)
    redress = _column("redress", "对谁、在多少天内、用什么办法。", needed=False, lines=True)
    minutes_number = MinutesField("权力不能列入清单")

    def __init__(self, *args: Any, request: HttpRequest, power: Power | None = None, **more: Any) -> None:
        """``power``: one whose decided change is carried out; its code stays, and the decision has the minutes."""
        super().__init__(*args, **more)
        units = Unit.objects.visible_to(request.viewer).filter(dissolved_on__isnull=True)
        posts = Post.objects.filter(unit__in=units).select_related("unit").order_by("unit__order", "unit", "pk")
        self.units = {unit.code: unit for unit in units}
        self.posts = {post.code: post for post in posts}
        self.fields["unit"].choices = [("", ""), *((unit.code, unit.name) for unit in units)]
        self.fields["post"].choices = [("", ""), *((post.code, f"{post.unit.name}：{post.name}") for post in posts)]
        for name in ("type", "plan_class"):
            self.fields[name].choices = [("", ""), *self.fields[name].choices]
        if power is not None:
            del self.fields["code"], self.fields["minutes_number"]


class CampaignForm(forms.Form):
    title = forms.CharField(
        label="清理的名称",
        max_length=MAX_TITLE,
        help_text="会公开。例如：2026年行政权力全面清理。",
        error_messages={"required": "请写明清理的名称，这句话会公开。"},
    )
    from_on = DayField(label="从哪天起", error_messages={"required": "请填写开始的日期。"})
    to_on = DayField(label="到哪天止", error_messages={"required": "请填写截止的日期。"})
    minutes_number = MinutesField("不能启动清理")


class ProposeForm(forms.Form):
    """What should become of a power."""

    verdict = forms.ChoiceField(
        label="意见",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选保留、调整、取消或者上交。", "invalid_choice": "请从列出的里面选一个。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=MAX_REASON,
        help_text="会公开。点一下，可以从用过的理由里选。",
        error_messages={"required": "请写明理由，这句话会公开。"},
    )
    change_note = forms.CharField(
        label="怎样调整",
        max_length=MAX_REASON,
        required=False,
        help_text="选“调整”才写。例如：改归内部管理；只管自留山。",
    )
    handed_to = forms.CharField(
        label="上交给哪个机关", max_length=MAX_TARGET, required=False, help_text="选“上交”才写。例如：县林业局。"
    )

    def __init__(self, *args: Any, power: Power, **more: Any) -> None:
        super().__init__(*args, **more)
        if power.plan_class == PlanClass.NON_LICENCE:
            self.fields["verdict"].choices = [row for row in Verdict.choices if row[0] != Verdict.KEEP]
            self.fields["verdict"].help_text = "国家已经取消“非行政许可审批”这一类别，不能保留。"


class SettleForm(forms.Form):
    minutes_number = MinutesField("清理结果不能生效")
