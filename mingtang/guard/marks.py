"""Secret marks as they stand on a paper, told apart from the words in running text.

保守国家秘密法 and 国家秘密定密管理暂行规定: the mark is level, ★, period (机密★30年), on the upper left of the first
page; GB/T 9704-2012, 7.2.2. The words alone are ordinary language: every law about secrecy is full of them.
"""

import re
from collections.abc import Iterator

from mingtang.guard.findings import MOST, Finding
from mingtang.guard.plain import GHOST, Lines, plain

#: Lines with text at the head of a paper (and after each page break) on which a bare level is a mark.
HEAD_LINES = 10
#: A line that is a mark holds little else; longer lines are prose.
LONGEST_MARK_LINE = 40

_GAP = rf"[ {GHOST}·._\-]{{0,12}}"
_LEVEL = rf"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
_PERIOD = r"(?:[0-9一二三四五六七八九十]{1,3}(?:年|个月|月|天|日)|长期|启[用封]前|公[开布]前|解密前)"
_STARRED = re.compile(rf"{_LEVEL}级?{_GAP}★")
_ASTERISK = re.compile(rf"(?:绝密|机密|秘密)\*(?:{_PERIOD}|$)")
_LONG_NUMBER = re.compile(r"\d{5,}")
_QUOTES = {"“": "”", "「": "」", "『": "』", '"': '"', "‘": "’"}
_ALONE = re.compile(
    rf"(?:[0-9]{{1,6}})?[\[【(《<〔*#★]*(?:密级[:：]?)?(?:绝密|机密|秘密)级?[\]】)》>〕*]*(?:{_PERIOD}|(?:特急|加急|平急|急件))?"
)
#: A blank form (密级：绝密□机密□) and an explanation (密级：绝密、机密、秘密) name levels without giving one.
_LABELLED = re.compile(
    r"[\[【(|]?(?:文件)?(?:密级|保密等级|保密级别|涉密等级)[:：]?[\[【(]?(?:绝密|机密|秘密)(?![□☐○/、或和及])"
)
_WORDS = re.compile(r"绝密|机密|(?<!商业)(?<!通信)(?<!技术)秘密")
_INTERNAL = re.compile(
    rf"内部(?:资料|文件|材料)(?!性)|(?:不得|严禁|请勿|禁止|注意){_GAP}(?:外传|外泄|对外公开|公开发布)|仅供内部使用|注意保存"
)


def find_marks(original: str, text: str, lines: Lines) -> Iterator[Finding]:
    """Marks block, words warn (each word once). ``text`` is ``plain(original)``."""
    marked: list[tuple[int, int]] = []
    for start, end in _marks(original, text):
        if marked and start < marked[-1][1]:
            continue
        marked.append((start, end))
        if len(marked) > MOST:
            break
        yield _mark(original, lines, start, end)
    yield from _bare_words(text, lines, marked)
    if found := _INTERNAL.search(text):
        word = found.group().replace(GHOST, "")
        message = (
            f"第{lines.number(found.start())}行有“{word}”字样，内部材料一般不公开；"
            "请确认可以公开，可以公开的请删去这一字样。"
        )
        yield Finding("internal", "warn", found.span(), word, message)


def _marks(original: str, text: str) -> Iterator[tuple[int, int]]:
    """Places of marks, line by line and in order."""
    heads, at = 0, 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        if start and original[start - 1] == "\x0c":
            heads = 0
        for found in _STARRED.finditer(line):
            if not _quoted(line, found.start(), found.end()):
                yield start + found.start(), start + found.end()
        if not line.strip(f" {GHOST}"):
            continue
        heads += 1
        bare = "".join(line.replace(GHOST, "").split()) if len(line) <= 4 * LONGEST_MARK_LINE else ""
        if not bare or len(bare) > LONGEST_MARK_LINE:
            continue
        if (
            _LABELLED.match(bare)
            or _ASTERISK.match(bare)
            or (heads <= HEAD_LINES and _is_mark_line(original[start : at - 1], bare))
        ):
            lead = len(line) - len(line.lstrip(f" {GHOST}"))
            yield start + lead, start + len(line.rstrip(f" {GHOST}"))


def _is_mark_line(original: str, bare: str) -> bool:
    """A head line that is nothing but a level, or has one as a word of its own, set off by wide space or in a cell."""
    if _ALONE.fullmatch(bare):
        return True
    words = [
        word for cell in original.split("\t") for word in re.split(rf"[ {GHOST}]{{2,}}", plain(cell).strip()) if word
    ]
    return len(words) > 1 and any(_ALONE.fullmatch(word.replace(" ", "")) for word in words)


def _quoted(line: str, start: int, end: int) -> bool:
    """Whether a mark is only mentioned: in quotation marks within a sentence."""
    before = line[max(0, start - 1) : start]
    return before in _QUOTES and bool(before) and _QUOTES[before] in line[end : end + 12] and len(line) > end + 2


def _mark(original: str, lines: Lines, start: int, end: int) -> Finding:
    shown = _LONG_NUMBER.sub("*****", " ".join(original[start:end].split())[:LONGEST_MARK_LINE])
    message = (
        f"第{lines.number(start)}行有密级标志（{shown}），涉密文件不得公开；"
        "请立即停止发布并报告保密工作机构，误标的请先按程序更正。"
    )
    return Finding("secret", "block", (start, end), shown, message)


def _bare_words(text: str, lines: Lines, marked: list[tuple[int, int]]) -> Iterator[Finding]:
    seen: set[str] = set()
    ahead = 0
    for found in _WORDS.finditer(text):
        while ahead < len(marked) and marked[ahead][1] <= found.start():
            ahead += 1
        if found.group() in seen or (ahead < len(marked) and marked[ahead][0] <= found.start()):
            continue
        seen.add(found.group())
        message = (
            f"第{lines.number(found.start())}行有“{found.group()}”二字，请核对本文不是涉密文件；"
            "只是行文提到的，不必改。"
        )
        yield Finding("secret", "warn", found.span(), found.group(), message)
        if len(seen) == 3:
            return
