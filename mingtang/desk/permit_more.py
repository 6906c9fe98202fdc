"""What may be done with a permit, folded at the foot of its page: what each act asks, when it is offered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from mingtang.cases import actions
from mingtang.cases.enums import Asked, CancelGround, RevokeGround, ServeMode, WarnedOf, WithdrawGround
from mingtang.cases.models import Permit, PermitAsk, PermitWarning
from mingtang.cases.permits import PERMIT
from mingtang.desk.access import offered
from mingtang.desk.forms import PICK, DayField
from mingtang.people.models import Staff

ASK = ("", "请选择")


def _text(label: str, missing: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, help_text=hint, widget=forms.Textarea, error_messages={"required": missing}
    )


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[ASK, *choices], error_messages=PICK)


class AskChangeForm(forms.Form):
    text = _text("要变更什么", "请写明要变更什么，变成什么样。")


class AskRenewalForm(forms.Form):
    text = forms.CharField(label="说明", max_length=500, required=False, widget=forms.Textarea)


class ChangeForm(forms.Form):
    what = _text("变更为", "请写明变更为什么。", "会印在决定书上。")
    holder = forms.CharField(label="新的持证人", max_length=100, required=False, help_text="名称、姓名变了的才填。")


class NothingForm(forms.Form):
    """Only the button."""


class RefuseForm(forms.Form):
    kind = _choice("答复哪项申请", Asked.choices)
    reasons = _text("理由和依据", "请写明不予准许的理由和依据。", "会印在决定书上；救济途径自动写入。")


class WarnForm(forms.Form):
    of = _choice("拟作出什么决定", WarnedOf.choices)
    reasons = _text("事实和理由", "请写明事实和理由，当事人才能陈述、申辩。", "会印在告知书上。")


class ServedForm(forms.Form):
    served_on = DayField(label="送达日期", error_messages={"required": "请填写送达日期。"})
    mode = _choice("送达方式", ServeMode.choices)


class RevokeForm(forms.Form):
    ground = _choice("撤销的情形", RevokeGround.choices)
    reasons = _text("事实和理由", "请写明撤销的事实和理由。", "会印在决定书上；救济途径自动写入。")
    views = _text("当事人的意见", "请写明当事人的意见；没有提出的，写“到期没有提出意见”。")
    no_grave_harm = forms.BooleanField(
        label="已经核实，撤销不会对公共利益造成重大损害",
        error_messages={"required": "可能对公共利益造成重大损害的，不能撤销。请核实以后勾选。"},
    )


class WithdrawForm(forms.Form):
    ground = _choice("撤回的情形", WithdrawGround.choices)
    reasons = _text("事实、理由和公共利益的需要", "请写明撤回的事实、理由和公共利益的需要。", "会印在决定书上。")
    views = _text("当事人的意见", "请写明当事人的意见；没有提出的，写“到期没有提出意见”。")
    compensation = _text("怎样补偿", "请写明怎样补偿；没有财产损失的，写明“没有造成财产损失”。", "会印在决定书上。")


class CancelForm(forms.Form):
    ground = _choice("注销的情形", CancelGround.choices)
    reasons = _text("事实和理由", "请写明注销的事实和理由。", "会印在决定书上；救济途径自动写入。")


class ReissueForm(forms.Form):
    reasons = forms.CharField(
        label="补发的原因", max_length=200, error_messages={"required": "请写明为什么补发，例如遗失、损毁。"}
    )


@dataclass(frozen=True)
class Now:
    """A permit as its page is made: what is asked of it, the last warning, whether its days are over."""

    permit: Permit
    asks: tuple[PermitAsk, ...]
    warning: PermitWarning | None
    expired: bool

    def asked(self, kind: str) -> bool:
        return any(row.kind == kind for row in self.asks)

    def warned(self, of: str) -> bool:
        return self.warning is not None and self.warning.of == of and self.warning.served_on is not None


def read(permit: Permit) -> Now:
    asks = tuple(permit.asks.filter(outcome="").order_by("pk"))
    return Now(permit, asks, permit.warnings.last(), permit.expired(timezone.localdate()))


@dataclass(frozen=True)
class Fold:
    """One act: ``form`` asks, ``run(permit, by, answers)`` does it, ``message`` is said afterwards."""

    button: str
    message: str
    form: type[forms.Form]
    run: Callable[..., object]
    when: Callable[[Now], bool]
    hint: str = ""
    danger: bool = False


SERVED = "请把文书送达当事人。"
FOLDS = {
    "renew": Fold(
        "准予延续",
        f"已经准予延续，有效期接着算。{SERVED}",
        NothingForm,
        actions.renew,
        lambda now: now.asked(Asked.RENEW),
        "条件没有变的，准予延续。到期没有答复、申请又提得及时的，系统自动延续。",
    ),
    "change": Fold(
        "准予变更", f"已经准予变更。{SERVED}", ChangeForm, actions.change, lambda now: now.asked(Asked.CHANGE)
    ),
    "refuse_ask": Fold(
        "不予准许",
        f"已经作出不予决定。{SERVED}",
        RefuseForm,
        actions.refuse_ask,
        lambda now: bool(now.asks),
        danger=True,
    ),
    "ask_renewal": Fold(
        "收下延续申请",
        "已经收下，收件凭证在文书里，请交给申请人。",
        AskRenewalForm,
        actions.ask_renewal,
        lambda now: now.permit.valid_to is not None and not now.expired and not now.asked(Asked.RENEW),
    ),
    "ask_change": Fold(
        "收下变更申请",
        "已经收下，收件凭证在文书里，请交给申请人。",
        AskChangeForm,
        actions.ask_change,
        lambda now: not now.expired and not now.asked(Asked.CHANGE),
    ),
    "reissue": Fold(
        "补发", f"已经补发。{SERVED}", ReissueForm, actions.reissue, lambda now: not now.expired, "内容和有效期不变。"
    ),
    "warn": Fold(
        "制作告知书",
        "告知书在文书里。请送达当事人，再登记送达的日期。",
        WarnForm,
        actions.warn,
        lambda now: True,
        "撤销、撤回以前，先书面告知，听取意见；送达满五个工作日以后才能决定。",
    ),
    "serve_warning": Fold(
        "登记送达",
        "已经登记送达。",
        ServedForm,
        actions.serve_warning,
        lambda now: now.warning is not None and now.warning.served_on is None,
    ),
    "revoke": Fold(
        "撤销",
        f"已经撤销。{SERVED}",
        RevokeForm,
        actions.revoke,
        lambda now: now.warned(WarnedOf.REVOKE),
        "以欺骗、贿赂等不正当手段取得的，应当撤销。",
        danger=True,
    ),
    "withdraw_permit": Fold(
        "撤回", f"已经撤回。{SERVED}", WithdrawForm, actions.withdraw_permit, lambda now: now.warned(WarnedOf.WITHDRAW),
        "法律变了，或者客观情况发生重大变化，为了公共利益才能撤回；造成损失的要补偿。", danger=True,
    ),
    "cancel": Fold(
        "注销", f"已经注销。{SERVED}", CancelForm, actions.cancel, lambda now: True, "注销以后记录仍在，写明已注销。",
        danger=True,
    ),
}  # fmt: skip


def folds(request: HttpRequest, now: Now, bound: dict[str, forms.Form]) -> list[dict[str, Any]]:
    """What this person may do now; ``bound`` holds the form that was refused, by act."""
    return [
        {"key": key, "title": PERMIT[key].title, "fold": fold, "form": bound.get(key) or fold.form(prefix=key)}
        for key, fold in FOLDS.items()
        if offered(PERMIT[key], now.permit.state, request.viewer) and fold.when(now)
    ]


def run(key: str, permit: Permit, by: Staff, answers: dict[str, Any]) -> None:
    FOLDS[key].run(permit=permit, by=by, **answers)
