"""Tasks of a plan, pure: every sentence of its text with its place, what it seems to ask, of whom and until when.

Nothing is left out: each sentence comes back, as a heading, as one that asks for something, or as one that people must
decide about. What is found is a proposal; owner and date are set by the office.
"""

import calendar as gregorian
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

_HAN = "一二三四五六七八九十百"
_NUMBERED = (
    re.compile(rf"^第[{_HAN}]+[章节]\s*"),
    re.compile(rf"^[{_HAN}]+、"),
    re.compile(rf"^[（(][{_HAN}]+[)）]"),
    re.compile(r"^\d+[.．、]\s*"),
)
_END = re.compile(r"[。！？；;!?]+[”’」』)）]*")
YEAR = re.compile(r"(\d{4})\s*年")
LONGEST_HEADING = 40
# What asks for something, and what only describes.
_ASKS = re.compile(
    rf"(?<![主需重首])要(?!求|点|闻|素|的)|必须|应当|须|不得|负责|一律|凡是|普遍实行|^第[{_HAN}]+[，,]|[{_HAN}]是(?!由|指)|"
    r"(?:^|[，,：:])(?:各\S{0,8}单位|各部门)?(?:认真|全面|继续|深入|进一步|切实|着力|逐步|严格|统一)?"
    r"(?:制定|建立|健全|完善|推进|推动|加强|强化|落实|清理|规范|编制|公布|公开|组织|开展|做好|搞好|抓好|实行|提高|优化|定期)"
)
_DESCRIBES = re.compile(r"指导思想是|具有重要意义|是.{1,12}的重要载体|息息相关|^附件|^（此件|^各.{0,30}[：:]$|^特此")
_LISTS = (
    re.compile(r"(?P<about>[^，,：:；;]{2,12}?)(?:方面)?[，,]重点公开(?P<items>.+)"),
    re.compile(r"(?P<about>)(?<=即)公开(?P<items>[^、]+(?:、公开[^、]+)+)"),
    re.compile(r"(?P<about>)实行(?P<items>[^、，,]+制(?:、[^、，,]+制)+)"),
)
_TRIGGERS = (
    ("month", re.compile(r"每个?月|按月|逐月")),
    ("quarter", re.compile(r"每个?季度?|按季度?|逐季")),
    ("half", re.compile(r"每半年|半年一次")),
    ("year", re.compile(r"每年|按年|年度|逐年|(?<!不)定期")),
    ("once", re.compile(r"今年|年底前|年底以前|年内|[月日]底?(?:以前|之前|前)|一次(?!性)")),
)
_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日|(底))?(?:以前|之前|前|底前)")
_YEAR_END = re.compile(r"年底(?:以前|之前|前)|年内|今年")
_UNIT = re.compile(r"党政办|纪委|司法所|[\u4e00-\u9fff]{1,10}?(?:领导小组|办公室|中心|[所站局办])")
_ACTS = re.compile(r"(?:各成员单位)?(?:主要|负责|要|牵头)|名义|对")


class Guess(Enum):
    """What a sentence seems to be."""

    TASK = "task"
    TOPIC = "topic"  # one of a list, to be made public or kept up by itself
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Found:
    """One sentence, or one thing of a list in it. ``anchor``: paragraph, sentence and place in the list, from 1.

    ``units``: the units it names, as it spells them; ``trigger`` and ``on``: how often and until when, where it says.
    """

    anchor: str
    section: str
    text: str
    guess: Guess
    name: str
    units: tuple[str, ...] = ()
    trigger: str = ""
    on: date | None = None

    @property
    def of(self) -> str:
        """The anchor of the sentence it stands in."""
        return ".".join(self.anchor.split(".")[:2])


def sentences(text: str) -> Iterator[tuple[int, int, str]]:
    """Each sentence with paragraph and place; white space around it and between it and the next is not kept."""
    for number, paragraph in enumerate(text.split("\n"), 1):
        place, start = 0, 0
        for end in [*(match.end() for match in _END.finditer(paragraph)), len(paragraph)]:
            if sentence := paragraph[start:end].strip():
                place += 1
                yield number, place, sentence
            start = end


def headings(text: str) -> dict[int, str]:
    """Which paragraphs are headings, and the section each begins: 一, 一（二）, 一（二）3."""
    found: dict[int, str] = {}
    for number, _, sentence in sentences(text):
        if number in found:
            del found[number]  # more than one sentence: no heading, a numbered paragraph
        elif _level(sentence) is not None and len(sentence) <= LONGEST_HEADING:
            found[number] = sentence
    return found


def _level(sentence: str) -> int | None:
    return next((level for level, pattern in enumerate(_NUMBERED) if pattern.match(sentence)), None)


def _mark(sentence: str, level: int) -> str:
    match = _NUMBERED[level].match(sentence)
    return match[0].strip().strip("、.．").replace("(", "（").replace(")", "）") if match else ""


