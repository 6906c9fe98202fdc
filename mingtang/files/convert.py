"""What an editor takes from a file: the text of a Word file, the tables of a spreadsheet, the pictures in both.

Gives plain HTML that the caller cleans, and sentences about what was left out. Nothing is fetched. Runs in a child
(``child.convert``) for what a stranger sends.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO

from lxml import etree

from mingtang.files.archive import SafeZip
from mingtang.files.sniff import sniff
from mingtang.files.spreadsheet import Book
from mingtang.files.tables import sheet_html
from mingtang.lib.errors import Refused

MOST_PICTURES = 30
LARGEST_PICTURE = 5 * 1024 * 1024
_DATA = re.compile(r"data:image/[\w.+-]{1,40};base64,([A-Za-z0-9+/=\s%]+)", re.I)
# Up to the next tag: a page of nothing but beginnings of pictures is read once, not once for each.
_IMAGE = re.compile(r"<img\b[^<>]*>", re.I)
_SOURCE = re.compile(r"\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.I)
_ALT = re.compile(r"\balt\s*=\s*[\"']([^\"'>]{1,100})", re.I)


@dataclass
class Picture:
    """``name`` is 图1, 图2 …, followed by what the file says it shows, if it says so."""

    name: str
    data: bytes


@dataclass
class Converted:
    """``sheets`` are names to choose from, by their place; then there is no text yet."""

    html: str = ""
    notes: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)


def convert(data: bytes, *, chosen: Sequence[int] = (), first: int | None = 1) -> Converted:
    """The text of a .docx, the ``chosen`` sheets of an .xlsx; ``first`` is the number of the first picture, None
    leaves them all out.

    A book with several sheets of which none is chosen gives their names. Raises ``Refused`` for what is damaged,
    unsafe, or no table that fits into a text.
    """
    return spreadsheet(data, chosen) if sniff(data).code == "xlsx" else word(data, first)


def word(data: bytes, first: int | None = None) -> Converted:
    """A Word file as HTML; its pictures apart. What was changed and not accepted is taken as changed."""
    import mammoth

    archive = SafeZip(data)
    # All parts pass the safe reader first: mammoth would expand entities.
    document = archive.xml("word/document.xml")
    for name in archive.names:
        if name.endswith((".xml", ".rels")):
            archive.xml(name)
    notes = [sentence for tags, sentence in _REMARKS if next(document.iter(*tags), None) is not None]
    if "word/comments.xml" in archive.names:
        notes.append("文档里的批注没有取进来。")
    style_map = "p[style-name='Title'] => h1:fresh\np[style-name='标题'] => h1:fresh"
    style_map += "".join(f"\np[style-name='标题 {level}'] => h{level}:fresh" for level in (1, 2, 3))
    held: list[bytes] = []

    def hold(image: object) -> dict[str, str]:
        try:
            with image.open() as stream:  # type: ignore[attr-defined]
                held.append(stream.read())
        except (KeyError, ValueError):
            # It lies elsewhere: nothing is fetched.
            return {}
        return {"src": f"picture:{len(held) - 1}"}

    try:
        source = mammoth.convert_to_html(
            BytesIO(data),
            style_map=style_map,
            convert_image=mammoth.images.img_element(hold),
            external_file_access=False,
        ).value
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, etree.Error, OSError) as error:
        raise Refused("这个 Word 文档的结构不完整，打不开，请用 Word 或 WPS 重新另存一份再导入。", "file") from error
    return _with_pictures(source, held, notes, first)


_REMARKS = (
    (("{*}numPr",), "文档用了自动编号，编号不是文字，导入后请核对“一、”“（一）”这类序号。"),
    (("{*}txbxContent",), "文档里有文本框，导入后请核对其中文字的位置。"),
    (("{*}ins", "{*}del"), "文档里有修订没有接受，取的是改过以后的文字，请核对。"),
    (("{*}vanish",), "文档里有隐藏的文字，也取进来了，请核对哪些不能公开。"),
)


def page(source: str, first: int | None = None) -> Converted:
    """A web page without the pictures written into it, which may be larger than all its text; they come apart."""
    held: list[bytes] = []

    def hold(found: re.Match[str]) -> str:
        # Four letters stand for three bytes.
        letters = re.sub(r"\s", "", found[1])
        try:
            held.append(b64decode(letters.replace("%2B", "+").replace("%2F", "/").replace("%3D", "="), validate=True))
        except Error:
            return ""
        return f"picture:{len(held) - 1}"

    return _with_pictures(_DATA.sub(hold, source), held, [], first)


def _with_pictures(source: str, held: list[bytes], notes: list[str], first: int | None) -> Converted:
    """Each picture that can be taken gives way to a sentence that leads to it; the others are told."""
    if first is None:
        left_out = ["文档里的图片没有导入，请作为附件另传，并配上文字说明。"] if held else []
        return Converted(_IMAGE.sub("", source), notes + left_out)
    found = Converted(notes=notes)
    left: list[str] = []

    def place(match: re.Match[str]) -> str:
        said = _SOURCE.search(match[0])
        number = said[1].removeprefix("picture:") if said and said[1].startswith("picture:") else ""
        if not number.isdigit() or int(number) >= len(held):
            left.append("在别的地方")
            return ""
        data = held[int(number)]
        kind = sniff(data)
        if kind.code not in ("jpeg", "png"):
            left.append(f"是{kind.label}")
        elif len(data) > LARGEST_PICTURE:
            left.append(f"超过 {LARGEST_PICTURE // 1048576} MB")
        elif len(found.pictures) >= MOST_PICTURES:
            left.append(f"在第 {MOST_PICTURES} 张以后")
        else:
            name = f"图{first + len(found.pictures)}"
            alt = _ALT.search(match[0])
            found.pictures.append(Picture(f"{name} {unescape(alt[1]).strip()}" if alt else name, data))
            return f"（{name}，见附件）"
        return ""

    found.html = _IMAGE.sub(place, source)
    for why in dict.fromkeys(left):
        found.notes.append(
            f"有 {left.count(why)} 张图片没有取进来（{why}）。需要的，请另存为不大的 JPEG 或 PNG 图片，作为附件传。"
        )
    return found


def spreadsheet(data: bytes, chosen: Sequence[int] = ()) -> Converted:
    """The chosen sheets of an .xlsx as tables, or the names of its sheets when there is a choice. Hidden ones never."""
    archive = SafeZip(data)
    for name in archive.names:
        if name.endswith(".rels"):
            archive.xml(name)
    book = Book(data)
    shown = [sheet for sheet in book.sheets if not sheet.hidden]
    notes = ["隐藏的工作表没有取。"] if len(shown) < len(book.sheets) else []
    if not chosen and len(shown) > 1:
        return Converted(notes=notes, sheets=[sheet.title for sheet in shown])
    wanted = [shown[number] for number in chosen if number < len(shown)] or shown[:1]
    tables = [sheet_html(book, sheet, titled=len(wanted) > 1) for sheet in wanted]
    if any("<td" in table or "<th" in table for table in tables):
        notes.append("数字是表里存的值，百分号、小数位可能和表里看到的不一样，请对照原表核对。隐藏的行和列没有取。")
        return Converted("\n".join(tables), notes)
    raise Refused("选的工作表里没有内容，请另选工作表，或者核对文件。", "file")
