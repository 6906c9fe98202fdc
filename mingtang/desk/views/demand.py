"""群众最关心的 at the desk: what was asked for most; each gets a task with owner and day, or a public reason."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import NEEDED, PICK, DayField, said
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.scrutiny import demand
from mingtang.towns.models import Jurisdiction

READERS = (P.DUTY_KEEP, P.OVERSEE)
HERE = "/desk/demand/"
PUBLIC = "这句话会公开，不要写姓名和号码。"


class TextForm(forms.Form):
    text = forms.CharField(label="群众要知道什么", max_length=demand.MAX_TEXT, help_text=PUBLIC, error_messages=NEEDED)

    def __init__(self, *args: Any, town: Jurisdiction, **more: Any) -> None:
        super().__init__(*args, **more)


class TaskForm(TextForm):
    owner = forms.ModelChoiceField(
        Post.objects.none(), label="由哪个岗位公开", empty_label="请选择", error_messages=PICK
    )
    due_on = DayField(label="哪天以前", error_messages=NEEDED)

    def __init__(self, *args: Any, town: Jurisdiction, **more: Any) -> None:
        super().__init__(*args, town=town, **more)
        self.fields["owner"].queryset = Post.objects.filter(town=town).select_related("unit")


class WhyForm(TextForm):
    reason = forms.CharField(
        label="为什么不公开，或者在哪里已经公开了",
        max_length=200,
        widget=forms.Textarea,
        help_text=PUBLIC,
        error_messages=NEEDED,
    )


ACTS: dict[str, tuple[Any, Any, str]] = {
    "task": (TaskForm, demand.give_task, "已经立为任务，公示页上看得到。"),
    "reason": (WhyForm, demand.give_reason, "已经说明，“您问的，我们公开”里看得到。"),
}


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The most asked first; the first of them must get an answer."""
    context = {
        "asks": demand.ranking(request.town, timezone.localdate()),
        "ways": dict(demand.Way.choices),
        "top": demand.TOP,
        "days": demand.PERIOD.days,
    }
    return page(request, "desk/duties/demand.html", context, active="duties")


def _ask(request: HttpRequest, key: str) -> demand.Ask:
    asks = demand.ranking(request.town, timezone.localdate())
    found = next((ask for ask in asks if ask.key == key), None)
    if found is None:
        raise Http404
    return found


def _show(request: HttpRequest, ask: demand.Ask, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    acts: dict[str, forms.Form] = {}
    if request.viewer.may(P.DUTY_KEEP) and not ask.decided and not ask.duty:
        first = {"text": ask.text[: demand.MAX_TEXT]}
        acts = {name: ACTS[name][0](prefix=name, town=request.town, initial=first) for name in ACTS}
    context = {
        "ask": ask,
        "way": demand.Way(ask.way).label,
        "days": demand.PERIOD.days,
        "forms": acts | (bound or {}),
        "bound": bound or {},
    }
    return page(request, "desk/duties/ask.html", context, active="duties", status=422 if bound else 200)


@staff_required(*READERS)
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One thing that many asked for."""
    return _show(request, _ask(request, key))


@staff_required(P.DUTY_KEEP)
@require_POST
def act(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """立为任务、说明."""
    ask = _ask(request, key)
    if name not in ACTS:
        raise Http404
    kind, run, message = ACTS[name]
    form = kind(request.POST, prefix=name, town=request.town)
    if form.is_valid():
        try:
            run(town=request.town, key=key, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, HERE, message)
    return _show(request, ask, {name: form})
