"""索引号 at the desk: the style the town's numbers are given in, and which lead to no text."""

from itertools import islice

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from mingtang.desk import shown
from mingtang.desk.access import DOCUMENTS, denied, done, page, staff_required
from mingtang.desk.forms import PICK, said
from mingtang.disclosure import numbers
from mingtang.disclosure.enums import GapReason
from mingtang.disclosure.index_styles import styles
from mingtang.disclosure.models import Document
from mingtang.disclosure.numbers import Gap
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P

MOST = 200


class StyleForm(forms.Form):
    style = forms.ChoiceField(
        label="索引号格式", choices=[(style.code, style.name) for style in styles().values()], error_messages=PICK
    )


@staff_required(*DOCUMENTS, P.CATALOGUE_KEEP)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The gaps with the titles that only staff see; whoever keeps the catalogue picks the style."""
    town = request.town
    keeps = request.viewer.may(P.CATALOGUE_KEEP)
    form = StyleForm(request.POST or None, initial={"style": numbers.style_of(town).code})
    if request.method == "POST":
        if not keeps:
            return denied(request, (P.CATALOGUE_KEEP,))
        if form.is_valid():
            try:
                numbers.choose(town=town, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                said(form, refusal)
        if not form.errors:
            return done(request, "/desk/info/numbers", "已经记下。以后编的索引号用这种格式，以前的都不变。")
    every = numbers.numbering(town)
    rows = list(islice(numbers.gaps(town, every, singly=True), MOST))
    titles = _titles(request, rows)
    context = {
        "form": form if keeps else None,
        "offers": [(one.code, one.name, f"下一个会是 {numbers.sample(town, one)}") for one in styles().values()],
        "style": numbers.style_of(town),
        "example": numbers.sample(town, numbers.style_of(town)),
        "every": every,
        "rows": [(gap, titles.get(gap.number)) for gap in rows],
        "more": every.missing - len(rows),
        "tones": {GapReason.WITHDRAWN: "stop", GapReason.UNUSED: "late"},
        "history": shown.history(town, f"town:{town.code}"),
    }
    return page(request, "desk/info/numbers.html", context, active="info", status=422 if form.errors else 200)


def _titles(request: HttpRequest, rows: list[Gap]) -> dict[str, tuple[int, str]]:
    """Key and title of the newest edition behind each number."""
    wanted = [gap.number for gap in rows if gap.number]
    editions = Document.objects.visible_to(request.viewer).filter(index_number__in=wanted)
    found = editions.order_by("editions__number").values_list(
        "index_number", "editions__pk", "editions__revision__title"
    )
    return {number: (pk, title) for number, pk, title in found}
