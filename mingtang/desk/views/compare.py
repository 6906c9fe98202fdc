"""What changed in a draft: its text now beside an earlier one, such as that which somebody sent back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingtang.desk.access import DOCUMENTS, page, staff_required
from mingtang.desk.views.info import edition_or_404
from mingtang.disclosure import actions, comparing
from mingtang.disclosure.models import Edition, Revision
from mingtang.events.models import Event


@staff_required(*DOCUMENTS)
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """``since``: number of the earlier text; without it the one that was sent back last, else what is public, else the
    first."""
    edition = edition_or_404(request, pk)
    document, now = edition.document, edition.revision
    earlier = document.revisions.filter(number__lt=now.number).defer("body_html", "body_text", "facts")
    rows = list(earlier.select_related("author").order_by("-number"))
    returned = _returned(edition)
    published = {row.revision_id: row.number for row in document.editions.exclude(published_at=None)}
    asked = request.GET.get("since", "")
    since = int(asked) if asked.isascii() and asked.isdigit() else _usual(rows, returned, published)
    chosen = next((row for row in rows if row.number == since), None)
    if asked and chosen is None:
        raise Http404
    choices = [(row.number, _called(row, returned, published)) for row in rows]
    context = {
        "edition": edition,
        "choices": choices,
        "since": since,
        "found": comparing.compared(document.revisions.get(pk=chosen.pk), now) if chosen else None,
    }
    return page(request, "desk/info/compare.html", context, active="info")


def _returned(edition: Edition) -> set[int]:
    """The numbers of the texts of this edition that were sent back."""
    subject, town = edition.document.subject, edition.document.town
    events = Event.objects.filter(town=town, subject=subject, type=actions.RETURNED)
    return {data["revision"] for data in events.values_list("data", flat=True) if data["edition"] == edition.number}


def _usual(rows: list[Revision], returned: set[int], published: dict[int, int]) -> int:
    for row in rows:
        if row.number in returned or row.pk in published:
            return row.number
    return rows[-1].number if rows else 0


def _called(row: Revision, returned: set[int], published: dict[int, int]) -> str:
    when = timezone.localtime(row.created_at)
    words = [f"第 {row.number} 稿", f"{when:%m月%d日 %H:%M}", row.author.name if row.author else "导入"]
    if row.pk in published:
        words.append(f"第 {published[row.pk]} 版，公开过")
    if row.number in returned:
        words.append("退回的那一稿")
    return "　".join(words)
