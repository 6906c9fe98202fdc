"""A sheet of a spreadsheet as an HTML table: what is seen of it, with its merged cells."""

import re
from html import escape

from mingtang.files.spreadsheet import NUMBER, Book, Cell, Row, Sheet, column_of
from mingtang.lib.errors import Refused

MOST_CELLS = 20_000
MOST_COLUMNS = 60
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


def sheet_html(book: Book, sheet: Sheet, *, titled: bool) -> str:
    """The table of a sheet, under its name when ``titled``. A first row of one cell becomes the caption, a row of words
    without numbers above the others the head. Raises ``Refused`` for a table that no page should hold."""
    rows: list[Row] = []
    cells = 0
    for row in book.rows(sheet):
        if not row.hidden:
            cells += len(row.cells)
            if cells > MOST_CELLS:
                raise Refused(_too_large(sheet), "file")
            rows.append(row)
    sheet.check_read()
    columns = [n for n in sorted({n for row in rows for n in row.cells}) if not _hidden(sheet, n)]
    rows = [row for row in rows if any(number in row.cells for number in columns)]
    if len(columns) > MOST_COLUMNS:
        raise Refused(_too_large(sheet), "file")
    spans, covered = _merged(sheet, [row.number for row in rows], columns)
    caption = ""
    if len(rows) > 1 and len(columns) > 1 and len(found := _said(rows[0], columns)) == 1:
        caption = f"<caption>{escape(found[0].text)}</caption>"
        rows = rows[1:]
    head = 1 if len(rows) > 1 and _is_head(rows[0], columns, covered) else 0
    lines = []
    for place, row in enumerate(rows):
        tag = "th" if place < head else "td"
        line = "".join(
            f"<{tag}{spans.get((row.number, number), '')}>{escape(row.cells.get(number, Cell('')).text)}</{tag}>"
            for number in columns
            if (row.number, number) not in covered
        )
        lines.append(f"<tr>{line}</tr>")
    title = f"<h2>{escape(sheet.title)}</h2>" if titled else ""
    thead = f"<thead>{''.join(lines[:head])}</thead>" if head else ""
    return f"{title}<table>{caption}{thead}<tbody>{''.join(lines[head:])}</tbody></table>"


def _too_large(sheet: Sheet) -> str:
    return f"工作表“{sheet.title}”太大，放进正文没有人看得下去。请作为附件上传，正文里写几句说明。"


def _hidden(sheet: Sheet, column: int) -> bool:
    return any(first <= column <= last for first, last in sheet.hidden_columns)


def _said(row: Row, columns: list[int]) -> list[Cell]:
    return [row.cells[number] for number in columns if number in row.cells and row.cells[number].text.strip()]


def _is_head(row: Row, columns: list[int], covered: set[tuple[int, int]]) -> bool:
    """Whether a row names the columns: a word in each, no number."""
    seen = [number for number in columns if (row.number, number) not in covered]
    said = _said(row, columns)
    return len(said) == len(seen) and all(cell.kind != NUMBER for cell in said)


def _merged(
    sheet: Sheet, rows: list[int], columns: list[int]
) -> tuple[dict[tuple[int, int], str], set[tuple[int, int]]]:
    """The spans of the first cell of each merged stretch, and the cells that it covers; by what is seen of it."""
    spans: dict[tuple[int, int], str] = {}
    covered: set[tuple[int, int]] = set()
    for reference in sheet.merged:
        if not (found := _REFERENCE.fullmatch(reference)):
            continue
        across = [n for n in columns if column_of(found[1]) <= n <= column_of(found[3])]
        down = [n for n in rows if int(found[2]) <= n <= int(found[4])]
        # What stands in the first cell goes with it when that is hidden.
        if not across or not down or (down[0], across[0]) != (int(found[2]), column_of(found[1])):
            continue
        inside = {(row, column) for row in down for column in across} - {(down[0], across[0])}
        if inside & covered or (down[0], across[0]) in covered:
            continue
        covered |= inside
        spans[down[0], across[0]] = (f' colspan="{len(across)}"' if len(across) > 1 else "") + (
            f' rowspan="{len(down)}"' if len(down) > 1 else ""
        )
    return spans, covered
