"""The catalogue as an .xlsx: texts typed as texts, codes as their labels, and a first sheet that explains each column.

Written row by row, so that memory does not grow with the catalogue.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from mingtang.lib.canonical import canonical_json, sha256_hex
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
    STATE,
    UNIT,
    Sheet,
    values_of,
)

_ROWS_WITH_LISTS = 50_000
_LEAD_WIDTHS = {CODE: 16, UNIT: 18, NUMBER: 6, STATE: 12, CHECK: 18}
_LEAD_TOLD = {
    CODE: "3 到 40 位字母、数字和短横线，至少有一个数字；一个事项一个，各表都靠它对上",
    UNIT: "单位的名称",
    NUMBER: "不要改；新事项空着",
    STATE: "只供查看，改了不起作用",
    CHECK: "不要改；新事项空着",
    ORDER: "同一事项里的先后，填 1、2、3……；空着的按表里的先后排在后面",
}
_FORM_TOLD = {
    Form.TEXT: "文字",
    Form.WHOLE: "整数",
    Form.MONEY: "金额",
    Form.FLAG: "是、否",
    Form.DAY: "日期",
    Form.CODE: "选一个：",
    Form.CODES: "可以写几个，用顿号隔开：",
    Form.TEXTS: "可以写几个，用顿号隔开",
    Form.WHEN: "条件",
}
_GUIDE = (
    "“事项”表一行一个事项；其他各表一行一条，第一列写明是哪个事项的。",
    "改好以后在“事项—导出、导入”里传上来。导入只生成草案，不会公开；公开以前照样要走变动程序。",
    "整份表要么全部收下，要么一项也不收：有一格不对，就逐格告诉您怎么改，什么都不动。",
    "“版本”和“校验码”不要改，系统靠它们知道您改的是哪一版、有没有人在您之后改过。新增的事项把这两格空着。",
    "从“材料”等表里删去一行，草案里就没有这一条。从“事项”表里删去一行，系统里的事项不动，其他表里它的行也要一起删。",
    "不要合并单元格，不要写公式，不要隐藏行、列和工作表，不要改标题。",
    f"“{cells.VERBATIM}”开头的，是系统里原有的、这一格放不下或者不在可填范围里的内容。不改就不动；要改请整格重写。",
)


@dataclass(frozen=True)
class Line:
    """One item as it goes out. ``unit`` and ``state`` as people read them."""

    code: str
    unit: str
    number: int
    state: str
    data: dict[str, Any]


def check_of(data: dict[str, Any]) -> str:
    """What tells whether a spec has been changed since it was exported."""
    return sha256_hex(canonical_json(data))[:16]


def write(
    stream: BinaryIO,
    lines: Iterable[Line],
    *,
    heading: str,
    posts: Iterable[tuple[str, str]] = (),
    told: Callable[[int], None] = lambda done: None,
) -> int:
    """Write the whole book; returns how many items are in it. ``heading`` stands above the explanations.

    Raises ``Refused`` naming the item and field whose text no cell can hold.
    """
    import xlsxwriter

    # Closed also after a refusal: its temporary files go with it.
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        about, formats = book.add_worksheet(ABOUT), _Formats(book)
        tables = {sheet: _Table(book, sheet, formats) for sheet in SHEETS}
        done = 0
        for done, line in enumerate(lines, 1):
            lead = [line.code, line.unit, line.number, line.state, check_of(line.data)]
            tables[ITEMS].add(line.code, lead, values_of(ITEMS, line.data))
            for sheet in SHEETS[1:]:
                for order, record in sheet.records(line.data):
                    tables[sheet].add(line.code, [line.code, *order], values_of(sheet, record))
            told(done)
        for table in tables.values():
            table.finish()
        _write_posts(book, posts, formats)
        _write_about(about, f"{heading}，共 {done} 项", formats)
        about.activate()
    return done


class _Formats:
    def __init__(self, book: Any) -> None:
        shared = {"valign": "top", "text_wrap": True}
        # “@” also for cells that people fill in later: 007 and 2-1 stay what was typed.
        self.text = book.add_format(shared | {"num_format": "@"})
        self.whole = book.add_format(shared | {"num_format": "0"})
        self.money = book.add_format(shared | {"num_format": "0.00"})
        self.ours = book.add_format(shared | {"num_format": "@", "font_color": "#666666", "bg_color": "#f2f2f2"})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.title = book.add_format({"bold": True, "font_size": 14})

    def of(self, form: Form) -> Any:
        return {Form.WHOLE: self.whole, Form.MONEY: self.money}.get(form, self.text)


class _Table:
    """One sheet while it is written."""

    def __init__(self, book: Any, sheet: Sheet, formats: _Formats) -> None:
        self._sheet, self._formats, self._row = sheet, formats, 0
        self._page = book.add_worksheet(sheet.title)
        self._lead = len(sheet.lead)
        for index, title in enumerate(sheet.lead):
            ours = formats.ours if title in (NUMBER, STATE, CHECK) else formats.text
            self._page.set_column(index, index, _LEAD_WIDTHS.get(title, 8), ours)
        for index, column in enumerate(sheet.columns, self._lead):
            self._page.set_column(index, index, column.width, formats.of(column.form))
            self._offer(index, column)
        for index, title in enumerate(sheet.titles):
            self._page.write_string(0, index, title, formats.head)
        self._page.freeze_panes(1, 1)

    def _offer(self, index: int, column: Column) -> None:
        """A list to choose from, or what may be written, beside the cell."""
        offer: dict[str, Any] = {"validate": "any"}
        if column.form in (Form.CODE, Form.FLAG):
            labels = [str(label) for label in column.words.labels] if column.words else [cells.YES, cells.NO]
            offer = {"validate": "list", "source": labels}
            offer |= {"error_title": "不在可选的里面", "error_message": f"“{column.title}”请从列表里选一个。"}
        elif column.form in (Form.CODES, Form.TEXTS, Form.WHEN):
            offer |= {"input_title": column.title[:32], "input_message": _how(column)[:255]}
        else:
            return
        self._page.data_validation(1, index, _ROWS_WITH_LISTS, index, offer)

    def add(self, code: str, lead: list[Any], values: list[Any]) -> None:
        self._row += 1
        for index, value in enumerate(lead):
            ours = self._formats.ours if self._sheet is ITEMS and index >= 2 else self._formats.text
            self._put(code, index, self._sheet.lead[index], value, ours)
        for index, (column, value) in enumerate(zip(self._sheet.columns, values, strict=True), self._lead):
            self._put(code, index, column.title, cells.written(column, value), self._formats.of(column.form))

    def _put(self, code: str, index: int, title: str, value: Any, format: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            if self._page.write_string(self._row, index, value, format) == -2:
                raise Refused(
                    f"事项 {code} 的“{title}”有 {len(value)} 个字，表格的一格最多放 {cells.MAX_TEXT} 个字。"
                    "请先把它改短，再导出。"
                )
        else:
            self._page.write_number(self._row, index, value, format)

    def finish(self) -> None:
        self._page.autofilter(0, 0, max(self._row, 1), len(self._sheet.titles) - 1)


def _how(column: Column) -> str:
    told = _FORM_TOLD[column.form]
    if column.words:
        told += "、".join(str(label) for label in column.words.labels)
    return f"{column.told}。{told}" if column.told else told


def _write_posts(book: Any, posts: Iterable[tuple[str, str]], formats: _Formats) -> None:
    """The codes that the columns 岗位 take, for looking up."""
    page = book.add_worksheet(POSTS)
    page.set_column(0, 0, 24, formats.text)
    page.set_column(1, 1, 40, formats.text)
    for row, pair in enumerate([("岗位代码", "岗位（只供查对，不导入）"), *posts]):
        for index, text in enumerate(pair):
            page.write_string(row, index, text, formats.text if row else formats.head)
    page.freeze_panes(1, 0)


def _write_about(page: Any, heading: str, formats: _Formats) -> None:
    for index, width in enumerate((12, 22, 50, 70)):
        page.set_column(index, index, width)
    page.write_string(0, 0, heading, formats.title)
    for row, sentence in enumerate(_GUIDE, 1):
        page.write_string(row, 0, f"{row}. {sentence}")
    row = len(_GUIDE) + 2
    for index, title in enumerate(("表", "列", "怎么填", "可以填的")):
        page.write_string(row, index, title, formats.head)
    for sheet in SHEETS:
        lead = [(title, _LEAD_TOLD.get(title, "左边这一条属于第几条"), "") for title in sheet.lead]
        columns = [(column.title, column.told, _how_only(column)) for column in sheet.columns]
        for title, told, allowed in [*lead, *columns]:
            row += 1
            for index, text in enumerate((sheet.title, title, told, allowed)):
                page.write_string(row, index, text, formats.text)


def _how_only(column: Column) -> str:
    told = _FORM_TOLD[column.form]
    return told + "、".join(str(label) for label in column.words.labels) if column.words else told
