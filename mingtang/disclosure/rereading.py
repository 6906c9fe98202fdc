"""Attachments of what is public, read again by a release that reads deeper: what the guard now blocks is told by name.

Nothing is taken down by it. Where something is found, whoever may take the edition down or correct it is asked to.
"""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, QuerySet

from mingtang import guard
from mingtang.disclosure import requirements
from mingtang.disclosure.acting import said
from mingtang.disclosure.enums import Provenance
from mingtang.disclosure.models import Attachment, Edition
from mingtang.disclosure.states import SHOWN
from mingtang.events import types
from mingtang.events.log import Actor, record_all
from mingtang.files import reading
from mingtang.files.extract import READER
from mingtang.files.leftover import named
from mingtang.files.models import Reading, StoredFile
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

REREAD = types.define("document.reread", "重新读了附件")
LOT = 50
# Told how many of how many are done, doing what.
Advance = Callable[[int, int, str], None]


def reread(town: Jurisdiction, by: Actor, advance: Advance) -> tuple[int, int]:
    """Read what this release has not read yet of a town's attachments, then judge what is public by it: how many files,
    how many editions. What is done stays done when it is interrupted."""
    return _read(town, advance), _judge_all(town, by, advance)


def found(town: Jurisdiction) -> QuerySet[Edition]:
    """Editions that the public can open and in whose attachments something was found since, the oldest first."""
    rows = Edition.objects.filter(document__town=town, state__in=SHOWN, found_since__gt=0)
    return rows.select_related("document").order_by("document_id", "number")


def _read(town: Jurisdiction, advance: Advance) -> int:
    held = Attachment.objects.filter(file=OuterRef("pk"))
    known = Reading.objects.filter(file=OuterRef("pk"), reader=READER)
    # The files of guides, too: their gate reads what is kept here.
    public = Exists(held) | Q(sha256__in=named(town), sealed=False)
    left = StoredFile.objects.filter(public, ~Exists(known), town=town)
    done, total = 0, left.count()
    while lot := list(left.order_by("pk")[:LOT]):
        for file in lot:
            reading.read(file)
            done += 1
            advance(done, total, "重新读附件")
    return done


def _judge_all(town: Jurisdiction, by: Actor, advance: Advance) -> int:
    held = Attachment.objects.filter(revision=OuterRef("revision"))
    left = Edition.objects.filter(Exists(held), ~Q(reader=READER) | Q(reader=None), document__town=town)
    left = left.filter(state__in=SHOWN).select_related("document__town", "revision")
    done, total, lists = 0, left.count(), guard.lists_of(town.pk)
    while lot := list(left.order_by("pk")[:LOT]):
        # Judged before the transaction: no writer waits for the guard.
        judged = [(edition, _blocked(edition, lists)) for edition in lot]
        with act():
            for edition, count in judged:
                Edition.objects.filter(pk=edition.pk).update(reader=READER, found_since=count)
            told = ((REREAD, edition.document.subject, _told(edition, count)) for edition, count in judged)
            record_all(town=town, by=by, rows=told)
        done += len(lot)
        advance(done, total, "核对公开的信息")
    return done


def _told(edition: Edition, count: int) -> dict[str, object]:
    return said(edition) | {"reader": READER, "found": count}


def _blocked(edition: Edition, lists: guard.Lists) -> int:
    """How many places of the attachments the guard blocks; a wrong phrase in what stood elsewhere before is the record
    of another's act, as when it was adopted."""
    adopted = edition.document.provenance == Provenance.HISTORICAL
    return sum(
        issue.blocks and issue.finding is not None and not (adopted and issue.finding.kind == "phrase")
        for issue in requirements.issues(edition.document, edition.revision, lists)
        if issue.field == "attachments"
    )
