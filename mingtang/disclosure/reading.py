"""Reading documents as they come: saved pages, text, Word files, lines of JSON. Pure: no database, no network.

``read_path`` never stops at a bad document: what could not be read is said in its ``problems``, and the others go on.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from mingtang.disclosure.reading_blocks import blocks, clean_html, parse, safe_link, text_of, to_html
from mingtang.disclosure.reading_fields import (
    FIELD_NAMES,
    BadDate,
    day_of,
    index_number_flaw,
    parse_date,
    tidy_doc_number,
)
from mingtang.disclosure.reading_layout import Layout, lay_out
from mingtang.disclosure.reading_sources import any_blocks, divided, text_blocks, word_blocks
from mingtang.files.convert import Converted, word
from mingtang.files.decode import decode
from mingtang.files.sniff import check_name, sniff
from mingtang.lib.errors import Refused

__all__ = ["Attachment", "Problem", "Reading", "clean_html", "read_path", "read_record", "text_of"]

MAX_FILE = 50 * 1024 * 1024
MOST_LETTERS = 3_000_000
TOO_LONG = (
    f"文字太多，有 {{}}字，一份信息最多 {MOST_LETTERS // 10000} 万字，再长没有人看得下去。请拆成几份，"
    "或者作为附件上传，正文里写几句说明。"
)
_BODY_KEYS = ("content_html", "html", "body", "text", "page_html")
_KEYS = {
    "source_id": ("id", "source_id"),
    "title": ("title",),
    "issuer": ("issuer",),
    "index_number": ("index_number",),
    "doc_number": ("doc_number",),
    "generated_on": ("generated_on", "written"),
    "published_on": ("published_on", "published", "publish_date"),
    "theme": ("theme",),
    "url": ("url",),
    "method": ("method",),
    "scope": ("scope",),
    "source": ("source",),
    "views": ("views",),
}
_WANTED = ("title", "body", "issuer", "index_number", "generated_on", "published_on")
_LONGEST = {
    "title": 200,
    "issuer": 100,
    "doc_number": 60,
    "theme": 120,
    "method": 60,
    "scope": 60,
    "source": 100,
    "source_id": 200,
}
_FILES = re.compile(r"(?i)\.(pdf|docx?|xlsx?|ofd|wps|et|zip|rar|pptx?|jpe?g|png)(?:[?#]|$)")


@dataclass(frozen=True)
class Problem:
    """What could not be found or believed, as a Chinese sentence; ``field`` is a key of ``FIELD_NAMES``."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Attachment:
    name: str
    url: str


@dataclass
class Reading:
    """One document as its source states it. Absent texts are empty, absent dates and counts None.

    ``published_on`` is an aware datetime when the source gives a time of day, else a date (``published_day`` is always
    a date). ``body_html`` is clean (``clean_html``); ``body_text`` is ``text_of`` it, a paragraph per line. ``found``
    lists the fields that were found; ``other`` labels of the page that are kept but not used; ``dropped`` the lines
    that were taken for the web page's and not the document's. ``origin`` says where it was read: file, line of JSONL.
    """

    origin: str = ""
    source_id: str = ""
    title: str = ""
    body_html: str = ""
    body_text: str = ""
    issuer: str = ""
    index_number: str = ""
    doc_number: str = ""
    generated_on: date | None = None
    published_on: date | datetime | None = None
    theme: str = ""
    url: str = ""
    method: str = ""
    scope: str = ""
    source: str = ""
    views: int | None = None
    attachments: list[Attachment] = field(default_factory=list)
    other: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    @property
    def published_day(self) -> date | None:
        return day_of(self.published_on)

    @property
    def folder(self) -> str:
        """The folder it was read in, below the one that is read; nothing for that one itself."""
        return "/".join(PurePath(self.origin).parts[:-1])

    @property
    def usable(self) -> bool:
        """Whether it can become a document at all: it has a title and a body."""
        return bool(self.title and self.body_text)

    def note(self, name: str, sentence: str) -> None:
        self.problems.append(Problem(name, sentence))


Read = Callable[[], Reading]


