"""Numbers that point at a person: resident ID, mobile phone, bank card.

One pass: runs of digit groups are cut out, then each run is looked at from every group on, never further than
MOST_DIGITS. A number is only reported when its own check holds, so that amounts, dates, index numbers, credit codes
and document numbers pass. All repeats are possessive: nothing backtracks, whatever is fed in.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from mingtang.guard.findings import MOST, Finding, Kind, Level
from mingtang.guard.plain import GHOST, Lines, plain
from mingtang.guard.spelled import FARTHEST, in_figures
from mingtang.lib.identifiers import check_resident_id, check_uscc, luhn_valid
from mingtang.lib.masking import mask_bank_card, mask_id, mask_mobile

MOST_DIGITS = 19
#: A group: digits, with characters between them that nobody sees.
_GROUP = rf"[0-9]++(?:{GHOST}++[0-9]++)*+"
#: Between groups of one number: spaces (a tab is read as one), dashes, dots, bars, line ends, at most three.
_RUN = re.compile(rf"{_GROUP}(?:[ \-._·・•/|{GHOST}\n]{{1,3}}+{_GROUP})*+")
_GROUPS = re.compile(_GROUP)
#: Of an ID alone, which holds its own check, whatever is no word may stand between the groups, when these are such as
#: people and programs cut it into.
_LOOSE_RUN = re.compile(rf"{_GROUP}(?:[^0-9A-Za-z\u3400-\u9fff]{{1,{FARTHEST}}}+{_GROUP})*+")
_NO_DIGIT = re.compile("[^0-9]+")
_CUTS = {
    *((6, 8, 4), (6, 8, 3, 1), (6, 12), (14, 4), (10, 8), (6, 4, 4, 4), (6, 4, 2, 2, 4), (6, 4, 2, 2, 3, 1)),
    *((6, 6, 6), (9, 9), (3, 3, 4, 4, 4), (4, 4, 4, 4, 2), (3,) * 6, (2,) * 9, (1,) * 18, (2, 2, 2, 4, 2, 2, 4)),
}
_ID_SHAPE = r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
#: Any ID inside a long row of digits. Fixed length: linear however long the row.
_INSIDE = re.compile(rf"(?=({_ID_SHAPE}))")
_ID = re.compile(_ID_SHAPE)
_ID_DIGITS = re.compile(_ID_SHAPE.removesuffix("[0-9X]"))
_TURNED = re.compile("\u202e([^\u202c\n]+)")
_URL = re.compile(r"(?:https?://|www\.)[!-~]++")
_TAIL_X = re.compile(rf"[ \-{GHOST}]{{0,2}}+[Xx](?![A-Za-z])")

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PREFIXED_MOBILE = re.compile(r"(?:0|0?0?86)(1[3-9][0-9]{9})")
_BREAKS = {(3, 8), (7, 4), (3, 4, 4)}
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_SUM_AFTER = re.compile(r" ?(?:[万亿元吨亩％%]|美元|公里|千克|公斤|千瓦|平方|立方)")

#: China UnionPay and the older numbers of Chinese banks; then the international schemes, which need a word before them.
_STRONG_CARD = re.compile(r"62[0-9]{14,17}|9558[0-9]{15}|95588[0-9]{11}|60138[0-9]{14}|690755[0-9]{9,12}")
_WEAK_CARD = re.compile(r"[45][0-9]{15}|436742[0-9]{13}|3[57][0-9]{13,14}")
_CUED_CARD = re.compile(r"[2-9][0-9]{14,18}")

_ID_CUE = re.compile(r"身份证|证件号|身份号|公民身份|居住证")
_PHONE_CUE = re.compile(r"手机|电话|联系|微信|[Tt][Ee][Ll]|[Mm]obile|[Pp]hone|☎")
_CARD_CUE = re.compile(r"卡号|银行卡|信用卡|储蓄卡|社保卡|[账帐][号户]|开户|户名|存折|一卡通")
_CUE_REACH = 24


@dataclass(frozen=True, slots=True)
class Hit:
    """A number of somebody: where it stands, its digits in figures, and what makes it doubtful."""

    kind: Kind
    level: Level
    start: int
    end: int
    number: str
    doubt: str = ""


class _Run:
    """The groups of one run: all digits in one string, and per group its place in the text and in that string."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.starts, self.ends, self.offsets = array("q"), array("q"), array("q", [0])
        pieces = []
        for found in _GROUPS.finditer(text, start, end):
            self.starts.append(found.start())
            self.ends.append(found.end())
            piece = found.group().replace(GHOST, "")
            pieces.append(piece)
            self.offsets.append(self.offsets[-1] + len(piece))
        self.digits = "".join(pieces)

    def __len__(self) -> int:
        return len(self.starts)

    def size(self, place: int) -> int:
        return self.offsets[place + 1] - self.offsets[place]

    def window(self, place: int, length: int) -> int | None:
        """The group after the window of exactly ``length`` digits from ``place``; None when groups do not end there."""
        target = self.offsets[place] + length
        after = bisect_left(self.offsets, target, place, min(len(self.offsets), place + length + 1))
        return after if after < len(self.offsets) and self.offsets[after] == target else None


