"""The form of a story: its head, and paragraph by paragraph what is said and where it was taken from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from mingtang.desk.forms import PICK, DayField
from mingtang.disclosure.enums import Mark
from mingtang.disclosure.models import Claim
from mingtang.disclosure.stories.claims import MOST, MOST_SPEAKER, MOST_TEXT, Typed
from mingtang.disclosure.stories.source import LONGEST

# Empty paragraphs below those that are written.
MORE = 3


class StoryForm(forms.Form):
    """What stands above the paragraphs."""

    title = forms.CharField(label="标题", max_length=200, error_messages={"required": "还没有标题。请写上标题。"})
    note = forms.CharField(
        label="为什么出新版",
        max_length=200,
        help_text="这句话会公开，写在变更记录里。",
        error_messages={"required": "请写明为什么要出新版，这句话会公开。"},
    )
    unit = forms.ChoiceField(label="发布机构", error_messages=PICK)
    generated_on = DayField(
        label="写成的日期",
        required=False,
        help_text="送审以前要填。",
        error_messages={"invalid": "请写成 2026-11-24 这样。"},
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], fixed: bool, note: bool, **more: Any) -> None:
        """``fixed``: the table above the text was published and stays; ``note``: a new edition says why."""
        super().__init__(*args, **more)
        self.fields["unit"].choices = [("", "请选择"), *units]
        for name in ("unit", "generated_on") if fixed else ():
            del self.fields[name]
        if not note:
            del self.fields["note"]


@dataclass
class Row:
    """A paragraph on the form. ``place``: where it shall stand; ``source``: what was found at its address."""

    number: int
    typed: Typed
    place: str = ""
    source: str = ""


def rows_of(typed: Sequence[Typed]) -> list[Row]:
    """These paragraphs and some empty ones below."""
    blank = [Typed(Mark.CLAIM, "")] * min(MORE, max(0, MOST - len(typed)))
    return [Row(number, one, str(number)) for number, one in enumerate([*typed, *blank], 1)]


def rows_from(request: HttpRequest) -> list[Row]:
    """What was typed, in the order that was asked for; a paragraph moved to a place stands before what stood there."""
    count = request.POST.get("count", "")
    found = []
    for number in range(1, (min(int(count), MOST + MORE) if count.isascii() and count.isdigit() else 0) + 1):

        def sent(name: str, most: int, number: int = number) -> str:
            return request.POST.get(f"{name}-{number}", "")[: 2 * most]

        typed = Typed(
            sent("mark", 10), sent("text", MOST_TEXT), sent("speaker", MOST_SPEAKER), sent("address", LONGEST)
        )
        place = sent("place", 2)
        found.append(Row(number, typed, place if place.isascii() and place.isdigit() else str(number)))
    return sorted(found, key=lambda row: (int(row.place), -abs(row.number - int(row.place)), row.number))


def typed_of(claims: Sequence[Claim]) -> list[Typed]:
    """What a revision holds, as it is typed."""
    return [Typed(one.mark, one.text, one.speaker, one.address) for one in claims]
