"""真实性抽查 at the desk: announce, draw, name who looks, write what the record says, answer, publish."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk import sample_forms as forms_of
from mingtang.desk import samples_shown, shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import said
from mingtang.events import vault
from mingtang.files.actions import response as file_response
from mingtang.lib.errors import Refused
from mingtang.scrutiny import rounds, samples
from mingtang.scrutiny.enums import SampleState
from mingtang.scrutiny.models import Sample, SampleRound
from mingtang.scrutiny.policies import can
from mingtang.scrutiny.statements import address
from mingtang.scrutiny.states import OVERSEERS

MOST = 100
HERE = "/desk/samples/"
# name: the form, the act, what is said afterwards.
ACTS: dict[str, tuple[Any, Any, str]] = {
    "assign": (forms_of.AssignForm, samples.assign, "已经指定，核对人的待办里看得到。"),
    "judge": (forms_of.JudgeForm, samples.judge, "已经写下。等单位说明，再由另一位同事公布。"),
    "reply": (forms_of.ReplyForm, samples.reply, "已经说明，会和结果一起公布。"),
    "show": (forms_of.ShowForm, samples.show, "已经公布，公开页上看得到。"),
    "send_back": (forms_of.BackForm, samples.send_back, "已经退回，请核对人再看。"),
}


def _oversees(request: HttpRequest) -> bool:
    return bool(request.viewer.powers.intersection(OVERSEERS))


def _index(request: HttpRequest, bad: forms.Form | None = None) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = Sample.objects.visible_to(request.viewer)
    groups = {"": rows.exclude(state=SampleState.SHOWN), "shown": rows.filter(state=SampleState.SHOWN)}
    state = state if state in groups else ""
    labels = [("", "还在办的", groups[""].count()), ("shown", "公布了的", groups["shown"].count())]
    listed = groups[state].select_related("round", "unit", "inspector").defer("round__pool").order_by("-pk")[:MOST]
    held = SampleRound.objects.visible_to(request.viewer).select_related("announced_by", "drawn_by")
    oversees = _oversees(request)
    context = {
        "tabs": shown.tabs(state, labels),
        "rows": [samples_shown.row(request, sample) for sample in listed],
        "rounds": list(held.defer("pool")[:MOST]) if oversees else [],
        "announce": (bad if isinstance(bad, forms_of.AnnounceForm) else forms_of.AnnounceForm()) if oversees else None,
        "bad": bad,
    }
    return page(request, "desk/samples/index.html", context, active="samples", status=422 if bad else 200)


@staff_required()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What was drawn, as far as it is this person's business; for overseers the rounds."""
    return _index(request)


@staff_required(*OVERSEERS)
@require_POST
def announce(request: HttpRequest) -> HttpResponse:
    """公告."""
    form = forms_of.AnnounceForm(request.POST)
    if form.is_valid():
        try:
            made = rounds.announce(town=request.town, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, HERE, f"{made.number} 已经公告。过一分钟，请另一位同事抽取。")
    return _index(request, form)


@staff_required(*OVERSEERS)
@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """抽取."""
    row = get_object_or_404(SampleRound.objects.visible_to(request.viewer), pk=pk)
    form = forms.Form(request.POST)
    try:
        rounds.draw(round=row, by=request.user)
    except Refused as refusal:
        said(form, refusal)
        return _index(request, form)
    return done(request, HERE, "抽好了，抽中的已经公开。请逐条指定核对人。")


def _sample(request: HttpRequest, pk: int) -> Sample:
    related = ("town", "round", "unit", "inspector", "replied_by", "shown_by", "file", "key", "duty")
    rows = Sample.objects.visible_to(request.viewer).select_related(*related).defer("round__pool")
    return get_object_or_404(rows, pk=pk)


def _sees_record(request: HttpRequest, sample: Sample) -> bool:
    """The picture of the record is for who inspects and who supervises."""
    return _oversees(request) or sample.inspector_id == request.user.pk


def _acts(request: HttpRequest, sample: Sample) -> list[str]:
    found = [name for name in ACTS if can(name, sample, request.user)]
    today = timezone.localdate()
    if "show" in found and samples.waits_for_unit(sample, today):
        found.remove("show")
    if "reply" in found and sample.heard_until and sample.heard_until < today:
        found.remove("reply")
    return found


def _show(request: HttpRequest, sample: Sample, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    acts = {name: ACTS[name][0](prefix=name, sample=sample) for name in _acts(request, sample)}
    context = {
        "sample": sample,
        "word": samples_shown.row(request, sample),
        "page_url": address(sample.about, sample.kind),
        "forms": acts | (bound or {}),
        "bound": bound or {},
        "sees_record": _sees_record(request, sample),
        "history": shown.history(request.town, sample.subject),
    }
    return page(request, "desk/samples/show.html", context, active="samples", status=422 if bound else 200)


@staff_required()
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One statement that was drawn, and what this person can do with it."""
    return _show(request, _sample(request, pk))


@staff_required()
@require_safe
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of the record that was seen, as a download."""
    sample = _sample(request, pk)
    if sample.file is None or sample.key is None or not _sees_record(request, sample):
        raise Http404
    return file_response(sample.file, seal_key=vault.key_bytes(sample.key))


@staff_required()
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """指定、核对、说明、退回、公布; the room decides who may."""
    sample = _sample(request, pk)
    if name not in ACTS:
        raise Http404
    kind, run, message = ACTS[name]
    form = kind(request.POST, request.FILES, prefix=name, sample=sample)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        if name == "judge":
            upload = typed["scan"]
            typed["scan"] = samples.Scan(upload.name, upload) if upload else None
        if name == "show":
            typed = {"owner": None, "due_on": None} | typed
        try:
            run(sample=sample, by=request.user, **typed)
        except Refused as refusal:
            said(form, refusal)
    if not form.errors:
        return done(request, f"{HERE}{pk}", message)
    return _show(request, sample, {name: form})
