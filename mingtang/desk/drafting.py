"""From the editor's form to one act of the catalogue."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest

from mingtang.desk.kept import Kept
from mingtang.desk.plaintext import from_plain
from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.models import Attachment, Edition
from mingtang.disclosure.reading import Reading, clean_html, read_path
from mingtang.files.actions import text_of
from mingtang.files.policies import clean_name, size_label
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff, Unit
from mingtang.towns.models import Jurisdiction

SLOT = "attachments"


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


def content_of(title: str, body: str, kept: Kept, town: Jurisdiction) -> Content:
    """The content with the texts of each attachment, which the guard reads; read once per stored file."""
    names = {row[0]: row[1] for row in kept.files.get(SLOT, [])}
    files = kept.stored(SLOT, town)
    known = {row.file_id: row.parts for row in Attachment.objects.filter(file__in=files)}
    return Content(
        title=title,
        body_html=body,
        attachments=[
            (file, names[file.pk], known[file.pk] if file.pk in known else text_of(file).parts) for file in files
        ],
    )


def metadata_of(cleaned: dict[str, Any], town: Jurisdiction, token: str) -> Metadata:
    """The token of the form is the document's identity: the same form sent twice makes one document."""
    unit = Unit.objects.filter(town=town, code=cleaned["unit"]).first()
    return Metadata(
        issuer=unit.name if unit else "",
        unit=unit,
        theme=cleaned["theme"],
        doc_number=cleaned["doc_number"].strip(),
        generated_on=cleaned["generated_on"],
        identity=f"desk:{token}",
    )


def begin(*, town: Jurisdiction, metadata: Metadata, content: Content, by: Staff) -> Edition:
    """Draft a document; the same form again gives the edition it made the first time."""
    try:
        return actions.draft(town=town, metadata=metadata, content=content, by=by)
    except IntegrityError:
        first = Edition.objects.filter(document__town=town, document__identity=metadata.identity, number=1).first()
        if first is None:
            raise
        return first


def is_saved(edition: Edition, content: Content, by: Staff) -> bool:
    """Whether this very text is what the draft holds already: the form was sent twice."""
    now = edition.revision
    files = list(now.attachments.values_list("file_id", flat=True))
    return (
        now.author_id == by.pk
        and now.title == content.title.strip()
        and now.body_html == clean_html(content.body_html)
        and files == [file.pk for file, _, _ in content.attachments]
    )


def read_word(upload: Any) -> Reading:
    """A Word file (or text, or page) as title, body and what it states of itself. Raises ``Refused``."""
    if upload.size > settings.UPLOAD_LIMIT:
        raise Refused(f"文件超过了 {size_label(settings.UPLOAD_LIMIT)} 的上限，请拆成几个文件。", "word")
    with TemporaryDirectory() as folder:
        path = Path(folder) / clean_name(upload.name)
        path.write_bytes(upload.read())
        if path.suffix.lower() not in {".docx", ".txt", ".html", ".htm"}:
            raise Refused("这里读入 .docx、.txt 或者 .html 文件。旧版 .doc 请用 Word 或 WPS 另存为 .docx。", "word")
        found = next(iter(read_path(path)))
    if not found.usable:
        raise Refused("".join(problem.sentence for problem in found.problems) or "没有读出标题和正文。", "word")
    return found
