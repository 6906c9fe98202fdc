"""群众在找: what people looked for in vain, most asked first; linked to an item, declined, passed on or taken out."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import PICK
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Unit
from mingtang.rulebook import wanted
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Wanted
from mingtang.rulebook.models.wanted import ENOUGH
from mingtang.search.service import SearchUnavailable, search

READERS = (P.ITEM_EDIT, P.ITEM_DECIDE, P.ITEM_APPROVE, P.ITEM_AGREE)
PAGE, LIKELY = 50, 5
TONES = {"": "today", "linked": "done", "declined": "stop", "passed": "now"}


class SeenForm(forms.Form):
    """``seen``: the event of the answer that stood on the page, empty for none."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class LinkForm(SeenForm):
    item = forms.CharField(
        label="事项编码", max_length=40, error_messages={"required": "请填写事项编码，或者点上面的一个。"}
    )


class DeclineForm(SeenForm):
    note = forms.CharField(
        label="为什么不办，该去哪里办",
        max_length=200,
        widget=forms.Textarea,
        help_text="这句话会公开。例如：护照由县公安局出入境窗口办，镇里不办。",
        error_messages={"required": "请写明为什么不办、该去哪里办。"},
    )


class PassForm(SeenForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="转给", error_messages=PICK)
    note = forms.CharField(
        label="请他们做什么",
        max_length=200,
        widget=forms.Textarea,
        help_text="这句话会公开。例如：请补写办事指南，写明临时摆摊怎样登记。",
        error_messages={"required": "请写明请这个单位做什么。"},
    )

    def __init__(self, *args: Any, town: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(town=town, dissolved_on__isnull=True)


def _form(act: str, request: HttpRequest, data: Any = None) -> forms.Form:
    more = {"town": request.town} if act == "pass" else {}
    kind = {"link": LinkForm, "decline": DeclineForm, "pass": PassForm, "drop": SeenForm}[act]
    return kind(data, prefix=act, **more)


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Words without an answer first asked most; answered ones and rare ones under their own tabs."""
    state = request.GET.get("state", "")
    rows = Wanted.objects.visible_to(request.viewer).select_related("item__current", "unit")
    rows = rows.defer("item__current__data", "item__current__bpmn")
    groups = {
        "": rows.filter(outcome="", times__gte=ENOUGH),
        "answered": rows.exclude(outcome=""),
        "rare": rows.filter(outcome="", times__lt=ENOUGH),
    }
    state = state if state in groups else ""
    labels = [("", "等答复"), ("answered", "答复过的"), ("rare", f"不到 {ENOUGH} 人次的")]
    counted = [(key, label, groups[key].count()) for key, label in labels]
    number = request.GET.get("page", "1")
    at = int(number) - 1 if number.isascii() and number.isdigit() and 0 < int(number) <= 1000 else 0
    listed = list(groups[state].order_by("-times", "-last_on", "pk")[at * PAGE : at * PAGE + PAGE + 1])
    context = {
        "tabs": shown.tabs(state, counted, ""),
        "rows": [{"wanted": row, "tone": TONES[row.outcome]} for row in listed[:PAGE]],
        "enough": ENOUGH,
        "newer_url": shown.link(state=state, page=at) if at else "",
        "older_url": shown.link(state=state, page=at + 2) if len(listed) > PAGE else "",
    }
    return page(request, "desk/wanted/index.html", context, active="wanted")


def _row(request: HttpRequest, pk: int) -> Wanted:
    return get_object_or_404(Wanted.objects.visible_to(request.viewer).select_related("item__current", "unit"), pk=pk)


def _likely(request: HttpRequest, text: str) -> list[Item]:
    """The items that words come nearest to, for one click."""
    try:
        hits = search(request.town.pk, text, kind="item", size=LIKELY).hits
    except SearchUnavailable:
        return []
    codes = [hit.key.partition(":")[2] for hit in hits]
    items = Item.objects.visible_to(request.viewer).filter(code__in=codes, current__state=VersionState.IN_FORCE)
    found = {item.code: item for item in items.select_related("current").defer("current__bpmn")}
    return [found[code] for code in codes if code in found]


def _page(
    request: HttpRequest, row: Wanted, bad: forms.Form | None = None, act: str = "", status: int = 200
) -> HttpResponse:
    asked = shown.asked(request, 40)
    acts = {name: bad if name == act else _form(name, request) for name in ("link", "decline", "pass", "drop")}
    context = {
        "wanted": row,
        "tone": TONES[row.outcome],
        "days": row.days.order_by("-day")[:30],
        "may_answer": bool(request.viewer.powers & wanted.ANSWERERS),
        "item_q": asked,
        "likely": _likely(request, asked or row.text),
        "acts": acts,
        "bad": bad,
        "history": shown.history(request.town, f"wanted:{row.pk}"),
    }
    return page(request, "desk/wanted/show.html", context, active="wanted", status=status)


@staff_required(*READERS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One saying: how often on which day, what it may mean, and what can be done with it."""
    return _page(request, _row(request, pk))


@staff_required(*wanted.ANSWERERS)
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """对上事项、不办、转办、删去."""
    row = _row(request, pk)
    if act not in ("link", "decline", "pass", "drop"):
        raise Http404
    form = _form(act, request, request.POST)
    if form.is_valid():
        try:
            message = _do(request, act, row, form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return done(request, "/desk/wanted/", message)
    return _page(request, row, form, act, status=422)


def _do(request: HttpRequest, act: str, row: Wanted, typed: dict[str, Any]) -> str:
    if act == "drop":
        wanted.drop(wanted=row, by=request.user, seen=typed["seen"])
        return "已经删去。"
    if act == "link":
        item = Item.objects.visible_to(request.viewer).filter(code=typed["item"].strip()).first()
        if item is None:
            raise Refused("没有这个编码的事项。请核对编码。", field="item")
        wanted.link(wanted=row, item=item, by=request.user, seen=typed["seen"])
        return f"已经对上事项。群众再说“{row.text}”，就找得到它。"
    if act == "pass":
        wanted.pass_on(wanted=row, unit=typed["unit"], note=typed["note"], by=request.user, seen=typed["seen"])
        return f"已经转给{typed['unit'].name}，公开页面上看得到。"
    wanted.decline(wanted=row, note=typed["note"], by=request.user, seen=typed["seen"])
    return "已经答复，公开页面上看得到。"
