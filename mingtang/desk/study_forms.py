"""What is typed at the desk about law pages, campaigns, training and questions. The room holds the rules."""

from typing import Any

from django import forms
from django.utils import timezone

from mingtang.desk.forms import PICK, DayField
from mingtang.lib.errors import Refused
from mingtang.people.models import Post
from mingtang.rulebook.laws.citing import citations
from mingtang.rulebook.laws.resolve import cited_as
from mingtang.study import pages, questions
from mingtang.study.enums import Counting, Manner
from mingtang.study.limits import LIMIT, LONGER, RULES
from mingtang.study.outreach import ABOUT, CAPTION, PLACE
from mingtang.study.subjects import Statement, Words
from mingtang.study.training import SPEAKER, SUBJECT
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.packs import rules_on

# Empty statements offered below those that stand.
SPARE = 2
WRONG = {"invalid": "请填一个数字。"}
PARTS = ("head", "text", "cites", "rule", "link_label", "link_url")


def post_choices(town: Jurisdiction) -> list[tuple[int, str]]:
    """The posts of the town's own units and of the utilities, by unit."""
    return [
        (post.pk, str(post))
        for post in Post.objects.filter(town=town).select_related("unit").order_by("unit__order", "pk")
    ]


def read_citations(text: str) -> tuple[tuple[str, str], ...]:
    """A citation a line. Raises ``ValidationError`` naming the line in which none can be read."""
    found: list[tuple[str, str]] = []
    for line in filter(str.strip, text.splitlines()):
        pairs = list(citations(line))
        if not pairs:
            raise forms.ValidationError(f"“{line.strip()[:30]}”读不出是哪一条。请写成《政府信息公开条例》第二十九条。")
        found += pairs
    return tuple(found)


class PageForm(forms.Form):
    """A page with its statements, one after the other: ``s0_head``, ``s0_text`` … Empty ones are left out."""

    title = forms.CharField(label="主题", max_length=pages.TITLE, error_messages={"required": "请写明主题。"})
    lead = forms.CharField(
        label="一句话", max_length=pages.LEAD, error_messages={"required": "请用一句话写明这一页说什么。"}
    )
    owner = forms.ChoiceField(
        label="责任岗位", help_text="法律变了，由谁重写。公开页上写这个岗位。", error_messages=PICK
    )

    def __init__(self, data: Any = None, *, town: Jurisdiction, words: Words, owner: Post | None) -> None:
        super().__init__(data, initial={"title": words.title, "lead": words.lead, "owner": owner.pk if owner else ""})
        self.fields["owner"].choices = [("", "请选择"), *post_choices(town)]
        limits = {rule.id: f"{rule.title}：{rule.limit}" for rule in rules_on(timezone.localdate(), RULES)}
        self.count = min(len(words.statements) + SPARE, pages.MOST)
        for place in range(self.count):
            self._add(f"s{place}_", limits)
        for place, one in enumerate(words.statements):
            for name in PARTS:
                self.initial[f"s{place}_{name}"] = getattr(one, name)
            self.initial[f"s{place}_cites"] = "\n".join(cited_as(*pair) for pair in one.cites)

    def _add(self, name: str, limits: dict[str, str]) -> None:
        self.fields |= {
            f"{name}head": forms.CharField(label="说什么", max_length=pages.HEAD, required=False),
            f"{name}text": forms.CharField(
                label="大白话", max_length=pages.TEXT, required=False, widget=forms.Textarea,
                help_text=f"天数不要写数字，写 {LIMIT}、{LONGER}，再在下面选一条期限。",
            ),
            f"{name}cites": forms.CharField(
                label="依据", required=False, widget=forms.Textarea,
                help_text="一行一条，例如《政府信息公开条例》第二十九条。期限的依据不用写。",
            ),
            f"{name}rule": forms.ChoiceField(label="期限", required=False, choices=[("", "没有期限"), *limits.items()]),
            f"{name}link_label": forms.CharField(label="按钮上的字", max_length=pages.LABEL, required=False),
            f"{name}link_url": forms.CharField(label="按钮到哪里", max_length=pages.URL, required=False),
        }  # fmt: skip

    def parts(self) -> list[list[Any]]:
        """The fields of each statement, for the page."""
        return [[self[f"s{place}_{name}"] for name in PARTS] for place in range(self.count)]

    def clean(self) -> dict[str, Any]:
        for place in range(self.count):
            name = f"s{place}_cites"
            try:
                self.cleaned_data[name] = read_citations(self.cleaned_data.get(name, ""))
            except forms.ValidationError as error:
                self.add_error(name, error)
        return self.cleaned_data

    def _written(self) -> list[int]:
        return [place for place in range(self.count) if any(self.cleaned_data.get(f"s{place}_{one}") for one in PARTS)]

    def words(self) -> Words:
        typed = self.cleaned_data
        statements = [Statement(**{one: typed[f"s{place}_{one}"] for one in PARTS}) for place in self._written()]
        return Words(typed["title"], typed["lead"], tuple(statements))

    def refused(self, refusal: Refused) -> None:
        """What the room refused, at the statement it is about: it counts only those that were written."""
        field = refusal.field or ""
        if field.startswith("s") and "_" in field:
            place, _, name = field[1:].partition("_")
            field = f"s{self._written()[int(place)]}_{name}"
        self.add_error(field if field in self.fields else None, refusal.message)


