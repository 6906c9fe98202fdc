"""不主动公开的信息: number, title and clause of each, so that nobody need guess what there is (plan, row 44)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Withholding
from mingtang.disclosure.withheld import RHYTHM
from mingtang.events.models import Event
from mingtang.portal import keys
from mingtang.portal.stored import stored

PAGE = 50
STATES = {"": ("不予公开", EditionState.NOT_PUBLIC), "request": ("依申请公开", EditionState.ON_REQUEST)}
PAGE_TAGS = {
    "name": "不主动公开的信息",
    "description": "不予公开和依申请公开的信息的标题、依据和再审查日期",
    "keywords": "不予公开;依申请公开;信息公开条例",
    "type": "信息公开目录",
}


@stored(keys.WITHHELD)
def index(request: HttpRequest) -> HttpResponse:
    """What was decided, the last decision on top. Only what is shown is read from the tables."""
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in STATES else ""
    decided = Withholding.objects.visible_to(request.viewer).decided()
    rows = decided.filter(edition__state=STATES[chosen][1]).select_related("edition__document", "edition__revision")
    rows = rows.only(
        *("ground", "hide_title", "decided_at", "review_on", "edition__revision__title"),
        *(f"edition__document__{name}" for name in ("index_number", "theme", "issuer")),
    )
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and 0 < int(number[:6]) < 10_000 else 1
    found = list(rows.order_by("-decided_at", "-pk")[(page - 1) * PAGE : page * PAGE + 1])
    base = f"?state={chosen}&page=" if chosen else "?page="
    context = {
        "column": PAGE_TAGS,
        "trail": [("政府信息公开", "/info/"), ("不主动公开的信息", None)],
        "tabs": [(label, f"?state={name}" if name else "?", name == chosen) for name, (label, _) in STATES.items()],
        "months": request.town.review_months,
        "rhythm": Event.objects.filter(town=request.town, type=RHYTHM).order_by("pk").last(),
        "rows": [
            {
                "title": "" if row.hide_title else row.edition.revision.title,
                "number": row.edition.document.index_number,
                "category": row.edition.document.get_theme_display(),
                "issuer": "" if row.hide_title else row.edition.document.issuer,
                "clause": row.clause,
                "ground": row.get_ground_display(),
                "decided_on": row.decided_at,
                "review_on": row.review_on,
            }
            for row in found[:PAGE]
        ],
        "newer_url": base + str(page - 1) if page > 1 else "",
        "older_url": base + str(page + 1) if len(found) > PAGE else "",
    }
    return render(request, "portal/info/withheld.html", context)
