"""The text of a PDF: pages, notes, properties, and where its photos were taken."""

import io
import logging
from collections.abc import Iterator
from typing import Any

from mingtang.files.archive import DAMAGED, LOCKED
from mingtang.files.parts import COMMENT, PLACE, PROPERTY, VISIBLE, Part, property_label, xml_text
from mingtang.files.photo import place
from mingtang.lib.errors import Refused

MAX_OBJECTS = 200_000


def read_pdf(data: bytes, warnings: list[str]) -> Iterator[Part]:
    """Pages with their notes, then properties. Raises ``Refused``: locked, damaged, runs, carries files."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(LOCKED, "file")
        # Before anything else is read: what it would run must not be opened.
        places = _looked_through(reader)
        seen = False
        for page in reader.pages:
            text = page.extract_text() or ""
            seen = seen or bool(text.strip())
            yield from ((VISIBLE, line) for line in text.splitlines())
            yield from _annotations(page)
        for key, value in (reader.metadata or {}).items():
            yield property_label(key.removeprefix("/")), str(value)
        if (stream := reader.root_object.get("/Metadata")) is not None:
            yield from ((PROPERTY, line) for line in xml_text(stream.get_object().get_data()))
        yield from ((PLACE, line) for line in places)
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


def _looked_through(reader: Any) -> list[str]:
    """Where the photos inside were taken. Refuses what would run or is carried along.

    Looks at every object, not only at those a page leads to: a script may hang on any of them.
    """
    from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

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
    places = []
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
            if isinstance(item, StreamObject) and (where := place(item._data)):
                places.append(where)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return places
