"""Composing a list: which records, masked how, in which order, summed to what. Same records, same rows."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingtang import guard
from mingtang.cases.models import Case, Grant
from mingtang.disclosure.derived.sources import SOURCES, Asked, Cells, Record
from mingtang.disclosure.derived.template import Template
from mingtang.lib.errors import Refused
from mingtang.lib.masking import mask_name
from mingtang.towns.models import Jurisdiction

SHOWN_PERIODS = 12


@dataclass(frozen=True)
class Period:
    """A month or quarter; of the one that runs, the days until today."""

    code: str
    label: str
    first: date
    last: date


def period_of(template: Template, day: date, today: date) -> Period:
    """The month or quarter a day lies in, as far as it has passed."""
    months = 1 if template.rhythm == "month" else 3
    begin = (day.month - 1) // months * months + 1
    end = begin + months - 1
    last = date(day.year, end, monthrange(day.year, end)[1])
    word = f"{begin}月" if months == 1 else f"第{'一二三四'[begin // 3]}季度"
    running = "（到今天为止）" if last > today else ""
    first = date(day.year, begin, 1)
    return Period(f"{first:%Y-%m}", f"{day.year}年{word}{running}", first, min(last, today))


def periods(template: Template, today: date) -> list[Period]:
    """The one that runs and those before it, newest first."""
    found = [period_of(template, today, today)]
    while len(found) < SHOWN_PERIODS:
        before = date.fromordinal(found[-1].first.toordinal() - 1)
        found.append(period_of(template, before, today))
    return found


def villages(template: Template, town: Jurisdiction) -> list[str]:
    """The villages on whose boards rows of this list hang; nothing for a list that hangs on none."""
    if template.scope != "board":
        return []
    rows = Grant.objects.filter(town=town, scope=template.scope).exclude(village="")
    return list(rows.order_by("village").values_list("village", flat=True).distinct())


@dataclass(frozen=True)
class Row:
    """A row as it is frozen, and the case of whoever it tells of."""

    row: dict[str, Any]
    case: Case | None


@dataclass(frozen=True)
class Composed:
    """``left_out``: see ``sources.Found``; ``total`` in fen, None where nothing is summed."""

    rows: list[Row]
    left_out: int
    total: int | None


def compose(template: Template, asked: Asked, number: str) -> Composed:
    """The list as the records have it now.

    Raises ``Refused`` where a record is not ready, and where a cell would tell what no list may: the guard reads every
    text, and no cell may hold the whole name of a person in the list.
    """
    found = SOURCES[template.source](template, asked)
    rows = [Row(_whole(template, record, number, place), record.case) for place, record in enumerate(found.records, 1)]
    if template.personal:
        names = {record.name for record in found.records if len(record.name) > 1}
        _check_names(rows, names)
    _check_words(template, rows, guard.lists_of(asked.town.pk))
    total = sum(int(record.cells[template.total]) for record in found.records) if template.total else None
    return Composed(rows, found.left_out, total)


def _whole(template: Template, record: Record, number: str, place: int) -> dict[str, Any]:
    row: dict[str, Any] = {"list": number, "no": place, "cells": _cells(template, record)}
    paper = record.case.number if record.case else record.decision
    if template.personal and paper:
        row |= {"case": paper, "name": record.name or record.cells["name"], "tail": record.tail}
    return row


def _cells(template: Template, record: Record) -> Cells:
    """Of a person the masked columns are masked; an organisation has no name to hide."""
    return {
        column.code: mask_name(record.name) if column.masked and record.name else record.cells[column.code]
        for column in template.columns
    }


def _check_names(rows: list[Row], names: set[str]) -> None:
    for row in rows:
        said = "\n".join(str(value) for value in row.row["cells"].values())
        if any(name in said for name in names):
            raise Refused(f"第 {row.row['no']} 行会写出一个人的全名，不能生成。请先更正这一件记录里的内容。")


def _check_words(template: Template, rows: list[Row], own: guard.Lists) -> None:
    codes = [column.code for column in template.columns if column.type == "text"]
    for row in rows:
        said = "\n".join(str(row.row["cells"][code]) for code in codes)
        if blocks := [finding for finding in guard.check(said, lists=own) if finding.blocks]:
            raise Refused(f"第 {row.row['no']} 行不能公开：{blocks[0].message}")
