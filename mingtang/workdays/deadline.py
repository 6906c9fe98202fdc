"""``mingtang deadline --csv FILE``: the same rows with their last day and whether it may still change."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError

from mingtang.lib.errors import Refused
from mingtang.lib.text import csv_rows, half_width, parse_date, read_text, squeeze
from mingtang.workdays.calendar import WorkCalendar
from mingtang.workdays.models import CalendarYear
from mingtang.workdays.seed import seed_calendar
from mingtang.workdays.tables import calendar_for

#: More than any law gives; beyond it a number was mistyped.
LONGEST = 5000
RECEIVED, AMOUNT, DUE, PROVISIONAL = "received", "working_days", "due", "provisional"


@dataclass(frozen=True, slots=True)
class Answer:
    """``text``: the CSV with ``due`` (YYYY-MM-DD) and ``provisional`` (true or false), rows in order, columns kept.

    A row that cannot be computed keeps both empty and has one Chinese sentence in ``problems`` that names its line.
    """

    text: str
    problems: tuple[str, ...]


def house_calendar() -> WorkCalendar:
    """The national calendar of this house; before its database or calendar is set up, the seed."""
    try:
        return calendar_for() if CalendarYear.objects.exists() else seed_calendar()
    except DatabaseError:
        return seed_calendar()


def run(csv_in: Path, calendar: WorkCalendar | None = None) -> Answer:
    """Compute every row of a file. Raises Refused when the file cannot be read or lacks a column."""
    days = calendar or house_calendar()
    rows = csv_rows(read_text(csv_in))
    header = next(rows, (1, []))[1]
    names = [squeeze(name).lower() for name in header]
    for name in (RECEIVED, AMOUNT):
        if name not in names:
            raise Refused(f"文件的第1行没有“{name}”一栏，请写明received和working_days两栏。")
    at_received, at_amount = names.index(RECEIVED), names.index(AMOUNT)
    # A column that is already there is computed anew, so that an answer can be fed back in.
    at_due, at_provisional = _place(names, DUE), _place(names, PROVISIONAL)
    header += [""] * (len(names) - len(header))
    header[at_due], header[at_provisional] = DUE, PROVISIONAL
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    problems = []
    for line, cells in rows:
        row = cells + [""] * (len(header) - len(cells))
        try:
            row[at_due], row[at_provisional] = _answer(days, row[at_received], row[at_amount])
        except Refused as refusal:
            row[at_due] = row[at_provisional] = ""
            problems.append(f"第{line}行：{refusal.message}")
        writer.writerow(row)
    return Answer(out.getvalue(), tuple(problems))


def _place(names: list[str], name: str) -> int:
    if name not in names:
        names.append(name)
    return names.index(name)


def _answer(calendar: WorkCalendar, received: str, amount: str) -> tuple[str, str]:
    start = parse_date(received, RECEIVED)
    bare = half_width(squeeze(amount))
    if not bare.isascii() or not bare.isdigit():
        raise Refused(f"工作日数“{amount.strip()[:20]}”不是零或正整数，请核对。", AMOUNT)
    if len(bare) > 6 or int(bare) > LONGEST:
        raise Refused(f"工作日数{bare[:12]}太大，最多{LONGEST}，请核对。", AMOUNT)
    due = calendar.last_day(start, int(bare))
    return due.day.isoformat(), "true" if due.provisional else "false"
