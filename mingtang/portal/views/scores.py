"""三项得分: of each column and unit how much came on time, is complete, arrived; with the formula and all inputs."""

import json
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.disclosure.models import Column
from mingtang.oversight import board
from mingtang.portal import keys
from mingtang.portal.stored import stored
from mingtang.portal.views.board import TRAIL
from mingtang.scrutiny.scores import WINDOW, Inputs, Scores, Share, gather, reckon

COLUMN = {
    "name": "三项得分",
    "description": "每个公开栏目、每个单位：按时了没有，齐全不齐全，到了群众那里没有",
    "keywords": "政务公开;按时;齐全;到达",
    "type": "信息公开目录",
}
# Numbers of rows, which say nothing outside.
KEYS = {"edition", "document"}
FORMULA = {
    "on_time": "按时＝一年里到期的格子中，在期限以前办成的÷到期的全部（说明过原因的不算）",
    "complete": "齐全＝（必填内容中填了的＋到期的格子中办成的，不论早晚）÷（必填内容的全部＋到期格子的全部）",
    "reached": "到达＝要求人人知道的文件中，在规定天数里到了规定次数的÷这样的文件的全部（还没到天数的不算）",
    "understood": "看懂＝拿到纸条的人答对的题数÷答了的题数（每份现行文件三道题，答的人每满五个算一次）",
}


def _rows(request: HttpRequest, inputs: Inputs) -> tuple[list[tuple[Column, Scores]], list[tuple[str, Scores]]]:
    """The columns that are a duty or have something to count, and the units, in the order of catalogue and register."""
    columns = Column.objects.visible_to(request.viewer).filter(closed_on__isnull=True)
    columns = columns.order_by("scheme", "order", "pk")
    scored = [(column, reckon(inputs.of_column(column.code))) for column in columns]
    units = [(name, reckon(inputs.of_unit(code))) for code, name in board.units(request.viewer).items()]
    return [(column, found) for column, found in scored if found.has_data or column.is_duty], units


@stored(keys.DUTIES, keys.CATALOGUE, keys.COLUMNS, keys.SITE, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """Three scores beside each other, never added up."""
    today = timezone.localdate()
    inputs = gather(request.viewer, today)
    columns, units = _rows(request, inputs)
    context = {
        "column": COLUMN,
        "trail": [*TRAIL, ("三项得分", None)],
        "columns": columns,
        "units": units,
        "read": [{**asdict(row), "share": Share(row.right, row.asked)} for row in inputs.read],
        "formula": FORMULA,
        "passing": request.town.pass_mark,
        "since": today - WINDOW,
        "today": today,
    }
    return render(request, "portal/board/scores.html", context)


def _share(share: Share) -> dict[str, int | None]:
    return {"good": share.good, "whole": share.whole, "percent": share.percent}


def _scores(found: Scores) -> dict[str, Any]:
    return {name: _share(getattr(found, name)) for name in FORMULA}


@stored(keys.DUTIES, keys.CATALOGUE, keys.COLUMNS, keys.SITE, keys.DAY)
def index_json(request: HttpRequest) -> HttpResponse:
    """Everything that the scores are computed from, and the scores."""
    today = timezone.localdate()
    inputs = gather(request.viewer, today)
    columns, units = _rows(request, inputs)
    data = {
        "as_of": today.isoformat(),
        "after": (today - WINDOW).isoformat(),
        "formula": FORMULA,
        "pass_mark": request.town.pass_mark,
        "columns": [{"code": column.code, "name": column.name, **_scores(found)} for column, found in columns],
        "units": [{"name": name, **_scores(found)} for name, found in units],
        "inputs": {
            name: [{field: value for field, value in asdict(row).items() if field not in KEYS} for row in rows]
            for name, rows in vars(inputs).items()
        },
    }
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
    return HttpResponse(text, content_type="application/json")
