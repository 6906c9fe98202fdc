"""Chinese text: widths, spaces, punctuation, dates and numerals. Pure functions over ``str``."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mingtang.lib.errors import Refused

CHINA = ZoneInfo("Asia/Shanghai")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

#: Characters that show nothing and hide something: zero-width, soft hyphen, direction marks, byte order mark.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\ufeff"

_TO_HALF = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_SPACES = dict.fromkeys(
    map(ord, "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"), " "
)
_DROP = dict.fromkeys(map(ord, INVISIBLE))
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_HAN_OR_MARK = _HAN + r"》〉」』】〕）”’、，。；：？！"
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_AFTER_HAN = re.compile(rf"(?<=[{_HAN_OR_MARK}])[,;:?!()]")
_BEFORE_HAN = re.compile(rf"[,;:?!()](?=[{_HAN}《“‘（])")
_FULL_STOP = re.compile(rf"(?<=[{_HAN_OR_MARK}])\.(?![0-9A-Za-z.])(?<!\.\.)")

_DATE = re.compile(
    r"([0-9]{4})\s*(?:年|[-/.])\s*([0-9]{1,2})\s*(?:月|[-/.])\s*([0-9]{1,2})\s*日?"
    r"(?:[T\s]*([0-9]{1,2})(?::|时|点)([0-9]{1,2})分?(?:(?::)?([0-9]{1,2})(?:\.[0-9]+)?秒?)?)?"
    r"\s*(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_NUMERALS = "零一二三四五六七八九"


def half_width(text: str) -> str:
    """Full-width digits and Latin letters become half-width; Chinese punctuation stays. Length is unchanged."""
    return text.translate(_TO_HALF)


def normalise(text: str) -> str:
    """One form for storing and comparing prose: NFC, half-width letters and digits, no invisible marks.

    Line ends become a newline. Unlike NFKC it keeps full-width punctuation, circled numbers and the ideographic space
    that indents a paragraph. Trailing spaces and empty lines around the text are dropped. Idempotent.
    """
    plain = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    plain = plain.translate(_DROP).translate(_SPACES).translate(_TO_HALF)
    return "\n".join(line.rstrip(" \u3000") for line in plain.split("\n")).strip("\n")


def squeeze(text: str) -> str:
    """The text without any space or invisible character, half-width letters and digits: for comparing headings."""
    return "".join(half_width(text).translate(_DROP).split())


def collapse(text: str) -> str:
    """One line: runs of white space become one space, ends trimmed, invisible characters dropped."""
    return " ".join(text.translate(_DROP).split())


def full_width_punctuation(text: str) -> str:
    """Half-width punctuation that touches Chinese text becomes full-width; numbers and Latin text keep theirs."""
    for pattern in (_AFTER_HAN, _BEFORE_HAN):
        text = pattern.sub(lambda found: _FULL[found.group()], text)
    return _FULL_STOP.sub("。", text)


def parse_datetime(text: str, field: str | None = None) -> tuple[date, time | None]:
    """The day, and the time of day if one is stated, in China's time zone.

    Accepts ``2018-10-18``, ``2018/10/18``, ``2018.10.18``, ``2018年10月18日``, each with or without a time
    (``14:52``, ``14:52:03``, ``T14:52:03+08:00``, ``14时52分``). Raises Refused for anything else, and for a
    day or time that does not exist.
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    if not bare:
        raise Refused("没有填写日期，请写成2018-10-18或2018年10月18日。", field)
    found = _DATE.fullmatch(bare)
    if not found:
        raise Refused(f"“{bare[:30]}”不是可以识别的日期，请写成2018-10-18或2018年10月18日。", field)
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    try:
        stated = date(year, month, day)
    except ValueError:
        raise Refused(f"{year}年{month}月{day}日不存在，请核对日期。", field) from None
    if found[4] is None:
        return stated, None
    hour, minute, second = int(found[4]), int(found[5]), int(found[6] or 0)
    try:
        clock = time(hour, minute, second)
    except ValueError:
        raise Refused(f"“{bare[:30]}”中的时间{hour}时{minute}分不存在，请核对时间。", field) from None
    if found[7] is None:
        return stated, clock
    return _in_china(bare, stated, clock, found[7], field)


