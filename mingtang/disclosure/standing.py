"""How each column of a town's catalogue stands: how much is published in it, since when, or why there is nothing."""

from dataclasses import dataclass
from datetime import datetime

from mingtang.disclosure.derived.reading import shown_in
from mingtang.disclosure.models import Column
from mingtang.disclosure.shelf import shelf
from mingtang.towns.viewer import Viewer


@dataclass(frozen=True)
class Standing:
    """A column (or heading) with ``count`` published documents and ``lists`` from records that are shown, the
    ``newest`` of them all, and the columns under it."""

    column: Column
    count: int
    lists: int
    newest: datetime | None
    under: tuple["Standing", ...] = ()

    @property
    def state(self) -> str:
        """``filled``, ``told`` (empty, and somebody said why), ``empty`` (a duty, and nobody did) or ``none``."""
        if self.count or self.lists:
            return "filled"
        if not self.column.is_duty:
            return "none"
        return "told" if self.column.nothing else "empty"


def of_town(viewer: Viewer, scheme: str = "") -> list[Standing]:
    """Every open column, headings with those under them, in the order of the catalogue."""
    rows = Column.objects.visible_to(viewer).filter(closed_on__isnull=True).select_related("owner__unit")
    if scheme:
        rows = rows.filter(scheme=scheme)
    documents, lists = shelf(viewer.town), shown_in(viewer.town)
    under: dict[int | None, list[Column]] = {}
    for row in rows.order_by("order", "pk"):
        under.setdefault(row.parent_id, []).append(row)

    def standing(row: Column) -> Standing:
        count, newest = documents.published_in(row.code)
        held = lists.get(row.code, [])
        days = [newest, *(one.shown_at for one in held[:1])]
        newest = max((day for day in days if day is not None), default=None)
        return Standing(row, count, len(held), newest, tuple(map(standing, under.get(row.pk, []))))

    return [standing(row) for row in under.get(None, [])]


def under(viewer: Viewer, column: Column) -> list[Standing]:
    """The columns under a heading; nothing for one that stands by itself."""
    if not column.children.exists():
        return []
    found = next((one for one in of_town(viewer, column.scheme) if one.column.pk == column.pk), None)
    return list(found.under) if found else []


def leaves(standings: list[Standing]) -> list[Standing]:
    """Those that can hold documents, without the headings."""
    found: list[Standing] = []
    for one in standings:
        found += leaves(list(one.under)) if one.under else [one]
    return found
