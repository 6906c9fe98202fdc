"""What is published and can be held against a source record: each figure, row, fee and promise by itself."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from mingtang.disclosure.derived import reading
from mingtang.disclosure.derived.template import templates
from mingtang.disclosure.enums import EditionState, ListState
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import shown
from mingtang.disclosure.models import DerivedList, Document
from mingtang.lib.canonical import sha256_hex
from mingtang.lib.money import format_yuan
from mingtang.oversight.enums import Source
from mingtang.oversight.models import Slot
from mingtang.oversight.periods import title_of
from mingtang.people.models import Unit
from mingtang.people.policies import posts_of
from mingtang.rulebook.board import Standing, charges
from mingtang.rulebook.models import ItemFacts
from mingtang.scrutiny.enums import StatementKind as K
from mingtang.towns.models import Jurisdiction

LONGEST, LONGEST_SPOT = 300, 120
TAKEN_DOWN = "（已撤下）"
# What a ledger can say to be so or not: not names, headings and explanations.
FIGURES = {"money", "count", "number"}


class Span(NamedTuple):
    """Published from a day to a day, both included."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        begin = timezone.make_aware(datetime.combine(self.first, time()))
        return begin, timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time()))


@dataclass(frozen=True)
class Statement:
    """``about`` is the subject of the page it stands on, ``unit`` the code of the unit that published it, ``spot``
    where on the page, ``text`` what it says."""

    kind: str
    about: str
    unit: str
    spot: str
    text: str

    @property
    def cells(self) -> list[str]:
        return [*astuple(self)]

    @property
    def url(self) -> str:
        return address(self.about, self.kind)


def address(about: str, kind: str) -> str:
    """The public page of a statement."""
    room, _, key = about.partition(":")
    pages = {"document": f"/info/{key}", "list": f"/lists/{key}", "duty": f"/board/{key}"}
    return pages.get(room) or (f"/services/{key}/fees" if kind == K.FEE else f"/services/{key}")


def mark(cells: list[str]) -> str:
    """SHA-256 of a statement, its cells with a tab between them."""
    return sha256_hex("\t".join(cells).encode())


def digest(pool: list[list[str]]) -> str:
    """What the announcement says of the pool: SHA-256 over the marks, a line each. So it still holds for whoever sees
    the mark alone of what was taken down since."""
    return sha256_hex("".join(f"{mark(cells)}\n" for cells in pool).encode())


def gone(town: Jurisdiction, pool: Iterable[list[str]]) -> set[str]:
    """The pages of a pool that were taken down since: their words are shown nowhere."""
    documents = Document.objects.filter(town=town, current__state=EditionState.WITHDRAWN)
    lists = DerivedList.objects.filter(town=town, state=ListState.WITHDRAWN)
    found = {f"document:{number}" for number in documents.values_list("index_number", flat=True)}
    found |= {f"list:{number}" for number in lists.values_list("number", flat=True)}
    return found.intersection(about for _, about, *_ in pool)


def as_text(town: Jurisdiction, pool: list[list[str]]) -> str:
    """The file that everybody may have: mark and words of each statement, a line each, in their order."""
    away = gone(town, pool)
    rows = ([mark(cells), *([TAKEN_DOWN] if cells[1] in away else cells)] for cells in pool)
    return "".join("\t".join(row) + "\n" for row in rows)


def _cut(text: str, most: int = LONGEST) -> str:
    bare = " ".join(text.split())
    return bare if len(bare) <= most else bare[: most - 1] + "…"


def collect(town: Jurisdiction, kinds: list[str], span: Span) -> Iterator[Statement]:
    """Every statement of these kinds that stands published, in an order that the records alone decide."""
    if K.FIGURE in kinds or K.ROW in kinds:
        yield from _of_documents(town, kinds, span)
    if K.FEE in kinds:
        yield from _fees(town)
    if K.LIST in kinds:
        yield from _of_lists(town, span)
    if K.PROMISE in kinds:
        yield from _promises(town, span)


