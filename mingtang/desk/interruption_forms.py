"""What is typed at the desk about a notice of interruption. The room holds the rules."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.timezone import localtime as moment

from mingtang.desk.forms import PICK, MomentField
from mingtang.people.models import Village
from mingtang.utilities.enums import Cut, Urgency
from mingtang.utilities.interruptions import MAX_PLACES, MAX_TEXT, Told
from mingtang.utilities.models import Interruption

WHEN = {"required": "请写日期和时间。"}


class ToldForm(forms.Form):
    """What people read. ``villages``: those of the town to choose from; where none is entered, nothing is chosen."""

    starts_at = MomentField(label="从什么时候停", error_messages=WHEN)
    ends_at = MomentField(label="什么时候恢复", help_text="说不准的写预计，变了再改。", error_messages=WHEN)
    villages = forms.ModelMultipleChoiceField(
        Village.objects.none(),
        label="哪些村（社区）",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选哪些村（社区）。", "invalid_choice": "请从列出的村里选。"},
    )
    places = forms.CharField(
        label="哪几个组、哪条街",
        max_length=MAX_PLACES,
        required=False,
        widget=forms.Textarea,
        help_text="只停一部分的写明，连村名一起写，例如：长堤村一至四组，集镇人民路。整村都停的不用写。",
        error_messages={"required": "请写明哪些村、哪些组、哪条街。"},
    )
    reason = forms.CharField(label="为什么停", max_length=MAX_TEXT, error_messages={"required": "请写明为什么停。"})
    advice = forms.CharField(
        label="群众要做什么",
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea,
        help_text="例如：请提前存水；家里有人用呼吸机的，请打服务电话。",
    )

    def __init__(self, *args: Any, villages: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if villages:
            cast(forms.ModelMultipleChoiceField, self.fields["villages"]).queryset = villages
        else:
            del self.fields["villages"]
            self.fields["places"].required = True

    @property
    def told(self) -> Told:
        return Told(**{name: self.cleaned_data[name] for name in ToldForm.base_fields if name in self.fields})


class NewForm(ToldForm):
    cut = forms.ChoiceField(label="停什么", choices=Cut.choices, error_messages=PICK)
    urgency = forms.ChoiceField(
        label="是哪一种",
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        help_text="突发的马上公开，事后由第二个人核对；其余的由第二个人核对以后才发出。",
        error_messages=PICK,
    )
    field_order = ("cut", "urgency")


class ActForm(forms.Form):
    """An act that asks nothing more."""

    def __init__(self, *args: Any, row: Interruption, **more: Any) -> None:
        super().__init__(*args, **more)
        self.row = row

    def typed(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class WhyForm(ActForm):
    why = forms.CharField(
        label="为什么", max_length=200, help_text="这句话会公开。", error_messages={"required": "请写明为什么。"}
    )


class ChangeForm(ToldForm, WhyForm):
    def __init__(self, *args: Any, row: Interruption, **more: Any) -> None:
        chosen = list(row.villages.all())
        held = {"reason": row.reason, "advice": row.advice, "villages": [village.pk for village in chosen]}
        held["places"] = "" if row.places == "、".join(map(str, chosen)) else row.places
        held |= {name: f"{moment(getattr(row, name)):%Y-%m-%dT%H:%M}" for name in ("starts_at", "ends_at")}
        villages = Village.objects.filter(Q(closed_on__isnull=True) | Q(pk__in=held["villages"]), town=row.town)
        super().__init__(*args, row=row, villages=villages, initial=held, **more)

    def typed(self) -> dict[str, Any]:
        return {"told": self.told, "why": self.cleaned_data["why"]}


class RestoreForm(ActForm):
    restored_at = MomentField(label="什么时候恢复的", error_messages=WHEN)


FORMS: dict[str, type[ActForm]] = {
    "announce": ActForm,
    "confirm": ActForm,
    "restore": RestoreForm,
    "change": ChangeForm,
    "withdraw": WhyForm,
}
