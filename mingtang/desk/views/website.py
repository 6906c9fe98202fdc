"""网站自查 and 网站标识 at the desk."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.desk import shown
from mingtang.desk.access import DOCUMENTS, denied, done, page, staff_required
from mingtang.desk.forms import said
from mingtang.inspection import marks
from mingtang.inspection.models import SiteCheck
from mingtang.inspection.result import Verdict
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

READERS = (*DOCUMENTS, P.CATALOGUE_KEEP, P.OVERSEE)
TONES = {Verdict.PASS: "done", Verdict.FAIL: "late", Verdict.PERSON: "today", Verdict.NOT_APPLICABLE: "todo"}


class MarksForm(forms.Form):
    """A field for each mark, as its certificate writes it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for mark in marks.MARKS:
            self.fields[mark.field] = forms.CharField(
                label=mark.label, help_text=f"例如：{mark.example}", required=False, max_length=60
            )


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the last check found, the failures first, each with its owner and remedy."""
    last = SiteCheck.objects.visible_to(request.viewer).order_by("-at").first()
    order = {verdict: place for place, verdict in enumerate((Verdict.FAIL, Verdict.PERSON, Verdict.PASS))}
    rows = sorted(last.outcomes, key=lambda row: order.get(Verdict(row["verdict"]), len(order))) if last else []
    context = {
        "last": last,
        "rows": rows,
        "tones": TONES,
        "missing": [name for name, value in marks.of(request.town).items() if not value],
    }
    return page(request, "desk/site/index.html", context, active="info")


@staff_required(*READERS)
@require_http_methods(["GET", "POST"])
def registered(request: HttpRequest) -> HttpResponse:
    """The marks of the foot; whoever keeps the catalogue registers them."""
    keeps = request.viewer.may(P.CATALOGUE_KEEP)
    form = MarksForm(request.POST or None, initial=marks.facts(request.town))
    if request.method == "POST":
        if not keeps:
            return denied(request, (P.CATALOGUE_KEEP,))
        if form.is_valid():
            try:
                marks.register(town=request.town, values=form.cleaned_data, by=request.user)
            except Refused as refusal:
                said(form, refusal)
        if not form.errors:
            return done(request, "/desk/site/marks", "已经登记，每页页脚都会改过来。")
    context = {
        "form": form if keeps else None,
        "held": list(marks.of(request.town).items()),
        "missing": [name for name, value in marks.of(request.town).items() if not value],
        "history": shown.history(request.town, f"town:{request.town.code}", type=marks.MARKED),
    }
    return page(request, "desk/site/marks.html", context, active="info", status=422 if form.errors else 200)
