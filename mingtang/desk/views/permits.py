"""证照 at the desk: the list, and one permit with its papers and acts."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.cases.enums import PermitState
from mingtang.cases.models import CaseDocument, Permit
from mingtang.cases.permits import QUESTIONED, SOON, ask_by, heard_from, status
from mingtang.cases.policies import recused
from mingtang.desk import case_shown, permit_more, shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.permit_more import FOLDS
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.workdays.tables import calendar_for

PAGE = 50
TONES = {PermitState.VALID: "done", PermitState.WITHDRAWN: "stop", PermitState.REVOKED: "stop"}
SOON_ENDING, OVER, ASKED, AGAIN = "soon", "over", "asked", "again"


def kinds(today: date) -> dict[str, Q]:
    """The tabs of the list that no state says, each as a condition."""
    valid = Q(state=PermitState.VALID)
    return {
        ASKED: valid & Q(asks__outcome=""),
        SOON_ENDING: valid & Q(valid_to__range=(today, today + timedelta(days=SOON))),
        OVER: valid & Q(valid_to__lt=today),
        AGAIN: valid & Q(case__reopenings__fate=""),
    }


LABELS = {ASKED: "等答复", SOON_ENDING: f"{SOON} 天内到期", OVER: "过期待注销", AGAIN: QUESTIONED}


def _after(request: HttpRequest) -> tuple[date, int] | None:
    """The last row of the page before, in the lists that are ordered by their last day."""
    day, _, key = request.GET.get("after", "").partition(".")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    try:
        return date.fromisoformat(day), int(key)
    except ValueError:
        return None


@staff_required(P.CASE_READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The town's permits: newest first, or what ends first on top."""
    today, query = timezone.localdate(), shown.asked(request, 40).upper()
    chosen, state = kinds(today), request.GET.get("state", "")
    found = Permit.objects.visible_to(request.viewer)
    if query:
        found = found.filter(number__contains=query)
    rows, dated = found, state in {SOON_ENDING, OVER}
    if state in chosen:
        rows = rows.filter(chosen[state]).distinct()
    elif state in PermitState.values:
        rows = rows.filter(state=state)
    else:
        state = ""
    after, before = _after(request), request.GET.get("before", "")
    if dated:
        rows = rows.order_by("valid_to", "pk")
        if after:
            rows = rows.filter(Q(valid_to=after[0], pk__gt=after[1]) | Q(valid_to__gt=after[0]))
    else:
        rows = rows.order_by("-pk")
        if before.isascii() and before.isdigit() and len(before) < 19:
            rows = rows.filter(pk__lt=int(before))
    keys = list(rows.values_list("pk", flat=True)[: PAGE + 1])
    listed = {
        row.pk: row
        for row in Permit.objects.filter(pk__in=keys[:PAGE])
        .select_related("case__version", "case__key")
        .defer("case__version__bpmn", "case__applicant_sealed")
        .prefetch_related("entries", "case__reopenings")
    }
    last = listed[keys[PAGE - 1]] if len(keys) > PAGE else None
    beyond = {"after": f"{last.valid_to}.{last.pk}"} if last and dated else {"before": last.pk if last else ""}
    context = {
        "q": query,
        "state": state,
        "tabs": shown.tabs(state, _labels(found, chosen, state), query),
        "rows": [_row(listed[key], today) for key in keys[:PAGE]],
        "older_url": shown.link(q=query, state=state, **beyond) if last else "",
        "newer_url": shown.link(q=query, state=state) or request.path if after or before else "",
    }
    return page(request, "desk/permits/index.html", context, active="permits")


def _labels(found: Any, chosen: dict[str, Q], state: str) -> list[tuple[str, str, int]]:
    """The tabs: all, then what waits, then states; empty ones are left out."""
    counts: dict[str, int] = dict(found.values_list("state").annotate(count=Count("pk")).order_by())
    more = {key: found.filter(condition).distinct().count() for key, condition in chosen.items()}
    rows = [("", "全部", sum(counts.values())), *((key, LABELS[key], more[key]) for key in chosen)]
    rows += [(key, label, counts.get(key, 0)) for key, label in PermitState.choices]
    return [row for row in rows if row[2] or row[0] in {"", state}]


def _row(permit: Permit, today: date) -> dict[str, Any]:
    try:
        holder = permit.holder
    except Refused:
        holder = "（已按期销毁）"
    word = status(permit, list(permit.entries.all())[-1].act, today)
    if word == QUESTIONED:
        return {"permit": permit, "holder": holder, "word": word, "tone": "today", "name": permit.given.name}
    tone = "late" if permit.state == PermitState.VALID and permit.expired(today) else TONES.get(permit.state, "todo")
    return {"permit": permit, "holder": holder, "word": word, "tone": tone, "name": permit.given.name}


def permit_or_404(request: HttpRequest, pk: int) -> Permit:
    rows = Permit.objects.visible_to(request.viewer).select_related(
        "town", "case__town__parent", "case__item", "case__version", "case__key", "paper"
    )
    return get_object_or_404(rows, pk=pk)


def permit_page(
    request: HttpRequest, permit: Permit, *, form: tuple[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    """One permit: how it stands, what waits, its papers, and what may be done."""
    today, calendar = timezone.localdate(), calendar_for(permit.town)
    now, warning = permit_more.read(permit), permit.warnings.last()
    papers = CaseDocument.objects.filter(case=permit.case, event__type__startswith="permit.")
    away = recused(permit.case, request.user)
    context = {
        **_row(permit, today),
        "asks": now.asks,
        "ask_by": ask_by(permit, calendar),
        "warning": warning,
        "heard_from": heard_from(warning.served_on, calendar) if warning and warning.served_on else None,
        "papers": [
            case_shown.paper(permit.case, row)
            for row in [*papers.filter(event__data__permit=permit.number).order_by("-pk"), permit.paper]
        ],
        "history": shown.history(
            request.town, permit.case.subject, type__startswith="permit.", data__permit=permit.number
        ),
        "folds": [] if away else permit_more.folds(request, now, dict([form] if form else [])),
        "away": away,
        "opened": form[0] if form else "",
        "errors": form[1] if form else None,
    }
    return page(request, "desk/permits/show.html", context, active="permits", status=status)


@staff_required(P.CASE_READ)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return permit_page(request, permit_or_404(request, pk))


@staff_required(P.CASE_INTAKE, P.CASE_DECIDE)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One of the acts folded at the foot of the page."""
    permit, fold = permit_or_404(request, pk), FOLDS.get(name)
    if fold is None:
        raise Http404
    form = fold.form(request.POST, prefix=name)
    if form.is_valid():
        try:
            permit_more.run(name, permit, request.user, form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if not form.errors:
        return done(request, f"/desk/permits/{pk}", fold.message)
    return permit_page(request, permit_or_404(request, pk), form=(name, form), status=422)
