"""A document's body as HTML → the blocks that the paper ``document`` prints."""

from typing import Any

from mingtang.disclosure import reading_blocks

# A column is as wide as its longest text, between these numbers of characters.
NARROW, WIDE = 3, 16


def blocks(html: str) -> list[dict[str, Any]]:
    """The body's paragraphs, headings, lists and tables in reading order, as ``parts.Block``; empty for no text."""
    found = []
    for block in reading_blocks.blocks(reading_blocks.parse(html)):
        if block.kind == "table":
            found.append(_table(block))
        elif block.kind in ("ul", "ol"):
            items = [text for item in block.items if (text := reading_blocks.plain(item).strip())]
            found.append({"type": block.kind, "items": items})
        else:
            kind = {"h1": "h2", "h2": "h2", "h3": "h3"}.get(block.kind, "p")
            found.append({"type": kind, "text": reading_blocks.plain(block.runs).strip()})
    return [block for block in found if block.get("text") or block.get("items") or block.get("rows")]


def _table(block: reading_blocks.Block) -> dict[str, Any]:
    cells = [[(reading_blocks.plain(c.runs).strip(), c.colspan, c.rowspan) for c in row] for row in block.rows]
    rows, widths = squared(cells)
    # A heading cell that reaches below the heading rows cannot be repeated on the next page.
    whole = all(y + cell["rows"] <= block.head_rows for y, row in enumerate(rows[: block.head_rows]) for cell in row)
    table = {"type": "table", "rows": rows, "widths": widths, "header": block.head_rows if whole else 0}
    if caption := reading_blocks.plain(block.runs).strip():
        table["caption"] = caption
    return table


def squared(rows: list[list[tuple[str, int, int]]]) -> tuple[list[list[dict[str, Any]]], list[int]]:
    """Cells (text, columns, rows) as a grid without holes or overlaps, and the width of each column in characters.

    Spans are cut where they meet another cell or the table's end, holes become empty cells, as browsers do.
    """
    taken: set[tuple[int, int]] = set()
    placed: list[dict[int, dict[str, Any]]] = []
    for y, row in enumerate(rows):
        x = 0
        placed.append({})
        for text, columns, height in row:
            while (x, y) in taken:
                x += 1
            free = 1
            while free < columns and (x + free, y) not in taken:
                free += 1
            height = max(1, min(height, len(rows) - y))
            taken |= {(x + i, y + j) for i in range(free) for j in range(height)}
            placed[y][x] = {"text": text, "cols": free, "rows": height}
            x += free
    # A column in which no cell begins is only the excess of a span.
    kept = sorted({x for line in placed for x in line})
    taken = {(kept.index(x), y) for x, y in taken if x in kept}
    widths = [NARROW] * len(kept)
    for y, line in enumerate(placed):
        for x in sorted(line):
            cell = line.pop(x)
            cell["cols"] = sum(x <= other < x + cell["cols"] for other in kept)
            line[kept.index(x)] = cell
        line.update({x: {"text": "", "cols": 1, "rows": 1} for x in range(len(kept)) if (x, y) not in taken})
        for x, cell in line.items():
            if cell["cols"] == 1:
                widths[x] = max(widths[x], min(WIDE, len(cell["text"])))
    return [[line[x] for x in sorted(line)] for line in placed], widths
