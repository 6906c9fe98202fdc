"""The change gate on the desk: what a proposal changes, who has approved it, and the acts this person may do now."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import Form
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from mingtang.desk.forms import DayField, MinutesField, ReasonForm
from mingtang.lib.text import chinese_date, month_day_time
from mingtang.people.enums import Permission as P
from mingtang.rulebook.actions import Basis, earliest_effect
from mingtang.rulebook.enums import Burden
from mingtang.rulebook.models import Version
from mingtang.rulebook.policies import can_keep
from mingtang.rulebook.states import VERSION

APPROVALS = (
    ("edited", "编制"),
    ("proposed", "提出变动"),
    ("basis", "核对依据"),
    ("reviewed", "司法所审核"),
    ("decided", "登记集体决定"),
    ("head", "实施单位同意"),
    ("office", "党政办同意"),
    ("announced", "公布"),
)
PERSONS = tuple(f"{name}_by" for name, _ in APPROVALS)
LONG = ("check_basis", "review", "decide")
SHORT = ("agree_head", "agree_office")


class PlainForm(forms.Form):
    """An act that needs nothing but the button."""


class BasisForm(forms.Form):
    """One basis for all changes, and another for those that rest on something else. ``values()`` as the act wants."""

    def __init__(self, data: QueryDict | None = None, *, version: Version) -> None:
        super().__init__(data)
        self.rows = [0, *version.changes.exclude(needs="").values_list("order", flat=True)]
        for order in self.rows:
            label = "各项变动共同的依据" if order == 0 else f"第 {order} 项另有依据的"
            self.fields[f"basis_{order}"] = forms.CharField(label=f"{label}：法律名称", max_length=120, required=False)
            self.fields[f"article_{order}"] = forms.CharField(label=f"{label}：条款", max_length=40, required=False)

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "bases": {
                order: Basis(typed[f"basis_{order}"], typed[f"article_{order}"])
                for order in self.rows
                if typed[f"basis_{order}"] or typed[f"article_{order}"]
            }
        }


class DecideForm(forms.Form):
    minutes_number = MinutesField("事项不能发布")
    decided_on = DayField(label="会议日期", error_messages={"required": "请填写会议日期。"})
    initial = forms.BooleanField(
        label="首次目录：这个事项早已在办，这次只是编入目录",
        required=False,
        help_text="首次编入的不另加负担，公布当天施行，网页上会写明。",
    )

    def __init__(self, data: QueryDict | None = None, *, version: Version) -> None:
        super().__init__(data)
        if version.burden != Burden.NEW:
            del self.fields["initial"]


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="取消的理由", max_length=200, widget=forms.Textarea, error_messages={"required": "请写明为什么取消。"}
    )
    minutes_number = MinutesField("事项不能取消")
    decided_on = DayField(label="会议日期", error_messages={"required": "请填写会议日期。"})


class AnnounceForm(forms.Form):
    effective_on = DayField(label="施行日期", required=False)

    def __init__(self, data: QueryDict | None = None, *, version: Version) -> None:
        super().__init__(data)
        from_today = earliest_effect(version, timezone.localdate())
        self.fields["effective_on"].help_text = f"不填就是最早的一天：{chinese_date(from_today)}。"


@dataclass(frozen=True)
class Act:
    """One act as the page offers it."""

    title: str
    text: str
    button: str
    done: str
    form: type[Form] = PlainForm
    kind: str = "act"


ACTS: dict[str, Act] = {
    "propose": Act(
        "提出变动",
        "先算出这一版让群众多办了什么、少办了什么。提出以后内容和流程固定，退回才能再改。",
        "提出",
        "已经提出，负担比对好了。",
    ),
    "check_basis": Act(
        "核对依据",
        "增加负担的每一项，都要有够级别的依据；级别不够的，议案就此作废，并且公开。",
        "核对",
        "依据已经核对。",
        BasisForm,
    ),
    "review": Act("合法性审核", "由编制人以外的人审核。", "审核通过", "合法性审核通过。"),
    "decide": Act("登记集体决定", "领导小组开会决定以后，由党政办登记。", "登记", "集体决定已经登记。", DecideForm),
    "agree_head": Act("实施单位同意", "没有增加负担，由实施单位负责人同意。", "同意", "实施单位已经同意。"),
    "agree_office": Act("党政办同意", "实施单位已经同意，由党政办同意。", "同意", "党政办已经同意。"),
    "announce": Act(
        "公布",
        "公布以后，办事指南上会写明从哪天起改、改什么。已经公布的可以重新公布改期，天数从头算。",
        "公布",
        "已经公布。",
        AnnounceForm,
    ),
    "put_in_force": Act(
        "施行", "到了施行日期会自动施行，也可以在这里办。", "施行", "已经施行，办事指南和窗口都按这一版。"
    ),
    "send_back": Act("退回修改", "已经办过的审批全部重来。", "退回", "已经退回。", ReasonForm, "danger"),
    "suspend": Act(
        "暂停办理",
        "新的申请不再收，已经收的照办。理由会公开。",
        "暂停",
        "已经暂停，办事指南上写明了。",
        ReasonForm,
        "danger",
    ),
    "resume": Act("恢复办理", "从现在起又可以申请，还是这一版。", "恢复", "已经恢复办理。"),
    "cancel": Act(
        "取消事项",
        "由领导小组决定。取消以后不能再申请，要再办就得作为新事项重新提出。理由会公开。",
        "取消",
        "事项已经取消，已经收的照办。",
        CancelForm,
        "danger",
    ),
    "refuse": Act(
        "不予通过", "这份议案就此结束，理由会公开。", "不予通过", "已经不予通过，并且公开。", ReasonForm, "danger"
    ),
}


def form_of(name: str, version: Version, data: QueryDict | None = None) -> Form:
    """The form of an act, blank or with what was typed."""
    kind = ACTS[name].form
    if kind is ReasonForm:
        # Two of them stand on one page.
        return ReasonForm(data, prefix=name.replace("_", "-"))
    return kind(data, version=version) if kind in (BasisForm, DecideForm, AnnounceForm) else kind(data)


def values_of(form: Form) -> dict[str, Any]:
    """What a valid form gives the act."""
    return form.values() if isinstance(form, BasisForm) else form.cleaned_data


def open_acts(request: HttpRequest, version: Version) -> list[str]:
    """The acts the table has from here, on this proposal's way, for somebody with this person's powers."""
    other = SHORT if version.strict else LONG
    keeps = can_keep(request.user, request.town, version.item.unit)
    return [
        name
        for name in ACTS
        if version.state in VERSION[name].sources
        and request.viewer.powers.intersection(VERSION[name].powers)
        and name not in other
        and (keeps or P.ITEM_EDIT_OWN not in VERSION[name].powers)
    ]


def context(request: HttpRequest, version: Version, form: Form | None = None, bad: str = "") -> dict[str, Any]:
    """What the page of a version is given: ``form`` with errors belongs to the act ``bad``."""
    names = open_acts(request, version)
    return {
        "changes": list(version.changes.all()),
        "approvals": [
            (title, f"{person.name}　{month_day_time(getattr(version, f'{name}_at'))}")
            for name, title in APPROVALS
            if (person := getattr(version, f"{name}_by"))
        ],
        "acts": [
            {"name": name, "act": ACTS[name], "form": form if form and name == bad else form_of(name, version)}
            for name in names
        ],
        "failed": form is not None,
        "lost": form if form and bad not in names else None,
    }
