"""The sheet of the secrecy review as a form: for each thing the four sides and a note, nothing ticked beforehand."""

from typing import Any

from django import forms
from django.forms import BoundField

from mingtang.disclosure import comments
from mingtang.disclosure.enums import Side
from mingtang.disclosure.models import Revision
from mingtang.disclosure.reviewing import CLEAR, CONCERN, MOST_NOTE, QUESTIONS, Answers, Sheet, Thing, things

ANSWERS = [(CLEAR, "没有"), (CONCERN, "有")]


class PleaForm(forms.Form):
    plea = forms.CharField(
        label="为什么这几处要照样公开",
        max_length=200,
        widget=forms.Textarea,
        help_text="例如：是便民服务点公布的办公手机。审查员看了再定，同意的写进审查记录。",
        error_messages={"required": "请写明为什么这几处要照样公开。"},
    )


class CommentForm(forms.Form):
    text = forms.CharField(
        label="意见",
        max_length=comments.MOST,
        widget=forms.Textarea,
        help_text="只给起草、审查、签发的同事看，不会公开。没有了结以前不能签发。",
        error_messages={"required": "请写意见。"},
    )


class SheetForm(forms.Form):
    """``warned``: how many warnings there are to be looked at."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    warnings_seen = forms.BooleanField(required=False)

    def __init__(self, *args: Any, revision: Revision, warned: int, **more: Any) -> None:
        super().__init__(*args, initial={"seen": revision.sha256}, **more)
        self.things = things(revision)
        if warned:
            self.fields["warnings_seen"].label = f"上面黄色的提示（{warned} 处），我都看过，不用改"
        else:
            del self.fields["warnings_seen"]
        for thing in self.things:
            for side, question in QUESTIONS.items():
                asked = f"“{thing.name}”还没有答有没有“{Side(side).label}”。请选择。"
                self.fields[f"{thing.key}-{side}"] = forms.ChoiceField(
                    label=question.asks,
                    choices=ANSWERS,
                    widget=forms.RadioSelect,
                    help_text=f"{question.basis}。{question.unless}",
                    error_messages={"required": asked, "invalid_choice": asked},
                )
            self.fields[f"{thing.key}-note"] = forms.CharField(label="说明", max_length=MOST_NOTE, required=False)

    def rows(self) -> list[tuple[Thing, list[BoundField], BoundField]]:
        """Each thing with its questions and its note."""
        return [
            (thing, [self[f"{thing.key}-{side}"] for side in QUESTIONS], self[f"{thing.key}-note"])
            for thing in self.things
        ]

    def sheet(self) -> Sheet:
        said = self.cleaned_data
        answers = {
            thing.key: Answers({side: said[f"{thing.key}-{side}"] for side in QUESTIONS}, said[f"{thing.key}-note"])
            for thing in self.things
        }
        return Sheet(said["seen"], answers, said.get("warnings_seen", False))
