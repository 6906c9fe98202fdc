"""真实性抽查: each round of the lot, how anybody draws it again, and what came of each statement."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from mingtang.portal import common, keys
from mingtang.portal import samples_shown as shown
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views.board import TRAIL
from mingtang.scrutiny.enums import StatementKind
from mingtang.scrutiny.models import SampleRound
from mingtang.scrutiny.statements import as_text

MOST = 50
COLUMN = {
    "name": "真实性抽查",
    "description": "公开的数字、收费和承诺，抽出来和原始账册核对，结果逐条公布",
    "keywords": "真实性抽查;监督检查;政务公开",
    "type": "信息公开目录",
}


@stored(keys.SAMPLES, keys.LISTS)
def index(request: HttpRequest) -> HttpResponse:
    """The rounds, newest first, each with its counts."""
    rows = []
    for row in SampleRound.objects.visible_to(request.viewer).select_related("town")[:MOST]:
        results = [one["result"] for one in shown.drawn(request.viewer, row) if one["result"]]
        rows.append({"row": row, "pool": len(row.pool), "counts": shown.counts(results, row.wanted)})
    context = {"column": COLUMN, "trail": [*TRAIL, ("真实性抽查", None)], "rows": rows}
    return render(request, "portal/board/samples.html", context)


def _found(request: HttpRequest, number: str) -> SampleRound:
    rows = SampleRound.objects.visible_to(request.viewer).select_related(
        "town", "announced_event__town", "announced_event__sequenced", "drawn_event__town", "drawn_event__sequenced"
    )
    row = get_object_or_404(rows, number=number)
    depends_on(row.subject)
    return row


@stored(keys.SAMPLES, keys.LISTS)
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One round: what it is drawn among, what was drawn by which number, the results."""
    row = _found(request, number)
    lines = shown.drawn(request.viewer, row)
    results = [one["result"] for one in lines if one["result"]]
    context = {
        "column": COLUMN,
        "trail": [*TRAIL, ("真实性抽查", "/board/samples/"), (row.number, None)],
        "row": row,
        "kinds": [StatementKind(kind).label for kind in row.kinds],
        "pool": len(row.pool),
        "lines": lines,
        "counts": shown.counts(results, row.wanted),
        "announced": common.proof(row.announced_event),
        "drawn": common.proof(row.drawn_event),
    }
    return render(request, "portal/board/round.html", context)


@stored(keys.SAMPLES, keys.LISTS)
def pool(request: HttpRequest, number: str) -> HttpResponse:
    """The file whose hash the announcement tells: the place of a line in it is what is drawn."""
    return HttpResponse(as_text(request.town, _found(request, number).pool), content_type="text/plain; charset=utf-8")


@stored(keys.SAMPLES, keys.LISTS)
def round_json(request: HttpRequest, number: str) -> HttpResponse:
    """The round as data."""
    row = _found(request, number)
    data: dict[str, Any] = {
        "number": row.number,
        "from": row.from_on.isoformat(),
        "to": row.to_on.isoformat(),
        "kinds": row.kinds,
        "wanted": row.wanted,
        "pool_count": len(row.pool),
        "pool_sha256": row.pool_sha256,
        "root": row.root,
        "picked": row.picked or [],
        "results": [
            {
                "place": line["place"],
                "line": line["number"],
                "page": request.town.base_url + line["said"].url,
                "text": line["said"].text,
                **{
                    name: line["result"][name] if line["result"] else "" for name in ("words", "found", "reply", "duty")
                },
            }
            for line in shown.drawn(request.viewer, row)
        ],
    }
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")
