"""Promised count against found count: “五个结合” with 一是 … 四是 behind it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from mingtang.guard.findings import MOST, Finding
from mingtang.guard.phrases import numeral
from mingtang.guard.plain import Lines

_ONE = "一二三四五六七八九"
_NUMBER = rf"(?:[{_ONE}]?十[{_ONE}]?|[两{_ONE}]|[1-9][0-9]?)"
_HAN = r"\u3400-\u9fff"
#: How the items of a list begin; an item within a line stands after punctuation.
_EDGE = r"(?:(?<=[。；：，,;:])|^)[ ]{0,8}"
_STYLES = {
    "是": rf"{_EDGE}(?P<是>{_NUMBER})是",
    "要": rf"{_EDGE}(?P<要>{_NUMBER})要",
    "第": rf"{_EDGE}第(?P<第>{_NUMBER})(?=[，、,]|是)",
    "括": rf"^[ ]{{0,8}}\((?P<括>{_NUMBER})\)",
    "点": r"^[ ]{0,8}(?P<点>[1-9][0-9]?)[.、](?![0-9])",
}
_ITEM = re.compile("|".join(_STYLES.values()), re.MULTILINE)
#: A new section or article ends every list that stands within a paragraph; of lists by line only those of brackets.
_SECTION = re.compile(
    rf"^[ ]{{0,8}}(?:#{{1,6}} |第[{_ONE}十百千零0-9]{{1,9}}[章节条编]|[{_ONE}十]{{1,3}}、)", re.MULTILINE
)
_HEADING = re.compile(rf"^[ ]{{0,8}}\([{_ONE}十]{{1,3}}\)", re.MULTILINE)

#: What is promised in quotes (“五个结合”) or as the last words before the list (抓好以下三项工作：).
_QUOTED = re.compile(rf"[“\"『「](?P<n>{_NUMBER})个?(?P<noun>[{_HAN}]{{2,6}})[”\"』」]")
_ANNOUNCED = re.compile(
    rf"(?:以下|下列|如下|下述)(?:的)?(?P<n>{_NUMBER})(?:个(?!月)|项|点|条|种|类|款|方面|大)[{_HAN}]{{0,12}}[：:。]?\s{{0,4}}$"
    rf"|(?<!第)(?<![{_ONE}十百千0-9.])(?P<m>{_NUMBER})(?:个(?!月)|项|点|条|种|类|方面)[{_HAN}]{{0,8}}[：:]\s{{0,4}}$"
)
_REACH = 80
#: Items farther from each other belong to no list; a list that skips more numbers than this is two lists.
_FAR, _SKIPPED = 3_000, 2


@dataclass(frozen=True, slots=True)
class _Item:
    number: int
    start: int
    end: int


def find_counts(text: str, lines: Lines) -> Iterator[Finding]:
    """Lists with more or fewer items than the words before them promise. Warnings. ``text`` is read ``plain``."""
    by_style: dict[str, list[_Item]] = {style: [] for style in _STYLES}
    for found in _ITEM.finditer(text):
        style = found.lastgroup or ""
        by_style[style].append(_Item(_value(found[style]), found.start(), found.end()))
    sections = [found.start() for found in _SECTION.finditer(text)]
    headings = sorted(sections + [found.start() for found in _HEADING.finditer(text)])
    wrong = [
        finding
        for style, items in by_style.items()
        for listed in _lists(items, sections if style in "括点" else headings)
        if (finding := _judge(text, lines, listed))
    ]
    wrong.sort(key=lambda finding: finding.where)
    yield from wrong[:MOST]


def _lists(items: list[_Item], ends: list[int]) -> Iterator[list[_Item]]:
    """Runs of rising items from 一 on that no section cuts, at least two in each."""
    listed: list[_Item] = []
    for item in items:
        goes_on = (
            listed
            and listed[-1].number < item.number <= listed[-1].number + 1 + _SKIPPED
            and item.start - listed[-1].end <= _FAR
            and bisect_right(ends, item.start) == bisect_right(ends, listed[-1].end)
        )
        if goes_on:
            listed.append(item)
            continue
        if len(listed) > 1:
            yield listed
        listed = [item] if item.number == 1 else []
    if len(listed) > 1:
        yield listed


def _judge(text: str, lines: Lines, listed: list[_Item]) -> Finding | None:
    start = listed[0].start
    lead_from = max(0, start - _REACH)
    lead = text[lead_from:start].rstrip()
    line = lead.rfind("\n") + 1
    lead, lead_from = lead[line:], lead_from + line
    if found := _ANNOUNCED.search(lead):
        number = found["n"] or found["m"]
    else:
        # “四个意识” promises nothing; “五个结合” does when its items speak of 结合.
        quoted = [found for found in _QUOTED.finditer(lead) if _speaks_of(text, listed, found["noun"])]
        if not quoted:
            return None
        found = quoted[-1]
        number = found["n"]
    promised = _value(number)
    # 下列一项或者多项 promises no number.
    if promised in (0, 1, len(listed)):
        return None
    said = " ".join(found.group().strip('：:。“”"『』「」\n ').split())
    where = lead_from + found.start(), lead_from + found.end()
    message = (
        f"第{lines.number(where[0])}行说“{said}”，后面写了{len(listed)}个，请核对：漏写的请补上，数字写错的请改正。"
    )
    return Finding("count", "warn", where, said, message)


def _speaks_of(text: str, listed: list[_Item], noun: str) -> bool:
    word = noun[-2:]
    return all(word in text[item.end : item.end + 24] for item in listed[:2])


def _value(number: str) -> int:
    if number.isascii():
        return int(number)
    return 2 if number == "两" else numeral(number)
