"""The fields and tables of a document's kind as part of the editor's form.

A table is sent as lines: cells stand between tabs (as a spreadsheet puts them when they are copied) or between `|`.
Where scripts run, table-editor.js lets the lines be filled in cell by cell.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from mingtang.disclosure.kinds import Field, Kind, Sheet
from mingtang.disclosure.kinds.facts import Facts, Typed, take, typed
from mingtang.files.decode import decode
from mingtang.files.policies import check_kind, clean_name, size_label
from mingtang.files.sniff import sniff
from mingtang.files.spreadsheet import Book
from mingtang.lib.errors import Refused
from mingtang.lib.text import csv_rows

_CELLS = re.compile(r"\t|\|")
LARGEST = 5 * 1024 * 1024
# Columns that are looked at for the heads of a table.
MOST_COLUMNS = 64


def _hint(spec: Field) -> str:
    return spec.hint or {"money": "单位：元。", "day": "例如 2026-11-24。"}.get(spec.type, "")


def _control(spec: Field) -> forms.Field:
    """What a person fills in. Nothing is required to save a draft; what is missing is named before the review."""
    common: dict[str, Any] = {"label": spec.label, "required": False, "help_text": _hint(spec)}
    if spec.type == "choice":
        return forms.ChoiceField(choices=[("", "请选择"), *((one, one) for one in spec.options)], **common)
    if spec.type == "flag":
        return forms.ChoiceField(choices=[("否", "否"), ("是", "是")], **common)
    widget = forms.Textarea if spec.type == "long" or spec.many else None
    return forms.CharField(widget=widget, strip=False, max_length=5_000, **common)


def _head(column: Field) -> str:
    return f"{column.label}（{column.hint.rstrip('。')}）" if column.hint else column.label


def lines_of(sheet: Sheet, rows: Iterable[list[Any]]) -> str:
    """The rows of a table as they are typed."""
    return "\n".join(
        " | ".join(typed(column, value) for column, value in zip(sheet.columns, row, strict=False)) for row in rows
    )


def rows_of(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in _CELLS.split(line)] for line in text.splitlines()]


class FactForm(forms.Form):
    """``facts`` after ``is_valid``; what could not be read is an error of its field, and stays as it was typed."""

    def __init__(self, *args: Any, kind: Kind, held: Facts | None = None, **more: Any) -> None:
        fields, sheets = (held or {}).get("fields", {}), (held or {}).get("sheets", {})
        more["initial"] = {
            **{f"field-{spec.code}": typed(spec, fields.get(spec.code, "")) for spec in kind.fields},
            **{f"sheet-{row.code}": lines_of(row, sheets.get(row.code, {}).get("rows", [])) for row in kind.sheets},
            **{f"none-{row.code}": sheets.get(row.code, {}).get("none", "") for row in kind.sheets},
        }
        super().__init__(*args, **more)
        self.kind, self.facts = kind, {}
        self._wrong: dict[str, list[tuple[int, int]]] = {}
        for spec in kind.fields:
            self.fields[f"field-{spec.code}"] = _control(spec)
        for sheet in kind.sheets:
            heads = " | ".join(map(_head, sheet.columns))
            self.fields[f"sheet-{sheet.code}"] = forms.CharField(
                label="逐行填写",
                required=False,
                strip=False,
                widget=forms.Textarea,
                help_text=f"一行一条，依次是：{heads}。可以从表格软件里复制过来。",
            )
            self.fields[f"none-{sheet.code}"] = forms.CharField(
                label=f"“{sheet.title}”为什么是空的", required=False, max_length=200, help_text="没有数据才填，会公开。"
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = {name: str(value) for name, value in cleaned.items()}
        self.facts, faults = take(
            self.kind,
            Typed(
                {spec.code: text.get(f"field-{spec.code}", "") for spec in self.kind.fields},
                {row.code: rows_of(text.get(f"sheet-{row.code}", "")) for row in self.kind.sheets},
                {row.code: text.get(f"none-{row.code}", "") for row in self.kind.sheets},
            ),
        )
        for fault in faults:
            self.add_error(fault.where, fault.sentence)
            if fault.cell:
                self._wrong.setdefault(fault.where, []).append(fault.cell)
        if not self.kind.fields and not self.kind.sheets:
            self.facts = {}
        return cleaned

    def sheets(self) -> list[tuple[Sheet, forms.BoundField, forms.BoundField]]:
        return [(row, self[f"sheet-{row.code}"], self[f"none-{row.code}"]) for row in self.kind.sheets]

    def cells(self, sheet: Sheet) -> dict[str, str]:
        """What the script needs to draw a table: its columns, and row and column of each cell that cannot be read."""
        columns = [
            {"label": row.label, "type": row.type, "hint": _hint(row), "required": row.required, "options": row.options}
            for row in sheet.columns
        ]
        wrong = self._wrong.get(f"sheet-{sheet.code}", [])
        return {"columns": json.dumps(columns, ensure_ascii=False), "wrong": json.dumps(wrong)}

    def singles(self) -> list[tuple[forms.BoundField, bool]]:
        """Each field, and whether the review will ask for it."""
        return [(self[f"field-{spec.code}"], spec.required) for spec in self.kind.fields]


def read_sheet(sheet: Sheet, upload: UploadedFile) -> str:
    """The rows of a spreadsheet or CSV file whose columns bear this table's names, as lines. What is hidden in it is
    not read. Raises ``Refused``."""
    if upload.size is None or upload.size > LARGEST:
        raise Refused(f"表格文件超过了 {size_label(LARGEST)}，请分成几份。")
    data, name = upload.read(), clean_name(str(upload.name))
    if name.lower().endswith(".csv"):
        tabs: Iterable[list[list[str]]] = [[row for _, row in csv_rows(decode(data, name=name))]]
    else:
        check_kind(name, sniff(data), frozenset({"xlsx"}))
        tabs = _tabs(data)
    labels = [column.label for column in sheet.columns]
    for rows in tabs:
        for place, row in enumerate(rows):
            heads = [" ".join(cell.split()) for cell in row]
            if all(label in heads for label in labels):
                return _lines(rows[place + 1 :], [heads.index(label) for label in labels])
    raise Refused(f"文件里没有找到表头：{'、'.join(labels)}。请先下载空表，照表头填写。")


def _lines(rows: list[list[str]], places: list[int]) -> str:
    picked = [[row[at] if at < len(row) else "" for at in places] for row in rows]
    return "\n".join(
        " | ".join(" ".join(cell.replace("|", "／").split()) for cell in row) for row in picked if any(row)
    )


def _tabs(data: bytes) -> Iterator[list[list[str]]]:
    """The rows of each visible sheet of a spreadsheet; what is hidden is left out."""
    book = Book(data)
    for tab in book.sheets:
        if not tab.hidden:
            rows = [row for row in book.rows(tab) if not row.hidden]
            tab.check_read()
            yield [[row.cells[at].text if at in row.cells else "" for at in range(MOST_COLUMNS)] for row in rows]
