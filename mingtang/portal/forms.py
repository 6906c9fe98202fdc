"""Forms of the public site. Rules live in the rooms; a form only says what was typed where."""

from typing import Any

from django import forms

from mingtang.cases.applicant_form import ApplicantForm
from mingtang.cases.enums import TellBy


class ApplyForm(ApplicantForm):
    """Who applies online."""

    name = forms.CharField(
        label="姓名",
        max_length=50,
        help_text="申请人的，和身份证上的一样。单位申请的，填经办人。",
        error_messages={"required": "请填写姓名。"},
    )
    phone = forms.CharField(
        label="电话", max_length=20, required=False, help_text="方便我们联系您。没有电话也能办，凭编号和查询码查询。"
    )
    tell_by = forms.ChoiceField(
        label="办到哪一步，怎样告诉您",
        choices=TellBy.choices,
        widget=forms.RadioSelect,
        initial=TellBy.NO,
        required=False,
        help_text="选了才发。不选也一样办，随时可以凭编号查。",
    )

    def __init__(self, *args: Any, organisations: bool, **more: Any) -> None:
        """``organisations``: whether the item serves them at all; if not, nothing about them is asked."""
        super().__init__(*args, **more)
        del self.fields["acting_seen"]
        if not organisations:
            for name in ("kind", "organisation", "uscc"):
                del self.fields[name]


class FindForm(forms.Form):
    """A case by number and code."""

    number = forms.CharField(
        label="办件编号", max_length=24, error_messages={"required": "请填写办件编号，印在收件凭证上。"}
    )
    code = forms.CharField(
        label="查询码",
        max_length=20,
        help_text="10 位字母和数字，印在收件凭证上，不分大小写。",
        error_messages={"required": "请填写查询码，印在收件凭证上。"},
    )


class DecisionForm(forms.Form):
    """A decision by number and code."""

    number = forms.CharField(
        label="决定书文号",
        max_length=40,
        help_text="印在处罚决定书上，例如：镇罚决字〔2026〕3号。",
        error_messages={"required": "请填写决定书文号，印在处罚决定书上。"},
    )
    code = forms.CharField(
        label="查询码",
        max_length=20,
        help_text="10 位字母和数字，送达决定书的时候给您的，不分大小写。",
        error_messages={"required": "请填写查询码，送达决定书的时候给您的。"},
    )


class DraftForm(forms.Form):
    """An application that was kept, by its code."""

    code = forms.CharField(
        label="保存码",
        max_length=20,
        help_text="12 位字母和数字，保存的时候给您的，不分大小写，中间的横线可以不输。",
        error_messages={"required": "请填写保存码，例如 ABCD-EFGH-JKMN。"},
    )


class ReachForm(forms.Form):
    """Where the code goes."""

    reach = forms.CharField(
        label="手机号码",
        max_length=100,
        help_text="没有手机的，填电子邮箱。",
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
        error_messages={"required": "请填写手机号码，例如 13800000000。"},
    )


class CodeForm(forms.Form):
    """The code that came."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        help_text="6 位数字，在刚收到的短信或者邮件里。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "请填写验证码，6 位数字，在刚收到的短信或者邮件里。"},
    )


class ProfileForm(forms.Form):
    """What fills in the application form. All of it may be left out."""

    kind = ApplicantForm.base_fields["kind"]
    name = forms.CharField(label="姓名", max_length=50, required=False, help_text="和身份证上的一样。")
    id_number = forms.CharField(label="身份证号码", max_length=24, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False)
    address = forms.CharField(label="住址", max_length=100, required=False)
    organisation = forms.CharField(label="单位名称", max_length=100, required=False, help_text="单位的才填。")
    uscc = forms.CharField(label="统一社会信用代码", max_length=18, required=False, help_text="单位的才填，18 位。")
