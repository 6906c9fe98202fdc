"""Dates that cannot be, and numbers of papers not written as GB/T 9704-2012 asks (7.2.5, 7.3.5.4). Warnings only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mingtang.guard.findings import MOST, Finding
from mingtang.guard.phrases import numeral
from mingtang.guard.plain import Lines
from mingtang.lib.text import WEEKDAYS, chinese_date

_DIGITS = "零一二三四五六七八九"
_DATE = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2}) ?年 ?(?P<month>[0-9]{1,2}) ?月(?: ?(?P<day>[0-9]{1,2}) ?[日号])?"
    r"|(?<![0-9A-Za-z/.\-])(?P<iso>(?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2})(?![0-9A-Za-z/\-])"
    r"|(?<![0-9A-Za-z/.])(?P<dotted>(?:19|20)[0-9]{2}([./])[0-9]{1,2}\6[0-9]{1,2})(?![0-9A-Za-z/])"
    # 二○一八年十月十八日, as papers of before 2012 have it; 〇 and ○ are read as 0.
    rf"|(?P<spelled>[一二][0{_DIGITS}]{{3}}年[一二三四五六七八九十]{{1,3}}月[一二三四五六七八九十]{{1,3}}日)"
    r"|(?<![0-9个])(?P<only_month>[0-9]{1,2})月(?P<only_day>[0-9]{1,2})日"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WEEKDAY = re.compile(r" ?\(?(?:星期|周|礼拜)([一二三四五六日天])")
_TO = re.compile(r"(?: ?\([^()\n]{0,8}\))? ?起?(?:至|到|-{1,2}|~) ?")
_LABEL = 12
_WRITTEN = re.compile(r"(?:生成|成文|形成|发文|印发)日期[: ]{0,3}$")
_PUBLISHED = re.compile(r"(?:公开|发布|公布)(?:日期|时间)[: ]{0,3}$")

_PAPER = re.compile(
    r"(?P<word>[\u3400-\u9fff])(?P<open>[\[(【〈<〔])(?P<year>(?:19|20)?[0-9]{2})年?[\])】〉>〕](?P<ordinal>第?)(?P<number>[0-9]{1,5})号"
)
_NO_YEAR = re.compile(r"[\u3400-\u9fff][政办委党府][发字函规通]第?[0-9]{1,4}号")
#: Orders and announcements are numbered 第N号: 中国人民银行令〔2018〕第2号.
_ORDINAL = "令告"


@dataclass(frozen=True, slots=True)
class _Date:
    """A date as written; ``day`` is None where none can be told, ``year`` where none is written."""

    start: int
    end: int
    day: date | None
    year: int | None


def find_dates(text: str, lines: Lines) -> Iterator[Finding]:
    """Days that do not exist, periods that end before they begin, wrong weekdays. ``text`` is read ``plain``."""
    count = 0
    before: _Date | None = None
    written: date | None = None
    for found in _DATE.finditer(text):
        this, fault = _read(found, before)
        label = text[max(0, this.start - _LABEL) : this.start]
        if this.day and this.year and not written and _WRITTEN.search(label):
            written = this.day
        fault = fault or _weekday(text, this) or _order(text, before, this)
        if not fault and this.day and written and this.day < written and _PUBLISHED.search(label):
            fault = f"早于成文的{chinese_date(written)}"
        if fault and count < MOST:
            count += 1
            word = text[this.start : this.end]
            message = f"第{lines.number(this.start)}行的日期“{word}”{fault}，请核对。"
            yield Finding("date", "warn", (this.start, this.end), word, message)
        before = this


def _read(found: re.Match[str], before: _Date | None) -> tuple[_Date, str]:
    """The date and what is wrong with it by itself. One without a year is taken to be of the year before it."""
    start, end = found.span()
    if found["only_month"]:
        month, day = int(found["only_month"]), int(found["only_day"])
        if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
            return _Date(start, end, None, None), "不存在"
        day_of = _day(before.day.year, month, day) if before and before.day and before.year else None
        return _Date(start, end, day_of, None), ""
    if found["year"] and not found["day"]:
        return _Date(start, end, None, None), "" if 1 <= int(found["month"]) <= 12 else "不存在"
    if written := found["iso"] or found["dotted"]:
        year, month, day = (int(part) for part in re.split(r"[\-./]", written))
    elif found["spelled"]:
        years, rest = found["spelled"].split("年")
        months, days = rest.removesuffix("日").split("月")
        year = int("".join(char if char == "0" else str(_DIGITS.index(char)) for char in years))
        month, day = numeral(months), numeral(days)
    else:
        year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    day_of = _day(year, month, day)
    # With dots or strokes it may be a number of something else.
    impossible = day_of is None and not found["dotted"]
    return _Date(start, end, day_of, year), "不存在" if impossible else ""


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(text: str, this: _Date) -> str:
    found = _WEEKDAY.match(text, this.end)
    if not found or not this.day or not this.year:
        return ""
    right = WEEKDAYS[this.day.weekday()]
    return "" if right[1] == found[1].replace("天", "日") else f"是{right}，不是周{found[1]}"


def _order(text: str, before: _Date | None, this: _Date) -> str:
    """Whether the two are the ends of a period that ends before it begins."""
    if not before or not before.day or not this.day or this.day >= before.day or not before.year:
        return ""
    if this.start - before.end > _LABEL or not _TO.fullmatch(text, before.end, this.start):
        return ""
    crossing = "" if this.year else "；跨年的请写上年份"
    return f"早于开始的{chinese_date(before.day)}{crossing}"


def find_paper_numbers(text: str, lines: Lines) -> Iterator[Finding]:
    """Numbers of papers that are not of the form 国办发〔2019〕6号, each once. ``text`` is read ``plain``."""
    seen: set[str] = set()
    for found in _PAPER.finditer(text):
        ordinal = found["ordinal"] if found["word"] in _ORDINAL else ""
        year = found["year"] if len(found["year"]) == 4 else "四位年份"
        right = f"{found['word']}〔{year}〕{ordinal}{int(found['number'])}号"
        if found.group() != right and found.group() not in seen and len(seen) < MOST:
            seen.add(found.group())
            message = f"第{lines.number(found.start())}行的文号“{found.group()}”应写成“{right}”，请核对。"
            yield Finding("paper_number", "warn", found.span(), found.group(), message)
    for found in _NO_YEAR.finditer(text):
        if found.group() not in seen and len(seen) < MOST:
            seen.add(found.group())
            message = (
                f"第{lines.number(found.start())}行的文号“{found.group()}”没有年份，"
                "应写成“国办发〔2019〕6号”这样，请核对。"
            )
            yield Finding("paper_number", "warn", found.span(), found.group(), message)
