"""How people cite: titles with and without marks, articles in Chinese and Arabic numerals. Pure functions."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from mingtang.lib.text import chinese_numeral

WHOLE = "全文"
LONGEST_RANGE = 200

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = r"(?:[零〇一二两三四五六七八九十百千]{1,9}|[0-9]{1,4})"
_ARTICLE = re.compile(rf"第({_NUMERAL}(?:[、,和及]第?{_NUMERAL})*)条(?:之({_NUMERAL}))?")
# 附件第48项, 第三项, 二、: a place in a text that has no articles.
_PLACE = re.compile(rf"附(?:件|表|则)|第{_NUMERAL}[项款点部]|{_NUMERAL}[、.]|\({_NUMERAL}\)")
_REVISED = re.compile(r"\((?:[0-9]{4}年?)?(?:第[一二三四五六七八九十]次)?(?:修订|修正|修改)(?:版|本)?\)$")
_YEAR = re.compile(r"\((?:[0-9]{4})年?(?:版|本)?\)$")
_STATE = "中华人民共和国"
_MARKS = str.maketrans("", "", "《》〈〉<>“”\"'")
_CITATION = re.compile(
    r"(?:《((?:[^《》]|《[^《》]*》){2,120})》"
    r"|((?:[\u4e00-\u9fff]|\([^()]{1,12}\)){1,60}?(?:法|条例|办法|规定|决定|细则|规则|通知|意见)))"
    rf"\s*(?:\([0-9]{{4}}[^()]*\))?\s*(第{_NUMERAL}条[^,。;:《》\n]*)"
)
# 根据…, and in 森林法和行政许可法第五条 the law whose article is not named.
_LEAD_IN = re.compile(
    r"^(?:.*?(?:根据|依据|按照|依照|参照|违反|符合|以及))?(?:.*(?:法|条例|办法|规定|决定|细则)[和及与])?"
)


@dataclass(frozen=True)
class Cited:
    """One article as cited: ``number`` is 0 for the whole text, ``tail`` keeps paragraph and item (第二款第一项)."""

    number: int
    sub: int = 0
    tail: str = ""

    @property
    def label(self) -> str:
        return label(self.number, self.sub)


def plain(text: str) -> str:
    """Half-width forms, no white space: what the patterns here read."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def numeral(text: str) -> int | None:
    """12, 十二, 一百零一, 二〇 → the number; None for what is no numeral below 10,000."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 4 else None
    if not text or any(char not in _DIGITS and char not in _UNITS for char in text):
        return None
    if not any(char in _UNITS for char in text):
        found = int("".join(str(_DIGITS[char]) for char in text))
        return found if len(text) <= 4 else None
    total, digit = 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        else:
            total, digit = total + (digit or 1) * _UNITS[char], 0
    return total + digit


def label(number: int, sub: int = 0) -> str:
    """第六十二条, 第六十二条之一; 全文 for number 0."""
    if not number:
        return WHOLE
    return f"第{chinese_numeral(number)}条" + (f"之{chinese_numeral(sub)}" if sub else "")


def title_key(title: str) -> str:
    """The form titles are compared in: no marks and spaces, no 中华人民共和国, no （2019年修订） at the end."""
    bare = _REVISED.sub("", plain(title).translate(_MARKS))
    return (bare.replace(_STATE, "") or bare)[:120]


def title_keys(title: str) -> list[str]:
    """The keys a cited title may stand under, most exact first: a year in brackets may be its own or the citer's."""
    key = title_key(title)
    return list(dict.fromkeys([key, _YEAR.sub("", key)]))


def cited_articles(text: str) -> list[Cited]:
    """The articles of 第62条第二款, 第四十七条、第四十八条, 第五条至第八条, 全文; empty when none can be read."""
    text = plain(text)
    matches = list(_ARTICLE.finditer(text))
    if not matches:
        return [Cited(0, tail="" if text == WHOLE else text)] if text == WHOLE or _PLACE.match(text) else []
    found: list[Cited] = []
    for place, match in enumerate(matches):
        end = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        between = text[match.end() : end].strip("、,;和及与")
        numbers = [numeral(one.removeprefix("第")) for one in re.split(r"[、,和及]", match[1])]
        if None in numbers or 0 in numbers:
            return []
        if place and _joins(text[matches[place - 1].end() : match.start()]):
            found += [Cited(number) for number in _between(found[-1].number, numbers[0] or 0)]
        sub = numeral(match[2]) or 0 if match[2] else 0
        tail = "" if _joins(between) else between
        found += [Cited(number or 0, sub if number == numbers[-1] else 0, tail) for number in numbers]
    return list(dict.fromkeys(found))


def _joins(text: str) -> bool:
    return text in {"至", "到", "-", "—", "~", "–"}


def _between(first: int, last: int) -> range:
    """The articles strictly inside 第五条至第八条; none where the range is absurd, whose ends are still looked up."""
    return range(first + 1, last) if 0 < last - first <= LONGEST_RANGE else range(0)


def citations(text: str) -> Iterator[tuple[str, str]]:
    """Title and articles wherever free text cites an article of a law: 森林法第五十八条：权属证明."""
    for match in _CITATION.finditer(plain(text)):
        title = match[1] or _LEAD_IN.sub("", match[2])
        yield title, match[3]
