"""What is asked about an applicant, at the window and on the public site alike; each says it in its own words."""

from typing import Any

from django import forms

from mingtang.cases.acting import Acting
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import ActsAs, ApplicantKind, GuardianRelation, TellBy
from mingtang.lib.identifiers import CARD, IDENTITY_PAPERS

SELF = "self"
# The slot of what proves that somebody may act; no paper of an item is called so.
PROOF = "acting-proof"
PAPERS = [(code, paper.name) for code, paper in IDENTITY_PAPERS.items()]
UNTIL = "例如 2030-05-01；长期的写“长期”。"


class ApplicantForm(forms.Form):
    """Who applies and who comes for them. Rules live in ``applicants`` and ``acting``."""

    kind = forms.ChoiceField(
        label="申请人是", choices=ApplicantKind.choices, widget=forms.RadioSelect, initial=ApplicantKind.PERSON
    )
    name = forms.CharField(label="姓名", max_length=50, error_messages={"required": "请填写姓名。"})
    id_number = forms.CharField(label="身份证号码", max_length=24, error_messages={"required": "请填写身份证号码。"})
    id_until = forms.CharField(label="证件有效期到", max_length=12, required=False, help_text=UNTIL)
    id_paper = forms.TypedChoiceField(label="证件种类", choices=PAPERS, initial=CARD, required=False, empty_value=CARD)
    phone = forms.CharField(label="电话", max_length=20, required=False)
    address = forms.CharField(label="住址", max_length=100, required=False)
    tell_by = forms.ChoiceField(choices=TellBy.choices, widget=forms.RadioSelect, initial=TellBy.NO, required=False)
    email = forms.CharField(label="电子邮箱", max_length=100, required=False, help_text="选了发电子邮件的才填。")
    organisation = forms.CharField(
        label="单位名称", max_length=100, required=False, help_text="单位申请的才填。来办的人填在“姓名”里。"
    )
    uscc = forms.CharField(label="统一社会信用代码", max_length=18, required=False, help_text="单位申请的才填，18 位。")
    acts_as = forms.TypedChoiceField(
        label="谁来办", widget=forms.RadioSelect, initial=SELF, required=False, empty_value=SELF
    )
    acting_name = forms.CharField(label="来办的人叫什么", max_length=50, required=False)
    acting_id_number = forms.CharField(label="来办的人证件号码", max_length=24, required=False)
    acting_id_until = forms.CharField(label="来办的人证件有效期到", max_length=12, required=False, help_text=UNTIL)
    acting_id_paper = forms.TypedChoiceField(
        label="来办的人证件种类", choices=PAPERS, initial=CARD, required=False, empty_value=CARD
    )
    acting_phone = forms.CharField(label="来办的人手机、座机", max_length=20, required=False)
    acting_relation = forms.ChoiceField(
        label="监护人是申请人的",
        choices=[("", "请选择"), *GuardianRelation.choices],
        required=False,
        help_text="监护人来办的才选。",
    )
    acting_organisation = forms.CharField(
        label="村（居）委会全称", max_length=100, required=False, help_text="村（居）委会代为申请的才填。"
    )
    acting_until = forms.CharField(
        label="委托到哪一天", max_length=12, required=False, help_text="委托书上写的。写“到办完为止”的不填。"
    )
    acting_may_withdraw = forms.BooleanField(label="委托书写了可以代为撤回", required=False)
    acting_may_collect = forms.BooleanField(label="委托书写了可以代领文书", required=False)
    acting_seen = forms.BooleanField(label="看过委托书或者监护证明的原件", required=False)

    def __init__(self, *args: Any, aid: bool, **more: Any) -> None:
        """``aid``: for 行政给付 a village committee may come too (社会救助暂行办法 11)."""
        super().__init__(*args, **more)
        kinds = [row for row in ActsAs.choices if aid or row[0] != ActsAs.COMMITTEE]
        self.fields["acts_as"].choices = [(SELF, "本人"), *kinds]
        if not aid:
            del self.fields["acting_organisation"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("acts_as") == SELF and (typed.get("acting_name") or typed.get("acting_id_number")):
            self.add_error("acts_as", "填了来办的人，请选他是代理人还是监护人；是本人来的，把来办的人删掉。")
        return typed

    def applicant(self) -> Applicant:
        """What was typed, not checked yet; of a valid form."""
        typed = self.cleaned_data
        person = {name: typed[name] for name in PERSON if name in typed}
        acting = {name.removeprefix("acting_"): typed[name] for name in typed if name.startswith("acting_")}
        who = None if typed["acts_as"] == SELF else Acting(acts_as=typed["acts_as"], **acting)
        return Applicant(**{"kind": ApplicantKind.PERSON} | person, acting=who)


PERSON = [name for name in ApplicantForm.base_fields if not name.startswith("act")]