def read_path(path: Path | str) -> Iterator[Reading]:
    """The documents of a folder (with its sub folders, in order of name), or of one file.

    Raises ``Refused`` only when the path itself does not exist; every other trouble is a Reading with a problem.
    """
    return (read() for _, read in sources(path))


def sources(path: Path | str) -> Iterator[tuple[str, Read]]:
    """Where each of these documents is, and how it is read."""
    path = Path(path)
    if path.is_dir():
        for file in _files(path):
            yield from _of_file(file, str(file.relative_to(path)))
    elif path.exists():
        yield from _of_file(path, path.name)
    else:
        raise Refused(f"找不到“{path}”，请核对路径。")


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        # A browser saves pictures and scripts of "页面.html" beside it in "页面_files".
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not name.endswith(("_files", ".files"))
        )
        yield from (Path(root) / name for name in sorted(names) if not name.startswith((".", "~$")))


def failed(origin: str, sentence: str) -> Reading:
    """What became of a document that could not be read."""
    return Reading(origin=origin, problems=[Problem("file", sentence)])


def _of_file(path: Path, origin: str) -> Iterator[tuple[str, Read]]:
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return _of_lines(path, origin)
    return iter([(origin, partial(_read_file, path, origin))])


def _read_file(path: Path, origin: str) -> Reading:
    try:
        if path.stat().st_size > MAX_FILE:
            raise Refused(f"“{origin}”超过 {MAX_FILE // 1048576} MB，请拆开后再导入。")
        return _read_bytes(path.read_bytes(), path, origin)
    except Refused as refusal:
        return failed(origin, refusal.message)
    except OSError as error:
        return _not_opened(origin, error)


def _not_opened(origin: str, error: OSError) -> Reading:
    reason = error.strerror or "读取出错"
    return failed(origin, f"“{origin}”打不开（{reason}），请检查文件是否还在、是否有权读取。")


def _read_bytes(data: bytes, path: Path, origin: str) -> Reading:
    kind = sniff(data)
    stem = path.stem
    if kind.code not in ("txt", "html"):
        check_name(path.name, kind)
    if path.suffix.lower() in (".json", ".csv", ".xml", ".js", ".css"):
        raise Refused(f"“{origin}”不是文章，不能当作正文导入，请换成 .txt、.html、.docx 或 .jsonl。")
    if kind.code == "docx":
        return read_word(word(data), stem, origin)
    if kind.code == "html":
        return read_page(decode(data, declared=True), origin)
    if kind.code == "txt":
        return read_text(decode(data), stem, origin)
    mending = {
        "doc": "请用 WPS 或 Word 另存为 .docx 后再导入",
        "pdf": "请把它作为附件上传，正文另用 .docx 或 .txt 导入",
    }
    raise Refused(
        f"“{origin}”是{kind.label}，不能当作正文导入，{mending.get(kind.code, '请换成 .txt、.html、.docx 或 .jsonl')}。"
    )


def read_word(found: Converted, stem: str, origin: str) -> Reading:
    """What a Word file came to; ``stem`` is its name, which its title may repeat."""
    layout = lay_out(word_blocks(found.html), page_titles=(stem,))
    return _finish(Reading(origin=origin), {}, layout, found.notes)


def read_text(text: str, stem: str, origin: str) -> Reading:
    """Lines of plain text."""
    return _finish(Reading(origin=origin), {}, lay_out(text_blocks(text), page_titles=(stem,)), [])


def read_tables(found: Converted, stem: str, origin: str) -> Reading:
    """The tables of a spreadsheet: they name neither issuer nor date, and the file's name is the title."""
    body = clean_html(found.html)
    reading = Reading(origin=origin, title=stem, body_html=body, body_text=text_of(body))
    reading.problems += [Problem("body", sentence) for sentence in found.notes]
    return reading


def _of_lines(path: Path, origin: str) -> Iterator[tuple[str, Read]]:
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_FILE):
                number += 1
                if line.strip():
                    yield f"{origin}:{number}", partial(_read_line, line, origin, number)
    except OSError as error:
        yield origin, partial(_not_opened, origin, error)


