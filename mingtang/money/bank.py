"""Reading what a bank exports of an account: deposits, one a row, and a sentence for each row that is none.

Banks name their columns in many ways and put lines above and below the table; a column is found by any of its names.
Nothing here touches the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from mingtang.files.decode import decode
from mingtang.lib.errors import Refused
from mingtang.lib.money import format_yuan, parse_yuan
from mingtang.lib.text import csv_rows, half_width, parse_date, squeeze

MOST_ROWS, MOST_TOLD, HEAD_ROWS = 20_000, 50, 20
MAX_SERIAL, MAX_TEXT = 64, 200
DAY, AMOUNT, SERIAL, REFERENCE, PAYER, OUT = "交易日期", "金额", "流水号", "附言", "付款人", "支出"
# What a column may be called, without blanks; the first is how we call it.
NAMES: dict[str, tuple[str, ...]] = {
    DAY: ("交易日期", "日期", "记账日期", "入账日期", "交易时间", "记账时间"),
    AMOUNT: ("金额", "收入金额", "收入", "贷方发生额", "贷方金额", "贷方", "交易金额", "存入金额"),
    SERIAL: ("流水号", "交易流水号", "流水", "核心流水号", "交易流水", "凭证号"),
    REFERENCE: ("附言", "摘要", "备注", "用途", "交易附言"),
    PAYER: ("付款人", "对方户名", "付款人名称", "对方名称", "对方账户名称", "付款方户名"),
    OUT: ("支出", "支出金额", "借方发生额", "借方金额", "借方"),
}
NEEDED = (DAY, AMOUNT, SERIAL)
_TOTALS = ("合计", "总计", "小计")


class Unreadable(Refused):
    """A file of which nothing is taken over. ``problems`` name row and column, and say how to mend each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"这份流水有 {len(problems)} 处不对，一笔也没有登记。请按下面说的改好再传。", "file")
        self.problems = problems


@dataclass(frozen=True)
class Line:
    """One deposit as the bank tells it. ``row`` as a spreadsheet shows it; ``amount`` in fen."""

    row: int
    on: date
    amount: int
    serial: str
    reference: str
    payer: str


@dataclass
class Reading:
    lines: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(data: bytes, *, from_on: date, to_on: date) -> Reading:
    """Every deposit of the days, both included. Raises ``Refused`` when the file is no table of deposits at all."""
    rows = csv_rows(decode(data))
    columns = _head(rows)
    found, seen = Reading(), {}
    for row, cells in rows:
        if row > MOST_ROWS:
            raise Refused(f"流水超过 {MOST_ROWS:,} 行。请分几段日期导出，一段一段传。", "file")
        values = {name: _cell(cells, column) for name, column in columns.items()}
        if any(cell.strip().startswith(_TOTALS) for cell in cells[:3]):
            _compare(row, values[AMOUNT], found)
            continue
        if values.get(OUT) and not values[AMOUNT].strip("0.-"):
            continue  # money that left the account is no payment
        problems = found.problems
        line = _line(row, values, problems)
        if line is None:
            continue
        if not from_on <= line.on <= to_on:
            problems.append(f"第{row}行“{DAY}”：{line.on} 不在您填的日期范围里。请改日期范围，或者重新导出。")
        elif line.serial in seen:
            problems.append(f"第{row}行“{SERIAL}”：{line.serial} 和第{seen[line.serial]}行一样。请重新导出。")
        else:
            seen[line.serial] = row
            found.lines.append(line)
    return found


def _head(rows: Iterator[tuple[int, list[str]]]) -> dict[str, int]:
    """The column of each name, from the row that holds the needed ones; what banks print above it is passed over."""
    best: dict[str, int] = {}
    for _, (_row, cells) in zip(range(HEAD_ROWS), rows, strict=False):
        plain = [half_width(squeeze(cell)).split("(")[0] for cell in cells]
        # A column goes by the first of its names that is there.
        places = {name: [plain.index(said) for said in names if said in plain] for name, names in NAMES.items()}
        columns = {name: found[0] for name, found in places.items() if found}
        if all(name in columns for name in NEEDED):
            return columns
        best = max(best, columns, key=len)
    missing = "”“".join(name for name in NEEDED if name not in best)
    raise Refused(f"没有找到“{missing}”这几列。请从网上银行导出交易明细，存成 CSV，不要删改表头。", "file")


def _cell(cells: list[str], column: int) -> str:
    return half_width(cells[column]).strip().strip("'\t") if column < len(cells) else ""


def _line(row: int, values: dict[str, str], problems: list[str]) -> Line | None:
    before = len(problems)
    on, amount = date.min, 0
    try:
        on = _day(values[DAY])
    except Refused as refusal:
        problems.append(f"第{row}行“{DAY}”：{refusal.message}")
    try:
        amount = parse_yuan(values[AMOUNT])
        if not amount:
            problems.append(f"第{row}行“{AMOUNT}”：是零。没有钱进来的行请删去。")
    except Refused as refusal:
        problems.append(f"第{row}行“{AMOUNT}”：{refusal.message}")
    serial = values[SERIAL]
    if not serial:
        problems.append(f"第{row}行“{SERIAL}”：是空的。没有流水号，分不清是不是同一笔，请重新导出。")
    elif "E+" in serial.upper():
        problems.append(
            f"第{row}行“{SERIAL}”：{serial} 被表格软件改坏了。请直接传银行导出的原文件，不要用表格打开再存。"
        )
    elif len(serial) > MAX_SERIAL:
        problems.append(f"第{row}行“{SERIAL}”：超过 {MAX_SERIAL} 个字符。请核对是不是选错了列。")
    if len(problems) > before:
        return None
    reference, payer = values.get(REFERENCE, "")[:MAX_TEXT], values.get(PAYER, "")[:MAX_TEXT]
    return Line(row, on, amount, serial, reference, payer)


def _day(text: str) -> date:
    """As banks write it, ``20261127`` included."""
    head = text.split(" ")[0]
    if len(head) == 8 and head.isascii() and head.isdigit():
        return parse_date(f"{head[:4]}-{head[4:6]}-{head[6:]}")
    return parse_date(text)


def _compare(row: int, text: str, found: Reading) -> None:
    """The bank's own total says whether the table is whole."""
    try:
        told = parse_yuan(text) if text else None
    except Refused:
        told = None
    total = sum(line.amount for line in found.lines)
    if told is not None and told != total and not found.problems:
        found.problems.append(
            f"第{row}行合计 {format_yuan(told)}，上面各行加起来是 {format_yuan(total)}。文件不完整，请重新导出。"
        )
