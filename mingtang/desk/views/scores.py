"""三项得分 at the desk: of the columns of one's posts, with each place, slot and document that is missing in them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingtang.desk.access import my_posts, page, staff_required
from mingtang.disclosure.models import Column
from mingtang.oversight.enums import SlotState
from mingtang.oversight.periods import title_of
from mingtang.scrutiny.scores import Inputs, Share, gather, reckon

MOST = 20
WORDS = {SlotState.LATE: "迟了", SlotState.EMPTY: "空着", SlotState.BROKEN: "没有做到"}


def _lacking(inputs: Inputs) -> list[dict[str, str]]:
    """What takes points away, each with where it is mended; what came late stays late."""
    owed = [row for row in inputs.owed if row.state in WORDS]
    slots = [
        {
            "url": f"/desk/duties/{row.duty}",
            "title": f"{row.name}　{title_of(row.period)}",
            "word": WORDS[SlotState(row.state)],
        }
        for row in owed
    ]
    stated = [
        {"url": f"/desk/info/{row.edition}", "title": row.title, "word": f"缺 {row.required - row.filled} 处"}
        for row in inputs.stated
        if row.filled < row.required
    ]
    known = [
        {"url": f"/desk/reach/{row.document}", "title": row.title, "word": f"到了 {row.arrived} 次，要 {row.times} 次"}
        for row in inputs.known
        if row.arrived < row.times
    ]
    read = [
        {
            "url": f"/desk/info/{row.edition}",
            "title": row.title,
            "word": f"{row.people} 个人答题，答对 {share.percent}%",
        }
        for row in inputs.read
        if not (share := Share(row.right, row.asked)).passes
    ]
    return [*slots, *stated, *known, *read]


@staff_required()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The columns one answers for; all of them where one answers for none."""
    inputs = gather(request.viewer, timezone.localdate())
    columns = Column.objects.visible_to(request.viewer).filter(closed_on__isnull=True).order_by("order", "pk")
    own = columns.filter(owner__in=[post.pk for post in my_posts(request)])
    mine = own.exists()
    rows: list[dict[str, Any]] = []
    for column in own if mine else columns:
        found = inputs.of_column(column.code)
        scores = reckon(found)
        if scores.has_data:
            lacking = _lacking(found)
            rows.append({"column": column, "scores": scores, "lacking": lacking[:MOST], "more": len(lacking) - MOST})
    return page(request, "desk/duties/scores.html", {"rows": rows, "mine": mine}, active="duties")
