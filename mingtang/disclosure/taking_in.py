"""Documents that stood in public elsewhere: taken in as drafts, and adopted as history. Many at once, or one.

A thousand acts of one document would be a thousand transactions; what one of these does to each document it does in a
few statements for all, and the act on one document is the same with one row. Whatever is refused is refused before
anything is written, and stops none of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from mingtang import guard
from mingtang.disclosure import numbers, requirements
from mingtang.disclosure.acting import said, tell
from mingtang.disclosure.actions import (
    CATALOGUED,
    REVISED,
    Content,
    Metadata,
    add_revision,
    add_revisions,
    check_content,
    in_force,
    make_current,
)
from mingtang.disclosure.enums import EditionState, Provenance
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.states import EDITION, OPEN
from mingtang.events import types
from mingtang.events.log import Actor, iso, record_all
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

ADOPTED = types.define("document.adopted", "补录历史信息", public=True)


@dataclass(frozen=True)
class Imported:
    """A document read from elsewhere. An index number it brings is kept, else one is issued."""

    metadata: Metadata
    content: Content
    index_number: str = ""


@dataclass(frozen=True)
class Adoption:
    """A draft, and when its source made it public (with the time of day, or only the day)."""

    edition: Edition
    source_published_at: datetime | None
    source_has_time: bool = False


@dataclass(frozen=True)
class Adopted:
    """``faults`` are sentences on fixed phrases that are wrong in it and stand as they stood."""

    edition: Edition
    faults: tuple[str, ...]


def draft_all_imported(*, town: Jurisdiction, rows: Sequence[Imported], by: Actor) -> list[Edition | Refused]:
    """Enter documents read from elsewhere as drafts; in place of one that may not be, the reason."""
    with act():
        numbers.hold(town)
        brought = [row.index_number for row in rows if row.index_number]
        taken = numbers.in_use(town, brought)
        refused: dict[int, Refused] = {}
        for place, row in enumerate(rows):
            try:
                check_content(row.content)
                if row.index_number in taken:
                    raise _taken(row.index_number)
            except Refused as refusal:
                refused[place] = refusal
            else:
                taken.update({row.index_number} - {""})
        entered = [row for place, row in enumerate(rows) if place not in refused]
        wanting = sum(not row.index_number for row in entered)
        issued = iter(numbers.issue_all(town, timezone.localdate(), wanting, besides=taken))
        documents = []
        for row in entered:
            number = row.index_number or next(issued)
            fields = {"index_number": number, "serial": numbers.serial_of(town, number)}
            documents.append(Document(town=town, **vars(row.metadata), **fields, provenance=Provenance.HISTORICAL))
        Document.objects.bulk_create(documents)
        revisions = add_revisions(
            [(document, 1, row.content) for document, row in zip(documents, entered, strict=True)], None
        )
        editions = Edition.objects.bulk_create(
            Edition(document=document, number=1, revision=revision)
            for document, revision in zip(documents, revisions, strict=True)
        )
        rows_told = [(CATALOGUED, edition.document.subject, said(edition)) for edition in editions]
        record_all(town=town, by=by, rows=rows_told)
    left = iter(editions)
    return [refused[place] if place in refused else next(left) for place in range(len(rows))]


def _taken(number: str) -> Refused:
    return Refused(f"索引号“{number}”已经有一份信息在用，不能再用。请核对来源。", field="index_number")


def draft_imported(
    *, town: Jurisdiction, metadata: Metadata, content: Content, by: Actor, index_number: str = ""
) -> Edition:
    """Enter one document read from elsewhere as a draft. Raises ``Refused``."""
    (edition,) = draft_all_imported(town=town, rows=[Imported(metadata, content, index_number)], by=by)
    if isinstance(edition, Refused):
        raise edition
    return edition


def draft_change_imported(*, document: Document, content: Content, by: Actor) -> Edition:
    """The source changed its text: into the imported draft, or beside a published text as a draft edition.

    Raises ``Refused`` when a colleague is at work on an edition: theirs is not overwritten.
    """
    with act():
        document = Document.objects.select_for_update().select_related("town").get(pk=document.pk)
        edition = document.editions.filter(state__in=OPEN).select_related("document__town", "revision").first()
        if edition and (edition.state != EditionState.DRAFT or edition.revision.author_id):
            raise Refused("来源的文字有改动，可是这份信息正由同事办理，没有采用。请等办完以后再导入一次。")
        revision = add_revision(document, content, None)
        if edition is None:
            last = document.editions.aggregate(last=Max("number"))["last"] or 0
            edition = Edition(document=document, number=last + 1, note="来源的文字有改动")
        edition.revision = revision
        edition.save()
        tell(edition, REVISED, by, reason=edition.note)
    return edition


def adopt_all(*, town: Jurisdiction, rows: Sequence[Adoption], by: Actor) -> list[Adopted | Refused]:
    """Take over what another source has already published (an administrator's act, outside the three-person rule).

    In place of one that may not be public, the reason: it stays a draft. What stops a text of our own stops this one
    too, but for a wrong fixed phrase. Our author mends it; this is the record of somebody else's act, in which nothing
    may be mended, and to leave it out would hide what everybody could read. Nobody is harmed by it, as by a number that
    was public once. It is told to whoever takes it over, ``mingtang selfcheck`` names it on every run, and a corrected
    edition mends it with a public note. The source's date is shown as the source's, ours is the log's.
    """
    with act():
        held, lists = _all_locked(town, [row.edition.pk for row in rows]), guard.lists_of(town.pk)
        answer: list[Adopted | Refused] = []
        adopted: list[Edition] = []
        for row in rows:
            edition = held[row.edition.pk]
            stops, faults = _found(edition, lists)
            if stops:
                answer.append(Refused(" ".join(stops)))
                continue
            edition.adopted_by = by.code
            edition.source_published_at, edition.source_has_time = row.source_published_at, row.source_has_time
            edition.document.provenance = Provenance.HISTORICAL
            adopted.append(edition)
            answer.append(Adopted(edition, tuple(faults)))
        events = record_all(town=town, by=by, rows=[_adoption_told(edition) for edition in adopted])
        make_current(list(zip(adopted, events, strict=True)))
    return answer


def adopt_historical(
    *, edition: Edition, by: Actor, source_published_at: datetime | None, source_has_time: bool = False
) -> Edition:
    """Adopt one draft. Raises ``Refused`` with everything that blocks it."""
    row = Adoption(edition, source_published_at, source_has_time)
    (adopted,) = adopt_all(town=edition.document.town, rows=[row], by=by)
    if isinstance(adopted, Refused):
        raise adopted
    return adopted.edition


def _all_locked(town: Jurisdiction, keys: Sequence[int]) -> dict[int, Edition]:
    # As one edition is locked: first the lock, then the rows beside it.
    list(Edition.objects.select_for_update().filter(pk__in=keys).order_by("pk").only("pk"))
    found = Edition.objects.select_related("document", "revision").prefetch_related("revision__attachments")
    held = found.in_bulk(keys)
    for edition in held.values():
        edition.document.town = town
    return held


def _found(edition: Edition, lists: guard.Lists) -> tuple[list[str], list[str]]:
    """What stops it, and what is wrong with it and does not; as sentences."""
    if edition.state not in EDITION["adopt_historical"].sources:
        return [f"这份信息现在是“{edition.state_title}”，不能补录。"], []
    stops, faults = [], []
    for issue in requirements.issues(edition.document, edition.revision, lists):
        if issue.blocks and issue.finding and issue.finding.kind == "phrase":
            faults.append(issue.sentence)
        elif issue.blocks and (issue.finding or issue.field in {"title", "body", "attachments"}):
            stops.append(issue.sentence)
    return stops, faults


def _adoption_told(edition: Edition) -> tuple[str, str, dict[str, str]]:
    moment = edition.source_published_at
    term = in_force(edition, timezone.localdate(moment))
    stated = iso(moment) if moment else ""
    return ADOPTED, edition.document.subject, said(edition, source_published_at=stated, **term)
