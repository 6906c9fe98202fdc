"""Reading an .xlsx cell by cell, with what a reader of values alone would not see.

Merged cells, formulas, hidden rows, columns and sheets, dates that an office program made of a text: whoever takes a
table over into a record must know of them. calamine tells none of the last three, openpyxl only while it holds the
whole book in memory; the format itself is small. Sheets are streamed: a book of any size costs its shared strings.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from lxml import etree

from mingtang.files.archive import DAMAGED, SafeZip, Stream
from mingtang.lib.errors import Refused

TEXT, NUMBER, DATE, FLAG, ERROR = "text", "number", "date", "flag", "error"
# A formula whose result only the program of whoever opens the file will know: it was never worked out, or it is fetched
# from another book or machine.
UNWORKED, ELSEWHERE = "unworked", "elsewhere"
# The columns of a sheet: A to XFD.
WIDEST = 16384
# 15 digits are what a spreadsheet keeps of a number.
DIGITS_KEPT = 15
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_R = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# [1]名单!A1 and '[1]名 单'!A1, but not 表[2019] or 表[[#This Row],[2019]]; functions that ask another machine.
_AWAY = re.compile(r"(?<![\w\])])\[\d+\][^\[\]!]*!|(?i:\b(?:WEBSERVICE|IMAGE|RTD|STOCKHISTORY|IMPORT\w+)\()")
# What stands before, for and behind the figures of a number; quoted or behind a stroke it is shown as it is.
_SAID_FORMAT = re.compile(r'((?:"[^"]*"|\\.|[^0#?"\\])*)[0#?,.]+((?:"[^"]*"|\\.|[^0#?"\\])*)')
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|.')
_FIGURE = re.compile(r"\d")
_QUOTED = re.compile(r'"[^"]*"')
_KINDS = {"s": TEXT, "str": TEXT, "inlineStr": TEXT, "b": FLAG, "e": ERROR, "d": DATE}


class Cell(NamedTuple):
    """``text``: a number as plain digits, a date as ISO, a flag as 1 or 0. ``formula``: the text is its last result."""

    text: str
    kind: str = TEXT
    formula: bool = False


class Row(NamedTuple):
    """``number`` as the program shows it, from 1; ``cells`` by column from 0, without the empty ones."""

    number: int
    hidden: bool
    cells: dict[int, Cell]


@dataclass
class Sheet:
    """``hidden_columns`` are pairs of first and last, ``merged`` references like ``B3:B7``, ``unread`` the cells like
    ``B3`` that show something else than the file holds, each with ``UNWORKED`` or ``ELSEWHERE``; all are complete once
    ``Book.rows`` has run to the end. ``size`` is what is read of it, in bytes."""

    title: str
    hidden: bool
    part: str
    size: int
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    def check_read(self) -> None:
        """Raise ``Refused`` where a cell shows something that is not in the file, of the rows read so far."""
        if self.unread:
            cell, why = next(iter(self.unread.items()))
            raise Refused(f"工作表“{self.title}”的 {cell} {_UNREAD[why]}", "file")


_UNREAD = {
    UNWORKED: "里的公式没有算出结果，系统读不到打开的人会看到什么。请用 WPS 或者 Excel 打开，保存一次，再传。",
    ELSEWHERE: "里的公式引用了别的表格或者网上的内容，系统读不到打开的人会看到什么。请复制这一格，"
    "选择性粘贴为数值，保存以后再传。",
}


def letters(column: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_of(reference: str) -> int:
    """The column of ``B3`` or ``B``, from 0."""
    found = 0
    for char in reference.rstrip("0123456789"):
        found = found * 26 + ord(char) - 64
    return found - 1


class Book:
    """The sheets of an .xlsx, in the order of their tabs. Raises ``Refused`` for what is damaged or dangerous."""

    def __init__(self, data: bytes) -> None:
        self._zip = SafeZip(data)
        self._streams: list[Stream] = []
        root = self._zip.xml("xl/workbook.xml")
        parts = self._parts()
        self.sheets = []
        for node in root.iterfind("{*}sheets/{*}sheet"):
            part = parts.get(node.get(f"{_R}id") or node.get(f"{_STRICT_R}id") or "", "")
            hidden = node.get("state", "visible") != "visible"
            size = self._zip.size(part) if part in self._zip.names else 0
            self.sheets.append(Sheet(node.get("name", ""), hidden, part, size))
        properties = root.find("{*}workbookPr")
        since_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
        calculation = root.find("{*}calcPr")
        # What is stored as results was written by a program that works nothing out: whoever opens it sees others.
        self._unworked = calculation is not None and calculation.get("fullCalcOnLoad") in {"1", "true"}
        self._first_day = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
        self._around: dict[str, tuple[str, str]] = {}
        self._dates = self._date_styles()
        self._strings = self._shared_strings()

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return sum(stream.done for stream in self._streams)

    def _parts(self) -> dict[str, str]:
        name = "xl/_rels/workbook.xml.rels"
        found = {}
        for node in self._zip.xml(name).iterfind("{*}Relationship"):
            target = node.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            if node.get("Type", "").endswith("/worksheet"):
                found[node.get("Id", "")] = path
        return found

    def _date_styles(self) -> frozenset[str]:
        """The styles, by their number, that show a number as a date or a time."""
        if "xl/styles.xml" not in self._zip.names:
            return frozenset()
        root = self._zip.xml("xl/styles.xml")
        own = {
            node.get("numFmtId")
            for node in root.iterfind("{*}numFmts/{*}numFmt")
            if re.search("[ymdhs]", _NOT_FORMAT.sub("", node.get("formatCode", "")).lower())
        }
        dates = own | {str(number) for number in _BUILT_IN_DATES}
        styles = list(enumerate(root.iterfind("{*}cellXfs/{*}xf")))
        codes = {node.get("numFmtId"): node.get("formatCode", "") for node in root.iterfind("{*}numFmts/{*}numFmt")}
        around = {str(number): _written_around(codes.get(node.get("numFmtId"), "")) for number, node in styles}
        self._around = {number: pair for number, pair in around.items() if any(pair)}
        return frozenset(str(number) for number, node in styles if node.get("numFmtId") in dates)

    def _shared_strings(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self._zip.names:
            return []
        return [_text(node) for node in self._parse("xl/sharedStrings.xml", "{*}si")]

    def _parse(self, part: str, *tags: str) -> Iterator[etree._Element]:
        """The elements with these names as they end, each dropped once the next is asked for."""
        stream = self._zip.stream(part)
        self._streams.append(stream)
        try:
            events = etree.iterparse(
                stream, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
            )
            checked = False
            for _, node in events:
                if not checked:
                    if node.getroottree().docinfo.internalDTD is not None:
                        raise Refused(DAMAGED, "file")
                    checked = True
                yield node
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise Refused(DAMAGED, "file") from error

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows that hold something, in order."""
        if sheet.part not in self._zip.names:
            return
        number = 0
        for node in self._parse(sheet.part, "{*}row", "{*}col", "{*}mergeCell"):
            name = etree.QName(node).localname
            if name == "mergeCell":
                sheet.merged.append(node.get("ref", ""))
            elif name == "col":
                if node.get("hidden") in {"1", "true"}:
                    sheet.hidden_columns.append((_whole(node.get("min"), 1) - 1, _whole(node.get("max"), 1) - 1))
            else:
                number = _whole(node.get("r"), number + 1)
                cells = self._cells(node, sheet, number)
                if cells:
                    yield Row(number, node.get("hidden") in {"1", "true"}, cells)

    def _cells(self, row: etree._Element, sheet: Sheet, number: int) -> dict[int, Cell]:
        cells, column = {}, -1
        for node in row:
            reference = node.get("r")
            column = column_of(reference) if reference else column + 1
            if not 0 <= column < WIDEST:
                raise Refused(DAMAGED, "file")
            text, formula, stored = "", False, False
            for child in node:
                if child.tag.endswith("}v"):
                    text, stored = child.text or "", True
                elif child.tag.endswith("}f"):
                    formula = True
                    if _AWAY.search(_QUOTED.sub("", child.text or "")):
                        sheet.unread[f"{letters(column)}{number}"] = ELSEWHERE
                elif child.tag.endswith("}is"):
                    text = _text(child)
            if not text and not formula:
                continue
            # Only a result that is said to be a text may be empty.
            if formula and (self._unworked or not (text or (stored and node.get("t") == "str"))):
                sheet.unread.setdefault(f"{letters(column)}{number}", UNWORKED)
            cell = self._cell(text, node.get("t", "n"), node.get("s", "0"), formula)
            if cell.text or formula:
                cells[column] = cell
        return cells

    def _cell(self, text: str, type: str, style: str, formula: bool) -> Cell:
        try:
            if type == "s":
                return Cell(self._strings[int(text)], TEXT, formula)
            if type == "str":
                return Cell(_unescaped(text), TEXT, formula)
            if type in _KINDS:
                return Cell(text, _KINDS[type], formula)
            if not text:
                return Cell("", NUMBER, formula)
            if style in self._dates:
                return Cell((self._first_day + timedelta(days=int(float(text)))).isoformat(), DATE, formula)
            before, after = self._around.get(style, ("", ""))
            return Cell(before + _plain(text) + after, NUMBER, formula)
        except (ValueError, IndexError, OverflowError) as error:
            raise Refused(DAMAGED, "file") from error


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 7 else otherwise


def _written_around(code: str) -> tuple[str, str]:
    """The figures that a format of numbers writes before and behind each of them; what else it writes is left out."""
    found = _SAID_FORMAT.fullmatch(code.split(";")[0])
    before, after = (_LITERAL.sub(r"\1\2", part) for part in found.groups()) if found else ("", "")
    return (before if _FIGURE.search(before) else "", after if _FIGURE.search(after) else "")


def _plain(text: str) -> str:
    """A number as people write it: what the file holds may be 1.1000000000000001 or 1E+20."""
    value = float(text)
    return str(int(value)) if value.is_integer() and abs(value) < 1e25 else repr(value)


def _text(node: etree._Element) -> str:
    """The text of a string, rich or not, without the phonetic marks above it."""
    parts = [child.text or "" for child in node.iter("{*}t") if not child.getparent().tag.endswith("}rPh")]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    """``_x000D_`` stands for what XML cannot hold as it is."""
    if "_x" not in text or not _ESCAPED.search(text):
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
