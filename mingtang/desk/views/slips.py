"""出格单 at the desk: issue one when more was asked than the rule holds; the rule's owner answers."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.desk.access import done, my_posts, page, staff_required
from mingtang.lib.errors import Refused
from mingtang.lib.forms import form_token
from mingtang.people.enums import Permission as P
from mingtang.rulebook import slips
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import ItemFacts, Slip, SlipDuty, Version

MOST, CHOICES = 50, 12
ISSUERS = (P.CASE_INTAKE, P.CASE_WORK)
READERS = (*ISSUERS, P.CASE_READ, P.ITEM_AGREE)


class SlipForm(forms.Form):
    """``item`` is written as one remembers it; where that fits several, ``pick`` comes with them to choose from."""

    item = forms.CharField(
        label="事项",
        max_length=60,
        help_text="写名称或者编码，写一部分也行，例如：采伐。",
        error_messages={"required": "请写明是哪个事项。"},
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

    def __init__(self, data: Any, *, rows: QuerySet[ItemFacts], initial: str = "") -> None:
        super().__init__(data, initial={"item": initial})
        self._rows = rows

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "item" in typed:
            typed["item"] = self._code(typed["item"].strip())
        return typed

    def _code(self, typed: str) -> str:
        """The code of the one item that was meant; else an error at the field, and what to choose from."""
        exact = self._rows.filter(Q(item__code=typed) | Q(name=typed)).values_list("item__code", flat=True)[:2]
        if len(exact) == 1:
            return exact[0]
        like = self._rows.filter(Q(item__code__istartswith=typed) | Q(name__contains=typed)).order_by("item__code")
        found = dict(like.values_list("item__code", "name")[: CHOICES + 1])
        if (picked := self.data.get("pick")) in found:
            return picked
        if not found:
            self.add_error("item", f"没有名称或者编码里有“{typed}”的事项。请换个说法，或者照办事指南写编码。")
        elif len(found) > CHOICES:
            self.add_error("item", f"名称里有“{typed}”的事项太多。请写全一点，或者照办事指南写编码。")
        else:
            self.add_error("item", f"像“{typed}”的事项有 {len(found)} 个，请在下面点一个。")
            shown = [(code, f"{name}（{code}）") for code, name in found.items()]
            self.fields["pick"] = forms.ChoiceField(label="是哪一个", choices=shown, widget=forms.RadioSelect)
        return ""


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label="怎样答复", choices=[("forbid", "禁止再要"), ("change", "已经改了规定，并且施行")])
    note = forms.CharField(label="禁止谁再要什么", max_length=200, required=False, help_text="这句话会公开。")


def _rows(request: HttpRequest) -> QuerySet[ItemFacts]:
    """What can be asked beyond."""
    return ItemFacts.objects.visible_to(request.viewer).filter(suspended=False)


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


@staff_required(*READERS)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The latest slips and open duties; by POST a new slip, whose page is the resident's copy."""
    rows, token = _rows(request), str(form_token(request.POST.get("form_token", "")))
    if request.method != "POST":
        return _page(request, SlipForm(None, rows=rows, initial=request.GET.get("item", "")[:40]), token)
    form = SlipForm(request.POST, rows=rows)
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
        blank = SlipForm(None, rows=_rows(request))
        return _page(request, blank, str(form_token("")), answer=(pk, form), status=422)
    return done(request, "/desk/slips/", "已经答复，办事指南上看得到。")
