"""What is typed at the desk about boards. The room holds the rules."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest

from mingtang.boards.actions import MAX_NAME, MAX_PLACE, Facts
from mingtang.boards.enums import What
from mingtang.boards.hanging import MAX_NOTE, Photo
from mingtang.boards.models import CHECK_DAYS, MOST_DAYS, Board
from mingtang.desk.forms import NEEDED, PICK
from mingtang.desk.item_named import item_named
from mingtang.disclosure.derived.template import templates
from mingtang.disclosure.models import Document
from mingtang.hall.models import Site
from mingtang.people.models import Post, Unit, Village
from mingtang.towns.viewer import Viewer

DAYS = f"天数请写 1 到 {MOST_DAYS} 之间的整数。"
PHOTO_HINT = "JPG 或 PNG，不超过 8 MB。照片会公开：对着墙拍，看得清标题和二维码，不要拍到人和车牌。拍摄地点会自动去掉。"


class FactsForm(forms.Form):
    """Where a board hangs, whose it is, who keeps it."""

    name = forms.CharField(label="名称", max_length=MAX_NAME, help_text="例如：长堤村公示栏。", error_messages=NEEDED)
    place = forms.CharField(
        label="在哪里", max_length=MAX_PLACE, help_text="例如：村部大门右边的墙上。", error_messages=NEEDED
    )
    keeper = forms.ModelChoiceField(
        Post.objects.none(),
        label="看管的岗位",
        help_text="贴、换、拍照、查看都由它办；没有看好，公开页上写它的名字。",
        error_messages=PICK,
    )
    check_days = forms.IntegerField(
        label="至少几天查看一次",
        initial=CHECK_DAYS,
        min_value=1,
        max_value=MOST_DAYS,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), DAYS),
    )
    village = forms.ModelChoiceField(Village.objects.none(), label="哪个村（社区）", required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="哪个单位的", required=False, help_text="公用单位的公示牌要选，才能贴它的收费表。"
    )
    site = forms.ModelChoiceField(Site.objects.none(), label="在哪个大厅里", required=False)

    def __init__(self, *args: Any, viewer: Viewer, board: Board | None = None, **more: Any) -> None:
        if board:
            more["initial"] = {name: getattr(board, name) for name in self.base_fields}
        super().__init__(*args, **more)
        rows = {
            "keeper": Post.objects.visible_to(viewer).filter(unit__dissolved_on__isnull=True).select_related("unit"),
            "village": Village.objects.visible_to(viewer).filter(closed_on__isnull=True),
            "unit": Unit.objects.visible_to(viewer).filter(dissolved_on__isnull=True),
            "site": Site.objects.visible_to(viewer),
        }
        for name, found in rows.items():
            cast(forms.ModelChoiceField, self.fields[name]).queryset = found

    @property
    def facts(self) -> Facts:
        return Facts(**self.cleaned_data)


class RequireForm(forms.Form):
    """What must hang there; a document is named by its index number, an item by its code or name."""

    what = forms.ChoiceField(label="贴什么", choices=What.choices, widget=forms.RadioSelect, error_messages=PICK)
    document = forms.CharField(
        label="索引号", max_length=60, required=False, help_text="贴一份公开信息的填，例如公报、指南、通知。"
    )
    template = forms.ChoiceField(label="哪一种公示表", required=False, help_text="贴公示表的选。")
    item = forms.CharField(
        label="事项", max_length=120, required=False, help_text="贴办事指南的填，名称或者编码，例如 LN-001。"
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        kinds = [(code, template.name) for code, template in templates().items()]
        cast(forms.ChoiceField, self.fields["template"]).choices = [("", "请选择"), *kinds]

    def typed(self, request: HttpRequest, board: Board) -> dict[str, Any]:
        """What the act wants: of each kind its own. Raises ``Refused`` at ``item`` where none or several fit."""
        what = self.cleaned_data["what"]
        number = self.cleaned_data["document"].strip()
        document = Document.objects.filter(town=board.town, index_number=number).select_related("current").first()
        return {
            "what": what,
            "document": document if what == What.DOCUMENT else None,
            "template": self.cleaned_data["template"] if what == What.LIST else "",
            "item": item_named(request, typed) if what == What.ITEM and (typed := self.cleaned_data["item"]) else None,
        }


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="为什么撤掉",
        max_length=200,
        help_text="这句话会公开。",
        error_messages={"required": "请写明为什么撤掉。"},
    )


def taken(form: forms.Form) -> Photo | None:
    """Name and stream of the photo that came with a form."""
    photo = form.cleaned_data["photo"]
    return (photo.name, photo.file) if photo else None


class PostForm(forms.Form):
    """The sheet hangs; ``key`` says which edition was printed."""

    key = forms.IntegerField(widget=forms.HiddenInput)
    photo = forms.FileField(
        label="墙上的照片", help_text=PHOTO_HINT, error_messages={"required": "请拍一张贴好以后的照片。"}
    )


class LookForm(forms.Form):
    fine = forms.ChoiceField(
        label="看到的",
        choices=[("yes", "该贴的都在，看得清"), ("no", "有问题")],
        widget=forms.RadioSelect,
        error_messages=PICK,
    )
    note = forms.CharField(
        label="什么问题", max_length=MAX_NOTE, required=False, help_text="有问题的写，这句话会公开。"
    )
    photo = forms.FileField(label="照片", required=False, help_text=PHOTO_HINT)