def _read_line(line: bytes, origin: str, number: int) -> Reading:
    where = f"{origin}:{number}"
    try:
        record = json.loads(decode(line))
        if not isinstance(record, dict):
            raise ValueError
    except Refused:
        return failed(where, f"第{number}行的文字编码认不出来，请把文件另存为 UTF-8。")
    except (ValueError, RecursionError):
        return failed(where, f"第{number}行不是完整的 JSON 记录，请核对这一行的引号、括号和逗号。")
    try:
        return read_record(record, where)
    except Refused as refusal:
        return failed(where, refusal.message)


def read_record(record: dict[str, Any], origin: str = "") -> Reading:
    """One record of a JSONL file (design.md section 7). What it states outright goes before what its page shows."""
    reading = Reading(origin=origin)
    given: dict[str, str] = {}
    for name, keys in _KEYS.items():
        value = next((record[key] for key in keys if record.get(key) not in (None, "", [], {})), None)
        if isinstance(value, list | dict | bool):
            reading.note(name, f"{FIELD_NAMES[name]}应当是一段文字，这里不是，没有采用。")
        elif value is not None:
            given[name] = _tidy(str(value))
    url = given.get("url", "")
    source = next((record[key] for key in _BODY_KEYS if isinstance(record.get(key), str) and record[key].strip()), "")
    known = {"known_title": given.get("title", ""), "known_number": tidy_doc_number(given.get("doc_number", ""))}
    layout = lay_out(any_blocks(source, url), **known)
    page = record.get("page_html")
    if isinstance(page, str) and page is not source and page.strip():
        head = lay_out(any_blocks(page, url))
        for name, (weight, label, value) in head.stated.items():
            layout.state(name, label, weight + 10, value)
        layout.moments += head.moments
        layout.title = layout.title or head.title
    return _finish(reading, given, layout, [])


def read_page(source: str, origin: str) -> Reading:
    """A saved web page, with what its metadata state."""
    root = parse(source)
    reading = Reading(origin=origin)
    if root is None:
        reading.note("body", "网页里没有内容，请重新保存一次。")
        return _finish(reading, {}, Layout(), [])
    metas = {(node.get("name") or "").lower(): _tidy(node.get("content") or "") for node in root.iter("meta")}
    titles = [metas.get("articletitle", ""), *(_tidy("".join(node.itertext())) for node in root.iter("title"))]
    link = next((node.get("href") or "" for node in root.iter("link") if node.get("rel") == "canonical"), "")
    url = safe_link(metas.get("url") or link)
    url = url if url.startswith(("http://", "https://")) else ""
    layout = lay_out(divided(blocks(root, base=url)), page_titles=tuple(filter(None, titles)))
    # The metadata that 政府网站发展指引 asks of every page; what the page shows goes first.
    for name, meta in (("published_on", "pubdate"), ("source", "contentsource")):
        layout.state(name, meta, 20, metas.get(meta, ""))
    return _finish(reading, {"url": url} if url else {}, layout, [])


def _tidy(value: str) -> str:
    return re.sub(
        r"\s+", " ", re.sub(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff\ud800-\udfff]", " ", value)
    ).strip()


def _finish(reading: Reading, given: dict[str, str], layout: Layout, notes: list[str]) -> Reading:
    """Put together what was given outright and what the page states; check it; say what is missing."""
    stated = {name: _tidy(value) for name, (_, _, value) in layout.stated.items() if value}
    reading.title = _tidy(layout.title)
    reading.body_html = clean_html(to_html(layout.body))
    reading.body_text = text_of(reading.body_html)
    if (letters := len(reading.body_text)) > MOST_LETTERS:
        raise Refused(TOO_LONG.format(f"{letters // 10000:,} 万"), "body")
    reading.other, reading.dropped = layout.other, layout.dropped
    said = stated | {name: value for name, value in given.items() if name != "title"}
    for name in ("source_id", "issuer", "theme", "url", "method", "scope", "source"):
        setattr(reading, name, said.get(name, ""))
    reading.doc_number = tidy_doc_number(said.get("doc_number", ""))
    _conflicts(reading, given, stated)
    _index_number(reading, said.get("index_number", ""))
    _dates(reading, said, layout.moments)
    _limits(reading, said)
    _attachments(reading)
    reading.problems += [Problem("body", sentence) for sentence in notes]
    empty = ("", None, [], {})
    names = [name for name in FIELD_NAMES if name not in ("file", "body")]
    reading.found = [name for name in names if getattr(reading, name) not in empty] + (
        ["body"] if reading.body_text else []
    )
    _missing(reading)
    return reading


