"""补录 by a table: one row a slip, columns for what the item asks. All rows are entered, or none.

Rows are judged by entering them: a trial does just that and takes everything back, so that preview and entry cannot
disagree. Whoever acts for somebody else is entered one by one on the window's screens.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.actions.late import check_time, enter_late
from mingtang.cases.applicants import Applicant
from mingtang.cases.enums import ApplicantKind
from mingtang.files.decode import decode
from mingtang.files.spreadsheet import Book
from mingtang.lib.errors import Refused
from mingtang.lib.masking import mask_name
from mingtang.lib.text import csv_rows, half_width, parse_datetime, squeeze
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.rulebook import situations
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.spec import Situation

MOST_ROWS, MOST_TOLD, MOST_BYTES = 100, 50, 2_000_000
SLIP, TIME, KIND, TOLD = "号单", "收件时间", "申请人是", "告知过不能准予，仍要申请"
# Column → the field of what it is, as refusals name it.
FIELDS = {
    SLIP: "slip",
    TIME: "happened_at",
    KIND: "kind",
    "姓名": "name",
    "身份证号码": "id_number",
    "电话": "phone",
    "住址": "address",
    "单位名称": "organisation",
    "统一社会信用代码": "uscc",
    TOLD: "told",
}
HINTS = {
    SLIP: "照印的写全，例如 TD01-007；一张只用一次",
    TIME: "纸上写的，例如 2026-03-17 10:00",
    KIND: "个人、单位；空着是个人",
    "电话": "可以空着",
    "住址": "可以空着",
    "单位名称": "单位申请的才填",
    "统一社会信用代码": "单位申请的才填",
    TOLD: "按回答不能准予、当时告诉过申请人、仍要申请的，填 是",
}
_TEXTS = ("name", "id_number", "phone", "address", "organisation", "uscc")
SEEN, BACK, MISSING, LATER = "收下了", "当场退还", "还没有", "再带来"
Row = dict[str, str]


class Unreadable(Refused):
    """A table of which no row was entered. ``problems`` name row and column, and say how to mend each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"这份表有 {len(problems)} 处不对，一件也没有录入。请按下面说的改好再传。", "table")
        self.problems = problems[:MOST_TOLD]


@dataclass(frozen=True)
class Entered:
    """One row that was entered, or would be: ``name`` masked; ``number`` of its case, which a trial does not keep."""

    row: int
    slip: str
    at: datetime
    name: str
    number: str


def _question(situation: Situation) -> str:
    return f"情形：{situation.question}"


def _paper(name: str) -> str:
    return f"材料：{name}"


def columns(version: Version) -> dict[str, str]:
    """The columns for an item version, each with how to fill it in."""
    spec = version.spec
    found = {title: HINTS.get(title, "") for title in FIELDS}
    for row in spec.situations:
        options = "、".join(option.label for option in row.options)
        found[_question(row)] = f"选一个：{options}" if options else f"填整数（{row.unit}）"
    for material in spec.materials:
        if not material.fetched_by_us:
            found[_paper(material.name)] = f"{SEEN}、{BACK}、{MISSING}、{LATER}；空着是还没有"
    return found


def template(version: Version) -> bytes:
    """An empty table as .xlsx: every cell a text, so that no program rounds an identity number."""
    import xlsxwriter

    stream, told = BytesIO(), columns(version)
    with xlsxwriter.Workbook(stream) as book:
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "text_wrap": True})
        table, about = book.add_worksheet("补录"), book.add_worksheet("怎么填")
        table.set_column(0, len(told) - 1, 20, text)
        table.write_row(0, 0, list(told), bold)
        table.freeze_panes(1, 1)
        about.set_column(0, 0, 40)
        about.set_column(1, 1, 70)
        for number, (title, hint) in enumerate(told.items()):
            about.write_row(number, 0, [title, hint])
    return stream.getvalue()


def read(data: bytes) -> list[tuple[int, Row]]:
    """The rows of a table, .xlsx or CSV, with their numbers. Raises ``Refused`` when it is no table of ours."""
    if len(data) > MOST_BYTES:
        raise Refused("文件超过 2 MB。一次最多录 100 件，请分几份传。", "table")
    rows = _book(data) if data[:2] == b"PK" else csv_rows(decode(data))
    titles = [squeeze(cell) for cell in next(rows, (0, []))[1]]
    missing = [title for title in FIELDS if title not in titles]
    if missing:
        raise Refused(f"表头里没有“{'”“'.join(missing)}”。请用这一页下载的表，不要改表头。", "table")
    found = []
    for number, cells in rows:
        plain = (half_width(cell).strip().strip("'\t") for cell in cells)
        found.append((number, {title: cell for title, cell in zip(titles, plain, strict=False) if title}))
        if len(found) > MOST_ROWS:
            raise Refused(f"一份最多 {MOST_ROWS} 行。请分几份传。", "table")
    if not found:
        raise Refused("表里一行也没有。请从第二行起填，一行一张号单。", "table")
    return found


