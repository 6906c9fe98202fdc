"""Forms of the desk. Rules live in the rooms; a form only says what was typed where."""

from datetime import date, datetime
from typing import Any

from django import forms

from mingtang.cases.applicant_form import ApplicantForm
from mingtang.cases.enums import Fate, Outcome, ServeMode, TellBy
from mingtang.disclosure.enums import Theme, WithdrawGround
from mingtang.disclosure.reading_fields import BadDate, day_of, parse_date
from mingtang.lib.errors import Refused
from mingtang.rulebook.minutes import MAX_MINUTES

NEEDED = {"required": "请填写。"}
PICK = {"required": "请选择。", "invalid_choice": "请从列出的里面选一个。"}


def said(form: forms.Form, refusal: Refused) -> None:
    """What an act refused, at the field it is about, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


class DayInput(forms.TextInput):
    input_type = "date"


class MomentInput(forms.TextInput):
    input_type = "datetime-local"


class DayField(forms.CharField):
    """A day as a browser sends it (2018-10-18) or as a person writes it (2018年10月18日)."""

    widget = DayInput

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return day_of(parse_date(text))
        except BadDate as error:
            raise forms.ValidationError(str(error)) from error


class MomentField(forms.CharField):
    """A moment in the town's time, as a browser sends it (2026-11-24T09:30) or as a person writes it."""

    widget = MomentInput

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = parse_date(text)
        except BadDate as error:
            raise forms.ValidationError("日期或者时间不存在，请写成 2026-11-24 09:30。") from error
        if not isinstance(found, datetime):
            raise forms.ValidationError("只写了哪一天。还要写几点，例如 2026-11-24 09:30。")
        return found


class MinutesField(forms.CharField):
    """The number of the minutes; ``without`` is what cannot be without a decision of the leading group."""

    def __init__(self, without: str) -> None:
        super().__init__(
            label="领导小组会议纪要编号",
            max_length=MAX_MINUTES,
            help_text="例如：万政公组纪〔2026〕2号。",
            error_messages={"required": f"请填写领导小组会议纪要的编号。没有集体决定，{without}。"},
        )


class LoginForm(forms.Form):
    username = forms.CharField(label="用户名", max_length=60, error_messages={"required": "请填写用户名。"})
    password = forms.CharField(
        label="密码",
        max_length=200,
        widget=forms.PasswordInput,
        strip=False,
        error_messages={"required": "请填写密码。"},
    )


class DocumentForm(forms.Form):
    """What stands above the text, and the text. ``unit`` choices are the town's units."""

    title = forms.CharField(label="标题", max_length=200, error_messages={"required": "还没有标题。请写上标题。"})
    unit = forms.ChoiceField(label="发布机构", error_messages=PICK)
    theme = forms.ChoiceField(label="栏目", choices=Theme.choices, error_messages=PICK)
    generated_on = DayField(
        label="生成日期", required=False, help_text="文件形成的日期。送审以前要填。", error_messages=NEEDED
    )
    doc_number = forms.CharField(
        label="文号", max_length=60, required=False, help_text="例如：万政发〔2026〕3号。没有文号的不填。"
    )
    note = forms.CharField(
        label="为什么出新版",
        max_length=200,
        help_text="这句话会公开，写在变更记录里。",
        error_messages={"required": "请写明为什么要出新版，这句话会公开。"},
    )
    body = forms.CharField(label="正文", required=False, widget=forms.Textarea, strip=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], fixed: bool = False, note: bool = False, **more: Any):
        """``fixed``: the table above the text was published and stays; ``note``: a new edition says why."""
        super().__init__(*args, **more)
        self.fields["unit"].choices = [("", "请选择"), *units]
        if fixed:
            for name in ("unit", "theme", "generated_on", "doc_number"):
                del self.fields[name]
        if not note:
            del self.fields["note"]


class DraftForm(forms.Form):
    code = forms.CharField(
        label="保存码",
        max_length=20,
        help_text="12 位，群众在网上保存申请的时候得到的。横线可以不输。",
        error_messages={"required": "请填写群众报的保存码。"},
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由", max_length=200, widget=forms.Textarea, error_messages={"required": "请写明理由。"}
    )


