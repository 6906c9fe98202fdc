"""What was made public under numbers of the log and still stands: documents; what hangs or is cut in a village."""

from dataclasses import dataclass

from django.utils import timezone

from mingtang.boards.models import Sheet
from mingtang.disclosure.actions import PUBLISHED
from mingtang.disclosure.derived import reading
from mingtang.disclosure.derived.actions import SHOWN
from mingtang.disclosure.enums import EditionState, ListState
from mingtang.disclosure.models import DerivedList, Document
from mingtang.disclosure.said import named, said
from mingtang.events.models import Event, Sequenced
from mingtang.lib.text import chinese_date, month_day_time
from mingtang.people.models import Village
from mingtang.search.text import fold
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.enums import InterruptionState
from mingtang.utilities.interruptions import EVENTS
from mingtang.utilities.models import Interruption

CUT = tuple(EVENTS[name] for name in ("announce", "announce_urgent", "change", "withdraw"))


@dataclass(frozen=True)
class News:
    """Something public with the number it has in the log and the lines a letter gives it.

    ``villages``: the keys, as text, of those it concerns. A ``document`` has its columns, its unit and the words,
    folded, in which others are sought.
    """

    index: int
    title: str
    lines: str
    villages: frozenset[str]
    document: Document | None = None
    columns: frozenset[str] = frozenset()
    unit: str = ""
    text: str = ""


def since(town: Jurisdiction, first: int, head: int) -> list[News]:
    """What was made public under these numbers and still stands as it was then, the oldest first."""
    rows = Sequenced.objects.filter(town=town, index__gte=first, index__lt=head)
    rows = rows.filter(event__type__in=(PUBLISHED, SHOWN, *CUT)).select_related("event")
    told: dict[str, list[Sequenced]] = {}
    for row in rows.order_by("index"):
        told.setdefault(row.event.subject.partition(":")[0], []).append(row)
    villages = list(Village.objects.filter(town=town)) if told else []
    found = [
        *_documents(town, told.get("document", []), villages),
        *_lists(town, told.get("list", []), villages),
        *_cuts(town, told.get("interruption", [])),
    ]
    return sorted(found, key=lambda news: news.index)


def _documents(town: Jurisdiction, told: list[Sequenced], villages: list[Village]) -> list[News]:
    """A document concerns the villages that it names, and those on whose boards it must hang."""
    published = {(row.event.subject.partition(":")[2], row.event.data["edition"]): row.index for row in told}
    documents = Document.objects.filter(town=town, index_number__in={number for number, _ in published})
    documents = documents.filter(current__state=EditionState.PUBLISHED)
    documents = documents.select_related("town", "current__revision", "unit").prefetch_related("filings__column")
    found = {
        index: document
        for document in documents
        if (index := published.get((document.index_number, document.current.number))) is not None
    }
    sheets = Sheet.objects.filter(document__in=found.values(), ended_on__isnull=True, board__closed_on__isnull=True)
    hang: dict[int, set[int]] = {}
    for document_id, village in sheets.values_list("document", "board__village"):
        hang.setdefault(document_id, set()).add(village)
    return [_document(index, one, hang.get(one.pk, set()), villages) for index, one in found.items()]


def _document(index: int, document: Document, hang: set[int], villages: list[Village]) -> News:
    edition = document.current
    edition.document = document
    title = " ".join(edition.revision.title.split())
    lines = [f"【更正】{title}" if edition.number > 1 else title]
    if edition.number > 1 and edition.note:
        lines.append(f"更正说明：{edition.note}")
    lines += [
        f"{document.issuer}　{timezone.localtime(edition.published_at):%Y-%m-%d}",
        f"{document.town.base_url}/info/{document.index_number}",
    ]
    words = said(edition)
    return News(
        index=index,
        title=title,
        lines="\n".join(lines),
        villages=frozenset(map(str, named(words, villages) | hang)),
        document=document,
        columns=frozenset(filing.column.code for filing in document.filings.all()),
        unit=document.unit.code if document.unit else "",
        text=fold(f"{words}\n{document.doc_number}"),
    )


def _lists(town: Jurisdiction, told: list[Sequenced], villages: list[Village]) -> list[News]:
    """Lists from records that are shown in a village: the letter names the list, its rows stand on the board alone."""
    index = {row.event.subject.partition(":")[2]: row.index for row in told}
    keys = {village.name: str(village.pk) for village in villages}
    rows = DerivedList.objects.filter(town=town, number__in=index, state=ListState.SHOWN, village__in=keys)
    return [
        News(
            index=index[row.number],
            title=reading.title(row),
            lines="\n".join(
                [
                    f"{reading.title(row)}，公示到{chinese_date(row.until)}" if row.until else reading.title(row),
                    f"{town.base_url}/lists/{row.number}",
                ]
            ),
            villages=frozenset({keys[row.village]}),
        )
        for row in rows.order_by("pk")
    ]


def _cuts(town: Jurisdiction, told: list[Sequenced]) -> list[News]:
    """Notices of interruption as they stand: told, changed or withdrawn, not what is back already. A village that a
    change took out is told as well."""
    last = {row.event.subject: row for row in told}
    where: dict[str, set[str]] = {}
    for event in Event.objects.filter(town=town, subject__in=last, type__in=CUT):
        where.setdefault(event.subject, set()).update(map(str, event.data["villages"]))
    rows = Interruption.objects.filter(town=town, pk__in=[subject.partition(":")[2] for subject in last])
    rows = rows.filter(announced_at__isnull=False, state__in=(InterruptionState.OUT, InterruptionState.WITHDRAWN))
    found = []
    for row in rows.select_related("unit").order_by("pk"):
        mark = {EVENTS["withdraw"]: "【不停了】", EVENTS["change"]: "【改了】"}.get(last[row.subject].event.type, "")
        title = f"{mark}{row.get_cut_display()}：{row.places}"
        when = f"{month_day_time(row.starts_at)}到{month_day_time(row.ends_at)}"
        lines = [title, f"{row.unit}　{when}　{row.reason}", f"{town.base_url}/utilities/interruptions/{row.pk}"]
        found.append(News(last[row.subject].index, title, "\n".join(lines), frozenset(where[row.subject])))
    return found
