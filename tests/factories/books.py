"""Spreadsheets as people send them: the catalogue's own, taken apart, changed and put together again."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import xlsxwriter

from mingtang.files.spreadsheet import Book
from mingtang.rulebook.catalogue.exporting import export_items
from mingtang.rulebook.catalogue.sheets import CHECK, CODE, NUMBER, SHEETS
from mingtang.rulebook.catalogue.writing import Line, write
from mingtang.towns.models import Jurisdiction

# Sheet → rows of what stands in the cells; the first row are the titles.
Tables = dict[str, list[list[Any]]]


def written(*lines: Line) -> bytes:
    """A catalogue of these items alone."""
    out = BytesIO()
    write(out, lines, heading="目录")
    return out.getvalue()


def exported(town: Jurisdiction, *, newest: bool = False) -> bytes:
    out = BytesIO()
    export_items(town, out, newest=newest)
    return out.getvalue()


def tables(data: bytes) -> Tables:
    """The catalogue's sheets as lists; numbers are numbers."""
    book = Book(data)
    found: Tables = {}
    for sheet in book.sheets:
        rows = list(book.rows(sheet))
        width = max((max(row.cells) for row in rows), default=-1) + 1
        found[sheet.title] = [
            [_value(row.cells[index]) if index in row.cells else None for index in range(width)] for row in rows
        ]
    return {sheet.title: found[sheet.title] for sheet in SHEETS}


def _value(cell: Any) -> Any:
    return float(cell.text) if cell.kind == "number" else cell.text


def book(found: Tables, tweak: Callable[[Any, dict[str, Any]], None] | None = None) -> bytes:
    """The file. ``tweak`` is given the workbook and its pages before it is closed."""
    out = BytesIO()
    made = xlsxwriter.Workbook(out)
    pages = {}
    for title, rows in found.items():
        pages[title] = page = made.add_worksheet(title)
        for number, row in enumerate(rows):
            for index, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, index, value)
                elif value is not None:
                    page.write(number, index, value)
    if tweak:
        tweak(made, pages)
    made.close()
    return out.getvalue()


def at(found: Tables, title: str, column: str, row: int = 1) -> tuple[list[Any], int]:
    """The row (1 is the first below the titles) and the index of a column."""
    return found[title][row], found[title][0].index(column)


def put(found: Tables, title: str, column: str, value: Any, row: int = 1) -> None:
    cells, index = at(found, title, column, row)
    cells[index] = value


def as_new(found: Tables, prefix: str = "", unit: str | None = None) -> Tables:
    """Every item as a new one, its code with a prefix."""
    for title, rows in found.items():
        for row in rows[1:]:
            row[rows[0].index(CODE)] = prefix + row[rows[0].index(CODE)]
            if title == "事项":
                row[rows[0].index(NUMBER)] = row[rows[0].index(CHECK)] = None
                row[rows[0].index("实施单位")] = unit
    return found
