"""Three scores of each topic: on time, complete, reached, and beside the last how far it was understood. Counted from
records alone; no number stands for all of them.

``gather`` reads what was published and owed in a year up to a day, ``reckon`` is a fraction of that and nothing else:
whoever has the inputs, which are public, computes every score again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from mingtang.disclosure import reach
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import Facts, missing
from mingtang.disclosure.kinds.kind import Kind
from mingtang.disclosure.models import Document, Filing
from mingtang.oversight.enums import SlotState
from mingtang.oversight.models import Slot
from mingtang.scrutiny.models import ReadCheck
from mingtang.towns.viewer import Viewer

WINDOW = timedelta(days=365)
OWED = (SlotState.ON_TIME, SlotState.LATE, SlotState.EMPTY, SlotState.BROKEN)
FILLED = (SlotState.ON_TIME, SlotState.LATE)


@dataclass(frozen=True)
class Owed:
    """A slot whose day came within the year and for which nothing was excused."""

    duty: str
    name: str
    period: str
    column: str
    unit: str
    due: date
    state: str


@dataclass(frozen=True)
class Stated:
    """A document published within the year: how many places its kind requires, how many of them are filled."""

    edition: int
    index_number: str
    title: str
    columns: tuple[str, ...]
    unit: str
    required: int
    filled: int


@dataclass(frozen=True)
class Known:
    """A document that must be known, once its days are over or it is reached: how often it arrived in them."""

    document: int
    index_number: str
    title: str
    column: str
    unit: str
    times: int
    arrived: int
    until: date


@dataclass(frozen=True)
class Understood:
    """A document that people were asked about: how many answered, of how many answers how many were right."""

    edition: int
    index_number: str
    title: str
    columns: tuple[str, ...]
    unit: str
    people: int
    asked: int
    right: int


@dataclass(frozen=True)
class Inputs:
    owed: tuple[Owed, ...]
    stated: tuple[Stated, ...]
    known: tuple[Known, ...]
    read: tuple[Understood, ...] = ()

    def of_column(self, code: str) -> "Inputs":
        return Inputs(
            tuple(row for row in self.owed if row.column == code),
            tuple(row for row in self.stated if code in row.columns),
            tuple(row for row in self.known if row.column == code),
            tuple(row for row in self.read if code in row.columns),
        )

    def of_unit(self, code: str) -> "Inputs":
        return Inputs(
            tuple(row for row in self.owed if row.unit == code),
            tuple(row for row in self.stated if row.unit == code),
            tuple(row for row in self.known if row.unit == code),
            tuple(row for row in self.read if row.unit == code),
        )


@dataclass(frozen=True)
class Share:
    """``good`` of ``whole``; where there is nothing to count there is no percentage, not even 0."""

    good: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Rounded half up."""
        return (200 * self.good + self.whole) // (2 * self.whole) if self.whole else None

    def passes(self, mark: int) -> bool:
        """Whether it is ``mark`` percent or more, the town's (``limits``); what has nothing to count is not marked."""
        return not self.whole or 100 * self.good >= mark * self.whole


@dataclass(frozen=True)
class Scores:
    on_time: Share
    complete: Share
    reached: Share
    understood: Share

    @property
    def has_data(self) -> bool:
        return any(share.whole for share in (self.on_time, self.complete, self.reached, self.understood))


def reckon(inputs: Inputs) -> Scores:
    """On time: of the slots owed those filled on or before their day. Complete: of the places that kinds require and
    the slots owed those filled, whenever. Reached: of the documents that must be known those that arrived as often as
    asked in their days. Understood: of the answers people gave about documents the right ones."""
    owed = len(inputs.owed)
    on_time = sum(row.state == SlotState.ON_TIME for row in inputs.owed)
    filled = sum(row.state in FILLED for row in inputs.owed) + sum(row.filled for row in inputs.stated)
    return Scores(
        Share(on_time, owed),
        Share(filled, owed + sum(row.required for row in inputs.stated)),
        Share(sum(row.arrived >= row.times for row in inputs.known), len(inputs.known)),
        Share(sum(row.right for row in inputs.read), sum(row.asked for row in inputs.read)),
    )