class WithdrawForm(forms.Form):
    ground = forms.ChoiceField(label="撤下的原因", choices=WithdrawGround.choices, error_messages=PICK)
    reason = forms.CharField(
        label="说明",
        max_length=200,
        help_text="这句话会公开，不要写进要撤下的内容。",
        widget=forms.Textarea,
        error_messages={"required": "请写明撤下的说明，这句话会公开。"},
    )


class IntakeForm(ApplicantForm):
    """Who applies at the window."""

    tell_by = forms.ChoiceField(
        label="办到哪一步，怎样告诉申请人",
        choices=[
            (TellBy.NO, "不用"),
            (TellBy.SMS, "发短信"),
            (TellBy.EMAIL, "发电子邮件"),
            (TellBy.PRINT, "寄信"),
        ],
        widget=forms.RadioSelect,
        initial=TellBy.NO,
        required=False,
        help_text="问一句申请人，选了才发。",
    )


HAPPENED = "不是现在办的才填，例如上午在村里看的现场。进度上会显示隔了多久才录入。"


class OpinionForm(forms.Form):
    verdict = forms.ChoiceField(
        label="意见",
        choices=[("agree", "同意"), ("disagree", "不同意")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或者不同意。", "invalid_choice": "请选择同意或者不同意。"},
    )
    text = forms.CharField(
        label="意见内容", required=False, widget=forms.Textarea, help_text="不同意的，要写明理由。最多 1000 个字。"
    )
    happened_at = MomentField(label="实际办理时间", required=False, help_text=HAPPENED)


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(
        label="决定",
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择准予、部分准予或者不予。",
            "invalid_choice": "请选择准予、部分准予或者不予。",
        },
    )
    reasons = forms.CharField(
        label="理由和依据",
        required=False,
        widget=forms.Textarea,
        help_text="不予或者部分准予的必须写，会印在决定书上。救济途径由系统写上。",
    )

    earlier = forms.ChoiceField(
        label="原来发的证照",
        choices=Fate.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text="维持的，不再另发新证照；注销的，注销决定书和新的决定一起送达。不予的只能注销。",
    )


class NotAcceptForm(forms.Form):
    reasons = forms.CharField(
        label="不予受理的理由",
        widget=forms.Textarea,
        error_messages={"required": "请写明不予受理的理由。"},
    )


class ServeForm(forms.Form):
    mode = forms.ChoiceField(label="送达方式", choices=ServeMode.choices, error_messages=PICK)
    receiver = forms.CharField(label="签收人姓名", max_length=50, error_messages={"required": "请填写签收人的姓名。"})
    happened_at = MomentField(label="实际送达时间", required=False, help_text="不是现在送达的才填。")


class CloseWindowForm(forms.Form):
    reason = forms.CharField(
        label="关窗原因",
        max_length=100,
        help_text="这句话会公开。",
        error_messages={"required": "请写明关窗的原因，这句话会公开。"},
    )
    substitute = forms.ChoiceField(label="请群众到哪个窗口", required=False, error_messages=PICK)
    back_at = MomentField(label="预计什么时候恢复", required=False)

    def __init__(self, *args: Any, windows: list[tuple[str, str]], **more: Any):
        super().__init__(*args, **more)
        self.fields["substitute"].choices = [("", "没有替代窗口"), *windows]


class CalendarDayForm(forms.Form):
    day = DayField(label="日期", error_messages={"required": "请选择日期。"})
    is_workday = forms.ChoiceField(
        label="这一天",
        choices=[("yes", "上班"), ("no", "放假")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择上班或者放假。", "invalid_choice": "请选择上班或者放假。"},
    )
    reason = forms.CharField(
        label="缘由",
        max_length=60,
        help_text="例如：国庆节、调休上班。",
        error_messages={"required": "请写明调整的缘由，不超过60个字，例如“国庆节”或“调休上班”。"},
    )
    source = forms.CharField(
        label="依据的通知",
        max_length=200,
        help_text="通知的名称和文号。",
        error_messages={"required": "请写明依据的通知名称和文号，不超过200个字。"},
    )