def read(text: str, year: int) -> tuple[list[Found], dict[int, str]]:
    """Every sentence of a plan of ``year`` with what it seems to ask, and its headings by paragraph."""
    titles, found = headings(text), []
    path: dict[int, str] = {}
    for number, place, sentence in sentences(text):
        level = _level(sentence)
        if level is not None and place == 1:
            path = {old: mark for old, mark in path.items() if old < level} | {level: _mark(sentence, level)}
        if number in titles:
            continue
        section = "".join(path[key] for key in sorted(path))
        found += _found(f"{number}.{place}", section, sentence, year)
    return found, titles


def _found(anchor: str, section: str, sentence: str, year: int) -> list[Found]:
    trigger, on = when(sentence, year)
    units = units_of(sentence)
    listed = things(sentence)
    if listed:
        return [
            Found(f"{anchor}.{place}", section, sentence, Guess.TOPIC, thing, units, trigger, on)
            for place, thing in enumerate(listed, 1)
        ]
    if shared := _by_unit(sentence):
        return [
            Found(f"{anchor}.{place}", section, clause, Guess.TASK, short(clause), (unit,), trigger, on)
            for place, (unit, clause) in enumerate(shared, 1)
        ]
    asks = _ASKS.search(sentence) and not _DESCRIBES.search(sentence)
    return [Found(anchor, section, sentence, Guess.TASK if asks else Guess.OPEN, short(sentence), units, trigger, on)]


def things(sentence: str) -> list[str]:
    """The things of a list that a sentence orders one by one; empty where it holds none."""
    for pattern in _LISTS:
        if match := pattern.search(sentence.rstrip("。；;！!")):
            found = _split(match["items"])
            if len(found) > 2:
                return found
    return []


def _split(items: str) -> list[str]:
    """At 、, commas and 以及. What ends in 等 and a noun (社保、教育、医疗等社会事项) is one thing; the last before a
    bare 等 is divided at 和 too."""
    last = ""
    if group := re.search(r"以及([^，,以]+等[^，,]+)$", items):
        last, items = group[1], items[: group.start()]
    items = re.sub(r"等(?:多种|各种|各项)?\w{0,2}$", "等", items)
    bare = items.endswith("等")
    parts = [part for part in re.split(r"[、，,]|以及", items.removesuffix("等")) if part]
    if bare and parts and parts[-1].count("和") == 1:
        parts[-1:] = parts[-1].split("和")
    return [re.sub(r"^公开|^群众.{0,6}(?:关注|关心)的", "", part) for part in [*parts, last] if part]


def short(sentence: str) -> str:
    """A sentence as the name of a task: without its number, at most 60 characters."""
    bare = re.sub(rf"^(?:第[{_HAN}]+[，,]|[{_HAN}]+是要?|[{_HAN}]+、|[（(][{_HAN}]+[)）])", "", sentence)
    bare = bare.strip("。；; ")
    return bare if len(bare) <= 60 else bare[:59] + "…"


def when(sentence: str, year: int) -> tuple[str, date | None]:
    """How often and until when, as far as a sentence says. A date without a year is of the plan's year."""
    trigger = next((code for code, pattern in _TRIGGERS if pattern.search(sentence)), "")
    if match := _DAY.search(sentence):
        on = _day(int(match[1] or year), int(match[2]), int(match[3] or 0))
        return trigger if trigger in ("month", "quarter", "half", "year") else "once", on
    if trigger == "once":
        return ("once", date(year, 12, 31)) if _YEAR_END.search(sentence) else ("once", None)
    return trigger, None


def _day(year: int, month: int, day: int) -> date | None:
    """That day, the last of the month for 0; None for one there is not."""
    try:
        return date(year, month, day or gregorian.monthrange(year, month)[1])
    except ValueError:
        return None


def _acting(sentence: str) -> list[tuple[int, str]]:
    """The units that act in a sentence, each with its place: before 负责, 要, 主要, 牵头, 名义."""
    found = []
    for match in _UNIT.finditer(sentence):
        if _ACTS.match(sentence, match.end()):
            name = re.sub(rf"^(?:[{_HAN}]是|[以由和，,镇])+", "", match[0])
            found.append((match.end() - len(name), name))
    return found


def units_of(sentence: str) -> tuple[str, ...]:
    """The units a sentence names as those who act, as it spells them."""
    return tuple(dict.fromkeys(name for _, name in _acting(sentence)))


def _by_unit(sentence: str) -> list[tuple[str, str]]:
    """Unit and clause, where several units each have one of their own; empty otherwise."""
    begins = [(at, name) for at, name in _acting(sentence) if at == 0 or sentence[at - 1] in "，,"]
    if len({name for _, name in begins}) < 2 or begins[0][0] != 0:
        return []
    ends = [at for at, _ in begins[1:]] + [len(sentence)]
    return [(name, sentence[at:end].strip("，,。；;")) for (at, name), end in zip(begins, ends, strict=True)]


def likest(name: str, names: Iterable[str]) -> str:
    """The one of ``names`` that is written into ``name`` letter by letter, or the other way round, and that is nearest
    in length; empty where none is."""
    fitting = [one for one in names if within(name, one) or within(one, name)]
    return max(fitting, key=lambda one: min(len(one), len(name)) / max(len(one), len(name)), default="")


def within(short: str, long: str) -> bool:
    """Whether the characters of one stand in the other in order, at least two of them."""
    letters = iter(long)
    return len(short) > 1 and all(letter in letters for letter in short)
