"""Wording: vague words that let a window ask for more, half-width punctuation, common slips. Warnings only."""

import re
from collections.abc import Iterator

from mingtang.guard.findings import Finding
from mingtang.guard.lists import Lists
from mingtang.guard.plain import Lines, corrections

_VAGUE = re.compile(
    r"(?:其[他它]|有关|相关)(?:证明)?材料|等(?:有关|相关)?材料|(?:相关|有关)部门|(?:其[他它]|有关|相关)(?:证明|手续|证件)"
)
_HAN = r"\u3400-\u9fff"
_HALF = re.compile(rf"(?<=[{_HAN}])[,;:?!]|[,;:?!](?=[{_HAN}])|(?<=[{_HAN}])\((?=[{_HAN}])|(?<=[{_HAN}])\)")

#: Slips and what is right. Own list; only forms that are wrong in every sentence.
SLIPS = {
    "布署": "部署",
    "甘败下风": "甘拜下风",
    "帐户": "账户",
    "帐号": "账号",
    "截止到目前为止": "截至目前",
    "截止目前": "截至目前",
    "截止今日": "截至今日",
    "复盖": "覆盖",
    "竟标": "竞标",
    "竟争": "竞争",
    "防碍": "妨碍",
    "幅射": "辐射",
    "坚苦": "艰苦",
    "陪训": "培训",
    "松驰": "松弛",
    "修茸": "修葺",
    "严竣": "严峻",
    "一愁莫展": "一筹莫展",
    "既往不究": "既往不咎",
    "迫不急待": "迫不及待",
    "再接再励": "再接再厉",
    "按步就班": "按部就班",
    "出奇不意": "出其不意",
    "走头无路": "走投无路",
    "不径而走": "不胫而走",
}
_SLIPS = corrections(SLIPS)


def find_wording(original: str, text: str, lines: Lines, lists: Lists) -> Iterator[Finding]:
    """Each vague word and slip once, half-width punctuation as one finding with its count. ``text`` is plain."""
    for found in _once(_VAGUE, text):
        word = found.group()
        message = f"第{lines.number(found.start())}行的“{word}”说得不具体，群众不知道要带什么、找谁；请逐项写明名称。"
        yield Finding("wording", "warn", found.span(), word, message)
    for pattern, right in (_SLIPS, lists.slips):
        for found in _once(pattern, text):
            word = found.group()
            message = f"第{lines.number(found.start())}行的“{word}”似应为“{right[word]}”，请核对。"
            yield Finding("mistake", "warn", found.span(), word, message)
    yield from _punctuation(original, lines)


def _once(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    seen: set[str] = set()
    for found in pattern.finditer(text):
        if found.group() not in seen:
            seen.add(found.group())
            yield found


def _punctuation(original: str, lines: Lines) -> Iterator[Finding]:
    found = _HALF.search(original)
    if found is None:
        return
    count = sum(1 for _ in _HALF.finditer(original))
    more = f"等{count}处" if count > 1 else ""
    message = f"第{lines.number(found.start())}行{more}中文里用了半角标点“{found.group()}”，请改为全角。"
    yield Finding("punctuation", "warn", found.span(), found.group(), message)
