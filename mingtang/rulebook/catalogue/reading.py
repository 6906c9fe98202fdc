"""An .xlsx as specs, and every cell that cannot be taken over with its place. Nothing here touches the database."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mingtang.files.spreadsheet import Book, Row, letters
from mingtang.files.spreadsheet import Sheet as Tab
from mingtang.lib.errors import Refused
from mingtang.rulebook.catalogue import cells
from mingtang.rulebook.catalogue.columns import Column, Form
from mingtang.rulebook.catalogue.sheets import (
    ABOUT,
    CHECK,
    CODE,
    ITEMS,
    NUMBER,
    ORDER,
    POSTS,
    SHEETS,
    UNIT,
    Sheet,
    record_of,
)

MAX_ITEMS = 20_000
# Of one kind for one item: more is a slip of the hand, and nobody could read it.
MAX_RECORDS = 200
MOST_TOLD = 200
_EVERY = 500
_LEAD_COLUMNS = {
    CODE: Column("", CODE),
    UNIT: Column("", UNIT),
    NUMBER: Column("", NUMBER, form=Form.WHOLE, optional=True),
    CHECK: Column("", CHECK),
}
_ORDER_COLUMN = Column("", ORDER, form=Form.WHOLE, optional=True)

# Told how much of how much is done.
Progress = Callable[[int, int], None]


class Problem(NamedTuple):
    """``place`` names sheet, row, column and cell; ``sentence`` what is wrong there and how to mend it."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}：{self.sentence}"


@dataclass
class Problems:
    """The first ``MOST_TOLD``; ``more`` counts the rest."""

    told: list[Problem] = field(default_factory=list)
    more: int = 0

    def add(self, place: str, sentence: str) -> None:
        if len(self.told) < MOST_TOLD:
            self.told.append(Problem(place, sentence))
        else:
            self.more += 1

    @property
    def count(self) -> int:
        return len(self.told) + self.more

    def __bool__(self) -> bool:
        return bool(self.told)


class _Record(NamedTuple):
    """One row of a list as read. ``outer`` is the place of what it belongs to; ``values`` are JSON, for their size."""

    order: int | None
    row: int
    outer: int | None
    values: bytes


@dataclass(slots=True)
class Entry:
    """One item of the file. ``columns`` of the header are kept by the sheet, so that a rule can name a cell later."""

    code: str
    row: int
    unit: str
    number: int | None
    check: str
    values: bytes
    lists: dict[tuple[str, ...], list[_Record]] = field(default_factory=dict)

    def records(self, path: tuple[str, ...]) -> list[_Record]:
        """In their order: numbered ones first, then the others as they stand."""
        return sorted(self.lists.get(path, ()), key=lambda one: (one.outer or 0, one.order is None, one.order or 0))

    def data(self) -> dict[str, Any]:
        """The spec as JSON."""
        found = record_of(ITEMS, json.loads(self.values))
        outer: dict[tuple[str, int], Any] = {}
        for sheet in SHEETS[1:]:
            name = sheet.path[0]
            for record in self.records(sheet.path):
                made = record_of(sheet, json.loads(record.values))
                if len(sheet.path) == 1:
                    found[name].append(made)
                    if record.order is not None:
                        outer[name, record.order] = made
                else:
                    outer[name, record.outer or 0][sheet.path[1]].append(made)
        return found


class Catalogue:
    """A file as read: ``entries`` by code, ``problems``. ``place`` names a cell of an entry.

    ``flawed`` are the codes of entries with a cell that could not be read; ``whole`` is false when a sheet could not.
    """

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.problems = Problems()
        self.flawed: set[str] = set()
        self.whole = True
        self._columns: dict[str, dict[str, int]] = {}

    def place(self, sheet: Sheet, row: int, title: str) -> str:
        column = letters(self._columns[sheet.title][title])
        return f"“{sheet.title}”表第 {row} 行“{title}”列（{column}{row}）"


def read(data: bytes, progress: Progress = lambda done, total: None) -> Catalogue:
    """Read a file whole. Raises ``Refused`` when it is no catalogue at all; every other flaw is among the problems."""
    book = Book(data)
    tabs = {tab.title.strip(): tab for tab in book.sheets}
    if not set(tabs) & {sheet.title for sheet in SHEETS}:
        raise Refused("这不是事项目录的表格：里面没有“事项”“材料”这些表。请先导出一份，在导出的表格上改。", "file")
    reading = _Reading(book, Catalogue(), progress)
    for title, tab in tabs.items():
        if title not in {ABOUT, POSTS, *(sheet.title for sheet in SHEETS)}:
            reading.problems.add(f"“{title}”表", "不认识这张表，请删去，或者把名字改回来。")
        elif tab.hidden and title not in {ABOUT, POSTS}:
            reading.problems.add(f"“{title}”表", "是隐藏的，请取消隐藏，看过以后再导入。")
    for sheet in SHEETS:
        if sheet.title in tabs:
            reading.sheet(sheet, tabs[sheet.title])
        else:
            reading.catalogue.whole = False
            reading.problems.add(f"“{sheet.title}”表", "没有这张表。没有内容也要留着标题一行，免得误删。")
    reading.check_orders()
    return reading.catalogue


class _Reading:
    def __init__(self, book: Book, catalogue: Catalogue, progress: Progress) -> None:
        self._book, self.catalogue, self._progress = book, catalogue, progress
        self.problems, self._entries = catalogue.problems, catalogue.entries
        self._total = max(1, sum(tab.size for tab in book.sheets))

    def sheet(self, sheet: Sheet, tab: Tab) -> None:
        """Read one sheet to its end; what is merged is known only there."""
        columns: dict[str, int] | None = None
        hidden: list[int] = []
        for count, row in enumerate(self._book.rows(tab)):
            if count == 0:
                columns = self._header(sheet, tab, row)
            elif columns and any(cell.text.strip() or cell.formula for cell in row.cells.values()):
                if row.hidden:
                    hidden.append(row.number)
                if not self._row(sheet, columns, row):
                    break
            if count % _EVERY == 0:
                self._progress(min(self._book.done, self._total), self._total)
        self.catalogue.whole &= bool(columns)
        if columns is None:
            self.problems.add(f"“{sheet.title}”表", "是空的。没有内容也要留着标题一行。")
        self._structure(sheet, tab, columns or {}, hidden)

    def _header(self, sheet: Sheet, tab: Tab, row: Row) -> dict[str, int]:
        """Where each column stands; empty when the sheet cannot be read by its header."""
        said = [(" ".join(cell.text.split()), index) for index, cell in row.cells.items()]
        found = dict(said)
        wanted = set(sheet.titles)
        lacking = [title for title in sheet.titles if title not in found]
        strange = [title for title in found if title not in wanted]
        twice = sorted({title for title in found if [one for one, _ in said].count(title) > 1})
        flaws = [
            f"{words}{'、'.join(f'“{title[:20]}”' for title in titles)}"
            for words, titles in (("缺少", lacking), ("不认识", strange), ("写了两次", twice))
            if titles
        ]
        place = f"“{sheet.title}”表第 {row.number} 行（标题）"
        if row.number != 1:
            self.problems.add(place, "标题应当在第 1 行，请删去上面的空行。")
        if flaws:
            self.problems.add(place, f"列的标题对不上：{'；'.join(flaws)}。请照导出的表格改回来，列的先后可以变。")
            return {}
        self.catalogue._columns[sheet.title] = found
        return found if row.number == 1 else {}

    def _row(self, sheet: Sheet, columns: dict[str, int], row: Row) -> bool:
        """Take one row; False when no more are taken from this sheet."""
        known = set(columns.values())
        for index, cell in row.cells.items():
            if index not in known and cell.text.strip():
                self.problems.add(
                    f"“{sheet.title}”表第 {row.number} 行（{letters(index)}{row.number}）",
                    "这一列没有标题，里面却有内容，请删去。",
                )
        code = self._value(sheet, columns, row, _LEAD_COLUMNS[CODE], CODE).strip()
        if not code:
            self.problems.add(self.catalogue.place(sheet, row.number, CODE), "空着，请写明是哪个事项。")
            return True
        before = self.problems.count
        values = [self._value(sheet, columns, row, column, column.title) for column in sheet.columns]
        written = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        goes_on = True
        if sheet.path:
            self._record(sheet, columns, row, code, written)
        else:
            goes_on = self._item(columns, row, code, written)
        if self.problems.count > before:
            self.catalogue.flawed.add(code)
        return goes_on

    def _value(self, sheet: Sheet, columns: dict[str, int], row: Row, column: Column, title: str) -> Any:
        try:
            return cells.read(column, row.cells.get(columns[title]))
        except Refused as refusal:
            self.problems.add(self.catalogue.place(sheet, row.number, title), refusal.message)
            return ""

    def _item(self, columns: dict[str, int], row: Row, code: str, values: bytes) -> bool:
        place = self.catalogue.place(ITEMS, row.number, CODE)
        if first := self._entries.get(code):
            self.problems.add(place, f"“{code}”在第 {first.row} 行已经有了，一个事项只能有一行。")
            return True
        if len(self._entries) >= MAX_ITEMS:
            self.problems.add(place, f"一次最多导入 {MAX_ITEMS} 个事项，从这一行起请另存成一份表格。")
            self.catalogue.whole = False
            return False
        lead = {title: self._value(ITEMS, columns, row, _LEAD_COLUMNS[title], title) for title in (UNIT, NUMBER, CHECK)}
        self._entries[code] = Entry(
            code, row.number, lead[UNIT].strip(), lead[NUMBER] or None, lead[CHECK].strip(), values
        )
        return True

    def _record(self, sheet: Sheet, columns: dict[str, int], row: Row, code: str, values: bytes) -> None:
        entry = self._entries.get(code)
        if entry is None:
            # Of a list of items that was cut off nobody knows what is missing.
            if self.catalogue.whole:
                self.problems.add(
                    self.catalogue.place(sheet, row.number, CODE),
                    f"“事项”表里没有“{code[:40]}”。请改正编码，或者在“事项”表里加上，不要的请删去这一行。",
                )
            return
        order = self._order(sheet, columns, row, ORDER)
        outer = self._order(sheet, columns, row, sheet.parent_order) if len(sheet.path) == 2 else None
        rows = entry.lists.setdefault(sheet.path, [])
        rows.append(_Record(order, row.number, outer, values))
        if len(rows) == MAX_RECORDS + 1:
            self.problems.add(
                self.catalogue.place(sheet, row.number, CODE), f"“{code}”在这张表里超过了 {MAX_RECORDS} 行，请核对。"
            )

    def _order(self, sheet: Sheet, columns: dict[str, int], row: Row, title: str) -> int | None:
        order = self._value(sheet, columns, row, _ORDER_COLUMN, title) or None
        if order is not None and order < 1:
            self.problems.add(self.catalogue.place(sheet, row.number, title), "从 1 起填，不能是负数。")
        return order

    def _structure(self, sheet: Sheet, tab: Tab, columns: dict[str, int], hidden: list[int]) -> None:
        """Merged cells, hidden columns and rows of a sheet that has been read."""
        name = f"“{sheet.title}”表"
        for reference in tab.merged:
            self.problems.add(f"{name}（{reference}）", "有合并的单元格，请取消合并，每一格都填上。")
        for title, index in columns.items():
            if any(first <= index <= last for first, last in tab.hidden_columns):
                self.problems.add(f"{name}“{title}”列（{letters(index)} 列）", "是隐藏的，请取消隐藏，看过以后再导入。")
        for first, last in _runs(hidden):
            rows = f"第 {first} 行" if first == last else f"第 {first} 到 {last} 行"
            self.problems.add(f"{name}{rows}", "是隐藏的（多半是筛选没有取消），请取消筛选或者隐藏，看过以后再导入。")

    def check_orders(self) -> None:
        """Within one list no place twice; what belongs to a situation or fee names one that is there."""
        for entry in self._entries.values():
            before = self.problems.count
            for sheet in SHEETS[1:]:
                seen: dict[tuple[int | None, int], int] = {}
                known = {one.order for one in entry.lists.get(sheet.path[:1], ())}
                for one in entry.lists.get(sheet.path, ()):
                    if len(sheet.path) == 2 and (one.outer is None or one.outer not in known):
                        self.problems.add(
                            self.catalogue.place(sheet, one.row, sheet.parent_order), self._no_outer(sheet, entry, one)
                        )
                    if one.order is None:
                        continue
                    first = seen.setdefault((one.outer, one.order), one.row)
                    if first != one.row:
                        self.problems.add(
                            self.catalogue.place(sheet, one.row, ORDER),
                            f"和第 {first} 行的序号相同。请改成不同的数，或者都空着。",
                        )
            if self.problems.count > before:
                self.catalogue.flawed.add(entry.code)

    def _no_outer(self, sheet: Sheet, entry: Entry, record: _Record) -> str:
        title = next(other.title for other in SHEETS if other.path == sheet.path[:1])
        if record.outer is None:
            return f"空着，请填它属于“{title}”表里的第几条（那边的序号）。"
        return f"“{title}”表里，“{entry.code}”没有序号为 {record.outer} 的一条。"


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring numbers as first and last."""
    start = previous = None
    for number in numbers:
        if previous is not None and number == previous + 1:
            previous = number
            continue
        if start is not None:
            yield start, previous
        start = previous = number
    if start is not None:
        yield start, previous
