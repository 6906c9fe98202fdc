"""Which edition of a sheet should hang today, and whether the one on the wall is it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from mingtang.boards.enums import SheetState, What
from mingtang.boards.models import Board, Check, Hanging, Sheet
from mingtang.disclosure.derived import reading
from mingtang.disclosure.derived.template import templates
from mingtang.disclosure.enums import EditionState, ListState
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.models import DerivedList, Document, Edition
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.models import Item, Version
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.models import Tenant

FEES_KIND = "utility-fees"
# No sheet is good for longer: by then it has faded.
LASTS = timedelta(days=365)
# How many days before its day a check is named as near.
NEAR = 14


@dataclass(frozen=True)
class Newest:
    """The text that should hang: exactly one of the three. ``version``: of the item whose guide it is."""

    edition: Edition | None = None
    list: DerivedList | None = None
    version: Version | None = None

    @property
    def key(self) -> int:
        return (self.edition or self.list or self.version).pk

    @property
    def title(self) -> str:
        if self.version:
            return f"{self.version.name}：办事指南"
        return self.edition.revision.title if self.edition else reading.title(self.list)

    @property
    def number(self) -> int:
        return self.list.edition if self.list else (self.edition or self.version).number

    @property
    def on(self) -> date:
        """The day since when everybody could read it; of a guide that on which it came into force."""
        if self.edition:
            return timezone.localdate(self.edition.source_published_at or self.edition.published_at)
        return timezone.localdate(self.list.shown_at if self.list else self.version.in_force_at)

    @property
    def url(self) -> str:
        if self.version:
            return f"/services/{self.version.item.code}"
        return f"/info/{self.edition.document.index_number}" if self.edition else f"/lists/{self.list.number}"

    def until(self, today: date) -> date:
        """The last day of a sheet printed today: of its term, of the first price that ends, of the list; a year at
        most."""
        ends = [today + LASTS]
        if self.edition:
            ends.append(self.edition.in_force_until)
            ends += [day for day in _ends_of_prices(self.edition) if day >= today]
        elif self.list:
            ends.append(self.list.until)
        else:
            ends += [day for day in _last_days_of_fees(self.version) if day >= today]
        return min(day for day in ends if day)


def _ends_of_prices(edition: Edition) -> list[date]:
    if edition.document.kind != FEES_KIND:
        return []
    codes = [column.code for column in kind_of(FEES_KIND).sheet("fees").columns]
    rows = [dict(zip(codes, row, strict=False)) for row in edition.revision.facts["sheets"]["fees"]["rows"]]
    return [date.fromisoformat(row["end"]) for row in rows if row.get("end")]


def _last_days_of_fees(version: Version) -> list[date]:
    """Of a fee that begins later the sheet says from when."""
    return [date.fromisoformat(fee.valid_to) for fee in version.spec.fees if fee.valid_to]


@dataclass(frozen=True)
class Standing:
    """One sheet of a board: what should hang, what hangs, since when that is not so."""

    sheet: Sheet
    newest: Newest | None
    hanging: Hanging | None
    today: date

    @property
    def state(self) -> SheetState:
        if self.newest is None:
            return SheetState.GONE if self.hanging else SheetState.NOTHING
        if self.hanging is None:
            return SheetState.MISSING
        if self.hanging.key != self.newest.key:
            return SheetState.REPLACED
        return SheetState.EXPIRED if self.hanging.until < self.today else SheetState.NEWEST

    @property
    def is_due(self) -> bool:
        return self.state not in (SheetState.NEWEST, SheetState.NOTHING)

    @property
    def days(self) -> int:
        """For how many days the wall has not been as it should; 0 while it is."""
        if not self.is_due or self.newest is None:
            return 0
        begun = max(self.newest.on, self.sheet.since)
        if self.state == SheetState.EXPIRED:
            begun = self.hanging.until
        return (self.today - begun).days

    @property
    def title(self) -> str:
        if self.newest:
            return self.newest.title
        if self.sheet.what == What.LIST:
            return templates()[self.sheet.template].name
        if self.sheet.item:
            return f"{self.sheet.item}：办事指南"
        return self.sheet.get_what_display()


@dataclass(frozen=True)
class BoardStanding:
    """One board with its sheets and its last look."""

    board: Board
    sheets: list[Standing]
    last: Check | None
    today: date

    @property
    def check_due(self) -> date:
        return self.board.next_check(timezone.localdate(self.last.checked_at) if self.last else None)

    @property
    def check_left(self) -> int:
        """Days until the next look is due; below 0 it is overdue."""
        return (self.check_due - self.today).days

    @property
    def due(self) -> list[Standing]:
        return [one for one in self.sheets if one.is_due]

    @property
    def is_kept(self) -> bool:
        return self.check_left >= 0 and not self.due and not (self.last and self.last.note)

    @property
    def worst(self) -> int:
        """For how many days the longest of its faults has stood; what is overdue comes first in every list."""
        return max(0, -self.check_left, *(one.days for one in self.due))


def standings(boards: Iterable[Board], today: date | None = None) -> list[BoardStanding]:
    """Every board with what should hang and what does, the longest neglected first. Seven queries, however many."""
    boards, today = list(boards), today or timezone.localdate()
    sheets = Sheet.objects.filter(board__in=boards, ended_on__isnull=True).select_related(
        "board__unit", "document", "item"
    )
    rows = list(sheets)
    newest = _newest(rows)
    up = {row.sheet_id: row for row in Hanging.objects.filter(sheet__in=rows, down_at__isnull=True)}
    of_board: dict[int, list[Standing]] = {}
    for sheet in rows:
        standing = Standing(sheet, newest.get(sheet.pk), up.get(sheet.pk), today)
        of_board.setdefault(sheet.board_id, []).append(standing)
    looked = {row.board_id: row for row in Check.objects.filter(board__in=boards).order_by("pk")}
    found = [BoardStanding(one, of_board.get(one.pk, []), looked.get(one.pk), today) for one in boards]
    return sorted(found, key=lambda one: (one.is_kept, -one.worst, one.board.pk))


def standing(board: Board) -> BoardStanding:
    return standings([board])[0]


def _newest(sheets: list[Sheet]) -> dict[int, Newest]:
    """Sheet → the text that should hang today; nothing where none is public."""
    units = {sheet.board.unit_id for sheet in sheets if sheet.what == What.FEES}
    numbers = {sheet.document_id for sheet in sheets if sheet.what == What.DOCUMENT}
    rows = Document.objects.filter(current__state=EditionState.PUBLISHED)
    rows = rows.select_related("current__revision", "current__document__town", "current__document__unit")
    fees = {row.unit_id: row for row in rows.filter(unit__in=units, kind=FEES_KIND).order_by("listed_at", "pk")}
    documents = {row.pk: row for row in rows.filter(pk__in=numbers)}
    kinds = {sheet.template for sheet in sheets if sheet.what == What.LIST}
    shown = DerivedList.objects.filter(template__in=kinds, state=ListState.SHOWN).select_related("town")
    lists = {(row.town_id, row.template, row.village): row for row in shown.order_by("from_on", "pk")}
    codes = {sheet.item_id for sheet in sheets if sheet.what == What.ITEM}
    items = Item.objects.filter(pk__in=codes, current__state=VersionState.IN_FORCE).select_related("current__item")
    guides = {row.pk: row.current for row in items}
    found = {}
    for sheet in sheets:
        if sheet.what == What.LIST:
            village = sheet.board.village.name if sheet.board.village else ""
            row = lists.get((sheet.board.town_id, sheet.template, village))
            if row:
                found[sheet.pk] = Newest(list=row)
        elif sheet.what == What.ITEM:
            if version := guides.get(sheet.item_id):
                found[sheet.pk] = Newest(version=version)
        else:
            held = fees.get(sheet.board.unit_id) if sheet.what == What.FEES else documents.get(sheet.document_id)
            if held:
                found[sheet.pk] = Newest(edition=held.current)
    return found


def without_board(town: Jurisdiction) -> list[Tenant]:
    """The public utilities that keep no board for their fees, though the plan asks it of each of them."""
    kept = Sheet.objects.filter(what=What.FEES, ended_on__isnull=True, board__town=town, board__closed_on__isnull=True)
    rows = Tenant.objects.filter(town=town, unit__dissolved_on__isnull=True).select_related("unit", "owner__unit")
    return list(rows.exclude(unit__in=kept.values("board__unit")))
