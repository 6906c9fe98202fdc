"""Calendar files: holiday-cn JSON (``days`` of ``name``, ``date``, ``isOffDay``) and CSV ``date,is_workday,reason``.

A file is taken whole or refused whole, every bad row named: half a year's holidays are worse than none.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mingtang.events.log import Actor
from mingtang.lib.errors import Refused
from mingtang.lib.text import collapse, csv_rows, parse_date, read_text, squeeze
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.actions import Loaded, load_days
from mingtang.workdays.calendar import FIRST_YEAR, LAST_YEAR, MAKE_UP, DayMark

#: A calendar is about 16 KB; beyond this the file is something else.
SIZE_LIMIT = 5_000_000
_YES, _NO = (
    frozenset({"1", "true", "是", "上班", "y", "yes"}),
    frozenset({"0", "false", "否", "放假", "休息", "n", "no"}),
)
_NAMED = 12

Row = tuple[str, date, bool, str]


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What a file says: days that differ from the week or have a name, days that follow it, and years it completes.

    A year is complete when 1 January and 1 October of it are given as days of rest, as every notice does.
    """

    marks: dict[date, DayMark]
    plain: frozenset[date]
    complete: frozenset[int]


def import_calendar(path: Path, *, town: Jurisdiction, by: Actor) -> Loaded:
    """Load a file into the national calendar, the event in ``town``'s log. Raises Refused naming every bad row."""
    said = read_calendar(path)
    return load_days(town=town, by=by, marks=said.marks, plain=said.plain, complete=said.complete, source=path.name)


def read_calendar(path: Path) -> CalendarFile:
    """Read a file whole. Raises Refused when a row is wrong (each named by its line) or there is none."""
    text = read_text(path, limit=SIZE_LIMIT)
    rows = _json_rows(text) if path.suffix.lower() == ".json" or text.lstrip().startswith("{") else _csv_rows(text)
    days: dict[date, tuple[str, bool, str]] = {}
    bad: list[str] = []
    for found in rows:
        if isinstance(found, str):
            bad.append(found)
            continue
        where, day, is_workday, reason = found
        if day in days and days[day][1] != is_workday:
            bad.append(f"{where}与{days[day][0]}矛盾：{day.isoformat()}既写上班又写放假。")
        days.setdefault(day, (where, is_workday, reason))
    if bad:
        more = f"另有{len(bad) - _NAMED}处。" if len(bad) > _NAMED else ""
        raise Refused("日历文件有误，没有载入。" + "".join(bad[:_NAMED]) + more + "请改正后重新载入。")
    if not days:
        raise Refused("日历文件里没有一天，可能当年的放假通知还没有公布，请换一份文件。")
    complete = {day.year for day in days if _rests(days, day.year, 1) and _rests(days, day.year, 10)}
    marks = {day: _mark(day, *rest[1:]) for day, rest in days.items() if _differs(day, *rest[1:])}
    return CalendarFile(marks, frozenset(days.keys() - marks.keys()), frozenset(complete))


def _rests(days: dict[date, tuple[str, bool, str]], year: int, month: int) -> bool:
    first = days.get(date(year, month, 1))
    return first is not None and not first[1]


def _differs(day: date, is_workday: bool, reason: str) -> bool:
    return bool(reason) or is_workday != (day.weekday() < 5)


def _mark(day: date, is_workday: bool, reason: str) -> DayMark:
    if is_workday and day.weekday() >= 5 and MAKE_UP not in reason:
        return DayMark(True, f"{MAKE_UP}（{reason}）" if reason else MAKE_UP)
    return DayMark(is_workday, reason or "放假")


def _json_rows(text: str) -> Iterator[Row | str]:
    try:
        whole: Any = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise Refused(f"日历文件不是完整的JSON，第{line}行附近有误，请核对。") from None
    days = whole.get("days") if isinstance(whole, dict) else None
    if not isinstance(days, list):
        raise Refused("日历文件缺少days一栏，请使用holiday-cn格式的JSON。")
    # The items of a list have no line of their own once parsed; the n-th opening of "date" has.
    lines = [number for number, line in enumerate(text.splitlines(), 1) for _ in range(line.count('"date"'))]
    for place, item in enumerate(days):
        where = f"第{lines[place]}行" if len(lines) == len(days) else f"第{place + 1}条"
        if not isinstance(item, dict) or not isinstance(item.get("isOffDay"), bool):
            yield f"{where}没有写明是否放假（isOffDay）。"
            continue
        yield _row(where, str(item.get("date", "")), not item["isOffDay"], str(item.get("name") or ""))


def _csv_rows(text: str) -> Iterator[Row | str]:
    rows = csv_rows(text)
    header = [squeeze(cell).lower() for cell in next(rows, (1, []))[1]]
    if "date" not in header or "is_workday" not in header:
        raise Refused("日历文件的第1行应写明栏名date、is_workday和reason，请补上。")
    at_date, at_workday = header.index("date"), header.index("is_workday")
    at_reason = next((header.index(name) for name in ("reason", "holiday_name") if name in header), None)
    for line, cells in rows:
        where = f"第{line}行"
        if len(cells) <= max(at_date, at_workday):
            yield f"{where}缺少栏目。"
            continue
        word = squeeze(cells[at_workday]).lower()
        if word not in _YES | _NO:
            yield f"{where}的is_workday应为1或0，现在是“{word[:10]}”。"
            continue
        reason = cells[at_reason] if at_reason is not None and at_reason < len(cells) else ""
        yield _row(where, cells[at_date], word in _YES, reason)


def _row(where: str, stated: str, is_workday: bool, reason: str) -> Row | str:
    try:
        day = parse_date(stated)
    except Refused as refusal:
        return f"{where}：{refusal.message}"
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return f"{where}的日期{day.isoformat()}不在{FIRST_YEAR}年至{LAST_YEAR}年之间。"
    return where, day, is_workday, collapse(reason)[:50]
