"""Two published editions of a document beside each other: what a correction changed, with its public note."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mingtang.disclosure import comparing
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.tombstones import is_withdrawn, tombstone
from mingtang.portal.views.info import COLUMN, history, published_or_404


@stored()
def compare(request: HttpRequest, first: int, second: int, number: str) -> HttpResponse:
    """Words that went and words that came. Editions that were taken down are compared with nothing."""
    depends_on(f"document:{number}")
    document = published_or_404(request, number)
    if is_withdrawn(document):
        return tombstone(request, document, history(document))
    editions = {row.number: row for row in document.editions.select_related("revision__document")}
    readable = comparing.readable(document, editions.values())
    if first >= second or not {first, second} <= set(readable):
        raise Http404
    before, after = editions[first], editions[second]
    context = {
        "column": COLUMN,
        "trail": [
            ("政府信息公开", "/info/"),
            (document.index_number, f"/info/{document.index_number}"),
            (f"第 {first} 版和第 {second} 版", None),
        ],
        "document": document,
        "before": before,
        "after": after,
        "notes": [(one, editions[one].note) for one in readable if first < one <= second and editions[one].note],
        "found": comparing.compared(before.revision, after.revision),
    }
    return render(request, "portal/info/compare.html", context)