def _conflicts(reading: Reading, given: dict[str, str], stated: dict[str, str]) -> None:
    for name in ("index_number", "issuer"):
        if name in given and name in stated and given[name] != stated[name]:
            sentence = (
                f"{FIELD_NAMES[name]}有两种说法：“{given[name]}”和页面上的“{stated[name]}”，采用了前一种，请核对。"
            )
            reading.note(name, sentence)


def _index_number(reading: Reading, said: str) -> None:
    number = re.sub(r"\s", "", said)
    if number and (flaw := index_number_flaw(number)):
        reading.note("index_number", flaw)
    else:
        reading.index_number = number


def _dates(reading: Reading, said: dict[str, str], moments: list[str]) -> None:
    for name in ("generated_on", "published_on"):
        if not said.get(name):
            continue
        try:
            value = parse_date(said[name])
        except BadDate as error:
            reading.note(name, f"{FIELD_NAMES[name]}{error}")
            continue
        setattr(reading, name, day_of(value) if name == "generated_on" else value)
    moment = None
    for text in moments:
        try:
            moment = moment or parse_date(text)
        except BadDate as error:
            reading.note("published_on", f"标题下的时间{error}")
    day = reading.published_day
    if moment and (day is None or day == day_of(moment)):
        if not isinstance(reading.published_on, datetime) and not (day is None and said.get("published_on")):
            reading.published_on = moment
    elif moment:
        reading.note(
            "published_on", f"公开日期写的是{day:%Y-%m-%d}，标题下写的是{moment:%Y-%m-%d}，采用了前者，请核对。"
        )
    day = reading.published_day
    if reading.generated_on and day and reading.generated_on > day:
        reading.note("generated_on", "生成日期晚于公开日期，请核对哪一个写错了。")


def _limits(reading: Reading, said: dict[str, str]) -> None:
    for name, longest in _LONGEST.items():
        value = getattr(reading, name)
        if len(value) > longest:
            reading.note(name, f"{FIELD_NAMES[name]}超过{longest}个字，只留了前{longest}个字，请核对。")
            setattr(reading, name, value[:longest])
    if reading.url and not re.fullmatch(r"https?://[^\s<>\"]{3,1990}", reading.url):
        reading.note("url", f"“{reading.url[:60]}”不是网址（应以 http:// 或 https:// 开头），没有采用。")
        reading.url = ""
    if views := said.get("views", ""):
        if re.fullmatch(r"\d{1,9}", views):
            reading.views = int(views)
        else:
            reading.note("views", f"浏览量“{views[:20]}”不是数字，没有采用。")


def _attachments(reading: Reading) -> None:
    seen = set()
    for href, label in re.findall(r'<a href="([^"]+)">(.*?)</a>', reading.body_html):
        url = href.replace("&amp;", "&")
        if _FILES.search(url) and url not in seen:
            seen.add(url)
            reading.attachments.append(Attachment(text_of(label) or url.rsplit("/", 1)[-1], url))
    if reading.attachments:
        reading.note("attachments", f"正文链接了{len(reading.attachments)}个附件，附件本身没有导入，请另行上传。")


def _missing(reading: Reading) -> None:
    blamed = {problem.field for problem in reading.problems}
    hints = {
        "title": "没有找到标题，请补填。",
        "body": "没有找到正文，请核对原文件。",
        "issuer": "没有找到发布机构，请补填。",
        "index_number": "没有找到索引号，编入目录时由系统编发。",
        "generated_on": "没有找到生成日期，请补填。",
        "published_on": "没有找到公开日期，按未公开的草稿处理。",
    }
    for name in _WANTED:
        if name not in reading.found and name not in blamed:
            reading.note(name, hints[name])
