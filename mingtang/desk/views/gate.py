"""The acts of the change gate: bind, call one action, say what it refused at its field."""

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from mingtang.desk.access import EDITORS, ITEMS, done, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.desk.gate_shown import ACTS, form_of, values_of
from mingtang.desk.views.items import version_of, version_page
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.rulebook import actions
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Waiver


@staff_required(*ITEMS)
@require_POST
def act(request: HttpRequest, code: str, number: int, act: str) -> HttpResponse:
    """One act on a version; what was typed stays when it is refused."""
    if act not in ACTS:
        raise Http404
    version = version_of(request, code, number)
    form = form_of(act, version, request.POST)
    if form.is_valid():
        try:
            version = getattr(actions, act)(version=version, by=request.user, **values_of(form))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if form.errors:
        return version_page(request, version_of(request, code, number), form=form, act=act, status=422)
    told = ACTS[act].done
    if act == "check_basis" and version.state == VersionState.REFUSED:
        told = f"依据的级别不够，这份议案不能通过，已经公开：{version.refused_reason}"
    return done(request, f"/desk/items/{code}/{number}", told)


@staff_required(*EDITORS)
@require_POST
def ask_waiver(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Ask to let one finding of this text stand, with a reason."""
    version, identity = version_of(request, code, number), request.POST.get("identity", "")[:32]
    form = ReasonForm(request.POST, prefix=identity[:8])
    if form.is_valid():
        try:
            actions.ask_waiver(version=version, identity=identity, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/items/{code}/{number}", "已经请求放行，等另一位同志办。")
    return version_page(request, version_of(request, code, number), not_waived=(identity, form), status=422)


@staff_required(P.ITEM_APPROVE)
@require_POST
def settle_waiver(request: HttpRequest, code: str, number: int, pk: int, act: str) -> HttpResponse:
    """Let it stand, or not, with a reason."""
    version = version_of(request, code, number)
    waiver = get_object_or_404(Waiver.objects.visible_to(request.viewer), pk=pk, version=version)
    if act not in ("waive", "refuse"):
        raise Http404
    key, form = "", Form(request.POST)
    if act == "refuse":
        key, form = f"{pk}", ReasonForm(request.POST, prefix=f"waiver-{pk}")
    if form.is_valid():
        try:
            if act == "waive":
                actions.waive(waiver=waiver, by=request.user)
            else:
                actions.refuse_waiver(waiver=waiver, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            told = "已放行这一处。" if act == "waive" else "没有放行，编制的同事会看到您写的理由。"
            return done(request, f"/desk/items/{code}/{number}", told)
    return version_page(request, version_of(request, code, number), not_waived=(key, form), status=422)
