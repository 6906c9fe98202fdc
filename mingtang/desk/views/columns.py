"""栏目 at the desk: how each stands, who answers for it, when it is due, why it is empty; where a document stands."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import DOCUMENTS, done, my_posts, page, staff_required
from mingtang.desk.forms import PICK, said
from mingtang.desk.views.info import edition_or_404
from mingtang.disclosure import columns, filing, reach, standing
from mingtang.disclosure.columns import MOST_DAYS, schemes
from mingtang.disclosure.enums import Rhythm
from mingtang.disclosure.models import Column
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.people.policies import actor
from mingtang.towns.viewer import Viewer

READERS = (*DOCUMENTS, P.CATALOGUE_KEEP)
TONES = {"filled": "done", "told": "todo", "empty": "late", "none": "todo"}
WORDS = {"filled": "有信息", "told": "已说明没有", "empty": "空着", "none": "还没有"}

BETWEEN = f"时限请写 1 到 {MOST_DAYS} 之间的整数。"
PUBLIC = "这句话会公开。"
# act: label, hint and what is said of nothing, of the sentence that the public reads.
WHY = {
    "nothing": (
        "为什么是空的",
        f"{PUBLIC}例如：本镇没有矿产资源开采。",
        "请写一句为什么这个栏目是空的，这句话会公开。",
    ),
    "date": ("为什么改", PUBLIC, "请写明为什么改时限，这句话会公开。"),
    "close": ("为什么停用", PUBLIC, "请写明为什么停用，这句话会公开。"),
}


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(Post.objects.none(), label="责任岗位", error_messages=PICK)

    def __init__(self, *args: Any, column: Column, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner"].queryset = Post.objects.filter(town=column.town_id).select_related("unit")


class WhyForm(forms.Form):
    """The sentence of an act; the prefix is the act."""

    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["reason"]
        field.label, field.help_text, field.error_messages["required"] = WHY[self.prefix]


class DateForm(WhyForm):
    rhythm = forms.ChoiceField(label="更新周期", choices=Rhythm.choices, error_messages=PICK)
    days = forms.IntegerField(
        label="时限（工作日）",
        min_value=1,
        max_value=MOST_DAYS,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), BETWEEN),
    )
    field_order = ("rhythm", "days", "reason")


class ReachForm(forms.Form):
    """Both or neither; the room says which is missing."""

    times = forms.IntegerField(
        label="应当到多少次",
        required=False,
        help_text="网页打开、扫码、下载、印发、邮件都算。不填就不要求。",
        error_messages={"invalid": "次数请写整数，例如 200。"},
    )
    days = forms.IntegerField(
        label="公开以后多少天以内", required=False, error_messages={"invalid": "天数请写整数，例如 30。"}
    )


def _forms(column: Column, viewer: Any, mine: bool) -> dict[str, forms.Form]:
    """The acts this person may do with a column."""
    found: dict[str, forms.Form] = {}
    if column.closed_on:
        return found
    keeps = viewer.may(P.CATALOGUE_KEEP)
    if column.is_duty and (keeps or mine):
        found["nothing"] = WhyForm(prefix="nothing")
    if keeps and column.is_duty:
        found["owner"] = OwnerForm(column=column, prefix="owner", initial={"owner": column.owner_id})
        found["date"] = DateForm(prefix="date", initial={"rhythm": column.rhythm, "days": column.days})
    if keeps:
        found["reach"] = ReachForm(prefix="reach", initial={"times": column.reach_times, "days": column.reach_days})
        found["close"] = WhyForm(prefix="close")
    return found


ACTS = {
    "nothing": (WhyForm, columns.say_nothing, "已经说明，公开页上看得到。"),
    "owner": (OwnerForm, columns.assign, "已经换了责任岗位。"),
    "date": (DateForm, columns.redate, "已经改了时限，原来的时限和理由都会公开。"),
    "reach": (ReachForm, reach.expect, "已经定下，“到达”里看得到哪些没有到够。"),
    "close": (WhyForm, columns.close, "已经停用。"),
}


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The columns of one scheme, the empty ones told by their colour."""
    every = schemes()
    scheme = request.GET.get("scheme", "")
    scheme = scheme if scheme in every else next(iter(every))
    rows = standing.of_town(request.viewer, scheme)
    found = standing.leaves(rows)
    held = set(Column.objects.visible_to(request.viewer).values_list("code", flat=True))
    lacking = sum(row.code not in held for one in every.values() for _, row in one.rows)
    keeps = request.viewer.may(P.CATALOGUE_KEEP)
    context = {
        "keeps": keeps,
        "unfiled": filing.unfiled(request.town).count() if keeps else 0,
        "tabs": [(one.name, shown.link(scheme=one.code), one.code == scheme) for one in every.values()],
        "rows": found,
        "tones": TONES,
        "words": WORDS,
        "lacking": lacking if keeps else 0,
    }
    return page(request, "desk/columns/index.html", context, active="columns")


