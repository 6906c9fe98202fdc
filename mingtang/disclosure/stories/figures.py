"""The numbers of a text, however they are written. Pure."""

import re
import unicodedata
from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_PLACES = {"十": 10, "百": 100, "千": 1000}
# 两份材料 counts; 一 is as often an article as a number (一个窗口), and 一是 … 二是 count the sentences.
_WRITTEN = re.compile(
    r"(?P<plain>\d+(?:,\d{3})*(?:\.\d+)?)\s{0,2}(?P<myriad>万)?"
    r"|(?P<han>[〇零一二两三四五六七八九十百千万]{1,9})(?=\s?(?:个|份|天|次|元|户|人|项|件|家|条|张|间|处|名|位|年|月|日|岁|亩))"
)


def numbers(text: str) -> dict[str, set[str]]:
    """Each number as it is written, and what it may stand for: 12万 is 12 and 120000."""
    found: dict[str, set[str]] = {}
    for match in _WRITTEN.finditer(unicodedata.normalize("NFKC", text)):
        if match["plain"]:
            value = Decimal(match["plain"].replace(",", ""))
            values = {_bare(value), _bare(value * 10_000)} if match["myriad"] else {_bare(value)}
        elif match["han"] == "一":
            continue
        else:
            values = {str(_read(match["han"]))}
        found[match.group().strip()] = values
    return found


def lacking(said: str, *sources: str) -> list[str]:
    """The numbers of ``said``, as written, that stand in none of the sources."""
    known: set[str] = set().union(*numbers("\n".join(sources)).values())
    return [written for written, values in numbers(said).items() if not values & known]


def _bare(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _read(han: str) -> int:
    """三十五 → 35, 两千零八 → 2008, 一万二千 → 12000, 二〇二六 → 2026."""
    digits = han.replace("〇", "零").replace("两", "二")
    if not set(digits) & {*_PLACES, "万"}:
        return int("".join(str(_DIGITS.index(one)) for one in digits))
    high, myriad, low = digits.rpartition("万")
    return (_read(high or "一") if myriad else 0) * 10_000 + _below_myriad(low)


def _below_myriad(digits: str) -> int:
    total, held = 0, 0
    for one in digits:
        if place := _PLACES.get(one):
            total, held = total + (held or 1) * place, 0
        else:
            held = _DIGITS.index(one)
    return total + held
