"""Taking the text of a draft from a file that somebody has: what is read is shown, nothing is kept or published."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import BinaryIO

from django.conf import settings

from mingtang.disclosure.reading import Reading, read_page, read_tables, read_text, read_word
from mingtang.files import child, convert, office, policies
from mingtang.files.convert import Converted, Picture
from mingtang.files.decode import decode
from mingtang.files.sniff import said_kind, sniff
from mingtang.lib.errors import Refused

MOST_LETTERS = 3_000_000


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
        raise Refused("".join(problem.sentence for problem in reading.problems) or "没有读出标题和正文。", "word")
    return Taken(reading, notes, found.pictures)


def _short(text: str) -> str:
    if len(text) > MOST_LETTERS:
        raise Refused("文件里的文字太多，放进一份信息没有人看得下去。请拆成几份，或者作为附件上传。", "word")
    return text
