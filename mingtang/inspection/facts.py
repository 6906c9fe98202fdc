"""What a self-check must know of a town beside its pages."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from mingtang.disclosure.enums import Theme
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.requirements import issues
from mingtang.disclosure.standing import leaves, of_town
from mingtang.inspection import marks
from mingtang.oversight.enums import Source
from mingtang.oversight.models import Slot
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from mingtang.voices.models import Obstacle

# So many of the newest texts pass the guard once more; the rest passed it when they were published.
READ_AGAIN = 300


@dataclass(frozen=True)
class ColumnFact:
    """``state`` as ``standing`` has it; ``overdue_since``: the day by which something should have come, of the oldest
    slot of the board that waits."""

    name: str
    url: str
    owner: str
    state: str
    newest: date | None
    overdue_since: date | None
    is_lawful: bool


@dataclass(frozen=True)
class DocumentFact:
    url: str
    title: str
    listed_on: date
    is_dated: bool


@dataclass
class Facts:
    """What no page of the site says for certain: marks, columns, the newest documents, what the guard finds now."""

    name: str
    base_url: str
    is_demo: bool
    marks: dict[str, str]
    columns: list[ColumnFact] = field(default_factory=list)
    documents: list[DocumentFact] = field(default_factory=list)
    findings: list[tuple[str, str]] = field(default_factory=list)
    reports: list[DocumentFact] = field(default_factory=list)
    unanswered: list[tuple[str, date]] = field(default_factory=list)


def gather(town: Jurisdiction) -> Facts:
    """The facts of a town at this moment."""
    return Facts(
        name=town.site_name,
        base_url=town.base_url,
        is_demo=town.is_demo,
        marks=marks.of(town),
        columns=_columns(town),
        documents=[_document(row) for row in _published(town)[:20]],
        findings=_findings(town),
        reports=[_document(row) for row in _published(town).filter(theme=Theme.REPORT)[:20]],
        unanswered=[
            (number, timezone.localdate(at))
            for number, at in Obstacle.objects.filter(town=town, ended_at__isnull=True).values_list(
                "number", "opened_at"
            )
        ],
    )


def _published(town: Jurisdiction):
    rows = Document.objects.filter(town=town).published().select_related("current__revision")
    return rows.order_by("-listed_at", "-pk")


def _document(row: Document) -> DocumentFact:
    listed = timezone.localdate(row.listed_at)
    return DocumentFact(f"/info/{row.index_number}", row.current.revision.title, listed, row.generated_on is not None)


def _columns(town: Jurisdiction) -> list[ColumnFact]:
    found = []
    waiting = Slot.objects.filter(town=town, duty__source=Source.COLUMN, due_on__lt=timezone.localdate()).waiting()
    overdue = dict(waiting.order_by("-due_on").values_list("duty__column_id", "due_on"))
    for one in leaves(of_town(Viewer(town=town))):
        column = one.column
        if not column.is_duty:
            continue
        newest = timezone.localdate(one.newest) if one.newest else None
        owner = str(column.owner or "")
        lawful = column.scheme in {"art20", "art21"}
        since = overdue.get(column.pk)
        found.append(ColumnFact(column.name, f"/info/c/{column.code}", owner, one.state, newest, since, lawful))
    return found


def _unanswered(town: Jurisdiction) -> list[tuple[str, date]]:
    rows = Obstacle.objects.filter(town=town, ended_at__isnull=True).order_by("opened_at")
    return [(number, timezone.localdate(at)) for number, at in rows.values_list("number", "opened_at")]


def _findings(town: Jurisdiction) -> list[tuple[str, str]]:
    """What the guard would stop in texts that are public now: its lists may have grown since."""
    editions = Edition.objects.filter(pk__in=_published(town).values("current")[:READ_AGAIN])
    found = []
    for edition in editions.select_related("document", "revision"):
        blocking = [issue for issue in issues(edition.document, edition.revision) if issue.blocks and issue.finding]
        found += [(f"/info/{edition.document.index_number}", issue.sentence) for issue in blocking]
    return found
