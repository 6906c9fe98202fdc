"""Taking the text of a draft from a file that somebody has: what is read is shown, nothing is kept or published."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import BinaryIO

from django.conf import settings

from mingtang.disclosure.reading import MOST_LETTERS, TOO_LONG, Reading, read_page, read_tables, read_text, read_word
from mingtang.files import child, convert, office, policies
from mingtang.files.convert import Converted, Picture
from mingtang.files.decode import decode
from mingtang.files.sniff import ending, said_kind, sniff
from mingtang.lib.errors import Refused

# A page with its pictures as one letter of parts, which Word also calls .doc.
_MHTML = re.compile(rb"^MIME-Version:", re.I | re.M)


@dataclass
class Taken:
    """``reading`` is None while there are ``sheets`` to choose from; ``book`` is the .xlsx they stand in."""

    reading: Reading | None
    notes: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    book: bytes = b""


def take(name: str, stream: BinaryIO, *, chosen: Sequence[int] = (), first: int | None = None) -> Taken:
    """The text of a file, by its content: .docx, .xlsx (the ``chosen`` sheets), .doc, .wps, .xls, .rtf, .ofd, web
    page, text. Pictures are numbered from ``first``; None leaves them out.

    Raises ``Refused`` for every other kind, what is too large, locked, damaged, or runs, and an old format where
    LibreOffice is absent.
    """
    name = policies.clean_name(name)
    data = stream.read(settings.UPLOAD_LIMIT + 1)
    if len(data) > settings.UPLOAD_LIMIT:
        raise Refused(f"文件超过了 {policies.size_label(settings.UPLOAD_LIMIT)} 的上限，请拆成几个文件。", "word")
    kind = sniff(data)
    policies.check_taken(name, kind, policies.TEXTS)
    if ending(name) == "csv":
        raise Refused(f"“{name}”是一张表。请用表格软件打开，另存为 .xlsx 再选一次。", "word")
    if _MHTML.search(data[:2000]):
        raise Refused(f"“{name}”是存成一个文件的网页。请用 Word 或者 WPS 打开，另存为 .docx 再选一次。", "word")
    notes = []
    if said := said_kind(name, kind):
        notes.append(f"“{name}”看名字是{said.label}，其实是{kind.label}，已经按{kind.label}读入。")
    if kind.code in office.NEW:
        data = office.modern(data, kind.code)
        kind = sniff(data)
        notes.append("旧版文件是转换以后读入的，请对照原件看一遍。")
    stem = PurePath(name).stem
    found = Converted()
    if kind.code in ("docx", "xlsx"):
        found = child.take(data, chosen=chosen, first=first)
        if found.sheets:
            return Taken(None, notes, sheets=found.sheets, book=data)
        reading = read_word(found, stem, name) if kind.code == "docx" else read_tables(found, stem, name)
    elif kind.code == "ofd":
        read = child.read(data)
        notes += [*read.warnings, "版式文件里一行就是一段，请把断开的行接起来，并核对表格。"]
        reading = read_text(_short(read.visible), stem, name)
    elif kind.code == "html":
        found = convert.page(decode(data, declared=True), first)
        notes += found.notes
        reading = read_page(_short(found.html), name)
    else:
        reading = read_text(_short(decode(data)), stem, name)
    if not reading.usable:
        wanting = [problem.sentence for problem in reading.problems if problem.field in ("title", "body")]
        raise Refused("".join(wanting) or "没有读出标题和正文。", "word")
    return Taken(reading, notes, found.pictures)


def _short(text: str) -> str:
    if len(text) > MOST_LETTERS:
        raise Refused(TOO_LONG.format(f"{len(text) // 10000:,} 万"), "word")
    return text
