"""停供通知 at the desk: written by the unit, checked by a second person, changed, ended by the word that it is back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import UTILITIES, done, page, staff_required
from mingtang.desk.forms import said
from mingtang.desk.interruption_forms import FORMS, ActForm, NewForm
from mingtang.desk.views.utilities import tenant_or_404
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Village
from mingtang.utilities import interruptions
from mingtang.utilities.enums import InterruptionState
from mingtang.utilities.lead import lead
from mingtang.utilities.models import Interruption

DONE = {
    "announce": "已经发出，公开页和首页上看得到。",
    "confirm": "已经核对。",
    "change": "已经改了，原来的时间也看得到。",
    "restore": "已经写明恢复。",
    "withdraw": "已经撤回。",
}


@staff_required(P.TENANT_KEEP)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Write one for a unit of one's own."""
    tenant = tenant_or_404(request, code)
    villages = Village.objects.visible_to(request.viewer).filter(closed_on__isnull=True)
    form = NewForm(request.POST if request.method == "POST" else None, villages=villages)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            row = interruptions.propose(
                tenant=tenant, cut=typed["cut"], urgency=typed["urgency"], told=form.told, by=request.user
            )
        except Refused as refusal:
            said(form, refusal)
        else:
            out = row.state == InterruptionState.OUT
            sentence = "已经发出。请第二个人事后核对。" if out else "已经写好，等第二个人核对、发出。"
            return done(request, f"/desk/utilities/interruptions/{row.pk}", sentence)
    context = {"tenant": tenant, "form": form}
    status = 422 if form.errors else 200
    return page(request, "desk/utilities/new.html", context, active="utilities", status=status)


def _row(request: HttpRequest, pk: int) -> Interruption:
    rows = Interruption.objects.visible_to(request.viewer).select_related("town", "unit", "author", "checked_by")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest, row: Interruption, name: str = "", bad: ActForm | None = None, status: int = 200
) -> HttpResponse:
    able = [act for act in FORMS if interruptions.can(act, row, request.user)]
    # What was checked needs no second look, what has not begun cannot be over.
    over = {"confirm"} if row.checked_by_id else set()
    over |= {"restore"} if row.starts_at > timezone.now() else set()
    able = [act for act in able if act not in over]
    context: dict[str, Any] = {
        "row": row,
        "lead": lead(row.cut, row.urgency),
        "forms": {act: bad if act == name else FORMS[act](row=row, prefix=act) for act in able},
        "bad": bad,
        "history": shown.history(request.town, row.subject),
    }
    return page(request, "desk/utilities/interruption.html", context, active="utilities", status=status)


@staff_required(*UTILITIES)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _row(request, pk))


@staff_required(*UTILITIES)
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Every act of the table but the first."""
    row = _row(request, pk)
    if act not in FORMS:
        raise Http404
    form = FORMS[act](request.POST, row=row, prefix=act)
    if form.is_valid():
        try:
            getattr(interruptions, act)(interruption=row, by=request.user, **form.typed())
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, f"/desk/utilities/interruptions/{row.pk}", DONE[act])
    return _page(request, row, act, form, status=422)
