"""Forms of 帮办代办 at the desk: what an agent writes down in a yard."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from mingtang.agents.actions import Slip, Taking
from mingtang.agents.enums import Way
from mingtang.agents.models import Order
from mingtang.agents.order_form import PersonForm
from mingtang.agents.originals import Paper
from mingtang.agents.principals import Terms
from mingtang.agents.states import SCOPE
from mingtang.desk.forms import NEEDED, PICK, DayField, MomentField
from mingtang.hall.models import Pad, Site
from mingtang.rulebook.models import Item, ItemFacts

MOST_ITEMS, MOST_PAPERS, TERM = 3, 6, timedelta(days=90)
USUAL = ("身份证", "户口本", "残疾人证", "不动产权证书", "林权证", "社会保障卡", "结婚证", "病历", "照片")
WAYS = {"required": "请选是在纸上签字，还是报查询码。", "invalid_choice": "请选是在纸上签字，还是报查询码。"}


def item_choices(request: HttpRequest) -> list[tuple[str, str]]:
    """The items in force, by name."""
    rows = ItemFacts.objects.visible_to(request.viewer).filter(suspended=False).select_related("item")
    return [(row.item.code, row.name) for row in rows.order_by("name")[:300]]


class TakeForm(PersonForm):
    """An order as it is taken; with ``order`` one that was asked for, whose place stands."""

    id_number = forms.CharField(label="身份证号码", max_length=20, required=False, help_text="填了，窗口不用再输一遍。")
    scope = forms.MultipleChoiceField(
        label="委托代办员做什么",
        choices=list(SCOPE.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选委托代办员做什么，至少一样。"},
    )
    until = DayField(label="委托有效期到", error_messages=NEEDED)
    way = forms.ChoiceField(
        label="委托人怎样同意的", choices=Way.choices, widget=forms.RadioSelect, error_messages=WAYS
    )
    code = forms.CharField(label="查询码", max_length=20, required=False, help_text="报查询码的才填。")
    pad = forms.ModelChoiceField(
        Pad.objects.none(), label="号单本", required=False, empty_label="没有用号单", error_messages=PICK
    )
    slip = forms.IntegerField(label="号单上的号", required=False, error_messages={"invalid": "请写数字。"})
    came_at = MomentField(label="号单上写的时间", required=False)

    def __init__(
        self, *args: Any, station: Site, items: list[tuple[str, str]], order: Order | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.order = order
        self.fields["pad"].queryset = Pad.objects.filter(site=station)
        for number in range(1, MOST_ITEMS + 1):
            self.fields[f"item_{number}"] = forms.ChoiceField(
                label="要办的事" if number == 1 else "还要办",
                choices=[("", "请选择"), *items],
                required=number == 1,
                error_messages=PICK,
            )
        for number in range(1, MOST_PAPERS + 1):
            self.fields[f"paper_{number}"] = forms.CharField(label=f"原件 {number}", max_length=40, required=False)
            self.fields[f"sheets_{number}"] = forms.IntegerField(
                label="几张", required=False, error_messages={"invalid": "请写数字。"}
            )
        self.initial.setdefault("scope", list(SCOPE))
        self.initial.setdefault("until", (timezone.localdate() + TERM).isoformat())
        if order is None:
            del self.fields["way"], self.fields["code"]
        else:
            del self.fields["place"]
            self.initial |= {**order.person, "item_1": order.wanted.code if order.wanted else ""}

    def papers(self) -> list[Paper]:
        typed = self.cleaned_data
        rows = ((typed.get(f"paper_{n}"), typed.get(f"sheets_{n}")) for n in range(1, MOST_PAPERS + 1))
        return [Paper(name, 1 if sheets is None else sheets) for name, sheets in rows if name]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("pad") and not (typed.get("slip") and typed.get("came_at")):
            self.add_error("slip", "用了号单的，号和上面写的时间都要填。")
        return typed

    def taking(self, items: dict[str, Item]) -> Taking:
        typed = self.cleaned_data
        codes = dict.fromkeys(typed[f"item_{n}"] for n in range(1, MOST_ITEMS + 1))
        slip = Slip(typed["pad"], typed["slip"], typed["came_at"]) if typed.get("pad") else None
        return Taking(
            items=[items[code] for code in codes if code in items],
            terms=terms_of(typed),
            papers=self.papers(),
            slip=slip,
        )


def terms_of(typed: dict[str, Any]) -> Terms:
    """The terms that were ticked."""
    return Terms(
        **{name: name in typed["scope"] for name in SCOPE},
        until=typed["until"],
        way=typed.get("way") or Way.SIGNED,
    )


class RenewForm(forms.Form):
    """The consent given anew."""

    scope = forms.MultipleChoiceField(
        label="委托代办员做什么",
        choices=list(SCOPE.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=list(SCOPE),
        error_messages={"required": "请选委托代办员做什么，至少一样。"},
    )
    until = DayField(label="委托有效期到", error_messages=NEEDED)
    way = forms.ChoiceField(label="怎样同意的", choices=Way.choices, widget=forms.RadioSelect, error_messages=WAYS)
    code = forms.CharField(label="查询码", max_length=20, required=False, help_text="报查询码的才填。")