@dataclass(frozen=True, slots=True)
class _Window:
    """Some neighbouring groups of a run: their digits, sizes and place, with the text around them."""

    run: _Run
    place: int
    after: int

    @property
    def start(self) -> int:
        return self.run.starts[self.place]

    @property
    def end(self) -> int:
        return self.run.ends[self.after - 1]

    @property
    def digits(self) -> str:
        return self.run.digits[self.run.offsets[self.place] : self.run.offsets[self.after]]

    @property
    def groups(self) -> list[str]:
        offsets = self.run.offsets
        return [self.run.digits[offsets[i] : offsets[i + 1]] for i in range(self.place, self.after)]

    @property
    def solid(self) -> bool:
        return self.after == self.place + 1

    @property
    def on_one_line(self) -> bool:
        return "\n" not in self.run.text[self.start : self.end]

    def announced(self, cue: re.Pattern[str]) -> bool:
        """Whether a word that announces such a number stands shortly before it, on the same line."""
        return bool(cue.search(self.run.text[max(0, self.start - _CUE_REACH) : self.start].rpartition("\n")[2]))


def find_numbers(text: str, lines: Lines, today: date) -> Iterator[Finding]:
    """Findings in order of place. ``text`` is read ``plain``; ``today`` bounds the births an ID may state."""
    counted: Counter[tuple[str, str]] = Counter()
    for hit in find_hits(text, today):
        counted[hit.kind, hit.level] += 1
        if counted[hit.kind, hit.level] <= MOST:
            yield _finding(lines, hit)


def find_turned(original: str, lines: Lines, today: date) -> Iterator[Finding]:
    """IDs that are written backwards behind a mark that turns the direction of reading: shown, they are the number."""
    for found in _TURNED.finditer(original):
        for hit in find_hits(plain(found[1][::-1]), today)[:MOST]:
            if hit.kind == "resident_id":
                yield _finding(lines, replace(hit, start=found.start(), end=found.end()))


def find_hits(text: str, today: date) -> list[Hit]:
    """Every number in order of place, those in Chinese digits too where no figures say the same."""
    found = list(_in_figures(text, today))
    spelled = in_figures(text)
    # Only what was spelled is new to it.
    turned = [place for place, (was, now) in enumerate(zip(text, spelled, strict=True)) if was != now]
    more = list(_in_figures(spelled, today, turned)) if turned else []
    for hits in (more, list(_loose(spelled, today))):
        starts = [hit.start for hit in found]
        for hit in hits:
            before = bisect_right(starts, hit.end - 1) - 1
            if before < 0 or found[before].end <= hit.start:
                found.append(hit)
        found.sort(key=lambda hit: hit.start)
    return found


def _loose(text: str, today: date) -> Iterator[Hit]:
    """IDs whose groups are parted by other things than a number's usual ones: commas, brackets, a dozen spaces."""
    for found in _LOOSE_RUN.finditer(text):
        # A glance at the digits first: most runs are figures of a table.
        if not _ID_DIGITS.search(_NO_DIGIT.sub("", found.group())):
            continue
        run = _Run(text, found.start(), found.end())
        place = 0
        while place < len(run):
            hit, place = _loose_from(run, place, today)
            if hit:
                yield hit


def _loose_from(run: _Run, place: int, today: date) -> tuple[Hit | None, int]:
    if _ID_DIGITS.match(run.digits, run.offsets[place]):
        for length in (18, 17):
            after = run.window(place, length)
            if after is None:
                continue
            window = _Window(run, place, after)
            hit = _resident_id(window, today)
            sizes = [len(group) for group in window.groups]
            # The X of seventeen digits belongs to the last group.
            if hit and hit.level == "block" and _cut(sizes, length):
                return hit, after
    return None, place + 1


