"""一件事 at the desk: choose items, see what they come to together, name it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.desk import shown
from mingtang.desk.access import EDITORS, done, page, staff_required
from mingtang.lib.errors import Refused
from mingtang.rulebook import actions
from mingtang.rulebook.actions import MAX_NAME, pieces_of
from mingtang.rulebook.compose import MAX_PARTS, compose, saved
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version

OFFERED = 30


class ComposeForm(forms.Form):
    """What a joint thing needs beside its parts."""

    name = forms.CharField(
        label="这件事叫什么",
        max_length=MAX_NAME,
        help_text="照群众的话起名。例如：我要建房一件事。",
        error_messages={"required": "请给这件事起个名字，例如“我要建房一件事”。"},
    )
    code = forms.CharField(
        label="事项编码",
        max_length=40,
        help_text="3 到 40 位字母、数字和短横线，定了不再改。例如：YJS-001。",
        error_messages={"required": "请填写事项编码。"},
    )


def _chosen(request: HttpRequest) -> list[str]:
    """The codes in the order they were chosen, the lead first."""
    asked = request.POST if request.method == "POST" else request.GET
    codes = list(dict.fromkeys(code[:40] for code in asked.getlist("part")))[: MAX_PARTS + 1]
    lead = asked.get("lead", "")
    return [lead, *(code for code in codes if code != lead)] if lead in codes else codes


def _offered(request: HttpRequest, query: str, chosen: list[str]) -> list[Item]:
    rows = Item.objects.visible_to(request.viewer).filter(current__state=VersionState.IN_FORCE)
    rows = rows.exclude(code__in=chosen)
    if query:
        rows = rows.filter(current__name__icontains=query) | rows.filter(code__icontains=query)
    return list(rows.select_related("current", "unit").defer("current__bpmn").order_by("code")[: OFFERED + 1])


def _together(request: HttpRequest, chosen: list[str]) -> dict[str, Any]:
    """What the chosen items come to: the spec and what it spares, or the sentence that says why not."""
    if len(chosen) < 2:
        return {}
    try:
        pieces = pieces_of(request.town, chosen)
        spec = compose("一件事", pieces)
    except Refused as refusal:
        return {"trouble": refusal.message}
    return {"spec": spec, "saved": saved(spec, pieces), "pieces": pieces}


def _draw(request: HttpRequest, form: ComposeForm, status: int = 200) -> HttpResponse:
    query, chosen = shown.asked(request, 60), _chosen(request)
    names = Item.objects.visible_to(request.viewer).filter(code__in=chosen, current__isnull=False)
    rows = {item.code: item for item in names.select_related("current", "unit").defer("current__bpmn")}
    offered = _offered(request, query, chosen)
    context = {
        "q": query,
        "form": form,
        "chosen": [rows[code] for code in chosen if code in rows],
        "offered": offered[:OFFERED],
        "more": len(offered) > OFFERED,
        **_together(request, [code for code in chosen if code in rows]),
    }
    return page(request, "desk/items/compose.html", context, active="items", status=status)


@staff_required(*EDITORS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose by GET, so that nothing is lost on the way; make by POST."""
    if request.method == "GET":
        return _draw(request, ComposeForm(initial={"code": request.GET.get("code", "")[:40]}))
    form = ComposeForm(request.POST)
    if not form.is_valid():
        return _draw(request, form, 422)
    chosen = _chosen(request)
    lead = (
        Item.objects.visible_to(request.viewer).select_related("unit").filter(code=chosen[0] if chosen else "").first()
    )
    try:
        if lead is None or lead.unit is None:
            raise Refused("请先选好要合起来办的事项。", field="parts")
        version = actions.compose_item(
            town=request.town,
            code=form.cleaned_data["code"].strip(),
            unit=lead.unit,
            name=form.cleaned_data["name"],
            parts=chosen,
            by=request.user,
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _draw(request, form, 422)
    said = "已经合成草案，群众还看不到。请核对各项，再提出。"
    return done(request, f"/desk/items/{version.item.code}/{version.number}/edit", said)


@staff_required(*EDITORS)
@require_POST
def again(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Make a draft anew from its parts as they are in force."""
    rows = Version.objects.visible_to(request.viewer).select_related("item__town")
    version = get_object_or_404(rows, item__code=code, number=number)
    url = f"/desk/items/{code}/{number}"
    try:
        actions.recompose(version=version, by=request.user)
    except Refused as refusal:
        return page(
            request, "desk/sentence.html", {"sentence": refusal.message, "back": url}, active="items", status=422
        )
    return done(request, f"{url}/edit", "已经按各事项现行的版本重新合成，您自己写的都还在。")
