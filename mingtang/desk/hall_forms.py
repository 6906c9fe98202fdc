"""Forms of the hall: sites, windows, opening bands, cards."""

from datetime import time
from typing import Any

from django import forms

from mingtang.desk.forms import NEEDED, PICK
from mingtang.hall.enums import BandKind, MarketCalendar, SiteKind, WindowKind
from mingtang.hall.models import Site
from mingtang.people.enums import Permission
from mingtang.people.models import Assignment, Post, Staff, Unit
from mingtang.towns.models import Jurisdiction


def window_posts(town: Jurisdiction) -> list[Post]:
    """The posts that may sit at a window."""
    rows = Post.objects.filter(town=town, unit__dissolved_on__isnull=True).select_related("unit").order_by("unit", "pk")
    return [post for post in rows if Permission.CASE_INTAKE in post.permissions]


class ClockField(forms.CharField):
    """A time of the day: ``8:30``, ``08:30`` or ``8：30``."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, max_length=5, error_messages={"required": "请写时间，例如 8:30。"})

    def clean(self, value: Any) -> time:
        text = super().clean(value).replace("：", ":").strip()
        try:
            hour, minute = map(int, text.split(":"))
            return time(hour, minute)
        except ValueError as error:
            raise forms.ValidationError("请把时间写成 8:30 这样，24 小时制。") from error


class SiteForm(forms.Form):
    code = forms.CharField(
        label="代码", max_length=40, help_text="小写字母、数字和短横，是网址的一部分，定了不改。", error_messages=NEEDED
    )
    kind = forms.ChoiceField(label="类别", choices=SiteKind.choices, error_messages=PICK)
    name = forms.CharField(label="名称", max_length=60, error_messages=NEEDED)
    address = forms.CharField(label="地址", max_length=100, error_messages=NEEDED)
    phone = forms.CharField(label="电话", max_length=30, error_messages=NEEDED)
    market_calendar = forms.ChoiceField(
        label="赶集按哪种历", choices=[("", "不赶集"), *MarketCalendar.choices], required=False, error_messages=PICK
    )
    days = forms.CharField(
        label="赶集日", max_length=60, required=False, help_text="写“逢3、8”，或者每月哪几天，例如“1、15”。"
    )

    book_share = forms.IntegerField(
        label="最多让人预约百分之几",
        initial=0,
        help_text="0 是不开预约，最多 50：至少一半留给直接来的人。",
        error_messages={**NEEDED, "invalid": "请写数字。"},
    )
    visit_minutes = forms.IntegerField(
        label="一个人平均办几分钟", initial=15, error_messages={**NEEDED, "invalid": "请写数字。"}
    )

    def __init__(self, *args: Any, fixed: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if fixed:
            del self.fields["code"]


class WindowForm(forms.Form):
    number = forms.IntegerField(
        label="窗口号", help_text="写已有的号，就是改那个窗口。", error_messages={**NEEDED, "invalid": "请写数字。"}
    )
    name = forms.CharField(label="名称", max_length=40, error_messages=NEEDED)
    kind = forms.ChoiceField(
        label="类别", choices=WindowKind.choices, help_text="综合窗口什么事都收。", error_messages=PICK
    )
    post = forms.ModelChoiceField(Post.objects.none(), label="由哪个岗位坐", error_messages=PICK)

    def __init__(self, *args: Any, site: Site, **more: Any) -> None:
        super().__init__(*args, **more)
        posts = [post.pk for post in window_posts(site.town)]
        self.fields["post"].queryset = Post.objects.filter(pk__in=posts).select_related("unit")


class BandForm(forms.Form):
    kind = forms.ChoiceField(label="哪些日子", choices=BandKind.choices, error_messages=PICK)
    starts = ClockField("从")
    ends = ClockField("到")
    posts = forms.ModelMultipleChoiceField(
        Post.objects.none(),
        label="谁在岗",
        widget=forms.CheckboxSelectMultiple,
        help_text="只有他们办得了的事，网页上才列在这个时段；当场能不能办结，看决定的岗位在不在。",
        error_messages={"required": "没有人在岗，开着门也办不了事。请选上在岗的岗位。"},
    )

    def __init__(self, *args: Any, site: Site, **more: Any) -> None:
        super().__init__(*args, **more)
        units = Unit.objects.filter(town=site.town, dissolved_on__isnull=True)
        rows = Post.objects.filter(town=site.town, unit__in=units).select_related("unit").order_by("unit", "pk")
        works = (Permission.CASE_INTAKE, Permission.CASE_WORK, Permission.CASE_DECIDE)
        may = [post.pk for post in rows if post.permissions.intersection(works)]
        self.fields["posts"].queryset = rows.filter(pk__in=may)


class BadgeForm(forms.Form):
    holder = forms.ChoiceField(label="给谁发证", error_messages=PICK)
    photo = forms.FileField(
        label="照片", required=False, help_text="一寸或者两寸正面照，JPG 或 PNG，不超过 2 MB。可以以后再补。"
    )

    def __init__(self, *args: Any, holders: list[Assignment], **more: Any) -> None:
        super().__init__(*args, **more)
        self.rows = {str(row.pk): row for row in holders}
        self.fields["holder"].choices = [(pk, f"{row.staff.name}，{row.post}") for pk, row in self.rows.items()]

    def chosen(self) -> tuple[Staff, Post]:
        row = self.rows[self.cleaned_data["holder"]]
        return row.staff, row.post


class RuleForm(forms.Form):
    name = forms.CharField(label="谁优先", max_length=40, help_text="例如：七十岁以上的老人。", error_messages=NEEDED)
    minutes = forms.IntegerField(
        label="提前几分钟排", help_text="1 到 60。", error_messages={**NEEDED, "invalid": "请写数字。"}
    )
    basis = forms.CharField(label="依据", max_length=100, error_messages=NEEDED)
    quick = forms.BooleanField(label="快办：只办一件当场办结的事，取号时自动算", required=False)
