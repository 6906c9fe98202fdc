"""出格单 at the desk: issue one when more was asked than the rule holds; the rule's owner answers."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.desk.access import done, my_posts, page, staff_required
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.rulebook import slips
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import ItemFacts, Slip, SlipDuty, Version

MOST = 50
ISSUERS = (P.CASE_INTAKE, P.CASE_WORK)
READERS = (*ISSUERS, P.CASE_READ, P.ITEM_AGREE)


class SlipForm(forms.Form):
    item = forms.ChoiceField(
        label="事项", error_messages={"required": "请选择事项。", "invalid_choice": "请从列出的里面选一个。"}
    )
    asked = forms.CharField(
        label="多要了什么", max_length=200, widget=forms.Textarea, error_messages={"required": "请写明多要了什么。"}
    )
    why = forms.CharField(
        label="为什么要",
        max_length=200,
        widget=forms.Textarea,
        help_text="群众手里那一张上有这句话。不要写姓名、电话和身份证号码。",
        error_messages={"required": "请写明为什么要。没有理由的，就不能要。"},
    )
    case_number = forms.CharField(label="办件编号", max_length=24, required=False)

    def __init__(self, data: Any, *, items: list[tuple[str, str]], initial: str = "") -> None:
        super().__init__(data, initial={"item": initial})
        self.fields["item"].choices = [("", "请选择"), *items]


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label="怎样答复", choices=[("forbid", "禁止再要"), ("change", "已经改了规定，并且施行")])
    note = forms.CharField(label="禁止谁再要什么", max_length=200, required=False, help_text="这句话会公开。")


def _items(request: HttpRequest) -> list[tuple[str, str]]:
    """Code and name of what can be asked beyond."""
    rows = ItemFacts.objects.visible_to(request.viewer).filter(suspended=False)
    return list(rows.order_by("item__code").values_list("item__code", "name"))


def _page(request: HttpRequest, form: SlipForm, token: str, answer: Any = None, status: int = 200) -> HttpResponse:
    units = {post.unit_id for post in my_posts(request) if P.ITEM_AGREE in post.permissions}
    duties = SlipDuty.objects.visible_to(request.viewer).filter(closed_at__isnull=True)
    bad, answered = answer or (None, None)
    context = {
        "form": form,
        "form_token": token,
        "may_issue": bool(request.viewer.powers.intersection(ISSUERS)),
        "slips": Slip.objects.visible_to(request.viewer)
        .select_related("version__item", "post__unit")
        .defer("version__bpmn", "version__data")
        .order_by("-pk")[:MOST],
        "duties": [
            {
                "duty": duty,
                "name": duty.item.current.name,
                "late": slips.days_late(duty),
                "form": (answered if bad == duty.pk else AnswerForm()) if duty.unit_id in units else None,
            }
            for duty in duties.select_related("unit", "item__current").defer("item__current__bpmn").order_by("due_on")
        ],
        "failed": bool(form.errors or answer),
        "bad": answered,
    }
    return page(request, "desk/slips.html", context, active="slips", status=status)


def _token(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.POST.get("form_token", "")))
    except ValueError:
        return str(uuid.uuid4())


@staff_required(*READERS)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The latest slips and open duties; by POST a new slip, whose page is the resident's copy."""
    items, token = _items(request), _token(request)
    if request.method != "POST":
        return _page(request, SlipForm(None, items=items, initial=request.GET.get("item", "")[:40]), token)
    form = SlipForm(request.POST, items=items)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        code = typed.pop("item")
        version = (
            Version.objects.visible_to(request.viewer)
            .select_related("item__town")
            .get(item__code=code, state=VersionState.IN_FORCE)
        )
        try:
            slip = slips.issue(version=version, by=request.user, submission=token, **typed)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return HttpResponseRedirect(f"/slips/{slip.number}")
    return _page(request, form, token, status=422)


@staff_required(P.ITEM_AGREE)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """改规定或者禁止: by the head of the unit that holds the item."""
    duty = get_object_or_404(SlipDuty.objects.visible_to(request.viewer), pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            if form.cleaned_data["answer"] == "change":
                slips.answer_by_change(duty=duty, by=request.user)
            else:
                slips.forbid(duty=duty, note=form.cleaned_data["note"], by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if form.errors:
        blank = SlipForm(None, items=_items(request))
        return _page(request, blank, str(uuid.uuid4()), answer=(pk, form), status=422)
    return done(request, "/desk/slips/", "已经答复，办事指南上看得到。")