class OutreachForm(forms.Form):
    held_on = DayField(label="哪一天", error_messages={"required": "请写明日期。"})
    place = forms.CharField(label="在哪里", max_length=PLACE, error_messages={"required": "请写明地点。"})
    manner = forms.ChoiceField(label="什么形式", choices=Manner.choices, error_messages=PICK)
    about = forms.CharField(label="讲了什么", max_length=ABOUT, error_messages={"required": "请写明讲了什么。"})
    people = forms.IntegerField(
        label="到了多少人", error_messages={"required": "请填人数。", "invalid": "请填一个数字，例如 35。"}
    )
    counting = forms.ChoiceField(
        label="人数怎么来的", choices=Counting.choices, widget=forms.RadioSelect, error_messages=PICK
    )
    words = forms.CharField(
        label="照片、材料是什么",
        max_length=CAPTION,
        required=False,
        help_text="放了文件就要写，例如：集市上摆台，二十来个人围着看展板。不要放看得清脸、看得清证件的照片。",
    )


class SessionForm(forms.Form):
    held_on = DayField(label="哪一天", error_messages={"required": "请写明日期。"})
    hours = forms.DecimalField(
        label="学了几小时",
        max_digits=4,
        decimal_places=1,
        error_messages={"required": "请填小时数，例如 1.5。", "invalid": "请填小时数，例如 1.5。"},
    )
    subject = forms.CharField(label="主题", max_length=SUBJECT, error_messages={"required": "请写明主题。"})
    speaker = forms.CharField(
        label="主讲", max_length=SPEAKER, help_text="写岗位或者单位。", error_messages={"required": "请写明主讲。"}
    )
    studied = forms.CharField(
        label="学了哪几条、哪几份",
        widget=forms.Textarea,
        help_text="一行一条：法律写《政府信息公开条例》第二十九条，文件写索引号。",
        error_messages={"required": "请写明学了哪几条、哪几份。"},
    )
    posts = forms.MultipleChoiceField(
        label="请哪些岗位参加",
        widget=forms.CheckboxSelectMultiple,
        help_text="登记以后，当天在岗的人自己确认到没到。",
        error_messages=PICK | {"required": "请选参加的岗位。"},
    )

    def __init__(self, *args: Any, town: Jurisdiction, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["posts"].choices = post_choices(town)

    @property
    def minutes(self) -> int:
        return int(self.cleaned_data["hours"] * 60)


class RequirementForm(forms.Form):
    year = forms.IntegerField(label="从哪一年起", error_messages=WRONG | {"required": "请填年份。"})
    hours = forms.DecimalField(
        label="每人每年几小时", max_digits=4, decimal_places=1, error_messages=WRONG | {"required": "请填小时数。"}
    )


class QuestionForm(forms.Form):
    """A question about one record; ``o0`` … are its answers."""

    story = forms.CharField(
        label="案例",
        max_length=questions.STORY,
        widget=forms.Textarea,
        help_text="几句话说清出了什么事，最后问一句该怎么办。不写人名，写岗位。",
        error_messages={"required": "请写明案例。"},
    )
    correct = forms.ChoiceField(
        label="哪一个对",
        choices=[(str(place), f"选项 {'甲乙丙丁戊'[place]}") for place in range(questions.MOST)],
        error_messages=PICK,
    )
    cites = forms.CharField(
        label="依据哪一条",
        widget=forms.Textarea,
        help_text="一行一条，例如《行政许可法》第三十二条。",
        error_messages={"required": "请写明对的那个选项依据哪一条。"},
    )
    why = forms.CharField(
        label="为什么",
        max_length=questions.WHY,
        widget=forms.Textarea,
        help_text="答完马上看得到。",
        error_messages={"required": "请写明为什么。"},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for place, name in enumerate("甲乙丙丁戊"):
            self.fields[f"o{place}"] = forms.CharField(
                label=f"选项 {name}", max_length=questions.OPTION, required=place < questions.FEWEST,
                error_messages={"required": "至少写两个选项。"},
            )  # fmt: skip
        self.order_fields(["story", *(f"o{place}" for place in range(questions.MOST)), "correct", "why", "cites"])

    def clean_cites(self) -> tuple[tuple[str, str], ...]:
        return read_citations(self.cleaned_data["cites"])

    def draft(self, mistake: str, source: str) -> questions.Draft:
        """What was typed. The options stand without a gap, so that what was chosen is the one that was meant."""
        typed = self.cleaned_data
        options = [typed[f"o{place}"] for place in range(questions.MOST)]
        while options and not options[-1]:
            options.pop()
        names = {name: typed[name] for name in ("story", "why", "cites")}
        return questions.Draft(mistake, source, options=tuple(options), correct=int(typed["correct"]), **names)
