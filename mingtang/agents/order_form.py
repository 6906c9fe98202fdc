"""What is asked of whoever wants an agent, on the public site as at the desk. Rules live in ``principals``."""

from collections.abc import Iterable
from typing import Any

from django import forms

from mingtang.agents.enums import Need, Place
from mingtang.agents.principals import Principal
from mingtang.hall.models import Site

PICK = {"required": "请选择。", "invalid_choice": "请从列出的里面选一个。"}


class PersonForm(forms.Form):
    """Whose order it is, and where it is taken."""

    place = forms.ChoiceField(
        label="在哪里办", choices=Place.choices, widget=forms.RadioSelect, initial=Place.STATION, error_messages=PICK
    )
    name = forms.CharField(label="谁要办，姓名", max_length=50, error_messages={"required": "请填写要办的人的姓名。"})
    phone = forms.CharField(label="电话", max_length=20, required=False, help_text="没有电话的，写住址就行。")
    address = forms.CharField(label="住址", max_length=100, required=False, help_text="上门办的要填，写到几组。")
    need = forms.ChoiceField(
        label="为什么出不了门",
        choices=[(value, label) for value, label in Need.choices if value],
        required=False,
        help_text="上门办的要选。",
        error_messages=PICK,
    )
    asker = forms.CharField(
        label="替别人申请的，您是谁", max_length=100, required=False, help_text="例如：女儿，电话 0730-5550123。"
    )

    def principal(self) -> Principal:
        """Who was typed, not checked yet; of a valid form."""
        typed = self.cleaned_data
        names = ("name", "phone", "address", "id_number", "need", "asker")
        return Principal(**{name: typed.get(name, "") for name in names})


class AskForm(PersonForm):
    """A request to a station; where there is one station it is chosen already."""

    station = forms.ChoiceField(label="请哪个村的代办员", error_messages=PICK)
    item = forms.ChoiceField(label="要办什么", required=False, error_messages=PICK)

    def __init__(self, *args: Any, stations: Iterable[Site], items: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(row.code, row.name) for row in stations]
        self.fields["station"].choices = choices
        self.fields["item"].choices = [("", "还不清楚，见面再说"), *items]
        self.initial.setdefault("place", Place.HOME)
        if len(choices) == 1:
            self.initial["station"] = choices[0][0]
