"""The text inside a file, for the guard and the search index: visible or not.

Runs in a child process (``child.read``); nothing here touches the database. The guard must see what a reader could dig
out, so hidden sheets, comments, tracked deletions, headers, text boxes and document properties are all included.
"""

import io
import logging
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field

from lxml import etree

from mingtang.files.archive import DAMAGED, LOCKED, SafeZip
from mingtang.files.decode import decode
from mingtang.files.sniff import sniff
from mingtang.lib.errors import Refused

MAX_TEXT = 20_000_000
MAX_PDF_OBJECTS = 200_000
MAX_CELLS = 3_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass
class Extraction:
    """``text`` has a paragraph, row or page line per line; ``warnings`` are sentences for the person who sent it."""

    kind: str
    text: str
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def extract(data: bytes) -> Extraction:
    """The text of a file, by its content. Kinds without text (images, zip) give an empty text.

    Raises ``Refused`` for encrypted, damaged, dangerous (macros, JavaScript) and unreadable old formats.
    """
    kind = sniff(data)
    reader = _READERS.get(kind.code)
    if reader is None:
        return Extraction(kind.code, "")
    warnings: list[str] = []
    lines: list[str] = []
    size = 0
    for line in reader(data, warnings):
        size += len(line) + 1
        if size > MAX_TEXT:
            raise Refused("文件里的文字太多，系统没有读完，请拆成几个文件再传。", "file")
        lines.append(line)
    return Extraction(kind.code, "\n".join(lines), warnings)


def _pdf(data: bytes, warnings: list[str]) -> Iterator[str]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(LOCKED, "file")
        _refuse_active_pdf(reader)
        seen = False
        for value in (reader.metadata or {}).values():
            yield str(value)
        for page in reader.pages:
            text = page.extract_text() or ""
            seen = seen or bool(text.strip())
            yield from text.splitlines()
            yield from _pdf_annotations(page)
        if not seen:
            warnings.append("这份 PDF 里没有文字（像是扫描件），系统查不出其中的敏感信息，请逐页人工核对。")
    except Refused:
        raise
    except Exception as error:
        # What a parser raises on a stranger's broken file is nothing that anybody has listed.
        raise Refused(DAMAGED, "file") from error


def _pdf_annotations(page: object) -> Iterator[str]:
    for reference in page.get("/Annots") or []:  # type: ignore[attr-defined]
        note = reference.get_object()
        if isinstance(note, dict):
            for key in ("/Contents", "/V", "/TU"):
                if isinstance(note.get(key), str):
                    yield str(note[key])


def _refuse_active_pdf(reader: object) -> None:
    """Look at every object, not only at those a page leads to: a script may hang on any of them."""
    from pypdf.generic import DictionaryObject, IndirectObject

    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}  # type: ignore[attr-defined]
    numbers |= {(number, 0) for number in reader.xref_objStm}  # type: ignore[attr-defined]
    if len(numbers) > MAX_PDF_OBJECTS:
        raise Refused("这份 PDF 的结构太复杂，系统没有打开，请重新导出一份再传。", "file")
    stack: list[object] = [reader.trailer]  # type: ignore[attr-defined]
    for number, generation in sorted(numbers):
        try:
            stack.append(IndirectObject(number, generation, reader).get_object())  # type: ignore[arg-type]
        except Refused:
            raise
        except Exception:  # noqa: S112 - a broken object that no page uses harms nobody
            continue
    while stack:
        item = stack.pop()
        if isinstance(item, DictionaryObject):
            action = item.get("/S")
            if "/JS" in item or "/JavaScript" in item or action in ("/JavaScript", "/Launch"):
                raise Refused(
                    "这份 PDF 里带有会自动运行的程序，为了安全没有接收，请用“打印为 PDF”另存一份再传。", "file"
                )
            if "/EmbeddedFile" in (item.get("/Type"), item.get("/Subtype")) or "/EmbeddedFiles" in item:
                raise Refused("这份 PDF 里夹带了别的文件，系统查不到里面的内容，请去掉附件，或把附件单独上传。", "file")
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _docx(data: bytes, warnings: list[str]) -> Iterator[str]:
    archive = SafeZip(data)
    parts = [
        name
        for name in archive.names
        if re.fullmatch(
            r"word/(document\d*|header\d*|footer\d*|footnotes|endnotes|comments\w*|glossary/document)\.xml", name
        )
    ]
    parts.sort(key=lambda name: (not name.startswith("word/document"), name))
    for name in parts:
        yield from _word_lines(archive.xml(name))
    yield from _properties(archive)
    if any(name.startswith("word/embeddings/") for name in archive.names):
        warnings.append("文档里嵌有别的文件（如表格对象），系统读不到其中内容，请人工核对，最好改为普通表格。")