def _cut(sizes: list[int], length: int) -> bool:
    return tuple(sizes) in _CUTS or (length == 17 and ((*sizes[:-1], sizes[-1] + 1) in _CUTS or (*sizes, 1) in _CUTS))


def _in_figures(text: str, today: date, among: list[int] | None = None) -> Iterator[Hit]:
    """The numbers of a text; with ``among`` only of the runs that hold one of these places, in order."""
    urls = [found.span() for found in _URL.finditer(text)]
    for found in _RUN.finditer(text):
        if among is not None and bisect_left(among, found.start()) == bisect_left(among, found.end()):
            continue
        for hit in _hits(_Run(text, found.start(), found.end()), today):
            if hit.kind == "resident_id" or not _within(urls, hit.start):
                yield hit


def _within(spans: list[tuple[int, int]], position: int) -> bool:
    before = bisect_right(spans, (position, 1 << 62)) - 1
    return before >= 0 and position < spans[before][1]


def _hits(run: _Run, today: date) -> Iterator[Hit]:
    place = 0
    while place < len(run):
        hit, after = _hit_from(run, place, today)
        if (hit is None or hit.level == "warn") and run.size(place) >= 18:
            inside = list(_inside(run, place, today))
            if inside:
                yield from inside
                place += 1
                continue
        if hit:
            yield hit
        place = after


def _hit_from(run: _Run, place: int, today: date) -> tuple[Hit | None, int]:
    """The number that begins with the group at ``place``, and the group after it (the next one when there is none)."""
    doubtful: tuple[Hit | None, int] = (None, place + 1)
    offset, size = run.offsets[place], run.size(place)
    # The digits are looked at first: most runs are no one's number, and windows cost more than a glance.
    lengths = (18, 17) if _ID_DIGITS.match(run.digits, offset) else ()
    for length in (*lengths, 15) if size == 15 else lengths:
        if (after := run.window(place, length)) is not None:
            hit = _resident_id(_Window(run, place, after), today)
            if hit and hit.level == "block":
                return hit, after
            if hit:
                doubtful = hit, after
    for length in (11,) if _MOBILE.match(run.digits, offset) else (size,) if 12 <= size <= 15 else ():
        after = run.window(place, length)
        if after is not None and (hit := _mobile(_Window(run, place, after))):
            return hit, after
    if doubtful[0] is None and run.digits[offset] in "23456789" and (size in (1, 4, 6) or size >= 15):
        for length in (19, 18, 17, 16, 15):
            after = run.window(place, length)
            if after is not None and (hit := _bank_card(_Window(run, place, after))):
                return hit, after
    return doubtful


def _resident_id(window: _Window, today: date) -> Hit | None:
    digits = window.digits
    if len(digits) == 17:
        tail = _TAIL_X.match(window.run.text, window.end)
        if tail and _valid_id(digits + "X", today):
            return Hit("resident_id", "block", window.start, tail.end(), digits + "X")
    elif len(digits) == 18 and _ID.fullmatch(digits):
        checked = check_resident_id(digits, today=today)
        if checked:
            return Hit("resident_id", "block", window.start, window.end, digits)
        if window.solid and "校验位" in checked.message and not check_uscc(digits):
            doubt = "校验位不对，但很像写错的"
            return Hit("resident_id", "warn", window.start, window.end, digits, doubt)
    elif len(digits) == 15 and window.solid and check_resident_id(digits, today=today):
        if window.announced(_ID_CUE):
            return Hit("resident_id", "block", window.start, window.end, digits)
        return Hit("resident_id", "warn", window.start, window.end, digits, "很像15位的旧")
    return None


def _valid_id(number: str, today: date) -> bool:
    return bool(_ID.fullmatch(number)) and check_resident_id(number, today=today).valid


def _inside(run: _Run, place: int, today: date) -> Iterator[Hit]:
    """IDs glued to other digits: what a table exports when its columns lose their separators."""
    start, end = run.starts[place], run.ends[place]
    digits = run.digits[run.offsets[place] : run.offsets[place + 1]]
    # Invisible characters shift the places inside the group: the whole group is marked then.
    exact = len(digits) == end - start
    if run.text[end : end + 1] in ("X", "x"):
        digits, end = digits + "X", end + 1
    last = -1
    for found in _INSIDE.finditer(digits):
        if found.start() >= last and _valid_id(found[1], today):
            last = found.start() + 18
            at = start + found.start()
            yield Hit("resident_id", "block", at if exact else start, at + 18 if exact else end, found[1])