def _in_china(bare: str, stated: date, clock: time, offset: str, field: str | None) -> tuple[date, time]:
    iso = offset if offset == "Z" or ":" in offset else f"{offset[:3]}:{offset[3:]}"
    try:
        moment = datetime.fromisoformat(f"{stated.isoformat()}T{clock.isoformat()}{iso}").astimezone(CHINA)
    except (ValueError, OverflowError):
        raise Refused(f"“{bare[:30]}”中的时区不存在，请写成+08:00。", field) from None
    return moment.date(), moment.time()


def parse_date(text: str, field: str | None = None) -> date:
    """The day of what ``parse_datetime`` accepts."""
    return parse_datetime(text, field)[0]


def month_day(value: date | None) -> str:
    """11月27日; empty for none."""
    return f"{value.month}月{value.day}日" if value else ""


def month_day_time(value: datetime | None) -> str:
    """11月27日 09:30 by the clock of China, of an aware time; empty for none."""
    if value is None:
        return ""
    local = value.astimezone(CHINA)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def lag_words(lag: timedelta) -> str:
    """How long after an act it was entered: 事后 1 天 2 小时录入; minutes only where there is nothing longer."""
    seconds = int(lag.total_seconds())
    days, hours = seconds // 86400, seconds % 86400 // 3600
    words = (f" {days} 天" if days else "") + (f" {hours} 小时" if hours else "")
    minutes = f" {seconds // 60} 分钟" if seconds >= 60 else "不到 1 分钟"
    return f"事后{words or minutes}录入"


def chinese_date(day: date) -> str:
    """``2018年10月18日``: the form of papers (GB/T 9704-2012, 7.3.5.4), no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_numeral(number: int) -> str:
    """Small Chinese numerals for headings and articles: 1 → 一, 12 → 十二, 101 → 一百零一. From 0 to 9999.

    Raises ValueError outside that range: no heading has such a number.
    """
    if not 0 <= number <= 9999:
        raise ValueError("headings are numbered from 0 to 9999")
    if number == 0:
        return "零"
    words, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if not digit:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _NUMERALS[digit] + unit
        gap = False
    return words.removeprefix("一") if 10 <= number < 20 else words


def heading_number(level: int, number: int) -> str:
    """The four heading levels of an official paper: 一、 （一） 1. （1） (GB/T 9704-2012, 7.3.3)."""
    forms = {
        1: f"{chinese_numeral(number)}、",
        2: f"（{chinese_numeral(number)}）",
        3: f"{number}.",
        4: f"（{number}）",
    }
    return forms[level]


def read_text(path: Path, *, limit: int = 50_000_000) -> str:
    """A text file as people save it: UTF-8 with or without a mark, else GB 18030 (GB 18030-2022).

    Raises Refused when it cannot be read, is longer than ``limit`` bytes or is not text.
    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= limit else None
    except OSError:
        raise Refused(f"读不到文件“{path.name}”，请核对文件的位置和权限。") from None
    if raw is None:
        raise Refused(f"文件“{path.name}”太大，超过{limit // 1_000_000}MB，请核对是否选错了文件。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(f"文件“{path.name}”不是文本文件，请另存为UTF-8编码的文本后再试。")


_LAST = "\x1f"


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text that hold anything, each with its line number. Raises Refused if it is none."""
    # The last line is ours: a quote without its other half makes one cell of all that follows, this line too.
    reader = csv.reader(io.StringIO(f"{text}\n{_LAST}", newline=""))
    while True:
        began = reader.line_num + 1
        try:
            cells = next(reader)
        except csv.Error:
            raise Refused(f"文件第{began}行不是CSV的写法，请核对引号和逗号。") from None
        if cells == [_LAST]:
            return
        if cells and cells[-1].endswith(_LAST):
            raise Refused(f"文件第{began}行起有一个引号没有成对，后面的都连成了一格。请补上或者删去这个引号。")
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells
