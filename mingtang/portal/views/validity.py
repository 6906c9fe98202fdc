"""现行有效、已失效、已废止: documents with a term, as the public asks for them and the annual report counts them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.disclosure import terms
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Document
from mingtang.portal import keys
from mingtang.portal.info_shown import listed
from mingtang.portal.stored import stored

PAGE = 50
STATES = {
    "": ("现行有效", EditionState.PUBLISHED),
    "expired": ("已失效", EditionState.EXPIRED),
    "repealed": ("已废止", EditionState.REPEALED),
}
PAGE_TAGS = {
    "name": "文件有效性",
    "description": "有期限的文件哪些现行有效，哪些已经失效、废止",
    "keywords": "规范性文件;有效期;失效;废止",
    "type": "政策文件",
}


@stored(keys.VALIDITY, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """The documents of one state, the first to end on top where they are in force, else the last that ended."""
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in STATES else ""
    documents = Document.objects.visible_to(request.viewer).filter(current__in_force_from__isnull=False)
    rows = documents.filter(current__state=STATES[chosen][1]).select_related("current__revision")
    rows = rows.defer("current__revision__body_html", "current__revision__body_text", "current__revision__facts")
    order = ("-current__ended_at", "-pk") if chosen else ("current__in_force_until", "pk")
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and 0 < int(number[:6]) < 10_000 else 1
    found = list(rows.order_by(*order)[(page - 1) * PAGE : page * PAGE + 1])
    base = f"?state={chosen}&page=" if chosen else "?page="
    context = {
        "column": PAGE_TAGS,
        "trail": [("政府信息公开", "/info/"), ("文件有效性", None)],
        "tabs": [(label, f"?state={name}" if name else "?", name == chosen) for name, (label, _) in STATES.items()],
        "figures": terms.figures(request.town, timezone.localdate().year),
        "documents": [listed(row) for row in found[:PAGE]],
        "newer_url": base + str(page - 1) if page > 1 else "",
        "older_url": base + str(page + 1) if len(found) > PAGE else "",
    }
    return render(request, "portal/info/validity.html", context)
