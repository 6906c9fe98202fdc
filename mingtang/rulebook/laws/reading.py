"""Reading laws from a collection: one JSON object a line, plain or packed by xz. Pure: no database, no network.

The text is split at its articles; headings of parts, chapters and sections are left out.
"""

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from mingtang.files.decode import decode
from mingtang.lib.errors import Refused
from mingtang.lib.text import chinese_date, collapse, normalise, parse_date
from mingtang.rulebook.laws.citing import WHOLE, label, numeral
from mingtang.rulebook.laws.levels import LawLevel

MAX_LINE = 8 * 1024 * 1024
LONGEST_TITLE = 200

_LEVELS = {level.label: str(level) for level in LawLevel} | {
    "自治条例": "local_regulation",
    "单行条例": "local_regulation",
    "经济特区法规": "local_regulation",
    "规章": "department_rule",
}
_HEAD = re.compile(
    r"[\s>*]*第([零〇一二三四五六七八九十百千0-9]{1,9})条(?:之([一二三四五六七八九十]{1,3}))?(?=[\s*]|$)[\s*]*"
)
_HEADING = re.compile(r"\s*#")
# In a text that marks none, as pasted from a page: 第二章 规划.
_PLAIN_HEADING = re.compile(
    r"[\s*]*第[零〇一二三四五六七八九十百0-9]{1,6}(?:编|分编|章|节|部分)(?:之[一二三四五六七八九十]{1,3})?"
    r"(?:[\s*][^。;；,，:：]{0,40})?$"
)
# Without the space after the number: 第一条为了…; not 第五条规定的, 第五条第二款, 第五条、第六条.
_TIGHT_HEAD = re.compile(
    r"[\s>*]*第([零〇一二三四五六七八九十百千0-9]{1,9})条(?:之([一二三四五六七八九十]{1,3}))?"
    r"(?=[^第规所的中之至到和及或与、，,。；;）)》])[:：]?[\s*]*"
)
MOST_NAMED = 10
_FROM = re.compile(r"自([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日|公布之日|发布之日|颁布之日)起(?:施行|实施|生效|执行)")
_DAY = re.compile(r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日")
_NOT_NATIONAL = {"全国", "国家", "中国"}


@dataclass(frozen=True)
class ReadArticle:
    """``number`` is 0 for the whole text of a law without articles; paragraphs of ``text`` stand one a line."""

    number: int
    sub: int
    text: str

    @property
    def label(self) -> str:
        return label(self.number, self.sub)


@dataclass(frozen=True)
class Problem:
    """An odd value, as a Chinese sentence; ``field`` is an attribute of ``LawReading``."""

    field: str
    sentence: str


@dataclass
class LawReading:
    """One law as its source states it. ``inferred``: the day it comes into force was worked out, stated nowhere.

    ``reasons`` say why it cannot be taken in at all; ``problems`` what is odd about one that can.
    """

    origin: str = ""
    source_id: str = ""
    title: str = ""
    level: str = ""
    region: str = ""
    issuer: str = ""
    doc_number: str = ""
    published_on: date | None = None
    effective_on: date | None = None
    inferred: bool = False
    expired: bool = False
    abolished_on: date | None = None
    abolish_reason: str = ""
    replaced_by: str = ""
    short_titles: list[str] = field(default_factory=list)
    articles: list[ReadArticle] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def note(self, name: str, sentence: str) -> None:
        self.problems.append(Problem(name, sentence))

    @property
    def numbered(self) -> int:
        """How many numbered articles were read."""
        return sum(1 for article in self.articles if article.number)


def read_laws(path: Path | str) -> Iterator[LawReading]:
    """The laws of a ``.jsonl`` or ``.jsonl.xz`` file, one for every line that is not blank, in order.

    A line that is no JSON object gives a reading with a reason. Raises ``Refused`` when there is no such file or a
    packed one is damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise Refused(f"找不到法规文件“{path}”，请核对路径。")
    with lzma.open(path, "rb") if path.suffix == ".xz" else path.open("rb") as file:
        for number, line in enumerate(_lines(file, path), 1):
            if line.strip():
                yield _read_line(line, number, f"{path.name}:{number}")


def _lines(file: IO[bytes], path: Path) -> Iterator[bytes]:
    try:
        while line := file.readline(MAX_LINE):
            yield line
    except (lzma.LZMAError, EOFError):
        raise Refused(f"压缩文件“{path.name}”坏了或者不完整，请重新取一份。") from None


def _read_line(line: bytes, number: int, origin: str) -> LawReading:
    failed = LawReading(origin=origin)
    if len(line) >= MAX_LINE:
        failed.reasons.append(f"第{number}行太长，不像一部法规，请核对。")
        return failed
    try:
        record = json.loads(decode(line))
        if not isinstance(record, dict):
            raise ValueError
    except Refused:
        failed.reasons.append(f"第{number}行的文字编码认不出来，请把文件另存为 UTF-8。")
    except (ValueError, RecursionError):
        failed.reasons.append(f"第{number}行不是完整的 JSON 记录，请核对这一行的引号、括号和逗号。")
    else:
        return read_law(record, origin)
    return failed


def read_law(record: dict[str, Any], origin: str = "") -> LawReading:
    """One record as a law. Never raises: odd values become problems, hopeless ones reasons."""
    law = LawReading(origin=origin)
    _identity(law, record)
    body = record.get("body")
    law.articles = split(body if isinstance(body, str) else "", law)
    _check_articles(law, record.get("articles"))
    _dates(law, record, body if isinstance(body, str) else "")
    return law


def _text(record: dict[str, Any], key: str, longest: int) -> str:
    value = record.get(key)
    return collapse(str(value))[:longest] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _identity(law: LawReading, record: dict[str, Any]) -> None:
    law.source_id = _text(record, "id", 80)
    law.title = _text(record, "title", LONGEST_TITLE + 1).strip("《》")
    law.region = _text(record, "region", 20)
    law.issuer = _text(record, "issuer", 120)
    law.doc_number = _text(record, "doc_number", 80)
    law.abolish_reason = _text(record, "abolish_reason", 200)
    law.replaced_by = _text(record, "replaced_by", LONGEST_TITLE)
    if law.region in _NOT_NATIONAL:
        law.region = ""
    shorts = record.get("short_titles")
    if isinstance(shorts, list):
        law.short_titles = [short for one in shorts if isinstance(one, str) and (short := collapse(one)[:120])]
    said = _text(record, "level", 20)
    law.level = _LEVELS.get(said, said if said in LawLevel.values else "")
    if not law.title or len(law.title) > LONGEST_TITLE:
        law.reasons.append("没有名称，不能收下。" if not law.title else f"名称超过{LONGEST_TITLE}个字，请核对。")
    if not law.level:
        law.reasons.append(
            f"“{said}”不是法规的效力层级，没有收下。请写{'、'.join(str(label) for label in LawLevel.labels)}中的一种。"
        )
    expired = record.get("expired", False)
    if not isinstance(expired, bool):
        law.note("expired", f"是否失效应当写 true 或 false，这里写的是“{str(expired)[:20]}”，没有采用。")
    law.expired = expired is True


def _day(law: LawReading, record: dict[str, Any], key: str, name: str, title: str) -> date | None:
    said = _text(record, key, 40)
    if not said:
        return None
    try:
        found = parse_date(said)
    except Refused as refusal:
        law.note(name, f"{title}没有采用：{refusal.message}")
        return None
    if found.year < 1900 or found.year > 2200:
        law.note(name, f"{title}{chinese_date(found)}不像真的，没有采用，请核对。")
        return None
    return found


def _dates(law: LawReading, record: dict[str, Any], body: str) -> None:
    law.published_on = _day(law, record, "publish_date", "published_on", "公布日期")
    law.effective_on = _day(law, record, "effective_date", "effective_on", "施行日期")
    law.abolished_on = _day(law, record, "abolished_on", "abolished_on", "废止日期")
    if law.effective_on is None:
        _infer(law, record, body)
    elif law.published_on and law.effective_on < law.published_on:
        law.note("effective_on", "施行日期早于公布日期，像是最初的施行日期，请核对。")
    if law.effective_on is None:
        law.reasons.append("没有施行日期，条文里也读不出来，没有收下。请补上施行日期。")
    elif law.abolished_on and law.abolished_on <= law.effective_on:
        law.note("abolished_on", "废止日期不晚于施行日期，没有采用，请核对。")
        law.abolished_on = None


def _infer(law: LawReading, record: dict[str, Any], body: str) -> None:
    """The day this wording came into force, where the source has no field for it.

    What the text itself says holds unless it lies before the wording was made: a revised law keeps the old sentence.
    """
    stated = [parse_date(said) if said[0].isdigit() else None for said in _said_days(_FROM, body)]
    in_text = stated[-1] if stated else None
    history = record.get("history")
    steps = " ".join(str(one) for one in history) if isinstance(history, list) else ""
    made = law.published_on or max((parse_date(said) for said in _said_days(_DAY, steps)), default=None)
    known = [day for day in (in_text, made) if day]
    law.effective_on = max(known, default=None)
    if law.effective_on and law.effective_on != in_text:
        law.inferred = True
        law.note("effective_on", f"来源没有写施行日期，按{chinese_date(known[-1])}推定，请核对。")


def _said_days(pattern: re.Pattern[str], text: str) -> list[str]:
    """The days a text names that exist, and the words for the day of publication."""
    found = []
    for said in pattern.findall(text):
        try:
            if said[0].isdigit():
                parse_date(said)
        except Refused:
            continue
        found.append(said)
    return found


def _without_headings(lines: list[str]) -> Iterator[str]:
    """The lines that say something; a heading that a line ending in a colon quotes is kept."""
    heading = _HEADING if any(map(_HEADING.match, lines)) else _PLAIN_HEADING
    before = ""
    for line in filter(str.strip, lines):
        if not heading.match(line) or (heading is _PLAIN_HEADING and before.endswith(("：", ":"))):
            yield line
        before = line.rstrip()


def split(body: str, law: LawReading | None = None) -> list[ReadArticle]:
    """The articles of a text in order; a text without any is one whole article. A number twice keeps the first."""
    found: dict[tuple[int, int], list[str]] = {}
    current: list[str] | None = None
    loose: list[str] = []
    lines = list(_without_headings(normalise(body).split("\n")))
    pattern = _HEAD if any(map(_HEAD.match, lines)) else _TIGHT_HEAD
    for line in lines:
        if head := pattern.match(line):
            place = numeral(head[1]) or 0, numeral(head[2] or "") or 0
            if place in found and law is not None:
                law.note("articles", f"{label(*place)}在正文里出现了两次，只留了前一次，请核对。")
            current = [] if place in found else found.setdefault(place, [])
            line = line[head.end() :]
        if line.strip():
            (loose if current is None else current).append(line.strip())
    if not found:
        return [ReadArticle(0, 0, "\n".join(loose))] if loose else []
    return [ReadArticle(number, sub, "\n".join(lines)) for (number, sub), lines in found.items()]


def _check_articles(law: LawReading, stated: Any) -> None:
    if not law.articles:
        law.reasons.append("没有正文，没有收下。")
        return
    if isinstance(stated, int) and not isinstance(stated, bool) and stated != law.numbered:
        law.note("articles", f"来源说有{stated}条，正文里读出{law.numbered}条，请核对。")
    if law.numbered == 0:
        law.note("articles", f"正文没有分条，整篇收为“{WHOLE}”。")
    places = [(article.number, article.sub) for article in law.articles]
    for before, after in pairwise(places):
        if after < before:
            law.note("articles", f"{label(*after)}排在{label(*before)}后面，请核对正文。")
    numbers = {number for number, _ in places}
    missing = [label(number) for number in range(1, max(numbers) + 1) if number not in numbers]
    if missing and law.numbered:
        more = f"等{len(missing)}条" if len(missing) > MOST_NAMED else ""
        law.note("articles", f"条号不连续，没有读出{'、'.join(missing[:MOST_NAMED])}{more}，请核对正文。")
    for article in law.articles:
        if article.number and not article.text:
            law.note("articles", f"{article.label}没有条文，请核对。")
