"""结果公开 at the desk: exactly what would be published, one click, and the sheets of the villages' boards."""

from typing import Any

from django import forms
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.cases import actions
from mingtang.cases.enums import GrantState
from mingtang.cases.grants import REVIEW, fields, problems, text_of, village_of
from mingtang.cases.models import Grant
from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import said
from mingtang.lib.errors import Refused
from mingtang.rulebook.enums import Disclosed

PAGE = 20
HALL = "hall"  # in the address: the sheet of the service hall, which is no village


class PublishForm(forms.Form):
    village = forms.CharField(
        label="在哪个村（社区）公示",
        max_length=40,
        error_messages={"required": "请填写在哪个村（社区）公示。"},
    )

    def __init__(self, data: Any = None, *, grant: Grant, **more: Any) -> None:
        super().__init__(data, prefix=f"publish-{grant.pk}", **more)
        if grant.scope != Disclosed.BOARD:
            del self.fields["village"]


class WithholdForm(forms.Form):
    reason = forms.CharField(
        label="不公开的理由和依据",
        max_length=200,
        error_messages={"required": "请写明不公开的理由和依据。"},
    )

    def __init__(self, data: Any = None, *, grant: Grant, **more: Any) -> None:
        super().__init__(data, prefix=f"withhold-{grant.pk}", **more)


ACTS = {
    "publish": (PublishForm, actions.publish, "已经公开。"),
    "withhold": (WithholdForm, actions.withhold, "已经记下，只公布件数。"),
}


def _grants(request: HttpRequest) -> Any:
    rows = Grant.objects.visible_to(request.viewer)
    return rows.select_related("town", "case__version", "case__key", "case__town", "paper").defer("case__version__bpmn")


def _row(grant: Grant, bound: dict[str, forms.Form]) -> dict[str, Any]:
    """One result as its review shows it; ``bound`` holds the form that was refused."""
    try:
        text = grant.shown if grant.state == GrantState.SHOWN else text_of(grant)
        place = village_of(grant.case.applicant["address"])
    except Refused:
        text, place = {}, ""
    return {
        "grant": grant,
        "name": grant.case.version.name,
        "fields": fields(text),
        "days": grant.case.version.spec.publication.days,
        "problems": problems(grant.town_id, text),
        "publish": bound.get("publish") or PublishForm(grant=grant, initial={"village": place}),
        "withhold": bound.get("withhold") or WithholdForm(grant=grant),
        "tone": {"waiting": "today", "shown": "done"}.get(grant.state, "todo"),
    }


def _page(request: HttpRequest, *, refused: tuple[Grant, str, forms.Form] | None = None) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in GrantState.values else GrantState.WAITING
    found = Grant.objects.visible_to(request.viewer)
    counts = dict(found.values_list("state").annotate(count=Count("pk")).order_by())
    labels = [(key, label, counts.get(key, 0)) for key, label in GrantState.choices]
    rows, before = _grants(request).filter(state=state).order_by("-pk"), request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    listed = list(rows[: PAGE + 1])
    last = listed[PAGE - 1] if len(listed) > PAGE else None
    listed = listed[:PAGE]
    bound: dict[int, dict[str, forms.Form]] = {}
    if refused:
        grant, name, form = refused
        bound[grant.pk] = {name: form}
        listed = [grant, *(row for row in listed if row.pk != grant.pk)]
    context = {
        "state": state,
        "tabs": shown.tabs(state, labels),
        "rows": [_row(row, bound.get(row.pk, {})) for row in listed],
        "older_url": shown.link(state=state, before=last.pk) if last else "",
        "newer_url": shown.link(state=state) if before else "",
        "errors": refused[2] if refused else None,
        "boards": _boards(request),
    }
    return page(request, "desk/grants/index.html", context, active="grants", status=422 if refused else 200)


def _boards(request: HttpRequest) -> list[dict[str, Any]]:
    """The sheets that hang now: one a village, one in the hall."""
    rows = Grant.objects.visible_to(request.viewer).filter(state=GrantState.SHOWN)
    counts = rows.filter(scope__in=[Disclosed.BOARD, Disclosed.HALL]).values_list("scope", "village")
    return [
        {"name": village or "服务大厅", "query": shown.link(village=village or HALL), "count": count}
        for _, village, count in counts.annotate(count=Count("pk")).order_by("scope", "village")
    ]


@staff_required(*REVIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _page(request)


@staff_required(*REVIEW)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Publish as shown, or keep it from the public with a reason."""
    grant = get_object_or_404(_grants(request), pk=pk)
    if name not in ACTS:
        raise Http404
    kind, run, message = ACTS[name]
    form = kind(request.POST, grant=grant)
    if form.is_valid():
        try:
            run(grant=grant, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
    if not form.errors:
        return done(request, "/desk/grants/", message)
    return _page(request, refused=(grant, name, form))


@staff_required(*REVIEW)
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """One sheet for a village's board or the hall: what hangs there today, to print; tomorrow's may differ."""
    village = request.GET.get("village", "").replace("\x00", "")
    rows = _grants(request).filter(state=GrantState.SHOWN)
    scope = {"scope": Disclosed.HALL} if village == HALL else {"scope": Disclosed.BOARD, "village": village}
    listed = [_row(grant, {}) for grant in rows.filter(**scope).order_by("until", "pk")]
    if not listed:
        raise Http404
    context = {
        "where": "服务大厅" if village == HALL else village,
        "rows": listed,
        "day": timezone.localdate(),
        "phones": list(dict.fromkeys(row["grant"].case.version.spec.complaint_phone for row in listed)),
    }
    return page(request, "desk/grants/sheet.html", context, active="grants")