def places(kind: Kind, facts: Facts) -> tuple[int, int]:
    """How many places a kind requires, and how many of them are filled."""
    required = {f"field-{spec.code}" for spec in kind.fields if spec.required}
    required |= {f"sheet-{sheet.code}" for sheet in kind.sheets if sheet.required}
    lacking = {fault.where for fault in missing(kind, facts)} & required
    return len(required), len(required) - len(lacking)


def gather(viewer: Viewer, today: date) -> Inputs:
    """What the scores of a day are made of."""
    since = today - WINDOW
    return Inputs(
        tuple(_owed(viewer, since, today)),
        tuple(_stated(viewer, since)),
        tuple(_known(viewer, today)),
        tuple(_read(viewer)),
    )


def _owed(viewer: Viewer, since: date, today: date) -> Iterable[Owed]:
    rows = Slot.objects.visible_to(viewer).standing(today).filter(due_on__gt=since, due_on__lte=today, state__in=OWED)
    unit = Coalesce("duty__owner__unit__code", "duty__column__owner__unit__code")
    rows = rows.annotate(unit=unit).order_by("due_on", "pk")
    columns = ("duty__code", "duty__name", "period", "duty__column__code", "unit", "due_on", "state")
    for code, name, period, column, unit_code, due_on, state in rows.values_list(*columns):
        yield Owed(code, name, period, column or "", unit_code, due_on, state)


def _stated(viewer: Viewer, since: date) -> Iterable[Stated]:
    begin = timezone.make_aware(datetime.combine(since, time()))
    rows = Document.objects.visible_to(viewer).filter(
        current__state=EditionState.PUBLISHED, published_at__gte=begin, unit__isnull=False
    )
    rows = rows.exclude(kind="plain").select_related("unit", "current__revision").defer(
        "current__revision__body_html", "current__revision__body_text"
    )  # fmt: skip
    filed = _filed(rows)
    for row in rows.order_by("index_number").iterator(200):
        revision = row.current.revision
        required, filled = places(kind_of(row.kind), revision.facts)
        if required:
            columns = tuple(sorted(filed.get(row.pk, [])))
            yield Stated(row.current_id, row.index_number, revision.title, columns, row.unit.code, required, filled)


def _filed(documents: QuerySet[Document]) -> dict[int, list[str]]:
    """The columns in which each stands."""
    filed: dict[int, list[str]] = {}
    for document, column in Filing.objects.filter(document__in=documents).values_list("document_id", "column__code"):
        filed.setdefault(document, []).append(column)
    return filed


def _read(viewer: Viewer) -> Iterable[Understood]:
    """What stands and enough people answered; however long ago, for the text is the same."""
    checks = ReadCheck.objects.visible_to(viewer).standing().filter(told__gt=0)
    rows = list(checks.select_related("edition__document__unit", "edition__revision").order_by("number"))
    filed = _filed(Document.objects.filter(pk__in=[row.edition.document_id for row in rows])) if rows else {}
    for row in rows:
        document, columns = row.edition.document, filed.get(row.edition.document_id, [])
        yield Understood(
            row.edition_id, document.index_number, row.edition.revision.title, tuple(sorted(columns)),
            document.unit.code if document.unit else "", row.told, row.told * len(row.questions), sum(row.told_right),
        )  # fmt: skip


def _known(viewer: Viewer, today: date) -> Iterable[Known]:
    rows = reach.must_know(viewer, today).filter(Q(until__lt=today) | Q(state="reached"))
    columns = (
        "document__index_number",
        "document__current__revision__title",
        "column__code",
        "column__owner__unit__code",
    )
    for pk, number, title, code, unit, *counted in rows.values_list(
        "document", *columns, "column__reach_times", "arrived", "until"
    ):
        yield Known(pk, number, title, code, unit or "", *counted)
