"""投诉、建议、咨询、求助 to a public utility: told with or without a name, followed by number and code."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date, month_day_time
from mingtang.portal import common
from mingtang.portal.views.obstacles import FindForm
from mingtang.utilities.models import Tenant
from mingtang.voices import challenges, matters
from mingtang.voices.enums import MatterKind, MatterState
from mingtang.voices.models import Matter

TRAIL = [("公用单位", "/utilities/")]
HINTS = {
    "complaint": "服务不好、多收了钱、答应的没有做到",
    "suggestion": "怎样可以更好",
    "question": "想问清楚一件事",
    "help": "急着要人帮",
}


class TellForm(forms.Form):
    kind = forms.ChoiceField(
        label="是哪一种",
        choices=[
            (kind.value, f"{kind.label}：{HINTS[kind]}，{matters.DAYS[kind]} 个工作日内答复") for kind in matters.TOLD
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选是投诉、建议、咨询还是求助。"},
    )
    text = forms.CharField(
        label="什么事",
        max_length=matters.MAX_TOLD,
        widget=forms.Textarea,
        help_text="什么时候、在哪里、怎么回事。这段话封存，不公开。",
        error_messages={"required": "请写明是什么事。"},
    )
    name = forms.CharField(label="怎么称呼您", max_length=30, required=False)
    phone = forms.CharField(
        label="电话", max_length=20, required=False, help_text="想接电话才填。投诉的，姓名和电话不给被投诉的单位看。"
    )


class DisputeForm(forms.Form):
    text = forms.CharField(
        label="答复哪里不对",
        max_length=matters.MAX_TOLD,
        widget=forms.Textarea,
        error_messages={"required": "请写明答复哪里不对。"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Tell one utility something; number and code come at once."""
    rows = Tenant.objects.filter(town=request.town, unit__dissolved_on__isnull=True).select_related("unit", "town")
    tenant = get_object_or_404(rows, unit__code=code)
    sent = request.POST if request.method == "POST" else None
    kind = request.GET.get("kind", "")
    form = TellForm(sent, initial={"kind": kind if kind in matters.TOLD else ""})
    try:
        token = str(uuid.UUID(request.POST.get("form_token", "")))
    except ValueError:
        token = str(uuid.uuid4())
    if sent is not None and form.is_valid():
        typed = form.cleaned_data
        told = matters.Told(typed["text"], typed["name"], typed["phone"])
        try:
            made = matters.tell(tenant=tenant, kind=typed["kind"], told=told, submission=token)
            return HttpResponseRedirect(f"/utilities/matters/mine?number={made.matter.number}&code={made.code}")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    trail = [*TRAIL, (tenant.unit.name, f"/utilities/{code}"), ("反映", None)]
    context = {"trail": trail, "form": form, "form_token": token, "unit": tenant.unit}
    return render(request, "portal/utilities/tell.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Where one stands, for whoever has its number and code; they may take the answer or not."""
    posted = request.POST if request.method == "POST" else None
    source = posted if posted is not None else request.GET
    sent = {name: source.get(name, "").replace("\x00", "") for name in ("number", "code")}
    find = FindForm(sent if any(sent.values()) else None)
    matter = None
    if find.is_bound and find.is_valid():
        try:
            matter = matters.open_with_code(request.town, **find.cleaned_data)
        except Refused as refusal:
            find.add_error(refusal.field if refusal.field in find.fields else None, refusal.message)
    if matter is None:
        context: dict[str, Any] = {"trail": [*TRAIL, ("查答复", None)], "form": find}
        return render(request, "portal/utilities/matter_find.html", context, status=422 if find.errors else 200)
    form = DisputeForm(posted if posted is not None and posted.get("act") == "dispute" else None)
    if posted is not None:
        try:
            if posted.get("act") == "accept":
                matter = matters.accept(matter=matter)
            elif form.is_valid():
                again = challenges.ask_again if matter.kind == MatterKind.CHALLENGE else matters.dispute
                matter = again(matter=matter, text=form.cleaned_data["text"])
        except Refused as refusal:
            form.errors.setdefault("__all__", form.error_class()).append(refusal.message)
    context = {
        "trail": [*TRAIL, (matter.number, None)],
        "matter": matter,
        "words": matter.words,
        "sentence": _sentence(matter),
        "code": find.cleaned_data["code"],
        "form": form,
        "may_answer": matter.state == MatterState.ANSWERED,
        "may_dispute": matter.state == MatterState.ANSWERED and matter.kind in matters.DISPUTED,
        "may_ask_again": challenges.can_ask_again(matter),
        "days": matters.DAYS[MatterKind.CHALLENGE],
        "qr": common.qr(f"{request.town.base_url}/utilities/matters/mine?{_query(matter, find)}", "扫一扫，看答复"),
    }
    return render(request, "portal/utilities/matter.html", context, status=422 if form.errors else 200)


def _query(matter: Matter, find: FindForm) -> str:
    return f"number={matter.number}&code={find.cleaned_data['code']}"


def _sentence(matter: Matter) -> str:
    """What happens next, by when and by whom."""
    if matter.kind == MatterKind.CHALLENGE and matter.state == MatterState.OPEN:
        return f"{matter.unit}要说明情况，镇里再核对，最迟{chinese_date(matter.due_on)}有结果。"
    if matter.state == MatterState.OPEN:
        return f"{matter.unit}最迟{chinese_date(matter.due_on)}答复。"
    if matter.state == MatterState.PROPOSED:
        return f"{matter.unit}写了情况，镇里监督检查的岗位在核对，最迟{chinese_date(matter.due_on)}有结果。"
    if matter.state == MatterState.ANSWERED:
        return f"{matter.unit}{month_day_time(matter.answered_at)}答复了。"
    if matter.state == MatterState.DISPUTED and matter.second_due_on:
        return f"您不认可，镇里再核对一次，最迟{chinese_date(matter.second_due_on)}有结果。第一次答复、认定的人不参加。"
    if matter.state == MatterState.DISPUTED:
        return "您不认可答复，镇里监督检查的岗位在复核，答复的人不参加。"
    return "这件事有了结果。"
