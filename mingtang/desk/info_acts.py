"""What may be done with an edition besides the way to publication: one form an act, all behind one address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from mingtang.desk.access import offered
from mingtang.desk.forms import PICK, MomentField, ReasonForm
from mingtang.disclosure import linking, scheduling, terms, withheld
from mingtang.disclosure.enums import Ground, Relation
from mingtang.disclosure.models import Edition
from mingtang.disclosure.states import EDITION


class ScheduleForm(forms.Form):
    at = MomentField(
        label="什么时候公开",
        help_text="到时候系统自己公开，公开前再检查一遍；没有通过的不公开，您在“待办”里看得到原因。",
        error_messages={"required": "请写明什么时候公开，例如 2026-11-24 09:30。"},
    )


class UnscheduleForm(ReasonForm):
    reason = forms.CharField(
        label="为什么不按原来定的时间公开",
        max_length=200,
        error_messages={"required": "请写明为什么不按原来定的时间公开。"},
    )


class RepealForm(ReasonForm):
    number = forms.CharField(
        label="由本镇哪份文件废止",
        max_length=60,
        required=False,
        help_text="写索引号。由外单位的文件废止的不填，写在下面。",
    )
    reason = forms.CharField(
        label="说明",
        max_length=200,
        help_text="这句话会公开。例如：评估认为不再需要；或者写明外单位文件的名称和文号。",
        widget=forms.Textarea,
        error_messages={"required": "请写明由哪份文件废止、为什么，这句话会公开。"},
    )
    field_order = ("number", "reason")


class ProposeForm(forms.Form):
    ground = forms.ChoiceField(
        label="依据哪一条",
        choices=[(one.value, f"{one.clause}：{one.label}") for one in Ground],
        error_messages=PICK,
    )
    reason = forms.CharField(
        label="为什么",
        max_length=200,
        help_text="给审查和签发的人看，不公开。涉密的内容不要写，也不要放进本系统。",
        widget=forms.Textarea,
        error_messages={"required": "请写明为什么不能主动公开，审查和签发的人要看。"},
    )
    hide_title = forms.BooleanField(
        label="标题也不公开", required=False, help_text="标题本身会泄密、泄露隐私的才勾。不勾的，标题列在公开的清单里。"
    )


class ConfirmForm(forms.Form):
    """Nothing to type: the button is the act."""


class LinkForm(forms.Form):
    relation = forms.ChoiceField(
        label="这份文件",
        choices=[
            (Relation.INTERPRETS.value, "解读另一份文件"),
            (Relation.AMENDS.value, "修改另一份文件"),
            (Relation.RESTS_ON.value, "以另一份文件为依据"),
            (Relation.FOLLOWS.value, "接着另一份文件，是同一件事"),
        ],
        error_messages=PICK,
    )
    number = forms.CharField(
        label="那份文件的索引号",
        max_length=60,
        help_text="两份文件的公开页都会有链接。",
        error_messages={"required": "请填写那份文件的索引号。"},
    )


class UnlinkForm(LinkForm):
    reason = forms.CharField(
        label="为什么取消",
        max_length=200,
        help_text="这句话会公开。",
        error_messages={"required": "请写明为什么取消，这句话会公开。"},
    )


BETWEEN = f"请写 1 到 {withheld.MOST_MONTHS} 之间的整数。"


def _months(label: str, **more: Any) -> forms.IntegerField:
    wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), BETWEEN)
    most = withheld.MOST_MONTHS
    return forms.IntegerField(label=label, min_value=1, max_value=most, error_messages=wrong, **more)


class RhythmForm(forms.Form):
    months = _months("最长几个月再审查一次", help_text="已经定了日子的不变，从下一次起照这个来。")
    reason = forms.CharField(
        label="为什么这样定",
        max_length=200,
        help_text="这句话会公开。",
        error_messages={"required": "请写明为什么这样定，这句话会公开。"},
    )


class MonthsForm(forms.Form):
    months = _months("几个月以后再审查一次", help_text="写好的是镇里定的最长时间。到了日子“待办”里会提醒。")


class KeepForm(MonthsForm):
    reason = forms.CharField(
        label="为什么还不能公开", max_length=200, error_messages={"required": "请写明为什么还不能公开。"}
    )


class OpenForm(ReasonForm):
    reason = forms.CharField(
        label="为什么现在可以公开了", max_length=200, error_messages={"required": "请写明为什么现在可以公开了。"}
    )


@dataclass(frozen=True)
class Act:
    """``summary`` opens the form, ``button`` does it, ``done`` is said afterwards."""

    form: Callable[..., forms.Form]
    run: Callable[..., Any]
    summary: str
    button: str
    done: str
    kind: str = "quieter"


ACTS = {
    "schedule": Act(
        ScheduleForm, scheduling.schedule, "定一个时间公开", "到时候公开", "已经定好时间，到时候系统自己公开。"
    ),
    "unschedule": Act(
        UnscheduleForm, scheduling.unschedule, "取消定时公开", "取消定时", "已经取消定时，等您公开或者另定时间。"
    ),
    "propose_withholding": Act(
        ProposeForm,
        withheld.propose_withholding,
        "这份信息不能主动公开",
        "提出不主动公开",
        "已经提出，等另一个人审查。",
    ),
    "review_withholding": Act(
        ConfirmForm, withheld.review_withholding, "审查：同意不主动公开", "同意", "已经同意，等签发人决定。"
    ),
    "withhold": Act(
        MonthsForm, withheld.withhold, "决定不主动公开", "就这样决定", "已经决定。标题和依据的条款列在公开的清单里。"
    ),
    "keep_withheld": Act(
        KeepForm, withheld.keep_withheld, "再审查过了，还不能公开", "还不公开", "已经记下，下次再审查的日子也定了。"
    ),
    "open_up": Act(
        OpenForm, withheld.open_up, "再审查过了，可以公开了", "转为公开", "已经转成草稿，照平常送审、签发、公开。"
    ),
    "link": Act(
        LinkForm, linking.link, "和别的文件的关系：解读、修改、依据", "注明", "已经注明，两份文件的公开页都有链接。"
    ),
    "unlink": Act(UnlinkForm, linking.unlink, "取消和别的文件的关系", "取消", "已经取消。"),
    "repeal": Act(RepealForm, terms.repeal, "废止这份文件", "废止", "已经废止，正文仍然看得到。", "danger"),
}


def open_to(request: HttpRequest, edition: Edition) -> list[str]:
    """The acts this person may do with the edition as it stands."""
    return [name for name in ACTS if offered(EDITION[name], edition.state, request.viewer)]


def forms_for(request: HttpRequest, edition: Edition, refused: dict[str, forms.Form]) -> list[dict[str, Any]]:
    """Those acts with their forms, as the page shows them; a refused one open, with what was typed."""
    return [
        {
            "name": name,
            "act": ACTS[name],
            "form": refused.get(name) or ACTS[name].form(prefix=name, initial={"months": request.town.review_months}),
            "open": name in refused,
        }
        for name in open_to(request, edition)
    ]
