"""The text of Word and Excel files, visible or not, each line with the place it stands in."""

import io
import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from lxml import etree

from mingtang.files import spreadsheet
from mingtang.files.archive import DAMAGED, LOCKED, SafeZip
from mingtang.files.decode import try_decode
from mingtang.files.parts import (
    CHANGE,
    COMMENT,
    EDGE,
    FETCHED,
    PLACE,
    PROPERTY,
    UNREADABLE,
    UNWORKED,
    VISIBLE,
    Part,
    property_label,
    tells_of_somebody,
)
from mingtang.files.photo import place
from mingtang.files.spreadsheet import Book, Sheet
from mingtang.lib.errors import Refused

MAX_CELLS = 3_000_000
MAX_SPAN = 63  # columns of a table in Word
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BESIDE_W = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t",
    "{http://schemas.openxmlformats.org/drawingml/2006/main}t",
)
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WORD_PARTS = (
    (r"word/document\d*\.xml", VISIBLE),
    (r"word/(?:footnotes|endnotes)\.xml", VISIBLE),
    (r"word/(?:header|footer)\d*\.xml", EDGE),
    (r"word/comments\w*\.xml", COMMENT),
    (r"word/glossary/document\.xml", "文档构件"),
)
_UNREAD = {spreadsheet.UNWORKED: UNWORKED, spreadsheet.ELSEWHERE: FETCHED}
_SHEET_EDGES = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
# Copies of cells that an office program keeps beside the sheets: the whole source of a pivot table, of a chart, of a
# book that was linked.
_COPIES = (
    (r"xl/pivotCache/[^/]+\.xml", "数据透视表的缓存"),
    (r"xl/externalLinks/[^/]+\.xml", "别的表格的缓存"),
    (r"(?:word|xl)/charts/[^/]+\.xml", "图表的数据"),
    (r"(?:word|xl)/diagrams/data[^/]*\.xml", VISIBLE),
    (r"customXml/item\d+\.xml", PROPERTY),
)
# What no reader need look into beside the numbers in it: parts of XML, pictures, fonts, how to print.
_LEFT_ALONE = re.compile(
    r"(?i).*\.(?:xml|rels|vml|svg|psmdcp|jpe?g|png|gif|bmp|tiff?|emf|wmf|wdp|webp|odttf|fntdata)|.*/printerSettings/[^/]+|"
    r".*/|mimetype"
)
_CARRIES = "文档里嵌有别的文件（如表格对象），系统读不到其中内容，请人工核对，最好改为普通表格。"
_CANNOT_BE_READ = "系统打不开这个嵌入的文件。请在原文件里删去它，改为普通的文字、表格或者图片，另存一份再传。"
_CUT_OFF = "文件引用了别处的图片或者文件（{}），系统没有去取，公开以后别人也看不到。请把它放进文件里再传。"
# What Office fetches from another machine and opens as its own when the file is opened.
_OPENED = ("/attachedTemplate", "/oleObject", "/subDocument", "/frame", "/aFChunk")
_ELSEWHERE = re.compile(r"(?i)(?:https?|ftp|mhtml|ms-\w+):|file:/*[^/:]+\.[^/:]+/|[\\/]{2}")
_FETCHES = (
    "文件打开时会自己到别的机器上取内容（{}），为了安全没有接收。请在 Word 里把模板改回 Normal，"
    "删去链接的对象，另存一份再传。"
)
_PROGRAM = "表格里有会运行别的程序的公式（DDE），为了安全没有接收，请删去这样的公式，另存一份再传。"
_QUOTED = re.compile('"[^"]*"')
# A link that a reader may press is no part of the document; where its template lay names a person's folder.
_NO_PART = ("/hyperlink", "/attachedTemplate")


def read_docx(data: bytes, warnings: list[str]) -> Iterator[Part]:
    """Paragraph by paragraph, then headers, comments and the rest. Raises ``Refused`` for what is damaged."""
    archive = SafeZip(data)
    for pattern, label in _WORD_PARTS:
        for name in sorted(archive.names):
            if re.fullmatch(pattern, name):
                yield from _word_lines(archive.xml(name), label)
    yield from _beside(archive, warnings)


def _word_lines(root: etree._Element, label: str) -> Iterator[Part]:
    """Paragraphs in order, those of text boxes too, each a line of its own; of a table a line per row, cells parted by
    tabs as in a spreadsheet."""
    for row, group in groupby(
        root.iter(f"{_W}p"), key=lambda paragraph: next(paragraph.iterancestors(f"{_W}tr"), None)
    ):
        if row is None:
            for paragraph in group:
                yield from _joined([paragraph], label).items()
        else:
            yield from _row_lines(group, label)
    for node in root.iter("{*}docPr"):
        # Alternative texts of pictures.
        yield from ((label, node.get(key, "")) for key in ("descr", "title"))


