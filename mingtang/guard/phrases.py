"""Fixed phrases of politics and names: written wrong, a site fails as a whole.

政府网站与政务新媒体检查指标 (国办秘函〔2019〕19号), 单项否决 1: 严重表述错误. Own list. A phrase is known by either of
its halves; what stands there with one character wrong, left out, doubled or exchanged with its neighbour is a slip of
that phrase. Only what is wrong in every sentence blocks; a name that merely resembles one warns.
"""

import re
from collections.abc import Iterator
from datetime import date

from mingtang.guard.findings import MOST, Finding
from mingtang.guard.lists import Lists
from mingtang.guard.plain import Lines, any_of, corrections

SET_PHRASES = (
    "习近平新时代中国特色社会主义思想",
    "习近平总书记",
    "以习近平同志为核心的党中央",
    "中国特色社会主义",
    "中华人民共和国",
    "中华民族伟大复兴",
    "铸牢中华民族共同体意识",
    "人类命运共同体",
    "社会主义核心价值观",
    "全心全意为人民服务",
    "中央八项规定精神",
    "中国共产党中央委员会",
    "中国人民政治协商会议",
    "坚持以人民为中心的发展思想",
    "绿水青山就是金山银山",
)
#: Forms that are wrong in every sentence, and what is right.
WRONG = {
    "总书纪": "总书记",
    "正治局": "政治局",
    "政冶局": "政治局",
    "马克思主意": "马克思主义",
    "社会注义": "社会主义",
    "改格开放": "改革开放",
    "一国二制": "一国两制",
    "乡村振新": "乡村振兴",
    "常务委会员": "常务委员会",
    "不忘初心、劳记使命": "不忘初心、牢记使命",
    "不忘初心，劳记使命": "不忘初心，牢记使命",
}
_HAN = r"\u3400-\u9fff"
_ONE = "一二三四五六七八九"
_MIDDLES = {p[: len(p) // 2 - 1] + p[len(p) // 2] + p[len(p) // 2 - 1] + p[len(p) // 2 + 1 :]: p for p in SET_PHRASES}
#: With the set phrases whose halves have exchanged the characters they meet with.
_CORRECTIONS = corrections({**WRONG, **_MIDDLES})

#: 第N届…全会 of the Central Committee: 一中 … 七中, 历次; provincial and county committees write N次.
_PLENUM = re.compile(
    rf"[{_ONE}十]{{0,3}}届(?:[^{_ONE}十\W\d_]中|历(?!次全会|届全会|史)[{_HAN}]{{0,2}}|[{_HAN}]次中|[{_ONE}][种众钟])全会"
    rf"|[{_ONE}十]{{0,3}}届[{_ONE}]中全(?![会体])[{_HAN}]"
    rf"|[{_ONE}十]{{1,3}}界[{_ONE}十](?:中|次)全会"
)
_CONGRESS = re.compile(rf"党的(?:第)?([{_ONE}十]{{1,4}})(?:大(?![{_HAN}]?(?:类|项|举措|工程|行动))|次全国代表大会)")
_FIRST_CONGRESS_OF_FIVE_YEARS = (20, 2022)


def _halves() -> dict[str, list[tuple[str, int]]]:
    """Each half with the phrases it belongs to and its place in them."""
    found: dict[str, list[tuple[str, int]]] = {}
    for phrase in SET_PHRASES:
        middle = len(phrase) // 2
        for half, place in ((phrase[:middle], 0), (phrase[middle:], middle)):
            found.setdefault(half, []).append((phrase, place))
    # A half that begins with another half stands for both.
    return {half: [owner for other in found if half.startswith(other) for owner in found[other]] for half in found}


_OWNERS = _halves()
_HALF = any_of(_OWNERS)


def find_phrases(text: str, lines: Lines, lists: Lists, today: date) -> Iterator[Finding]:
    """Wrong phrases block, each once; a name much like a leader's or a place's warns. ``text`` is read ``plain``."""
    seen: set[str] = set()
    for start, end, right in _wrong(text, lists, today):
        word = text[start:end]
        if word in seen:
            continue
        seen.add(word)
        message = (
            f"第{lines.number(start)}行的“{word}”写错了，固定的写法是{right}；"
            "这是严重表述错误，一处就会让整个网站检查不合格，请改正。"
        )
        yield Finding("phrase", "block", (start, end), word, message)
        if len(seen) == MOST:
            break
    yield from _names(text, lines, lists)


def _wrong(text: str, lists: Lists, today: date) -> Iterator[tuple[int, int, str]]:
    for pattern, rights in (_CORRECTIONS, lists.wrong_phrases):
        for found in pattern.finditer(text):
            yield *found.span(), f"“{rights[found.group()]}”"
    for found in _PLENUM.finditer(text):
        yield *found.span(), "“历次全会”，或者写明哪几次，例如“二中、三中全会”"
    latest = _FIRST_CONGRESS_OF_FIVE_YEARS[0] + (today.year - _FIRST_CONGRESS_OF_FIVE_YEARS[1]) // 5 + 1
    for found in _CONGRESS.finditer(text):
        if not 1 <= numeral(found[1]) <= latest:
            yield *found.span(), "写明真有的那一次代表大会，例如“党的二十大”"
    yield from _near_set_phrases(text)


def _near_set_phrases(text: str) -> Iterator[tuple[int, int, str]]:
    at = 0
    while found := _HALF.search(text, at):
        at = found.start() + 1
        for phrase, place in _OWNERS[found.group()]:
            start, long = found.start() - place, len(phrase)
            # The half that is right holds one end; the other end moves with what was left out or doubled.
            if place:
                end = found.start() + long - place
                spans = [(end - size, end) for size in (long, long - 1, long + 1)]
            else:
                spans = [(start, start + size) for size in (long, long - 1, long + 1)]
            if text.startswith(phrase, *spans[0]) and spans[0][0] >= 0:
                continue
            for low, high in spans:
                if low >= 0 and high <= len(text) and _slip(text[low:high], phrase):
                    yield low, high, f"“{phrase}”"
                    break


def _slip(word: str, right: str) -> bool:
    """Whether ``word`` is ``right`` with one slip in it; its first character is right, and the last one of a short one.

    The ends of a phrase are where other phrases begin: 中国特色社会主要矛盾 is none.
    """
    if abs(len(word) - len(right)) > 1:
        return False
    head = next((i for i, (a, b) in enumerate(zip(word, right, strict=False)) if a != b), min(len(word), len(right)))
    tail = next(
        (i for i, (a, b) in enumerate(zip(reversed(word), reversed(right), strict=False)) if a != b), len(right)
    )
    if head == 0 or (tail == 0 and len(right) < 10):
        return False
    wrong, due = word[head : len(word) - tail], right[head : len(right) - tail]
    if len(word) == len(right):
        return (len(wrong) == 1 and _is_han(wrong)) or (len(wrong) == 2 and wrong == due[::-1])
    if len(word) < len(right):
        return tail > 0 and head + tail >= len(word)
    return tail > 0 and head + tail >= len(right) and word[head] == word[head - 1]


def _is_han(text: str) -> bool:
    return all("\u3400" <= char <= "\u9fff" for char in text)


def numeral(words: str) -> int:
    """二十一 → 21, 十 → 10; 0 for what is no numeral below a hundred."""
    tens, ten, ones = words.rpartition("十")
    if not set(tens + ones) <= set(_ONE) or len(tens) > 1 or len(ones) > 1 or not words:
        return 0
    value = _ONE.find(ones) + 1 if ones else 0
    return value + (10 * ((_ONE.find(tens) + 1) if tens else 1) if ten else 0)


def _names(text: str, lines: Lines, lists: Lists) -> Iterator[Finding]:
    for pattern, name, post in lists.beside_posts:
        for found in pattern.finditer(text):
            which = 1 if found[1] else 2
            if found[which] not in lists.leaders and _off_by_one(found[which], name):
                yield _name(lines, found.span(which), found[which], f"{post}是{name}")
    for found in lists.near_places.finditer(text):
        if found.group() not in lists.places:
            known = next(place for place in lists.places if _off_by_one(found.group(), place))
            yield _name(lines, found.span(), found.group(), f"有一处地名叫{known}")


def _off_by_one(word: str, right: str) -> bool:
    if len(word) != len(right):
        return False
    differ = sum(a != b for a, b in zip(word, right, strict=True))
    return differ == 1 or (differ == 2 and sorted(word) == sorted(right))


def _name(lines: Lines, where: tuple[int, int], word: str, known: str) -> Finding:
    message = f"第{lines.number(where[0])}行的“{word}”很像写错的名字（{known}），请核对。"
    return Finding("name", "warn", where, word, message)
