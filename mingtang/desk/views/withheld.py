"""不公开的信息多久再审查一次: what the town set, and setting it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from mingtang.desk import shown
from mingtang.desk.access import DOCUMENTS, denied, done, page, staff_required
from mingtang.desk.forms import said
from mingtang.desk.info_acts import RhythmForm
from mingtang.disclosure import withheld
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P


@staff_required(*DOCUMENTS, P.CATALOGUE_KEEP)
@require_http_methods(["GET", "POST"])
def rhythm(request: HttpRequest) -> HttpResponse:
    """Whoever keeps the catalogue sets it; whoever works on documents sees it."""
    keeps = request.viewer.may(P.CATALOGUE_KEEP)
    form = RhythmForm(request.POST or None, initial={"months": request.town.review_months})
    if request.method == "POST":
        if not keeps:
            return denied(request, (P.CATALOGUE_KEEP,))
        if form.is_valid():
            try:
                withheld.set_rhythm(town=request.town, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                said(form, refusal)
        if not form.errors:
            return done(request, "/desk/info/rhythm", "已经定下，从下一次再审查起照这个来。")
    context = {
        "form": form if keeps else None,
        "months": request.town.review_months,
        "history": shown.history(request.town, f"town:{request.town.code}", type=withheld.RHYTHM),
    }
    return page(request, "desk/info/rhythm.html", context, active="info", status=422 if form.errors else 200)