def _mobile(window: _Window) -> Hit | None:
    digits = window.digits
    if len(digits) > 11:
        prefixed = _PREFIXED_MOBILE.fullmatch(digits) if window.solid else None
        if prefixed is None:
            return None
        digits = prefixed[1]
    elif not _MOBILE.fullmatch(digits):
        return None
    hit = Hit("mobile", "block", window.start, window.end, digits)
    announced = window.announced(_PHONE_CUE)
    if not announced and (
        _SUM_AFTER.match(window.run.text, window.end) or window.run.text[max(0, window.start - 1)] in "¥￥$"
    ):
        return None
    if window.solid:
        return hit
    groups = window.groups
    sizes = tuple(map(len, groups))
    if not window.on_one_line:
        return _broken(hit, sizes, announced)
    figures = sum(bool(_YEAR.fullmatch(group)) for group in groups) > 1 or all(g.endswith("00") for g in groups[1:])
    dashed = window.run.text[window.run.ends[window.place]] == "-" and sizes in {(3, 8), (7, 4), (4, 3, 4), (3, 3, 5)}
    if (sizes == (3, 4, 4) or announced or dashed) and not figures:
        return hit
    return hit if set(sizes) == {1} else None


def _broken(hit: Hit, sizes: tuple[int, ...], announced: bool) -> Hit | None:
    """A mobile number over two or three lines: figures below each other may look so, unless a word announces it."""
    if sizes not in _BREAKS:
        return None
    return hit if announced else replace(hit, level="warn", doubt="很像断成几行的")


def _bank_card(window: _Window) -> Hit | None:
    digits = window.digits
    strong, weak = _STRONG_CARD.fullmatch(digits), _WEAK_CARD.fullmatch(digits)
    if not (strong or weak or _CUED_CARD.fullmatch(digits)) or not luhn_valid(digits):
        return None
    text, groups = window.run.text, window.groups
    if not _card_shape([len(group) for group in groups]) or check_uscc(digits):
        return None
    if not window.on_one_line and not (strong and window.announced(_CARD_CUE)):
        return None
    # A code with letters or a slash is a file, item or index number.
    neighbours = text[max(0, window.start - 1) : window.start] + text[window.end : window.end + 1]
    if any(char.isascii() and (char.isalpha() or char in "/_") for char in neighbours):
        return None
    # Four columns of round figures or years are a table.
    if len(groups) > 2 and all(group.endswith("00") or _YEAR.fullmatch(group) for group in groups[1:]):
        return None
    if (
        strong
        or window.announced(_CARD_CUE)
        or (weak and not window.solid and text[window.run.ends[window.place]] == "-")
    ):
        return Hit("bank_card", "block", window.start, window.end, digits)
    return Hit("bank_card", "warn", window.start, window.end, digits, "很像") if weak else None


def _card_shape(sizes: list[int]) -> bool:
    """Solid, in fours with a rest, six and the rest, or digit by digit: how cards are written."""
    fours = all(size == 4 for size in sizes[:-1]) and sizes[-1] <= 4
    return len(sizes) == 1 or fours or (len(sizes) == 2 and sizes[0] == 6) or set(sizes) == {1}


NAMES = {
    "resident_id": ("身份证号", mask_id, "请删去号码，只留姓名等必须公开的内容"),
    "mobile": ("手机号码", mask_mobile, "请删去，或者改为单位的办公电话"),
    "bank_card": ("银行卡号", mask_bank_card, "请删去号码"),
}


def _finding(lines: Lines, hit: Hit) -> Finding:
    name, mask, mend = NAMES[hit.kind]
    masked = mask(hit.number)
    line = lines.number(hit.start)
    if hit.level == "block":
        message = f"第{line}行有{name}（{masked}），属于个人信息，不能公开；{mend}。"
    else:
        message = f"第{line}行的数字（{masked}）{hit.doubt}{name}，请核对；如果是，{mend}。"
    return Finding(hit.kind, hit.level, (hit.start, hit.end), masked, message)
