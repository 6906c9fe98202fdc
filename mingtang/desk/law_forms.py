"""Forms of the law library. Rules live in the room; a form only says what was typed where."""

import re
from typing import Any

from django import forms

from mingtang.desk.forms import PICK, DayField
from mingtang.rulebook.laws.levels import LawLevel

OWN, NATIONAL = "own", "national"
LONGEST_TEXT = 1_000_000


class LawForm(forms.Form):
    """A law or a town's own paper, its text pasted whole."""

    place = forms.ChoiceField(
        label="收入哪里",
        choices=[(OWN, "本镇文件：镇里自己发的规范性文件"), (NATIONAL, "国家法规库：法律、法规、规章和上级文件")],
        widget=forms.RadioSelect,
        error_messages=PICK,
    )
    title = forms.CharField(
        label="名称",
        max_length=200,
        help_text="写全称，不用加书名号。",
        error_messages={"required": "请填写名称。"},
    )
    short_titles = forms.CharField(
        label="简称", max_length=300, required=False, help_text="写依据时常用的叫法，几个的用顿号隔开。"
    )
    level = forms.ChoiceField(
        label="效力层级",
        choices=[("", "请选择"), *LawLevel.choices],
        help_text="本镇自己的文件一律是规范性文件。",
        error_messages=PICK,
    )
    issuer = forms.CharField(label="制定机关", max_length=120, required=False)
    doc_number = forms.CharField(label="文号", max_length=80, required=False, help_text="例如：万政发〔2026〕3号。")
    region = forms.CharField(
        label="地域", max_length=20, required=False, help_text="只在一个地方施行的才填，例如：湖南。"
    )
    published_on = DayField(label="公布日期", required=False)
    effective_on = DayField(
        label="施行日期", required=False, help_text="正文写着“自……起施行”的，可以不填，从正文里读。"
    )
    complete = forms.BooleanField(
        label="下面是全文", required=False, help_text="只有一部分条款的不要勾，网页上会写明没有收录全文。"
    )
    body = forms.CharField(
        label="正文",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="把全文粘贴进来。“第一条”“第二条”写在一段的开头，系统照它分条；章、节的标题不收。",
        error_messages={"required": "请把正文粘贴进来。"},
    )

    def __init__(self, *args: Any, shared: bool = False, correcting: bool = False, **more: Any):
        """``shared``: the national library is not this town's to keep; ``correcting``: what makes it this law stays."""
        super().__init__(*args, **more)
        gone = ("place", "title", "effective_on") if correcting else ("complete",)
        for name in (*gone, *(("place",) if shared and not correcting else ())):
            del self.fields[name]

    def clean_short_titles(self) -> list[str]:
        return [
            one for part in re.split(r"[、，,；;\n]", self.cleaned_data["short_titles"]) if (one := part.strip("《》 "))
        ]


class AmendForm(forms.Form):
    """How an article reads from a day on; ``known``: there is one to be changed or struck out."""

    what = forms.ChoiceField(
        label="怎么改",
        choices=[("reword", "改成下面的条文"), ("strike", "删去这一条")],
        widget=forms.RadioSelect,
        error_messages=PICK,
    )
    text = forms.CharField(
        label="修改以后的条文",
        max_length=20_000,
        widget=forms.Textarea,
        error_messages={"required": "请填写修改以后的条文；这一条被删去的，请选“删去这一条”。"},
    )
    on = DayField(
        label="从哪天起", help_text="修改决定写的施行日期。", error_messages={"required": "请填写从哪天起施行。"}
    )

    def __init__(self, *args: Any, known: bool, **more: Any):
        super().__init__(*args, **more)
        if known:
            self.fields["text"].required = self.data.get("what") != "strike"
            return
        del self.fields["what"]
        self.fields["text"].label = "增加的条文"
        self.fields["text"].error_messages["required"] = "请填写增加的条文。"


class AbolishForm(forms.Form):
    on = DayField(
        label="从哪天起废止",
        help_text="这一天起不再有效。可以是将来的日期。",
        error_messages={"required": "请填写从哪天起废止。"},
    )
    reason = forms.CharField(
        label="废止的依据",
        max_length=200,
        help_text="新法的施行条款，或者废止决定的名称和文号。这句话会公开。",
        widget=forms.Textarea,
        error_messages={"required": "请写明废止的依据，例如新法的施行条款或者废止决定的文号。"},
    )
    replaced_by = forms.CharField(
        label="被哪一部替代", max_length=200, required=False, help_text="法规库里有的才填，写名称或者简称。"
    )
