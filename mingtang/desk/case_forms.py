"""Forms of the acts that stand folded at the foot of a case. Each is made for its case."""

from typing import Any

from django import forms
from django.utils import timezone

from mingtang.cases.acting import Acting
from mingtang.cases.actions.ending import originals
from mingtang.cases.actions.intake import is_aid
from mingtang.cases.applicant_form import SELF, ApplicantForm
from mingtang.cases.clocks import Read, read_all
from mingtang.cases.enums import ActsAs, Outcome, PartyAnswer, Retention, RulingBody, RulingKind
from mingtang.cases.models import Case
from mingtang.cases.requirements import IN_HAND, Missing, missing
from mingtang.desk.forms import PICK, DayField
from mingtang.lib.text import chinese_date
from mingtang.people.enums import Permission
from mingtang.people.models import Assignment, Post, RosterRow, Staff

ASK = ("", "请选择")


class CaseForm(forms.Form):
    """A form that asks with the words of its case; ``prefix`` keeps it apart from the others of the page."""

    def __init__(self, data: Any = None, *, case: Case, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
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
        self.fields["number"].choices = choices if len(choices) == 1 else [ASK, *choices]


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
        self.fields["clock"].choices = choices if len(choices) == 1 else [ASK, *choices]


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


def pledgeable(case: Case) -> list[Missing]:
    """What is lacking and may be pledged in writing instead."""
    return [row for row in missing(case) if row.material.pledge]


class PledgeForm(CaseForm):
    """Which papers the applicant pledges instead of handing them in: their free choice."""

    papers = forms.MultipleChoiceField(
        label="用书面承诺代替的材料",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选出申请人要用书面承诺代替的材料。", **PICK},
    )
    signed = forms.BooleanField(
        label="申请人自愿承诺，知道不实的后果，已在承诺书上签字",
        error_messages={"required": "请让申请人在承诺书上签字，再勾选。"},
    )

    def fit(self, case: Case) -> None:
        self.fields["papers"].choices = [
            (row.material.key, f"{row.material.name}：{row.material.pledge}") for row in pledgeable(case)
        ]


class VerifyForm(CaseForm):
    material_key = forms.ChoiceField(label="哪一项承诺", error_messages=PICK)
    true = forms.ChoiceField(
        label="核查的结果",
        choices=[("yes", "属实"), ("no", "不属实")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择属实或者不属实。", "invalid_choice": "请选择属实或者不属实。"},
    )
    text = forms.CharField(
        label="怎样核查的", max_length=1000, required=False, widget=forms.Textarea, help_text="不属实的要写明哪里不实。"
    )

    def fit(self, case: Case) -> None:
        open_ones = case.pledges.filter(verified_at__isnull=True, verify_by__isnull=False)
        choices = [
            (
                row.material_key,
                f"{case.version.spec.material(row.material_key).name}（{chinese_date(row.verify_by)}前核查）",
            )
            for row in open_ones
        ]
        self.fields["material_key"].choices = choices if len(choices) == 1 else [ASK, *choices]


class SendUpForm(CaseForm):
    opinion = _text("审查意见", "请写明镇里的审查意见。", "会印在报送告知书上，随材料一起报上去。")


class ResultForm(CaseForm):
    outcome = forms.ChoiceField(label="上级的决定", choices=[ASK, *Outcome.choices], error_messages=PICK)
    number = forms.CharField(label="决定书文号", max_length=60, error_messages={"required": "请照决定书填写文号。"})
    decided_on = DayField(label="决定日期", error_messages={"required": "请照决定书填写日期。"})
    reasons = forms.CharField(
        label="理由和依据",
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        help_text="不予或者部分准予的，照决定书写。",
    )


class TakeBackForm(CaseForm):
    reason = _text("上级为什么退回", "请写明上级为什么退回。", "只有办这一件的人看得到。不能因此再要申请人交材料。")


class RebaseForm(CaseForm):
    """``dropped`` among the papers that are still out; ``added`` one a time, with how to mend."""

    law = forms.CharField(label="哪部法律、法规或者规章", max_length=120, error_messages={"required": "请写明名称。"})
    article = forms.CharField(label="哪一条", max_length=60, error_messages={"required": "请写到条。"})
    reason = _text("新的规定改了什么", "请写明新的规定改了什么。", "会印在告知书上。")
    dropped = forms.MultipleChoiceField(
        label="不再要的材料", required=False, widget=forms.CheckboxSelectMultiple, error_messages=PICK
    )
    added = forms.ChoiceField(label="另外要的材料", required=False, error_messages=PICK)
    mend = forms.CharField(label="怎样补", max_length=200, required=False, help_text="另外要材料的才写。")

    def fit(self, case: Case) -> None:
        spec = case.version.spec
        rows = {row.material_key: row.state for row in case.materials.all()}
        out = {key for key, state in rows.items() if state not in IN_HAND}
        self.fields["dropped"].choices = [(key, spec.material(key).name) for key in rows if key in out]
        others = [one for one in spec.materials if one.key not in rows and not one.fetched_by_us]
        self.fields["added"].choices = [("", "没有"), *((one.key, one.name) for one in others)]


class NotRequiredForm(CaseForm):
    basis = forms.CharField(
        label="依据",
        max_length=120,
        help_text="法律、法规或者规章的名称和条款。",
        error_messages={"required": "请写明依据哪部法律、法规或者规章的哪一条。"},
    )
    reasons = _text("为什么不需要办理", "请写明为什么不需要办理。", "会印在告知书上，救济途径由系统写上。")


class NotOursForm(CaseForm):
    competent_organ = forms.CharField(
        label="归哪个机关管", max_length=50, error_messages={"required": "请写明归哪个机关管。"}
    )
    reasons = _text("理由", "请写明不予受理的理由。", "会印在决定书上，救济途径由系统写上。")


class PassOnForm(CaseForm):
    organ = forms.CharField(label="转给哪个机关", max_length=60, error_messages={"required": "请写明转给哪个机关。"})
    receipt = forms.CharField(
        label="对方的收件",
        max_length=60,
        help_text="对方的收件编号，或者收件人和时间。",
        error_messages={"required": "请写明对方的收件。没有收下的，不能算转办。"},
    )


class WithdrawForm(CaseForm):
    confirm = forms.BooleanField(
        label="申请人本人要求撤回，我已当面核实",
        error_messages={"required": "请先核实是申请人本人的意思，再勾选。"},
    )

    def fit(self, case: Case) -> None:
        if case.acting:
            self.fields["acting"] = forms.TypedChoiceField(
                label="谁要撤回",
                choices=[("no", "申请人本人"), ("yes", case.acting.shown)],
                coerce=lambda value: value == "yes",
                widget=forms.RadioSelect,
                error_messages=PICK,
            )
            self.fields["confirm"].label = "已当面核对他的身份证"
        if held := originals(case):
            self.fields["returned"] = forms.BooleanField(
                label=f"已经当面退还：{'、'.join(held)}",
                error_messages={"required": "请先把交来的材料原件当面退还申请人，再勾选。"},
            )


SEEN = "请看过委托书或者监护证明的原件，再勾选。"


def _since(label: str = "从哪一天起") -> DayField:
    return DayField(label=label, help_text="照证明上写的。", error_messages={"required": "请写明日期。"})


class AuthorityForm(CaseForm):
    """Whoever acts from now on, asked with the words of the intake."""

    FIELDS = [name for name in ApplicantForm.base_fields if name.startswith("act") and name != "acting_phone"]
    NEEDED = {
        "acting_name": "请填写来办的人叫什么。",
        "acting_id_number": "请填写来办的人的证件号码。",
        "acting_seen": SEEN,
    }
    since = _since()

    def fit(self, case: Case) -> None:
        asked = ApplicantForm(aid=is_aid(case.version)).fields
        self.fields = {name: asked[name] for name in self.FIELDS if name in asked} | self.fields
        if "acts_as" in self.fields:
            self.fields["acts_as"].choices = [row for row in asked["acts_as"].choices if row[0] != SELF]
            self.fields["acts_as"].initial = ActsAs.AGENT
        for name in self.NEEDED:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = self.NEEDED[name]


class RenewedForm(AuthorityForm):
    """A new letter for the same person."""

    FIELDS = ["acting_until", "acting_may_withdraw", "acting_may_collect", "acting_seen"]
    NEEDED = {"acting_seen": SEEN}


class EndedForm(CaseForm):
    since = _since("从哪一天起终止")
    reason = _text("怎样终止的", "请写明委托怎样终止的。", "例如申请人取消、代理人辞去。只有办这一件的人看得到。", 200)


def acting(typed: dict[str, Any]) -> Acting:
    """Whoever acts, as typed, not checked yet; of the same person only what the new letter says."""
    named = {"acts_as": "", "acting_name": "", "acting_id_number": ""} | typed
    return Acting(**{name.removeprefix("acting_"): value for name, value in named.items()})


class RecuseForm(CaseForm):
    """``person`` is one of those who hold a post that the case waits for, or decide it."""

    person = forms.TypedChoiceField(label="谁回避", coerce=int, error_messages=PICK)
    reason = _text("理由", "请写明为什么要回避。", "只有办这一件的人看得到。", 500)

    def fit(self, case: Case) -> None:
        codes = {step.post_code for step in case.steps.all()} | {case.version.spec.decider_post}
        held = Assignment.objects.current(timezone.now()).filter(post__town=case.town_id, post__code__in=codes)
        people = {row.staff_id: f"{row.staff.name}　{row.post}" for row in held.select_related("staff", "post__unit")}
        roster = RosterRow.objects.current(timezone.now()).filter(post__town=case.town_id, post__code__in=codes)
        for row in roster.filter(substitute__isnull=False).select_related("substitute", "post__unit"):
            people.setdefault(row.substitute_id, f"{row.substitute.name}　{row.post}（B岗）")
        self.fields["person"].choices = [ASK, *people.items()]


class RecusalDecisionForm(RecuseForm):
    granted = forms.ChoiceField(
        label="决定",
        choices=[("yes", "回避"), ("no", "不用回避")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择回避或者不用回避。", "invalid_choice": "请选择回避或者不用回避。"},
    )
    to_post = forms.ChoiceField(
        label="改由哪个岗位办", required=False, help_text="同一岗位还有别人的，不用选。", error_messages=PICK
    )

    def fit(self, case: Case) -> None:
        super().fit(case)
        posts = [post for post in Post.objects.filter(town=case.town_id).select_related("unit") if _works(post)]
        self.fields["to_post"].choices = [("", "不用改"), *((post.code, str(post)) for post in posts)]


def _works(post: Post) -> bool:
    return not post.permissions.isdisjoint({Permission.CASE_WORK, Permission.CASE_INTAKE})


class CorrectForm(CaseForm):
    reason = _text("哪里有误，为什么重新办理", "请写明哪里有误、为什么重新办理。", "会印在决定书上。")


class RulingForm(CaseForm):
    body = forms.ChoiceField(label="程序", choices=[ASK, *RulingBody.choices], error_messages=PICK)
    kind = forms.ChoiceField(label="结果", choices=[ASK, *RulingKind.choices], error_messages=PICK)
    number = forms.CharField(label="文书号", max_length=60, error_messages={"required": "请写明文书号。"})
    ruled_on = DayField(label="作出日期", error_messages={"required": "请写明作出日期。"})
    act_by = DayField(label="限到哪一天", required=False, help_text="责令重新作出或者履行的才填。")


class ClericalForm(CaseForm):
    paper = forms.TypedChoiceField(label="哪一份文书", coerce=int, error_messages=PICK)
    wrong = forms.CharField(
        label="原文", max_length=100, help_text="照原文写错的那几个字。", error_messages={"required": "请写明原文。"}
    )
    right = forms.CharField(label="更正为", max_length=100, error_messages={"required": "请写明更正为什么。"})

    def fit(self, case: Case) -> None:
        choices = [(row.pk, f"{row.kind_title}　{row.number}") for row in case.documents.order_by("-pk")]
        self.fields["paper"].choices = [ASK, *choices]


class ArchiveForm(CaseForm):
    number = forms.CharField(label="归档号", max_length=40, error_messages={"required": "请填写归档号。"})
    retention = forms.ChoiceField(label="保管期限", choices=[ASK, *Retention.choices], error_messages=PICK)


class LapseForm(CaseForm):
    reason = _text("理由", "请写明理由。", "怎样提醒的，申请人怎样答复。会印在告知书上。")


class PartyForm(CaseForm):
    name = forms.CharField(
        label="利害关系人", max_length=50, error_messages={"required": "请填写利害关系人的姓名或者名称。"}
    )
    matter = _text("这件事怎样关系到他", "请写明这件事怎样关系到他。", "会印在告知书上。", 300)
    hearing = forms.BooleanField(label="直接涉及重大利益关系，有权要求听证（许可法第四十七条）", required=False)


class ViewsForm(CaseForm):
    number = forms.TypedChoiceField(label="哪一位", coerce=int, error_messages=PICK)
    answer = forms.ChoiceField(label="答复", choices=[ASK, *PartyAnswer.choices], error_messages=PICK)
    text = forms.CharField(
        label="意见", max_length=1000, required=False, widget=forms.Textarea, help_text="提出了意见的要写。"
    )

    def fit(self, case: Case) -> None:
        choices = [(row.number, f"第 {row.number} 位　{row.name}") for row in case.parties.filter(answer="")]
        self.fields["number"].choices = [ASK, *choices]


class HearingForm(CaseForm):
    held_on = DayField(
        label="哪一天举行", help_text="至少提前 7 个工作日通知。", error_messages={"required": "请写明哪一天举行。"}
    )
    place = forms.CharField(label="地点", max_length=100, error_messages={"required": "请写明听证的地点。"})
    host = forms.TypedChoiceField(label="主持人", coerce=int, help_text="不能是审查这一件的人。", error_messages=PICK)

    def fit(self, case: Case) -> None:
        people = Staff.objects.filter(town=case.town_id, is_active=True).order_by("name")
        self.fields["host"].choices = [ASK, *people.values_list("pk", "name")]


class RecordForm(CaseForm):
    text = _text("听证笔录", "请写明听证笔录。", "只有办这一件的人看得到。", 5000)


class NothingForm(CaseForm):
    """An act that needs nothing but the button."""
