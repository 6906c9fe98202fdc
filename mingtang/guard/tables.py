"""Personal data in tables, by the words of the header: what stands in a row beside a name.

个人信息保护法 28: illness, accounts and whatever is of a child under fourteen are sensitive. A published list shows the
name and the village group, numbers masked, no illness, no kind of disability. A row is a line, its cells are parted by
tabs; the header is the row that has a column of names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mingtang.guard.findings import MOST, Finding, Level
from mingtang.guard.plain import Lines, plain
from mingtang.lib.masking import mask_address, mask_bank_card, mask_id, mask_name

HIDDEN = "***"
LONGEST_HEADER = 20
CHILD, MINOR = 14, 18

_NAME = re.compile(r"姓名|户主|救助对象|受助人|申请人|领取人|监护人")
_ID = re.compile(r"身份证|证件号|公民身份号")
_CARD = re.compile(r"银行卡|卡号|[账帐]号|一卡通|存折")
_PHONE = re.compile(r"电话|手机|联系方式")
_ILLNESS = re.compile(r"病种|病情|病名|疾病|患病|诊断|残疾|伤残|健康状况")
_ADDRESS = re.compile(r"住址|地址|住所")
_AGE = re.compile(r"年龄|周岁")
_BIRTH = re.compile(r"出生")
_NOTHING = re.compile(r"[无否不零0\-/—、\s]*|(?:健康|良好|正常|未患病|没有)")
_HOUSE = re.compile(r"[0-9]{1,5}(?:号|室|栋|幢|单元|户)")
_DAY = re.compile(r"((?:19|20)[0-9]{2})[年.\-/]?([0-9]{1,2})?[月.\-/]?([0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that tells too much. ``where`` is what to replace by ``mask``: the name for a minor, else the cell."""

    level: Level
    table: int
    header: str
    where: tuple[int, int]
    mask: str
    why: str


@dataclass(frozen=True, slots=True)
class _Value:
    start: int
    text: str

    @property
    def where(self) -> tuple[int, int]:
        return self.start, self.start + len(self.text)


def cells(original: str, today: date) -> Iterator[Cell]:
    """Every cell that tells too much of a person whose name is not masked, in order of rows."""
    names: list[int] = []
    columns: list[tuple[int, re.Pattern[str], str]] = []
    table, at = 0, 0
    for line in original.split("\n"):
        start, at = at, at + len(line) + 1
        if "\t" not in line:
            if line.strip():
                names = []
            continue
        row = _row(line, start)
        if header := _header(row):
            names, columns = header
            table += 1
        elif names:
            yield from _judge_row(row, names, columns, table, today)


def _row(line: str, start: int) -> list[_Value]:
    values = []
    for cell in line.split("\t"):
        lead = len(cell) - len(cell.lstrip())
        values.append(_Value(start + lead, cell.strip()))
        start += len(cell) + 1
    return values


def _header(row: list[_Value]) -> tuple[list[int], list[tuple[int, re.Pattern[str], str]]] | None:
    """The columns of names and those to look at, each with its word, of a row that is a header."""
    names: list[int] = []
    columns: list[tuple[int, re.Pattern[str], str]] = []
    for place, value in enumerate(row):
        if len(value.text) > LONGEST_HEADER:
            continue
        for pattern in (_ID, _CARD, _PHONE, _ILLNESS, _ADDRESS, _AGE, _BIRTH):
            if found := pattern.search(value.text):
                columns.append((place, pattern, found.group()))
                break
        else:
            if _NAME.search(value.text):
                names.append(place)
    return (names, columns) if names and len(row) > 1 else None


def _judge_row(
    row: list[_Value], names: list[int], columns: list[tuple[int, re.Pattern[str], str]], table: int, today: date
) -> Iterator[Cell]:
    said = [row[place] for place in names if place < len(row) and row[place].text]
    open_names = [value for value in said if not re.search(r"[*＊xX某]", value.text)]
    if not said:
        return
    for place, pattern, word in columns:
        value = row[place] if place < len(row) else _Value(0, "")
        if not value.text or "*" in value.text or "＊" in value.text:
            continue
        if cell := _number(pattern, word, value, table):
            yield cell
        elif open_names and pattern in (_AGE, _BIRTH):
            age = _age(pattern, value.text, today)
            if age is not None and age < MINOR:
                level: Level = "block" if age < CHILD else "warn"
                for name in open_names:
                    yield Cell(level, table, word, name.where, mask_name(name.text), "是未成年人")
        elif open_names and pattern is _ILLNESS and not _NOTHING.fullmatch(value.text):
            yield Cell("block", table, word, value.where, HIDDEN, "说的是病情、残疾")
        elif open_names and pattern is _ADDRESS and _HOUSE.search(plain(value.text)):
            yield Cell("block", table, word, value.where, mask_address(value.text), "住址写到了门牌")


def _number(pattern: re.Pattern[str], word: str, value: _Value, table: int) -> Cell | None:
    digits = sum(char.isdigit() for char in value.text)
    if pattern is _ID and digits >= 14:
        return Cell("block", table, word, value.where, mask_id(value.text), "是身份证号")
    if pattern is _CARD and digits >= 12:
        return Cell("block", table, word, value.where, mask_bank_card(value.text), "是银行账号")
    if pattern is _PHONE and digits >= 7:
        return Cell("warn", table, word, value.where, HIDDEN, "是个人的电话")
    return None


def _age(pattern: re.Pattern[str], text: str, today: date) -> int | None:
    """Full years on that day, of an age or a birth as written; None for what is neither."""
    read = plain(text)
    if pattern is _AGE:
        number = re.match(r"[0-9]{1,3}", read)
        return int(number[0]) if number else None
    found = _DAY.match(read)
    if not found:
        return None
    birth = int(found[1]), int(found[2] or 12), int(found[3] or 31)
    return max(0, today.year - birth[0] - ((today.month, today.day) < birth[1:]))


def find_tables(original: str, lines: Lines, today: date) -> Iterator[Finding]:
    """One finding for each column of each table, with the count of its rows.

    A number that holds its own check is found by itself as well, as what it is.
    """
    columns: dict[tuple[int, str, Level], list[Cell]] = {}
    for cell in cells(original, today):
        columns.setdefault((cell.table, cell.header, cell.level), []).append(cell)
    for (_, header, level), found in list(columns.items())[:MOST]:
        first = found[0]
        rows = len({lines.number(cell.where[0]) for cell in found})
        said = "属于个人信息，不能公开" if level == "block" else "请核对能不能公开"
        message = (
            f"第{lines.number(first.where[0])}行起的表里写着姓名，“{header}”一列有{rows}行{first.why}，{said}；"
            "请删去这一列，或者遮住。"
        )
        yield Finding("person", level, first.where, header, message)
