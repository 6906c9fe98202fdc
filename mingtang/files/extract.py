"""The text inside a file, for the guard and the search index: visible or not.

Runs in a child process (``child.read``); nothing here touches the database. The guard must see what a reader could dig
out, so hidden sheets, comments, tracked changes, headers, text boxes and document properties are all included, each
under the name of its place; the index takes the visible text alone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape

from mingtang.files.archive import LOCKED, SafeZip
from mingtang.files.decode import decode
from mingtang.files.extract_ofd import read_ofd
from mingtang.files.extract_office import read_docx, read_xls, read_xlsx
from mingtang.files.extract_pdf import read_pdf
from mingtang.files.parts import PLACE, UNSEEN, VISIBLE, Part, by_label, must_be_told, numbers_in
from mingtang.files.photo import is_photo, makings, place
from mingtang.files.policies import IMAGES
from mingtang.files.sniff import sniff
from mingtang.lib.errors import Refused
from mingtang.lib.text import half_width

# Raised with a release that reads more in a file than the one before: what that one kept is read again.
READER = 2
MAX_TEXT = 20_000_000
# Files within files.
DEEPEST = 3
_ZIPPED = {"docx", "xlsx", "ofd", "pptx", "opendocument", "zip", "macro"}
_MARK = re.compile(r"<[^<>]*>")
# Where the pieces side by side are other cells, read by row elsewhere.
_CELLS = re.compile(r"xl/(?:worksheets|sharedStrings|pivotCache|externalLinks)")
# A cell of a table in plain text that a spreadsheet program would work out.
_RUNS = re.compile(r"(?m)(?:^|[,;\t])\"?[=@+-][A-Za-z]+[(|]")


@dataclass
class Extraction:
    """``parts`` are labels and texts, the visible one first under an empty label; ``warnings`` are sentences for the
    person who sent the file. A text has a paragraph, row or page line per line."""

    kind: str
    parts: list[Part]
    warnings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(text for _, text in self.parts)

    @property
    def visible(self) -> str:
        return dict(self.parts).get(VISIBLE, "")


def extract(data: bytes) -> Extraction:
    """The text of a file, by its content. Kinds without text (images, zip) give an empty text.

    Raises ``Refused`` for encrypted, damaged, dangerous (macros, JavaScript) and unreadable old formats.
    """
    kind = sniff(data)
    reader = _READERS.get(kind.code)
    if reader is None:
        return Extraction(kind.code, [])
    warnings: list[str] = []
    lines: list[Part] = []
    size = 0
    for label, line in reader(data, warnings):
        size += len(line) + 1
        if size > MAX_TEXT:
            raise Refused("文件里的文字太多，系统没有读完，请拆成几个文件再传。", "file")
        lines.append((label, line))
    read = numbers_in("\n".join(line for _, line in lines).encode("utf-8", "replace"))
    lines += [(UNSEEN, number) for number in sorted(_numbers(kind.code, data) - read)]
    parts = by_label(lines)
    told = "、".join(label for label, _ in parts if must_be_told(label))
    if told:
        warnings.insert(0, f"文件里有{told}，打开的人都能翻出来，公开前请删去，另存一份再传。")
    return Extraction(kind.code, parts, list(dict.fromkeys(warnings)))


def _numbers(code: str, data: bytes, *, depth: int = 0) -> set[str]:
    """The numbers that stand anywhere in a file, where no reader above looks: in a formula, a rule, an attribute, in
    pieces of a text that are drawn side by side."""
    if code not in _ZIPPED:
        return set().union(*map(numbers_in, (data if code in IMAGES else b"", *makings(data))))
    archive, found = SafeZip(data), set()
    for name in archive.names:
        inside = archive.read(name)
        if is_photo(inside):
            # Of the picture itself there is much, and no number in it.
            found |= set().union(*map(numbers_in, makings(inside)))
            continue
        found |= numbers_in(inside)
        if inside.startswith(b"PK"):
            if depth == DEEPEST:
                raise Refused("文件里一层套一层地装着别的文件，系统没有读完。请把里面的文件取出来，单独上传。", "file")
            found |= _numbers(sniff(inside).code, inside, depth=depth + 1)
        elif b"<" in inside[:200]:
            cells = _CELLS.search(name)
            # The cells of a large table are read once where there is nothing more to see in them.
            if not cells or not inside.isascii() or b"&#" in inside:
                found |= _marked_up(inside, joined=not cells)
    return found


def _marked_up(data: bytes, *, joined: bool) -> set[str]:
    """The same of a text with marks in it, its digits in one width; with the pieces between the marks ``joined``."""
    plain = half_width(unescape(data.decode("utf-8", "replace")))
    found = numbers_in(plain.encode("utf-8", "replace"))
    return found | numbers_in(_MARK.sub("", plain).encode("utf-8", "replace")) if joined else found


def _plain(data: bytes, warnings: list[str]) -> Iterator[Part]:
    text = decode(data)
    if _RUNS.search(text):
        warnings.append("里面有以“=”开头的内容，别人用表格软件打开会当作公式运行，请核对是不是本来就要这样。")
    yield from ((VISIBLE, line) for line in text.splitlines())


def _html(data: bytes, warnings: list[str]) -> Iterator[Part]:
    # The source itself: comments and attributes of a downloadable page can be read by anyone, too.
    yield from ((VISIBLE, line) for line in decode(data, declared=True).splitlines())


def _photo(data: bytes, warnings: list[str]) -> Iterator[Part]:
    yield PLACE, place(data)


def _refuse(sentence: str) -> Callable[[bytes, list[str]], Iterator[Part]]:
    def refuse(data: bytes, warnings: list[str]) -> Iterator[Part]:
        raise Refused(sentence, "file")

    return refuse


_OLD = _refuse("旧版格式的文件系统读不出内容，请用 WPS 或 Word 打开，另存为 .docx 或 PDF 后再传。")
_READERS: dict[str, Callable[[bytes, list[str]], Iterator[Part]]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "xlsx": read_xlsx,
    "xls": read_xls,
    "ofd": read_ofd,
    "txt": _plain,
    "xml": _plain,
    "html": _html,
    "jpeg": _photo,
    "png": _photo,
    "webp": _photo,
    "doc": _OLD,
    "ole": _OLD,
    "locked_office": _refuse(LOCKED),
    "macro": _refuse("文件里带有宏程序，为了安全没有接收，请另存为不带宏的 .docx 或 .xlsx 后再传。"),
}