def _of_documents(town: Jurisdiction, kinds: list[str], span: Span) -> Iterator[Statement]:
    """The figures that documents state of themselves, and each row of their tables. None that was only taken over from
    elsewhere: nobody here answers for it."""
    rows = Document.objects.filter(
        town=town, current__state=EditionState.PUBLISHED, unit__isnull=False,
        published_at__gte=span.moments[0], published_at__lt=span.moments[1],
    ).exclude(kind="plain")  # fmt: skip
    for row in rows.select_related("unit", "current__revision").order_by("index_number").iterator(200):
        kind, facts, revision = kind_of(row.kind), row.current.revision.facts, row.current.revision
        if K.FIGURE in kinds:
            for spec in kind.fields:
                text = shown(spec, facts.get("fields", {}).get(spec.code, ""))
                if text and spec.type in FIGURES:
                    yield _stated(K.FIGURE, row, f"《{revision.title}》", f"{spec.label}：{text}")
        for sheet in kind.sheets if K.ROW in kinds else ():
            for number, cells in enumerate(facts.get("sheets", {}).get(sheet.code, {}).get("rows", []), 1):
                said = [
                    f"{column.label}：{text}"
                    for column, cell in zip(sheet.columns, cells, strict=False)
                    if (text := shown(column, cell))
                ]
                yield _stated(K.ROW, row, f"《{revision.title}》“{sheet.title}”第 {number} 行", "；".join(said))


def _stated(kind: str, row: Document, spot: str, text: str) -> Statement:
    return Statement(kind, row.subject, row.unit.code, _cut(spot, LONGEST_SPOT), _cut(text))


def _fees(town: Jurisdiction) -> Iterator[Statement]:
    """What may be charged today, whenever it was published."""
    units, today = dict(Unit.objects.filter(town=town).values_list("pk", "code")), timezone.localdate()
    for charge in charges(town):
        if charge.standing(today) == Standing.IN_FORCE:
            fee = charge.fee
            text = f"{fee.name}：{format_yuan(fee.amount)}／{fee.per}；依据：{fee.basis}"
            yield Statement(K.FEE, f"item:{charge.code}", units[charge.unit_id], _cut(charge.item), _cut(text))


def _of_lists(town: Jurisdiction, span: Span) -> Iterator[Statement]:
    """The rows of lists from records. Of a list of persons only the mark of the row: the words go when it ends."""
    lists = DerivedList.objects.filter(
        town=town, state=ListState.SHOWN, shown_at__gte=span.moments[0], shown_at__lt=span.moments[1]
    )
    for row in lists.select_related("key", "made_by").order_by("number"):
        posts = posts_of(row.made_by, row.made_at)
        if not posts:
            continue
        columns, held = templates()[row.template].columns, list(row.rows.all())
        plain = [] if row.key_id else reading.shown(row, held)
        for place, one in enumerate(held):
            text = f"校验码 {one.commitment}"
            if plain:
                pairs = zip(columns, plain[place].cells, strict=True)
                text = "；".join(f"{column.label}：{cell}" for column, cell in pairs)
            spot = _cut(f"{reading.title(row)}第 {one.number} 行", LONGEST_SPOT)
            yield Statement(K.LIST, row.subject, posts[0].unit.code, spot, _cut(text))


def _promises(town: Jurisdiction, span: Span) -> Iterator[Statement]:
    """The days promised for an item, and what a post signed about a promise it says it kept."""
    items = ItemFacts.objects.filter(town=town, suspended=False, days__gt=0).select_related("item", "unit")
    for facts in items.order_by("item__code"):
        yield Statement(
            K.PROMISE,
            facts.item.subject,
            facts.unit.code,
            _cut(facts.name, LONGEST_SPOT),
            f"承诺 {facts.days} 个工作日办结",
        )
    slots = Slot.objects.filter(
        town=town, duty__source=Source.PROMISE, proved_on__range=(span.first, span.last)
    ).exclude(statement="")
    for slot in slots.select_related("duty__owner__unit").order_by("duty__code", "period"):
        spot = _cut(f"{slot.duty.name}　{title_of(slot.period)}", LONGEST_SPOT)
        yield Statement(K.PROMISE, slot.duty.subject, slot.duty.owner.unit.code, spot, _cut(slot.statement))
