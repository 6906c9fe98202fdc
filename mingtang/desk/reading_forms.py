"""Forms of 看得懂吗."""

from typing import Any

from django import forms

from mingtang.desk.forms import NEEDED, PICK
from mingtang.desk.study_forms import post_choices
from mingtang.scrutiny.models import ReadCheck
from mingtang.scrutiny.reading import FEWEST, MOST, MOST_SLIPS, OPTION, QUESTIONS, QUOTE, TEXT, Asked
from mingtang.towns.models import Jurisdiction

LETTERS = "甲乙丙丁"
PRINT_AT_ONCE = 100
COUNT = dict.fromkeys(("required", "invalid", "min_value", "max_value"), f"请填写 1 到 {PRINT_AT_ONCE} 的整数。")


class CheckForm(forms.Form):
    """Three questions: ``q0_text``, ``q0_o0`` … ``q0_correct``, ``q0_quote``; and who rewrites."""

    owner = forms.ChoiceField(
        label="看不懂的话由哪个岗位改写",
        help_text="答对的不到及格线，这个岗位会有一件改写的任务。",
        error_messages=PICK,
    )

    def __init__(self, data: Any, *, town: Jurisdiction, owner: int | None, old: ReadCheck | None) -> None:
        super().__init__(data, initial={"owner": owner or ""})
        self.fields["owner"].choices = [("", "请选择"), *post_choices(town)]
        for place in range(QUESTIONS):
            self._add(f"q{place}_", f"第 {place + 1} 题")
        self.order_fields([*(name for name in self.fields if name != "owner"), "owner"])
        for place, one in enumerate(old.questions if old else []):
            named = {f"o{number}": option for number, option in enumerate(one["options"])}
            named |= {name: one[name] for name in ("text", "correct", "quote")}
            self.initial |= {f"q{place}_{name}": value for name, value in named.items()}

    def _add(self, name: str, title: str) -> None:
        self.fields[f"{name}text"] = forms.CharField(
            label=f"{title}问什么",
            max_length=TEXT,
            help_text="问办事用得着的，例如：哪一天以前要交？",
            error_messages={"required": f"请写{title}问什么。"},
        )
        for number, letter in enumerate(LETTERS[:MOST]):
            self.fields[f"{name}o{number}"] = forms.CharField(
                label=f"{title}选项{letter}", max_length=OPTION, required=number < FEWEST, error_messages=NEEDED
            )
        self.fields[f"{name}correct"] = forms.ChoiceField(
            label=f"{title}哪一个对",
            choices=[("", "请选择"), *((str(number), letter) for number, letter in enumerate(LETTERS[:MOST]))],
            error_messages=PICK,
        )
        self.fields[f"{name}quote"] = forms.CharField(
            label=f"{title}原文怎么说",
            max_length=QUOTE,
            widget=forms.Textarea,
            help_text="从公开的原文里照抄一句，答完了给群众看。",
            error_messages={"required": f"请抄一句原文，让人看得出{title}的答案。"},
        )

    def asked(self) -> list[Asked]:
        """What was typed; an empty option between two stays, and is refused."""
        found = []
        for place in range(QUESTIONS):
            typed = {name: self.cleaned_data[f"q{place}_{name}"] for name in ("text", "correct", "quote")}
            options = [self.cleaned_data[f"q{place}_o{number}"] for number in range(MOST)]
            while options and not options[-1]:
                options.pop()
            found.append(Asked(typed["text"], tuple(options), int(typed["correct"]), typed["quote"]))
        return found


class PrintForm(forms.Form):
    count = forms.IntegerField(
        label="再打几张",
        min_value=1,
        max_value=PRINT_AT_ONCE,
        initial=20,
        help_text=f"一张纸条一个人答一次。一份文件最多 {MOST_SLIPS} 张。",
        error_messages=COUNT,
    )


class EnterForm(forms.Form):
    """A slip of paper, or what somebody says on the telephone."""

    number = forms.CharField(label="编号", max_length=20, help_text="例如 K001023。", error_messages=NEEDED)
    code = forms.CharField(label="答题码", max_length=20, error_messages=NEEDED)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        letters = [(str(number), letter) for number, letter in enumerate(LETTERS[:MOST])]
        for place in range(QUESTIONS):
            self.fields[f"q{place}"] = forms.ChoiceField(
                label=f"第 {place + 1} 题",
                choices=[*letters, ("no", "不知道、没有勾")],
                widget=forms.RadioSelect,
                error_messages=PICK,
            )

    def choices(self) -> list[int | None]:
        typed = [self.cleaned_data[f"q{place}"] for place in range(QUESTIONS)]
        return [None if one == "no" else int(one) for one in typed]
