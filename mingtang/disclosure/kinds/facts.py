"""What a document of a kind states: typed text becomes facts, facts become text again, and what is missing is named.

Facts are what is frozen in a revision: ``{"fields": {code: value}, "sheets": {code: {"rows": [[value]], "none":
text}}}`` with strings, integers and booleans only (``lib.canonical``). An empty cell is ``""``.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from mingtang.disclosure.kinds.kind import Field, Kind, Period, Sheet
from mingtang.lib.errors import Refused
from mingtang.lib.money import format_yuan, parse_yuan, plain_yuan
from mingtang.lib.text import chinese_date, parse_date

Value = str | int | bool
Facts = dict[str, Any]

MOST_ROWS = 5_000
MOST_TEXT = {"text": 200, "long": 5_000, "document": 60}
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,6})?")
YES = ("是", "有", "1", "true", "on", "√")
NO = ("否", "无", "0", "false", "", "×")


@dataclass(frozen=True)
class Fault:
    """Something to mend. ``where`` is the form's name of the place: ``field-<code>`` or ``sheet-<code>``; ``cell`` its
    row, from 1, and its column, from 0, in a table."""

    where: str
    sentence: str
    cell: tuple[int, int] | None = None


@dataclass
class Typed:
    """What came from a form or a spreadsheet, as text. ``sheets`` hold rows of cells; ``none`` why a table is empty."""

    fields: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    none: Mapping[str, str] = field(default_factory=dict)


def take(kind: Kind, typed: Typed) -> tuple[Facts, list[Fault]]:
    """Facts of what was typed, and every place that cannot be read. What is missing is no fault yet: a draft waits."""
    faults: list[Fault] = []
    fields: dict[str, Value] = {}
    for spec in kind.fields:
        try:
            fields[spec.code] = _value(spec, typed.fields.get(spec.code, ""))
        except Refused as refusal:
            faults.append(Fault(f"field-{spec.code}", f"“{spec.label}”：{refusal.message}"))
    sheets: dict[str, Any] = {}
    for sheet in kind.sheets:
        rows, wrong = _rows(sheet, typed.sheets.get(sheet.code, ()))
        faults += wrong
        sheets[sheet.code] = {"rows": rows, "none": " ".join(typed.none.get(sheet.code, "").split())[:200]}
    return {"fields": fields, "sheets": sheets}, faults


def _rows(sheet: Sheet, typed: Sequence[Sequence[str]]) -> tuple[list[list[Value]], list[Fault]]:
    rows: list[list[Value]] = []
    faults: list[Fault] = []
    where = f"sheet-{sheet.code}"
    filled = [row for row in typed if any(cell.strip() for cell in row)]
    if len(filled) > MOST_ROWS:
        return [], [Fault(where, f"“{sheet.title}”有 {len(filled)} 行，最多 {MOST_ROWS} 行。请拆成几份公开。")]
    for number, row in enumerate(filled, 1):
        cells: list[Value] = []
        if any(cell.strip() for cell in row[len(sheet.columns) :]):
            faults.append(
                Fault(
                    where,
                    f"“{sheet.title}”第 {number} 行有 {len(row)} 格，这张表只有 {len(sheet.columns)} 列。"
                    "请删去多的，或者看看是不是多了一道竖线。",
                )
            )
        for place, column in enumerate(sheet.columns):
            try:
                cells.append(_value(column, row[place] if place < len(row) else ""))
            except Refused as refusal:
                sentence = f"“{sheet.title}”第 {number} 行“{column.label}”：{refusal.message}"
                faults.append(Fault(where, sentence, (number, place)))
        rows.append(cells)
    return rows, faults


def _value(spec: Field, text: str) -> Value:
    """One value. Raises ``Refused`` with what is wrong and how to mend it, without the label."""
    bare = text.strip()
    if spec.type == "flag":
        if bare.lower() in YES:
            return True
        if bare.lower() in NO:
            return False
        raise Refused(f"“{bare[:20]}”看不出是还是否，请写“是”或者“否”。")
    if not bare:
        return ""
    if spec.type in MOST_TEXT:
        # Lines are kept where several may stand.
        bare = bare if spec.type == "long" or spec.many else " ".join(bare.split())
        most = MOST_TEXT[spec.type] * (20 if spec.many else 1)
        if len(bare) > most:
            raise Refused(f"写了 {len(bare)} 个字，最多 {most} 个字。请写短一些。")
        return bare
    return _READ[spec.type](spec, bare)


def _plain(bare: str) -> str:
    """Digits, comma and point as a Chinese keyboard types them become the plain ones."""
    return unicodedata.normalize("NFKC", bare)


def _day(spec: Field, bare: str) -> Value:
    return parse_date(bare).isoformat()


def _year(spec: Field, bare: str) -> Value:
    digits = _plain(bare).removesuffix("年")
    if not (digits.isascii() and digits.isdigit() and 1949 <= int(digits) <= 2100):
        raise Refused(f"“{bare[:20]}”不是年份，请写四位数字，例如 2026。")
    return int(digits)


def _money(spec: Field, bare: str) -> Value:
    return parse_yuan(bare)


def _count(spec: Field, bare: str) -> Value:
    plain = _plain(bare).replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 12):
        raise Refused(f"“{bare[:20]}”不是个数，请写整数；没有的写 0。")
    return int(plain)


def _number(spec: Field, bare: str) -> Value:
    bare = _plain(bare)
    if not _NUMBER.fullmatch(bare):
        raise Refused(f"“{bare[:20]}”不是数，请只写数字，最多六位小数。")
    try:
        return format(Decimal(bare.replace(",", "")), "f")
    except InvalidOperation as error:  # pragma: no cover (the pattern let nothing else through)
        raise Refused("这个数读不出来，请重写。") from error


def _choice(spec: Field, bare: str) -> Value:
    if bare not in spec.options:
        raise Refused(f"没有“{bare[:20]}”这一项，请从{'、'.join(spec.options)}里选。")
    return bare


_READ = {"day": _day, "year": _year, "money": _money, "count": _count, "number": _number, "choice": _choice}


def missing(kind: Kind, facts: Facts) -> Iterator[Fault]:
    """Every required place that is empty. A required table is filled, or says why there is nothing in it."""
    fields, sheets = facts.get("fields", {}), facts.get("sheets", {})
    for spec in kind.fields:
        if spec.required and fields.get(spec.code, "") == "":
            yield Fault(f"field-{spec.code}", f"还没有填“{spec.label}”。{spec.hint}")
    if kind.period and (short := _too_short(kind, kind.period, fields)):
        yield short
    for sheet in kind.sheets:
        held = sheets.get(sheet.code, {})
        rows, where = held.get("rows", []), f"sheet-{sheet.code}"
        if sheet.required and not rows and not held.get("none"):
            yield Fault(where, f"“{sheet.title}”是空的。没有数据也要公开空表，请写一句为什么没有。")
        if rows and held.get("none"):
            yield Fault(where, f"“{sheet.title}”有数据，又写了为什么没有。请删掉其中一个。")
        for number, row in enumerate(rows, 1):
            lacking = [
                column.label
                for place, column in enumerate(sheet.columns)
                if column.required and (row[place] if place < len(row) else "") == ""
            ]
            if lacking:
                yield Fault(where, f"“{sheet.title}”第 {number} 行还没有填{'、'.join(f'“{one}”' for one in lacking)}。")


def _too_short(kind: Kind, period: Period, fields: Mapping[str, Value]) -> Fault | None:
    first, last = fields.get(period.first, ""), fields.get(period.last, "")
    if not first or not last:
        return None
    held = (date.fromisoformat(str(last)) - date.fromisoformat(str(first))).days
    reason = kind.field(period.unless)
    if held >= period.days or (held >= 0 and reason and fields.get(reason.code)):
        return None
    where = f"field-{period.last}"
    if held < 0:
        return Fault(where, "结束的日期早于开始的日期，请核对。")
    remedy = f"，或者填“{reason.label}”" if reason else ""
    return Fault(where, f"从开始到结束只有 {held} 天，至少要 {period.days} 天（{period.basis}）。请改日期{remedy}。")


def shown(spec: Field, value: Value) -> str:
    """A value as people read it, with its unit."""
    if value == "" or value is None:
        return ""
    if spec.type == "money":
        return format_yuan(int(value))
    if spec.type == "flag":
        return "是" if value else "否"
    if spec.type == "day":
        return chinese_date(date.fromisoformat(str(value)))
    if spec.type == "year":
        return f"{value}年"
    return f"{value}{spec.unit}"


def typed(spec: Field, value: Value) -> str:
    """A value as it is typed: what ``take`` reads as the same value again."""
    if spec.type == "money" and value != "":
        return plain_yuan(int(value))
    if spec.type == "flag":
        return "是" if value else "否"
    return str(value)


def texts(kind: Kind, facts: Facts) -> Iterator[tuple[str, str]]:
    """Every text in the facts with a label that tells its place, for whoever must read all of it (the guard)."""
    for spec in kind.fields:
        if text := shown(spec, facts.get("fields", {}).get(spec.code, "")):
            yield spec.label, text
    for sheet in kind.sheets:
        held = facts.get("sheets", {}).get(sheet.code, {})
        if held.get("none"):
            yield sheet.title, held["none"]
        for number, row in enumerate(held.get("rows", []), 1):
            for column, value in zip(sheet.columns, row, strict=False):
                if text := shown(column, value):
                    yield f"{sheet.title}第 {number} 行{column.label}", text


def laid_out(kind: Kind, facts: Facts) -> dict[str, Any]:
    """The facts as a page or a paper shows them: ``fields`` (label, text) without empty ones, and each table that is
    filled or tells why it is not, with ``columns`` {label, num}, ``rows`` of texts and ``none``."""
    fields = [(spec.label, shown(spec, facts.get("fields", {}).get(spec.code, ""))) for spec in kind.fields]
    sheets = []
    for sheet in kind.sheets:
        held = facts.get("sheets", {}).get(sheet.code, {})
        if held.get("rows") or held.get("none"):
            sheets.append(
                {
                    "code": sheet.code,
                    "title": sheet.title,
                    "columns": [
                        {"label": column.label, "num": column.type in {"money", "count", "number"}}
                        for column in sheet.columns
                    ],
                    "rows": [
                        [shown(column, value) for column, value in zip(sheet.columns, row, strict=False)]
                        for row in held.get("rows", [])
                    ],
                    "none": held.get("none", ""),
                }
            )
    return {"fields": [pair for pair in fields if pair[1]], "sheets": sheets}
