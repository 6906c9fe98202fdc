"""补录 at the desk: outages declared, cases entered from their slips, and how late each was."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.cases import actions
from mingtang.cases.actions.late import check_slip, check_time
from mingtang.cases.enums import OutageCause
from mingtang.cases.late_counted import outages
from mingtang.cases.models import LateEntry
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import NEEDED, PICK, MomentField, said
from mingtang.desk.intake_sheet import OnPaper, Sheet
from mingtang.desk.item_named import item_named
from mingtang.desk.shown import lag
from mingtang.desk.views.intake import walk
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

POWERS = (P.CASE_INTAKE, P.WINDOW_RUN, P.OVERSEE)
MOST = 50


class OutageForm(forms.Form):
    from_at = MomentField(label="从什么时候", error_messages=NEEDED)
    to_at = MomentField(label="到什么时候", error_messages=NEEDED)
    cause = forms.ChoiceField(label="原因", choices=OutageCause.choices, error_messages=PICK)


class SlipForm(forms.Form):
    """What stands at the head of the paper."""

    slip = forms.CharField(label="号单", max_length=20, help_text="照印的写全，例如 CD01-007。", error_messages=NEEDED)
    happened_at = MomentField(label="纸上写的收件时间", error_messages=NEEDED)
    item = forms.CharField(
        label="办什么", max_length=60, help_text="写名称或者编码，写一部分也行。", error_messages=NEEDED
    )


@staff_required(*POWERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _index(request)


def _index(request: HttpRequest, slip: forms.Form | None = None, outage: forms.Form | None = None) -> HttpResponse:
    bad = slip or outage
    rows = LateEntry.objects.filter(case__town=request.town).order_by("-recorded_at", "-pk")
    context = {
        "slip": (slip or SlipForm()) if request.viewer.may(P.CASE_INTAKE) else None,
        "outage": (outage or OutageForm()) if request.viewer.may(P.WINDOW_RUN) else None,
        "bad": bad,
        "outages": outages(request.town),
        "rows": [
            {"entry": row, "number": row.case.visit.errand.contact.number, "lag": lag(row.happened_at, row.recorded_at)}
            for row in rows.select_related("case__version", "case__visit__errand__contact").defer(
                "case__version__data", "case__version__bpmn"
            )[:MOST]
        ],
    }
    return page(request, "desk/late/index.html", context, active="cases", status=422 if bad else 200)


@staff_required(P.WINDOW_RUN)
@require_POST
def declare(request: HttpRequest) -> HttpResponse:
    """登记停电停网: without it nothing can be entered afterwards."""
    form = OutageForm(request.POST)
    if form.is_valid():
        try:
            actions.declare_outage(town=request.town, by=request.user, **form.cleaned_data)
            return done(request, "/desk/late/", "已经登记，窗口可以补录这段时间收的件。")
        except Refused as refusal:
            said(form, refusal)
    return _index(request, outage=form)


@staff_required(P.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """The window's own screens for what was written on a slip: under the version of that day. The head of the paper
    stays in the address, so that every screen keeps it."""
    form = SlipForm(request.GET)
    if not form.is_valid():
        return _index(request, slip=form)
    late = OnPaper(form.cleaned_data["slip"].strip().upper(), form.cleaned_data["happened_at"])
    try:
        item = item_named(request, form.cleaned_data["item"])
        version = check_time(request.town, item, late.at)
        if request.method == "GET":
            check_slip(request.town, late.slip)
    except Refused as refusal:
        said(form, refusal)
        return _index(request, slip=form)
    # Looked at as it was on that day; never saved.
    version.item = item
    item.current = version
    return walk(Sheet.of(request, item, late=late))
