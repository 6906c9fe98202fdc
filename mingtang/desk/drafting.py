"""From the editor's form to one act of the catalogue."""

import re
from pathlib import PurePath
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest

from mingtang.desk.kept import Kept
from mingtang.desk.plaintext import from_plain
from mingtang.disclosure import actions, columns
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.kinds import Kind
from mingtang.disclosure.kinds.facts import Facts
from mingtang.disclosure.models import Edition
from mingtang.disclosure.reading import clean_html
from mingtang.files.policies import named, size_label
from mingtang.files.reading import parts_of
from mingtang.files.sniff import KINDS, ending
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.towns.models import Jurisdiction

SLOT = "attachments"
# Where a spreadsheet waits while its sheets are chosen.
BOOK = "book"
PICTURES = frozenset(KINDS["jpeg"].endings + KINDS["png"].endings)


def body_of(request: HttpRequest) -> str:
    """Clean HTML of what was sent: from the editor, or from typed lines where the script did not run."""
    body = request.POST.get("body", "")
    return clean_html(body) if request.POST.get("body_form") == "html" else from_plain(body)


def kept_of(edition: Edition) -> Kept:
    """The attachments an edition has now, as the form keeps them."""
    kept = Kept.new()
    rows = edition.revision.attachments.select_related("file")
    kept.files[SLOT] = [[row.file_id, row.name, size_label(row.file.size)] for row in rows]
    return kept


def drop_unwanted(request: HttpRequest, kept: Kept) -> None:
    """Attachments whose 删去 was ticked."""
    gone = set(request.POST.getlist("drop"))
    kept.files[SLOT] = [row for row in kept.files.get(SLOT, []) if str(row[0]) not in gone]


def content_of(title: str, body: str, kept: Kept, town: Jurisdiction, facts: Facts) -> Content:
    """The content with the texts of each attachment, which the guard reads; read once per stored file."""
    names = {row[0]: row[1] for row in kept.files.get(SLOT, [])}
    files = kept.stored(SLOT, town)
    texts = parts_of(files)
    return Content(
        title=title,
        body_html=body,
        attachments=[(file, names[file.pk], texts[file.pk]) for file in files],
        facts=facts,
    )


def metadata_of(cleaned: dict[str, Any], town: Jurisdiction, token: str, kind: Kind) -> Metadata:
    """The token of the form is the document's identity: the same form sent twice makes one document."""
    unit = Unit.objects.filter(town=town, code=cleaned["unit"]).first()
    return Metadata(
        issuer=unit.name if unit else "",
        unit=unit,
        kind=kind.code,
        theme=cleaned["theme"],
        doc_number=cleaned["doc_number"].strip(),
        generated_on=cleaned["generated_on"],
        identity=f"desk:{token}",
    )


def begin(*, town: Jurisdiction, metadata: Metadata, content: Content, by: Staff, column: str = "") -> Edition:
    """Draft a document, filed into ``column`` too; the same form again gives the edition it made the first time."""
    try:
        with act():
            edition = actions.draft(town=town, metadata=metadata, content=content, by=by)
            if column:
                columns.refile(document=edition.document, codes={*columns.usual(edition.document), column}, by=by)
        return edition
    except IntegrityError:
        first = Edition.objects.filter(document__town=town, document__identity=metadata.identity, number=1).first()
        if first is None:
            raise
        return first


def is_saved(edition: Edition, content: Content, by: Staff) -> bool:
    """Whether this very text is what the draft holds already: the form was sent twice."""
    now = edition.revision
    files = list(now.attachments.values_list("file_id", "name"))
    return (
        now.author_id == by.pk
        and now.title == content.title.strip()
        and now.body_html == clean_html(content.body_html)
        and now.facts == content.facts
        and files == [(file.pk, name) for file, name, _ in content.attachments]
    )


def next_picture(kept: Kept) -> int:
    """The number of the next picture: after those that were taken from a file before."""
    found = [int(match[1]) for row in kept.files.get(SLOT, []) if (match := re.match(r"图(\d{1,4})\b", row[1]))]
    return max(found, default=0) + 1


def describe(request: HttpRequest, kept: Kept) -> None:
    """What was typed about a picture becomes its name: that is what somebody reads who does not see it."""
    for row in kept.files.get(SLOT, []):
        if typed := request.POST.get(f"alt_{row[0]}", "").strip():
            row[1] = named(typed, ending(row[1]))


def attached(kept: Kept) -> list[dict[str, Any]]:
    """The attachments as the form shows them; ``alt`` is what is written about a picture, None of another file."""
    return [
        row | {"alt": PurePath(row["name"]).stem if ending(row["name"]) in PICTURES else None}
        for row in kept.shown(SLOT)
    ]
