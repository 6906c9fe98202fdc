"""What must hold of an item that a file adds or changes, beside the forms of its cells. What the publication gate asks
of a finished item is not asked of a draft."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from mingtang.flows import expressions
from mingtang.lib.errors import Refused
from mingtang.rulebook.actions.drafts import MAX_NAME
from mingtang.rulebook.catalogue.columns import Column, Form
from mingtang.rulebook.catalogue.reading import Entry
from mingtang.rulebook.catalogue.sheets import ITEMS, SHEETS, Sheet
from mingtang.rulebook.enums import CaseKind


class Flaw(Refused):
    """About one cell: its sheet, its row (None is that of the item) and the title of its column."""

    def __init__(self, sheet: Sheet, row: int | None, title: str, sentence: str) -> None:
        super().__init__(sentence)
        self.sheet, self.row, self.title = sheet, row, title


def flaws(entry: Entry, data: dict[str, Any], held: Callable[[str], bool]) -> Iterator[Flaw]:
    """Every cell that cannot become a draft. ``held`` tells whether a file lies in the town's catalogue already."""
    if not data["name"].strip():
        yield Flaw(ITEMS, None, "事项名称", "空着，请写明事项名称。")
    if len(data["name"]) > MAX_NAME:
        yield Flaw(ITEMS, None, "事项名称", f"有 {len(data['name'])} 个字，最多 {MAX_NAME} 个字，请缩短。")
    if data["kind"] and data["kind"] not in CaseKind.values:
        yield Flaw(ITEMS, None, "办件类型", f"只能填{'、'.join(f'“{label}”' for label in CaseKind.labels)}。")
    yield from conditions(entry, {situation["key"] for situation in data["situations"]})
    for sheet, row, column, value in _cells(entry, lambda column: column.field == "sha256"):
        if not held(value):
            sentence = "系统里没有这份文件。文件不能从表格里加，请删去这一行，导入以后在编辑页里上传。"
            yield Flaw(sheet, row, column.title, sentence)


def conditions(entry: Entry, known: set[str] | None = None) -> Iterator[Flaw]:
    """Conditions that are not in the language, or ask for what is not among the ``known`` situations."""
    for sheet, row, column, value in _cells(entry, lambda column: column.form == Form.WHEN):
        if sentence := _condition(value, known):
            yield Flaw(sheet, row, column.title, sentence)


def _cells(entry: Entry, wanted: Callable[[Column], bool]) -> Iterator[tuple[Sheet, int, Column, Any]]:
    """The values of some columns in the lists of an item, with their rows."""
    for sheet in SHEETS[1:]:
        for index, column in enumerate(sheet.columns):
            if wanted(column):
                for record in entry.records(sheet.path):
                    yield sheet, record.row, column, json.loads(record.values)[index]


def _condition(when: str, known: set[str] | None) -> str:
    """Why a condition cannot stand, or empty."""
    if not when:
        return ""
    try:
        names = expressions.check(when)
    except Refused as refusal:
        return refusal.message
    if known is not None and (strange := sorted(names - known)):
        names_told = "、".join(f"“{name[:40]}”" for name in strange)
        return f"这个事项的“情形”表里没有代码为{names_told}的一条。请改正代码，或者加上情形。"
    return ""