def _book(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that hold anything."""
    book = Book(data)
    for sheet in book.sheets[:1]:
        for row in book.rows(sheet):
            sheet.check_read()
            cells = [row.cells[at].text if at in row.cells else "" for at in range(max(row.cells, default=-1) + 1)]
            if any(cell.strip() for cell in cells):
                yield row.number, cells


def enter(*, item: Item, rows: list[tuple[int, Row]], token: str, by: Staff, trial: bool = False) -> list[Entered]:
    """Enter every row, or with ``trial`` find out whether all could be. ``token`` makes a second sending harmless.

    Raises ``Unreadable`` with a sentence for each row that cannot be; then nothing was entered.
    """
    made: list[Entered] = []
    problems: list[str] = []
    with act():
        for number, row in rows:
            try:
                with transaction.atomic():
                    made.append(_entered(item, number, row, f"{token}:{number}", by))
            except Refused as refusal:
                problems.append(f"第{number}行{_column(item, refusal)}：{refusal.message}")
        if problems or trial:
            transaction.set_rollback(True)
    if problems:
        raise Unreadable(problems)
    return made


def _column(item: Item, refusal: Refused) -> str:
    """The column a refusal is about, in quotation marks."""
    names = {field: title for title, field in FIELDS.items()}
    if item.current:
        names |= {situations.field_of(row.key): _question(row) for row in item.current.spec.situations}
    return f"“{names[refusal.field]}”" if refusal.field in names else ""


def _entered(item: Item, number: int, row: Row, submission: str, by: Staff) -> Entered:
    at = _time(row[TIME])
    version = check_time(item.town, item, at)
    _check_columns(version, row)
    made = enter_late(
        item=item,
        slip=row[SLIP],
        happened_at=at,
        applicant=Applicant(kind=_kind(row[KIND]), **{FIELDS[t]: row[t] for t in FIELDS if FIELDS[t] in _TEXTS}),
        answers={situation.key: _answer(situation, row[_question(situation)]) for situation in version.spec.situations},
        received=_received(version, row),
        submission=submission,
        key=new_case_key(version),
        by=by,
        told=row[TOLD] == "是",
    )
    return Entered(number, row[SLIP].upper(), at, mask_name(row["姓名"]), made.case.number)


def _time(text: str) -> datetime:
    day, time = parse_datetime(text, "happened_at")
    if time is None:
        raise Refused("请写到几点几分，例如 2026-03-17 10:00。", field="happened_at")
    return timezone.make_aware(datetime.combine(day, time))


def _kind(text: str) -> str:
    kinds: dict[str, str] = {kind.label: kind.value for kind in ApplicantKind}
    return kinds.get(text, text) if text else ApplicantKind.PERSON.value


def _check_columns(version: Version, row: Row) -> None:
    """The columns are those of the version of that day: what it asks is there, and nothing else was filled in."""
    known = columns(version)
    if unknown := [title for title, cell in row.items() if cell and title not in known]:
        raise Refused(f"按收件那天的第 {version.number} 版，没有“{unknown[0]}”这一列。请用那一版的表，或者单独录。")
    if lacking := [_question(one) for one in version.spec.situations if _question(one) not in row]:
        raise Refused(f"按收件那天的第 {version.number} 版，要有“{lacking[0]}”这一列。请单独录这一张。")


def _answer(situation: Situation, text: str) -> str:
    labels = {option.label: option.key for option in situation.options}
    return labels.get(text, text)


def _received(version: Version, row: Row) -> Received:
    """What the columns of the papers say; for a paper that these answers do not ask the act refuses."""
    said: dict[str, set[str]] = {SEEN: set(), BACK: set(), LATER: set(), MISSING: set()}
    for material in version.spec.materials:
        text = row.get(_paper(material.name), "") or MISSING
        if text not in said:
            raise Refused(f"“{_paper(material.name)}”填的是“{text[:20]}”，请填{SEEN}、{BACK}、{MISSING}或者{LATER}。")
        said[text].add(material.key)
    return Received(
        seen=frozenset(said[SEEN] | said[BACK]), to_bring=frozenset(said[LATER]), returned=frozenset(said[BACK])
    )