def _word_lines(root: etree._Element) -> Iterator[str]:
    """Paragraphs in order, those of tables and text boxes too: each gives a line of its own."""
    for paragraph in root.iter(f"{_W}p"):
        yield "".join(_word_text(paragraph))
    for node in root.iter("{*}docPr"):
        # Alternative texts of pictures.
        yield from (node.get(key, "") for key in ("descr", "title"))


def _word_text(paragraph: etree._Element) -> Iterator[str]:
    stack = list(reversed(paragraph))
    while stack:
        node = stack.pop()
        if node.tag in (f"{_W}t", f"{_W}delText", f"{_W}instrText"):
            yield node.text or ""
        elif node.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            yield "\t" if node.tag == f"{_W}tab" else "\n"
        elif node.tag != f"{_W}p":
            stack.extend(reversed(node))


def _properties(archive: SafeZip) -> Iterator[str]:
    for name in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"):
        if name in archive.names:
            yield from (text.strip() for text in archive.xml(name).itertext() if text.strip())


def _sheets(data: bytes, warnings: list[str]) -> Iterator[str]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = 0
        for number, meta in enumerate(book.sheets_metadata):
            yield meta.name
            if meta.visible != python_calamine.SheetVisibleEnum.Visible:
                warnings.append(f"表格里有隐藏的工作表“{meta.name}”，公开前请删去或取消隐藏。")
            for row in book.get_sheet_by_index(number).iter_rows():
                cells += len(row)
                if cells > MAX_CELLS:
                    raise Refused("表格太大，系统没有读完，请拆成几个文件再传。", "file")
                if any(value != "" for value in row):
                    yield "\t".join(_cell(value) for value in row)
    except python_calamine.PasswordError as error:
        raise Refused(LOCKED, "file") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Refused(DAMAGED, "file") from error


def _cell(value: object) -> str:
    # Long numbers arrive as floats; an ID or card number must not turn into 1.2e+17 before the guard looks at it.
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e20 else str(value)


def _xlsx(data: bytes, warnings: list[str]) -> Iterator[str]:
    archive = SafeZip(data)
    for name in archive.names:
        # calamine has its own XML reader: here only the check that no part carries a DTD.
        if name.endswith((".xml", ".rels")):
            root = archive.xml(name)
            if re.fullmatch(r"xl/(comments\d*|threadedComments/.*|drawings/[^/]*)\.xml", name):
                yield from (text.strip() for text in root.itertext() if text.strip())
    yield from _sheets(data, warnings)
    yield from _properties(archive)


def _ofd(data: bytes, warnings: list[str]) -> Iterator[str]:
    """GB/T 33190: OFD.xml names the documents, each Document.xml its pages in reading order, each page its TextCode."""
    archive = SafeZip(data)
    texts = 0
    for doc_root in archive.xml("OFD.xml").iter("{*}DocRoot"):
        path = (doc_root.text or "").strip().lstrip("/")
        folder = posixpath.dirname(path)
        for page in archive.xml(path).iter("{*}Page"):
            if not (location := page.get("BaseLoc")):
                continue
            location = (
                location.lstrip("/")
                if location.startswith("/")
                else posixpath.normpath(posixpath.join(folder, location))
            )
            if location not in archive.names and f"{location}/Content.xml" in archive.names:
                location = f"{location}/Content.xml"
            for text in archive.xml(location).iter("{*}TextObject"):
                texts += 1
                yield "".join(code.text or "" for code in text.iter("{*}TextCode"))
    if not texts:
        warnings.append("这份 OFD 里没有文字（像是扫描件），系统查不出其中的敏感信息，请逐页人工核对。")


def _plain(data: bytes, warnings: list[str]) -> Iterator[str]:
    yield from decode(data).splitlines()


def _html(data: bytes, warnings: list[str]) -> Iterator[str]:
    # The source itself: comments and attributes of a downloadable page can be read by anyone, too.
    yield from decode(data, declared=True).splitlines()


def _refuse(sentence: str) -> Callable[[bytes, list[str]], Iterator[str]]:
    def refuse(data: bytes, warnings: list[str]) -> Iterator[str]:
        raise Refused(sentence, "file")

    return refuse


_OLD = _refuse("旧版格式的文件系统读不出内容，请用 WPS 或 Word 打开，另存为 .docx 或 PDF 后再传。")
_READERS: dict[str, Callable[[bytes, list[str]], Iterator[str]]] = {
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "xls": _sheets,
    "ofd": _ofd,
    "txt": _plain,
    "xml": _plain,
    "html": _html,
    "doc": _OLD,
    "ole": _OLD,
    "locked_office": _refuse(LOCKED),
    "macro": _refuse("文件里带有宏程序，为了安全没有接收，请另存为不带宏的 .docx 或 .xlsx 后再传。"),
}