def _row_lines(paragraphs: Iterable[etree._Element], label: str) -> Iterator[Part]:
    """The visible cells of a row as one line; a cell over several columns leaves the others empty."""
    cells: list[str] = []
    for cell, group in groupby(paragraphs, key=lambda paragraph: next(paragraph.iterancestors(f"{_W}tc"), None)):
        found = _joined(group, label)
        cells.append(" ".join(found.pop(label).split()))
        span = cell.find(f"{_W}tcPr/{_W}gridSpan") if cell is not None else None
        wide = span.get(f"{_W}val", "") if span is not None else ""
        cells += [""] * (min(int(wide), MAX_SPAN) - 1 if wide.isdecimal() else 0)
        yield from found.items()
    yield label, "\t".join(cells)


def _joined(paragraphs: Iterable[etree._Element], label: str) -> dict[str, str]:
    """The texts of paragraphs by the place they stand in; what is seen under ``label``."""
    found: dict[str, list[str]] = {label: []}
    for number, paragraph in enumerate(paragraphs):
        if number:
            found[label].append(" ")
        for where, text in _word_text(paragraph):
            found.setdefault(where or label, []).append(text)
    return {where: "".join(texts) for where, texts in found.items()}


def _word_text(paragraph: etree._Element) -> Iterator[Part]:
    """The texts of one paragraph; what was inserted and not yet accepted stands in it and among the changes."""
    stack = [(node, "") for node in reversed(paragraph)]
    while stack:
        node, where = stack.pop()
        if node.tag == f"{_W}delText":
            yield CHANGE, node.text or ""
        elif node.tag == f"{_W}instrText":
            yield "域代码", node.text or ""
        elif node.tag in _BESIDE_W:
            # A formula, a shape: letters of another name space.
            yield where, node.text or ""
        elif node.tag == f"{_W}sym":
            yield where, _symbol(node.get(f"{_W}char", ""))
        elif node.tag in (f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"):
            text = {f"{_W}t": node.text or "", f"{_W}tab": "\t"}.get(node.tag, "\n")
            yield ("" if where == CHANGE else where), text
            if where == CHANGE:
                yield CHANGE, text
        elif node.tag != f"{_W}p":
            if node.tag == f"{_W}ins":
                where = CHANGE
            elif node.tag == f"{_W}r" and _is_hidden(node):
                where = "隐藏的文字"
            stack.extend((child, where) for child in reversed(node))


def _symbol(code: str) -> str:
    """A letter named by its code, which may stand in the private area of Unicode."""
    number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{4}", code) else 0
    return chr(number % 0xF000) if number < 0xD800 or number >= 0xF000 else ""


def _is_hidden(run: etree._Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val") not in ("0", "false", "off")


def read_xlsx(data: bytes, warnings: list[str]) -> Iterator[Part]:
    """Sheet by sheet, a line per row; then what stands beside the cells. Raises ``Refused`` for what is damaged."""
    archive, book = SafeZip(data), Book(data)
    cells = 0
    try:
        for sheet in book.sheets:
            yield VISIBLE if not sheet.hidden else f"隐藏工作表“{sheet.title}”", sheet.title
            for label, line, count in _rows(book, sheet):
                cells += count
                if cells > MAX_CELLS:
                    raise Refused("表格太大，系统没有读完，请拆成几个文件再传。", "file")
                yield label, line
            for cell, why in sheet.unread.items():
                yield _UNREAD[why], f"“{sheet.title}”表 {cell}"
    except (ValueError, KeyError) as error:
        raise Refused(DAMAGED, "file") from error
    yield from _beside(archive, warnings)


def _rows(book: Book, sheet: Sheet) -> Iterator[tuple[str, str, int]]:
    """Label, line and number of cells of each row; of a row with hidden columns these apart."""
    for row in book.rows(sheet):
        shown, covered = [], []
        for column, cell in row.cells.items():
            hidden = any(first <= column <= last for first, last in sheet.hidden_columns)
            (covered if hidden else shown).append(cell.text)
        label = VISIBLE
        if sheet.hidden:
            label, shown, covered = f"隐藏工作表“{sheet.title}”", shown + covered, []
        elif row.hidden:
            label, shown, covered = "隐藏的行", shown + covered, []
        if shown:
            yield label, "\t".join(shown), len(shown)
        if covered:
            yield "隐藏的列", "\t".join(covered), len(covered)


def _sheet_beside(name: str, root: etree._Element) -> Iterator[Part]:
    """What a part of a spreadsheet says beside the values of its cells."""
    # Every program puts its comments into a place of its own.
    if etree.QName(root).localname in ("comments", "ThreadedComments", "personList") and name.startswith("xl/"):
        yield from ((COMMENT, text) for text in _texts(root))
        yield from ((COMMENT, node.get("displayName", "")) for node in root.iter("{*}person"))
    elif re.fullmatch(r"xl/drawings/[^/]*\.xml", name):
        yield from ((VISIBLE, text) for text in _texts(root))
    elif re.fullmatch(r"xl/worksheets/[^/]*\.xml", name):
        yield from ((EDGE, node.text or "") for node in root.iter(*(f"{{*}}{tag}" for tag in _SHEET_EDGES)))
        if any("|" in _QUOTED.sub("", node.text or "") for node in root.iter("{*}f")):
            raise Refused(_PROGRAM, "file")
        for node in root.iter("{*}dataValidation"):
            yield from (("单元格的提示", node.get(key, "")) for key in ("prompt", "error"))
    elif name == "xl/workbook.xml":
        yield from (("定义的名称", f"{node.get('name')} {node.text or ''}") for node in root.iter("{*}definedName"))


def _beside(archive: SafeZip, warnings: list[str]) -> Iterator[Part]:
    """What every office file may carry beside its text: copies, whole files, properties, photos, references."""
    outside = set()
    for name in sorted(archive.names):
        if name.endswith((".xml", ".rels")):
            # Each of them passes here, so that none with a DTD is left for another reader.
            root = archive.xml(name)
            yield from _sheet_beside(name, root)
            for pattern, label in _COPIES:
                if re.fullmatch(pattern, name):
                    yield from ((label, text) for text in _texts(root))
                    yield from ((label, node.get("v", "")) for node in root.iter("{*}s", "{*}n", "{*}d"))
            for node in root.iter("{*}Relationship"):
                if node.get("TargetMode") == "External":
                    yield "链接", node.get("Target", "")
                    if node.get("Type", "").endswith(_OPENED) and _ELSEWHERE.match(node.get("Target", "")):
                        raise Refused(_FETCHES.format(node.get("Target", "")[:80]), "file")
                    if not node.get("Type", "").endswith(_NO_PART):
                        outside.add(node.get("Target", ""))
        elif "/media/" in name and (where := place(archive.read(name))):
            yield PLACE, f"{posixpath.basename(name)}：{where}"
        elif not _LEFT_ALONE.fullmatch(name):
            yield from _embedded(archive, name, warnings)
    if outside:
        warnings.append(_CUT_OFF.format(min(outside)[:80]))
    yield from properties(archive)


def _embedded(archive: SafeZip, name: str, warnings: list[str]) -> Iterator[Part]:
    """A file inside an office file, as behind a chart pasted from a spreadsheet: the whole of it is there."""
    called, data = f"嵌入的文件“{posixpath.basename(name)}”", archive.read(name)
    if reader := {"docx": read_docx, "xlsx": read_xlsx}.get(name.rsplit(".", 1)[-1].lower()):
        for label, line in reader(data, warnings):
            yield f"{called}{label}", line
    elif found := try_decode(data, declared=True):
        yield from ((called, line) for line in found[0].splitlines())
    else:
        warnings.append(_CARRIES)
        yield f"{called}{UNREADABLE}", _CANNOT_BE_READ


def properties(archive: SafeZip) -> Iterator[Part]:
    """Who wrote it, for whom, with which template: what the file says of itself."""
    for name in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"):
        if name not in archive.names:
            continue
        for node in archive.xml(name):
            if isinstance(node.tag, str):
                called = node.get("name") or etree.QName(node).localname
                if tells_of_somebody(called):
                    yield from ((property_label(called), text) for text in _texts(node))


def _texts(root: etree._Element) -> Iterator[str]:
    yield from (text.strip() for text in root.itertext() if text.strip())


def read_xls(data: bytes, warnings: list[str]) -> Iterator[Part]:
    """Sheet by sheet of the old format, of which hidden rows and columns cannot be told."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = 0
        for number, meta in enumerate(book.sheets_metadata):
            hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
            label = f"隐藏工作表“{meta.name}”" if hidden else VISIBLE
            yield label, meta.name
            for row in book.get_sheet_by_index(number).iter_rows():
                cells += len(row)
                if cells > MAX_CELLS:
                    raise Refused("表格太大，系统没有读完，请拆成几个文件再传。", "file")
                if any(value != "" for value in row):
                    yield label, "\t".join(_cell(value) for value in row)
    except python_calamine.PasswordError as error:
        raise Refused(LOCKED, "file") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Refused(DAMAGED, "file") from error


def _cell(value: object) -> str:
    # Long numbers arrive as floats; an ID or card number must not turn into 1.2e+17 before the guard looks at it.
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e20 else str(value)