@staff_required(P.CATALOGUE_KEEP)
@require_POST
def open_all(request: HttpRequest) -> HttpResponse:
    """Open what the law names and the town lacks, owned by the post of whoever does it."""
    mine = next((post for post in my_posts(request) if P.CATALOGUE_KEEP in post.permissions), None)
    if mine is None:
        raise Http404
    opened = columns.open_all(town=request.town, owner=mine, by=actor(request.user))
    return done(request, "/desk/columns/", f"开设了 {opened} 个栏目，暂时都由您的岗位负责，请分给各责任岗位。")


def _show(request: HttpRequest, code: str, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    rows = Column.objects.visible_to(request.viewer).select_related("owner__unit", "town")
    column = get_object_or_404(rows, code=code)
    mine = column.owner_id in {post.pk for post in my_posts(request)}
    context = {
        "column": column,
        "forms": _forms(column, request.viewer, mine) | (bound or {}),
        "bound": bound or {},
        "history": shown.history(request.town, column.subject),
        "reads_all": bool(request.viewer.powers.intersection(READERS)),
    }
    return page(request, "desk/columns/show.html", context, active="columns", status=422 if bound else 200)


@staff_required()
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    return _show(request, code)


@staff_required()
@require_POST
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Say why it is empty, hand it on, date it anew, close it; the room decides who may."""
    column = get_object_or_404(Column.objects.visible_to(request.viewer).select_related("owner", "town"), code=code)
    if name not in ACTS:
        raise Http404
    kind, run, message = ACTS[name]
    more = {"column": column} if kind is OwnerForm else {}
    form = kind(request.POST, prefix=name, **more)
    if form.is_valid():
        try:
            run(column=column, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
    if not form.errors:
        return done(request, f"/desk/columns/{code}", message)
    return _show(request, code, {name: form})


def choosable(viewer: Viewer) -> list[tuple[str, list[Column]]]:
    """The columns a document may stand in, under the name of their scheme."""
    every = standing.of_town(viewer)
    return [
        (
            scheme.name,
            [one.column for one in standing.leaves([row for row in every if row.column.scheme == scheme.code])],
        )
        for scheme in schemes().values()
    ]


@staff_required(P.DOCUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def refile(request: HttpRequest, pk: int) -> HttpResponse:
    """The columns a document stands in, all of them on one page; before and after it is public."""
    edition = edition_or_404(request, pk)
    document, trouble = edition.document, ""
    held = set(document.filings.values_list("column__code", flat=True))
    if request.method == "POST":
        held = set(request.POST.getlist("columns"))
        try:
            columns.refile(document=document, codes=held, by=request.user)
        except Refused as refusal:
            trouble = refusal.message
        else:
            return done(request, f"/desk/info/{pk}", "已经改了归栏。")
    context = {"edition": edition, "groups": choosable(request.viewer), "held": held, "trouble": trouble}
    return page(request, "desk/columns/refile.html", context, active="info", status=422 if trouble else 200)
