"""诉求 at the desk: the utility answers its own, the office rules on what is disputed, a third person on a
challenge that is asked again."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import PICK, said
from mingtang.desk.matters_shown import due
from mingtang.events import vault
from mingtang.files.actions import response as file_response
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.voices import challenges, matters
from mingtang.voices.enums import MatterKind, MatterState
from mingtang.voices.models import Matter

READERS = (P.TENANT_KEEP, P.OVERSEE, P.ITEM_AGREE, P.ITEM_DECIDE, P.ITEM_APPROVE)
PAGE = 100
ROOM = {
    "answer": matters,
    "rule": matters,
    "propose": challenges,
    "confirm": challenges,
    "send_back": challenges,
    "decide_again": challenges,
}
ACTS = {
    "answer": "已经答复，群众凭查询码看得到。",
    "rule": "已经复核，这是最后的结论。",
    "propose": "已经写好，等监督检查的岗位认定。",
    "confirm": "已经认定，群众看得到，公布的地方记了次数。",
    "send_back": "已经退回，请单位重新答。",
    "decide_again": "已经再核对，这是最后的结论，群众看得到。",
}


class EndForm(forms.Form):
    """The end, one of those of the kind, and the words."""

    outcome = forms.ChoiceField(label="结果", widget=forms.RadioSelect, error_messages=PICK)
    text = forms.CharField(
        label="答复",
        max_length=matters.MAX_ANSWER,
        widget=forms.Textarea,
        help_text="写明查到了什么、怎样办的、谁来办。不要写身份证号码和别人的电话。",
        error_messages={"required": "请写答复。"},
    )

    def __init__(self, *args: Any, matter: Matter, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["outcome"].choices = [(end.value, end.label) for end in matters.ENDS[matter.kind]]


class BackForm(forms.Form):
    """Why the unit has to look again."""

    text = forms.CharField(
        label="哪里要重新查",
        max_length=matters.MAX_ANSWER,
        widget=forms.Textarea,
        error_messages={"required": "请写明哪里要重新查。"},
    )


def _form(name: str, matter: Matter, sent: Any = None) -> forms.Form:
    if name == "confirm":
        return forms.Form(sent)
    return BackForm(sent) if name == "send_back" else EndForm(sent, matter=matter)


def _rows(request: HttpRequest) -> Any:
    return Matter.objects.visible_to(request.viewer).select_related("unit", "town", "key", "answered_by")


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All that the person may see, what waits for them first."""
    state = request.GET.get("state", "")
    state = state if state in MatterState.values else ""
    rows = _rows(request)
    labels = [("", "全部", rows.count())]
    labels += [(one.value, one.label, rows.filter(state=one).count()) for one in MatterState]
    found = (rows.filter(state=state) if state else rows).order_by("answered_at", "due_on", "pk")[:PAGE]
    context = {"tabs": shown.tabs(state, labels), "rows": [(row, *due(row)) for row in found]}
    return page(request, "desk/utilities/matters.html", context, active="utilities")


def _show(request: HttpRequest, matter: Matter, name: str = "", bad: forms.Form | None = None) -> HttpResponse:
    """``name``: the act whose form is ``bad``."""
    able = [act for act in ACTS if matters.can_matter(act, matter, request.user)]
    words = matter.words
    # A complaint and a challenge are answered without knowing whose they are.
    blind = matter.kind == MatterKind.CHALLENGE and not request.viewer.may(P.OVERSEE)
    hidden = blind or (matter.kind == MatterKind.COMPLAINT and bool(request.viewer.tenant))
    context = {
        "matter": matter,
        "words": words,
        "who": "" if hidden else "　".join(part for part in (words["name"], words["phone"]) if part),
        "hidden": hidden,
        "due": due(matter),
        "forms": {act: bad if bad and act == name else _form(act, matter) for act in able},
        "bad": bad,
        "history": shown.history(request.town, matter.subject),
    }
    status = 422 if bad else 200
    return page(request, "desk/utilities/matter.html", context, active="utilities", status=status)


@staff_required(*READERS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, get_object_or_404(_rows(request), pk=pk))


@staff_required(*READERS)
@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """What came with a challenge, opened with the key of its matter."""
    row = get_object_or_404(_rows(request).select_related("photo").filter(photo__isnull=False), pk=pk)
    return file_response(row.photo, seal_key=vault.key_bytes(row.key))


@staff_required(*READERS)
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    matter = get_object_or_404(_rows(request), pk=pk)
    if act not in ACTS:
        raise Http404
    form = _form(act, matter, request.POST)
    if form.is_valid():
        try:
            getattr(ROOM[act], act)(matter=matter, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/utilities/matters/{pk}", ACTS[act])
    return _show(request, matter, act, form)
