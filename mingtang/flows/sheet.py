"""The drawing for one sheet of paper: the swim lanes where their words stay large enough to read, else columns.

A process of forty steps is six metres of swim lanes; folded into columns, each box naming who acts, it fits.
"""

from mingtang.flows.draw import wide_svg
from mingtang.flows.layout import SMALL
from mingtang.flows.narrow import GAP, WIDTH, Block, blocks
from mingtang.flows.reading import read
from mingtang.flows.shapes import INK_2, PAPER, arrow, arrow_marker, described, opening, text
from mingtang.flows.times import NO_TIMES, Times
from mingtang.flows.wording import as_text

PREFIX = "flow-sheet"
# Millimetres of an A3 sheet left for the drawing, with its text under it or without, and the smallest size in which
# people read what it says: 七号字, 5.5 pt, of the 13 units in which limits are written.
BESIDE_WORDS, ALONE = (396.0, 190.0), (396.0, 225.0)
SMALLEST = 5.5 * 25.4 / 72 / 13
EDGE, BETWEEN = 10, 12


def sheet_svg(bpmn: bytes, times: Times = NO_TIMES) -> str:
    """The flowchart without a title, in whichever of the two forms is read more easily on `SHEET`."""
    return wide_svg(bpmn, (), (), times, titled=False) if has_lanes(bpmn) else _columns(bpmn, times)


def has_lanes(bpmn: bytes) -> bool:
    """Whether the swim lanes fit on the sheet; else it shows columns."""
    pool = read(bpmn).pool
    return _scale(BESIDE_WORDS, pool.w, pool.h) >= SMALLEST


def _scale(room: tuple[float, float], width: float, height: float) -> float:
    """Millimetres for each unit of a drawing that fills the room."""
    return min(room[0] / width, room[1] / height)


def _columns(bpmn: bytes, times: Times) -> str:
    columns = _best(blocks(bpmn, (), (), times))
    width, height = _size(columns)
    parts = [
        opening(width, height, f"0 0 {width} {height}", PREFIX),
        *described(read(bpmn), as_text(bpmn, times), (), PREFIX),
        arrow_marker(PREFIX),
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
    ]
    for number, column in enumerate(columns):
        x, y = number * (WIDTH + BETWEEN), EDGE
        for block in column:
            y += block.above
            if block.follows:
                parts.append(arrow([(x + WIDTH // 2, y - GAP), (x + WIDTH // 2, y)], PREFIX))
                if block is column[0]:
                    parts.append(text(x + WIDTH // 2 + 14, y - 9, "接上一栏", size=SMALL, anchor="start", fill=INK_2))
            parts.append(block.at(x, y))
            y += block.height
    return "".join([*parts, "</svg>"])


def _size(columns: list[list[Block]]) -> tuple[int, int]:
    return len(columns) * (WIDTH + BETWEEN) - BETWEEN, max(map(_high, columns)) + 2 * EDGE


def _high(column: list[Block]) -> int:
    return sum(block.above + block.height for block in column)


def _best(found: list[Block]) -> list[list[Block]]:
    """The blocks in as many columns as let them be printed largest."""
    tried = [_in(found, count) for count in range(1, len(found) + 1)]
    return max(tried, key=lambda columns: _scale(ALONE, *_size(columns)))


def _in(found: list[Block], count: int) -> list[list[Block]]:
    """The blocks in order in at most `count` columns, the highest of them as low as can be."""
    low, high = max(_high([block]) for block in found), _high(found)
    while low < high:
        middle = (low + high) // 2
        if len(_filled(found, middle)) <= count:
            high = middle
        else:
            low = middle + 1
    return _filled(found, high)


def _filled(found: list[Block], height: int) -> list[list[Block]]:
    columns: list[list[Block]] = [[]]
    for block in found:
        if columns[-1] and _high([*columns[-1], block]) > height:
            columns.append([])
        columns[-1].append(block)
    return columns
