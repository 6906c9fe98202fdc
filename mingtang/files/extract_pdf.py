"""The text of a PDF: pages, notes, properties, and where its photos were taken."""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from mingtang.files.archive import DAMAGED, LOCKED
from mingtang.files.parts import COMMENT, EARLIER, PLACE, PROPERTY, UNSEEN, VISIBLE, Part, property_label, xml_text
from mingtang.files.photo import place
from mingtang.lib.errors import Refused

MAX_OBJECTS = 200_000
_FORM = "这份 PDF 是只有专门软件能打开的表单（XFA），系统读不出填了什么，请用“打印为 PDF”另存一份再传。"
# Changes written behind a file, the last of them.
MOST_EARLIER = 5
# A text beside the pages is looked at where it holds words of ours or a long number.
_WORTH = re.compile(r"[\u3400-\u9fff]|(?:\d\D{0,3}){11}")


def read_pdf(data: bytes, warnings: list[str]) -> Iterator[Part]:
    """Pages with their notes, then properties, what is said besides, and what an earlier state of the file said. Raises
    ``Refused``: locked, damaged, runs, carries files."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(LOCKED, "file")
        # Before anything else is read: what it would run must not be opened.
        places, said = _looked_through(reader)
        seen = False
        told: set[str] = set()
        for page in reader.pages:
            text = page.extract_text() or ""
            seen = seen or bool(text.strip())
            for label, line in (*((VISIBLE, line) for line in text.splitlines()), *_annotations(page)):
                told.add(line)
                yield label, line
        for key, value in (reader.metadata or {}).items():
            told.add(str(value))
            yield property_label(key.removeprefix("/")), str(value)
        if (stream := reader.root_object.get("/Metadata")) is not None:
            yield from ((PROPERTY, line) for line in xml_text(stream.get_object().get_data()))
        yield from ((PLACE, line) for line in places)
        yield from ((UNSEEN, line) for line in said if line not in told)
        yield from ((EARLIER, line) for line in _earlier(data) if line not in told)
        if not seen:
            warnings.append("这份 PDF 里没有文字（像是扫描件），系统查不出其中的敏感信息，请逐页人工核对。")
    except Refused:
        raise
    except Exception as error:
        # What a parser raises on a stranger's broken file is nothing that anybody has listed.
        raise Refused(DAMAGED, "file") from error


def _annotations(page: Any) -> Iterator[Part]:
    for reference in page.get("/Annots") or []:
        note = reference.get_object()
        if isinstance(note, dict):
            # What stands in a field of a form is on the page for everybody; /T is the name of who wrote a note.
            field = note.get("/Subtype") == "/Widget"
            for key in ("/Contents", "/V", "/TU") if field else ("/Contents", "/V", "/TU", "/T"):
                if isinstance(note.get(key), str):
                    yield VISIBLE if field else COMMENT, str(note[key])
            yield from ((VISIBLE, line) for line in _drawn(page, note))


def _drawn(page: Any, note: Any) -> Iterator[str]:
    """What a note, a stamp or a field draws on the page."""
    from pypdf.generic import StreamObject

    looks = note.get("/AP", {})
    look = looks.get("/N") if isinstance(looks, dict) else None
    look = look.get_object() if look is not None else None
    if isinstance(look, StreamObject):
        # Where a drawing alone is broken, the rest of the file is read all the same.
        with suppress(Exception):
            yield from page.extract_xform_text(look).splitlines()


def _earlier(data: bytes) -> Iterator[str]:
    """The lines of what the file was before each change that was written behind it: anybody can cut the changes off."""
    from pypdf import PdfReader

    ends = [found.end() for found in re.finditer(rb"%%EOF", data)][:-1]
    for end in ends[-MOST_EARLIER:]:
        try:
            before = PdfReader(io.BytesIO(data[:end]))
            if before.is_encrypted:
                before.decrypt("")
            for page in before.pages:
                yield from (page.extract_text() or "").splitlines()
        except Exception:  # noqa: S112 - the first part of a file made for the web is none by itself
            continue


def _looked_through(reader: Any) -> tuple[list[str], list[str]]:
    """Where the photos inside were taken, and every text that stands in no page: bookmarks, addresses, choices of a
    field, what is read aloud for a picture. Refuses what would run or is carried along.

    Looks at every object, not only at those a page leads to: a script may hang on any of them.
    """
    from pypdf.generic import DictionaryObject, IndirectObject, StreamObject, TextStringObject

    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MAX_OBJECTS:
        raise Refused("这份 PDF 的结构太复杂，系统没有打开，请重新导出一份再传。", "file")
    stack: list[object] = [reader.trailer]
    for number, generation in sorted(numbers):
        try:
            stack.append(IndirectObject(number, generation, reader).get_object())
        except Refused:
            raise
        except Exception:  # noqa: S112 - a broken object that no page uses harms nobody
            continue
    places, said = [], {}
    while stack:
        item = stack.pop()
        if isinstance(item, TextStringObject):
            said[str(item)] = None
        elif isinstance(item, DictionaryObject):
            action = item.get("/S")
            if "/JS" in item or "/JavaScript" in item or action in ("/JavaScript", "/Launch"):
                raise Refused(
                    "这份 PDF 里带有会自动运行的程序，为了安全没有接收，请用“打印为 PDF”另存一份再传。", "file"
                )
            if "/XFA" in item:
                raise Refused(
                    "这份 PDF 是只有专门软件能打开的表单（XFA），系统读不出填了什么，请用“打印为 PDF”另存一份再传。",
                    "file",
                )
            if (
                "/EF" in item
                or "/EmbeddedFile" in (item.get("/Type"), item.get("/Subtype"))
                or "/EmbeddedFiles" in item
            ):
                raise Refused("这份 PDF 里夹带了别的文件，系统查不到里面的内容，请去掉附件，或把附件单独上传。", "file")
            if isinstance(item, StreamObject) and (where := place(item._data)):
                places.append(where)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return places, [text for text in said if _WORTH.search(text)]
