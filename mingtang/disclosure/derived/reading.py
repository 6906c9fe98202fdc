"""A list as pages and papers show it: its rows a page at a time, what changed since the edition before, its proof."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mingtang.cases.models import Case
from mingtang.disclosure.derived import commit
from mingtang.disclosure.derived.template import Template, templates
from mingtang.disclosure.enums import ListState
from mingtang.disclosure.models import DerivedList, DerivedRow
from mingtang.lib.money import format_yuan
from mingtang.lib.text import chinese_date
from mingtang.towns.models import Jurisdiction

MARK = 8  # characters of a commitment that tell two rows with equal words apart


def title(row: DerivedList) -> str:
    """Name, village and period in words."""
    where = f"（{row.village}）" if row.village else ""
    return f"{templates()[row.template].name}{where}：{span(row)}"


def span(row: DerivedList) -> str:
    """Its period in words: 2026年3月, 2026年第一季度, 2026年3月1日至16日."""
    first, last = row.from_on, row.to_on
    if (last + timedelta(days=1)).day == 1 and last.month - first.month in {0, 2}:
        whole = f"{first.month}月" if first.month == last.month else f"第{'一二三四'[first.month // 3]}季度"
        return f"{first.year}年{whole}"
    return f"{chinese_date(first)}至{'' if first.month == last.month else f'{last.month}月'}{last.day}日"


@dataclass(frozen=True)
class Shown:
    """A row in the order of the columns, sums in words; ``mark`` tells it from one with the same words."""

    number: int
    cells: list[str]
    mark: str


def _words(template: Template, cells: dict[str, Any]) -> list[str]:
    return [
        format_yuan(cells[column.code]) if column.type == "money" else str(cells[column.code])
        for column in template.columns
    ]


def shown(row: DerivedList, rows: Sequence[DerivedRow]) -> list[Shown]:
    """Rows in words. Decrypts those of persons; raises ``Refused`` where they are gone."""
    template = templates()[row.template]
    found = []
    for one in rows:
        one.list = row
        cells = one.opened()[1]["cells"] if row.key_id else one.cells
        found.append(Shown(one.number, _words(template, cells), one.commitment[:MARK].upper()))
    return found


def still_there(row: DerivedList) -> bool:
    """Whether its rows can be read: those of persons go when the list is no longer shown, others when it is taken back.

    A list that names no person stays beside the edition that came after it.
    """
    if row.key_id is None:
        return row.state != ListState.WITHDRAWN
    return row.state in {ListState.MADE, ListState.CHECKED, ListState.SHOWN}


def before(row: DerivedList) -> DerivedList | None:
    """The edition before it that was shown."""
    same = DerivedList.objects.filter(
        town=row.town_id, template=row.template, village=row.village, from_on=row.from_on, edition__lt=row.edition
    )
    return same.filter(shown_at__isnull=False).order_by("-edition").select_related("key").first()


@dataclass(frozen=True)
class Difference:
    """What an edition changes against the one before: rows that came and went, as far as both can still be read."""

    older: DerivedList
    came: list[Shown]
    gone: list[Shown]


def difference(row: DerivedList) -> Difference | None:
    """None where there is no edition before, or one of the two can no longer be read."""
    older = before(row)
    if older is None or not still_there(older) or not still_there(row):
        return None
    now, then = shown(row, list(row.rows.all())), shown(older, list(older.rows.all()))
    return Difference(older, _without(now, then), _without(then, now))


def _without(these: list[Shown], those: list[Shown]) -> list[Shown]:
    """Of these the rows that have no equal among those, each of which answers for one."""
    left = Counter(tuple(one.cells) for one in those)
    found = []
    for one in these:
        if left[tuple(one.cells)]:
            left[tuple(one.cells)] -= 1
        else:
            found.append(one)
    return found


def commitments(row: DerivedList) -> list[str]:
    return list(row.rows.order_by("number").values_list("commitment", flat=True))


def opening_for(row: DerivedList, case: Case) -> list[dict[str, Any]]:
    """The openings of a case's rows, for whoever has opened the case; nothing where it does not stand in the list."""
    if not still_there(row):
        return []
    held = list(row.rows.filter(case=case))
    every = commitments(row) if held else []
    found = []
    for one in held:
        one.list = row
        salt, whole = one.opened()
        found.append(commit.opening(salt, whole, every))
    return found


def opening_of_decision(row: DerivedList, number: str) -> list[dict[str, Any]]:
    """The opening of a decision's row, for whoever has opened the decision. Decrypts every row of the list."""
    if not still_there(row):
        return []
    every, found = commitments(row), []
    for one in row.rows.select_related("list__key"):
        salt, whole = one.opened()
        if whole.get("case") == number:
            found.append(commit.opening(salt, whole, every))
    return found


def lists_with(case: Case) -> list[DerivedList]:
    """The lists shown now in which a case stands, newest first. For whoever has opened the case."""
    rows = DerivedList.objects.filter(rows__case=case, state=ListState.SHOWN)
    return list(rows.distinct().order_by("-pk"))


def shown_in(town: Jurisdiction) -> dict[str, list[DerivedList]]:
    """The lists that stand in each column of the catalogue now, the newest first. One query."""
    found: dict[str, list[DerivedList]] = {}
    for row in DerivedList.objects.filter(town=town, state=ListState.SHOWN).order_by("-shown_at", "-pk"):
        for code in templates()[row.template].catalogue if row.template in templates() else ():
            found.setdefault(code, []).append(row)
    return found


def newest_in(town: Jurisdiction, column: str, most: int) -> list[DerivedList]:
    """The newest lists shown that belong to a column of the catalogue."""
    codes = [template.code for template in templates().values() if column in template.catalogue]
    if not codes:
        return []
    return list(DerivedList.objects.filter(town=town, template__in=codes, state=ListState.SHOWN).order_by("-pk")[:most])


def words_of(row: DerivedList, whole: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and words of each column of an opened row, as far as it has them."""
    template = templates()[row.template]
    cells = whole["cells"]
    return [
        (column.label, format_yuan(value) if column.type == "money" and type(value) is int else str(value))
        for column in template.columns
        if (value := cells.get(column.code)) is not None
    ]
