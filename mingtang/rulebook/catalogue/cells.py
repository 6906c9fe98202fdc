"""One value into one cell, and back. What a cell cannot hold as people would write it stands there verbatim.

Nothing is lost: a code outside its list, a text with a character that XML forbids, an amount below zero are written as
``原样：`` and JSON, and read again as they were. The publication gate asks for something better.
"""

import json
import re
import unicodedata
from typing import Any

from mingtang.files.spreadsheet import DATE, DIGITS_KEPT, NUMBER, TEXT, Cell
from mingtang.lib.errors import Refused
from mingtang.lib.money import LIMIT, parse_yuan
from mingtang.lib.text import parse_datetime
from mingtang.rulebook.catalogue.columns import Column, Form

VERBATIM = "原样："
YES, NO = "是", "否"
# What a spreadsheet program takes in one cell, and how far its numbers are exact.
MAX_TEXT = 32_767
_EXACT = 10**DIGITS_KEPT
# What XML forbids, and two escapes in one that the writer would take for each other.
_UNWRITABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_"
)
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_SEPARATORS = re.compile(r"[、；;\n]")


def written(column: Column, value: Any) -> str | int | float | None:
    """What stands in the cell: a text, a number, or nothing."""
    if value is None:
        return None
    match column.form:
        case Form.FLAG:
            return YES if value else NO
        case Form.WHOLE if -_EXACT < value < _EXACT:
            return value
        case Form.MONEY if 0 <= value < LIMIT:
            return value / 100
        case Form.CODE if not value:
            return None
        case Form.CODE if value in column.words.values:
            return str(column.words(value).label)
        case Form.CODES if all(value) and set(value) <= set(column.words.values):
            return "、".join(str(column.words(one).label) for one in value) or None
        case Form.TEXTS if all(_plain_entry(one) for one in value):
            return "、".join(value) or None
        case Form.DAY if not value or _is_day(value):
            return value or None
        case Form.TEXT | Form.WHEN if not value.startswith(VERBATIM) and not _UNWRITABLE.search(value):
            return value or (VERBATIM + '""' if column.optional else None)
    return VERBATIM + _verbatim_text(value)


def _verbatim_text(value: Any) -> str:
    """JSON as people read it, or in plain ASCII where a character needs it."""
    said = json.dumps(value, ensure_ascii=False)
    return json.dumps(value).replace("_x", "\\u005fx") if _UNWRITABLE.search(said) else said


def _plain_entry(text: str) -> bool:
    odd = _SEPARATORS.search(text) or _UNWRITABLE.search(text) or text.startswith(VERBATIM)
    return not odd and text == text.strip() != ""


def _is_day(text: str) -> bool:
    try:
        return parse_datetime(text)[0].isoformat() == text
    except Refused:
        return False


def read(column: Column, cell: Cell | None) -> Any:
    """The value of a cell. Raises ``Refused`` with a sentence that follows the name of the cell."""
    if cell is None:
        return _nothing(column)
    if cell.formula:
        raise Refused("里面是公式，请改成公式算出来的内容（复制以后选择性粘贴为数值）。")
    if cell.kind == "error":
        raise Refused(f"里面是错误值{cell.text}，请改正。")
    if cell.kind == TEXT and cell.text.startswith(VERBATIM):
        return _verbatim(column, cell.text.removeprefix(VERBATIM))
    return _READERS[column.form](column, cell)


def _nothing(column: Column) -> Any:
    if column.optional:
        return None
    match column.form:
        case Form.WHOLE:
            raise Refused("空着，请填一个整数，没有的填 0。")
        case Form.MONEY:
            raise Refused("空着，请填金额（元），没有的填 0。")
        case Form.FLAG:
            raise Refused(f"空着，请填“{YES}”或者“{NO}”。")
        case Form.CODES | Form.TEXTS:
            return []
    return ""


def _verbatim(column: Column, text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    wanted = {Form.WHOLE: int, Form.MONEY: int, Form.FLAG: bool, Form.CODES: list, Form.TEXTS: list}
    good = type(value) is wanted.get(column.form, str)
    texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    # No text may hold a NUL, and half of a character is none.
    if not good or not all(type(one) is str and not _NO_TEXT.search(one) for one in texts):
        raise Refused(f"“{VERBATIM}”后面的内容被改过，读不出来。请去掉“{VERBATIM}”，重新填写。")
    return value


def _text(column: Column, cell: Cell) -> str:
    if cell.kind == DATE:
        raise Refused(f"被表格软件改成了日期（{cell.text}），请把这一格的格式设为“文本”，重新填写。")
    if cell.kind == NUMBER and len(cell.text.lstrip("-")) > DIGITS_KEPT and "." not in cell.text:
        raise Refused("这个长数字被表格软件改动过，末几位不可靠，请把这一格的格式设为“文本”，重新填写。")
    if cell.kind not in (TEXT, NUMBER):
        raise Refused("应当是文字，请把这一格的格式设为“文本”，重新填写。")
    return cell.text


def _said(cell: Cell) -> str:
    """What was typed, for short: full-width digits as ASCII, no space around it."""
    return unicodedata.normalize("NFKC", cell.text).strip()


def _whole(column: Column, cell: Cell) -> int | None:
    said = _said(cell)
    if not said:
        return _nothing(column)
    if cell.kind not in (TEXT, NUMBER) or not re.fullmatch(r"-?[0-9]{1,15}", said):
        raise Refused(f"要填整数，不带单位和小数，现在是“{_short(cell.text)}”。")
    return int(said)


def _money(column: Column, cell: Cell) -> int:
    if cell.kind not in (TEXT, NUMBER):
        raise Refused(f"要填金额（元），现在是“{_short(cell.text)}”。")
    return parse_yuan(cell.text) if _said(cell) else _nothing(column)


def _flag(column: Column, cell: Cell) -> bool:
    said = _said(cell)
    if cell.kind == "flag":
        return said == "1"
    if said not in (YES, NO):
        raise Refused(f"只能填“{YES}”或者“{NO}”，现在是“{_short(cell.text)}”。")
    return said == YES


def _day(column: Column, cell: Cell) -> str:
    if not _said(cell):
        return ""
    return cell.text if cell.kind == DATE else parse_datetime(cell.text)[0].isoformat()


def _code_of(column: Column, said: str) -> str:
    """The code of a label or of a code itself."""
    wanted = _squeezed(said)
    for code, label in column.words.choices:
        if wanted in (_squeezed(str(label)), code):
            return code
    raise Refused(f"只能填{'、'.join(f'“{label}”' for label in column.words.labels)}，现在是“{_short(said)}”。")


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _code(column: Column, cell: Cell) -> str:
    return _code_of(column, cell.text) if _said(cell) else ""


def _codes(column: Column, cell: Cell) -> list[str]:
    return [_code_of(column, part) for part in re.split(r"[、，,；;\n]", cell.text) if part.strip()]


def _texts(column: Column, cell: Cell) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(_text(column, cell)) if part.strip()]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 20 else text[:20] + "……"


_READERS = {
    Form.TEXT: _text,
    Form.WHEN: _text,
    Form.WHOLE: _whole,
    Form.MONEY: _money,
    Form.FLAG: _flag,
    Form.DAY: _day,
    Form.CODE: _code,
    Form.CODES: _codes,
    Form.TEXTS: _texts,
}
