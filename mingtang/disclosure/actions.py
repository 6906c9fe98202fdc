"""What a person does with government information: one function per act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from mingtang.disclosure import numbers, requirements
from mingtang.disclosure.columns import file_under, usual
from mingtang.disclosure.enums import EditionState, Provenance, Scope, Theme, WithdrawGround
from mingtang.disclosure.kinds import PLAIN
from mingtang.disclosure.kinds.facts import Facts
from mingtang.disclosure.models import Attachment, Document, Edition, Revision, content_hash
from mingtang.disclosure.policies import check_can
from mingtang.disclosure.reading import clean_html, text_of
from mingtang.disclosure.states import EDITION, OPEN
from mingtang.events import types
from mingtang.events.log import Actor, iso, record
from mingtang.events.models import Event
from mingtang.files.models import StoredFile
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

CATALOGUED = types.define("document.catalogued", "编入目录")
REVISED = types.define("document.revised", "修改")
SUBMITTED = types.define("document.submitted", "送保密审查")
RETURNED = types.define("document.returned", "退回修改")
REVIEWED = types.define("document.reviewed", "保密审查通过")
SIGNED = types.define("document.signed", "签发")
PUBLISHED = types.define("document.published", "公开", public=True)
ADOPTED = types.define("document.adopted", "补录历史信息", public=True)
WITHDRAWN = types.define("document.withdrawn", "撤下", public=True)
MAX_SENTENCE = 200
MOST_ATTACHMENTS = 200
# What stands above the text and may be mended until it was published.
TABLE = ("issuer", "unit", "theme", "doc_number", "generated_on")


@dataclass(frozen=True)
class Content:
    """What an author writes. ``attachments`` are (stored file, shown name, its texts with the label of each); ``facts``
    are those of the document's kind (``kinds.facts.take``)."""

    title: str
    body_html: str
    attachments: Sequence[tuple[StoredFile, str, Sequence[tuple[str, str]]]] = ()
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Metadata:
    """What stands in the table above the text. Dates are the town's calendar dates."""

    issuer: str = ""
    unit: Unit | None = None
    kind: str = PLAIN.code
    theme: str = Theme.OTHER
    theme_stated: str = ""
    doc_number: str = ""
    generated_on: date | None = None
    method: str = "政府网站"
    scope: str = Scope.ALL
    source: str = ""
    source_id: str = ""
    source_url: str = ""
    identity: str = ""


def _add_revision(document: Document, content: Content, author: Staff | None) -> Revision:
    title = content.title.strip()
    if not title:
        raise Refused("还没有标题。请写上标题。", field="title")
    if len(title) > 200:
        raise Refused(f"标题有 {len(title)} 个字，最多 200 个字。请缩短标题。", field="title")
    if (count := len(content.attachments)) > MOST_ATTACHMENTS:
        raise Refused(
            f"有 {count} 个附件，一份信息最多带 {MOST_ATTACHMENTS} 个。请把同类的合成一个文件，或者分成几份信息公开。",
            field="attachments",
        )
    body = clean_html(content.body_html)
    last = document.revisions.aggregate(last=Max("number"))["last"] or 0
    revision = Revision.objects.create(
        document=document,
        number=last + 1,
        title=title,
        body_html=body,
        body_text=text_of(body),
        facts=content.facts,
        author=author,
        sha256=content_hash(
            document=document,
            title=title,
            body_html=body,
            attachments=[(name, file.sha256) for file, name, _ in content.attachments],
            facts=content.facts,
        ),
    )
    Attachment.objects.bulk_create(
        Attachment(
            revision=revision,
            file=file,
            name=name,
            text="\n".join(text for label, text in parts if not label),
            beside=[(label, text) for label, text in parts if label],
            order=order,
        )
        for order, (file, name, parts) in enumerate(content.attachments, 1)
    )
    return revision


def _said(text: str, sentence: str, field: str) -> str:
    """A sentence somebody must write, as it is kept in the event too."""
    text = text.strip()
    if not text:
        raise Refused(sentence, field=field)
    if len(text) > MAX_SENTENCE:
        raise Refused(f"这里写了 {len(text)} 个字，最多 {MAX_SENTENCE} 个字。请写短一些。", field=field)
    return text


def _event(edition: Edition, type: str, by: Actor, *, reason: str = "", **facts: str) -> Event:
    return record(
        town=edition.document.town,
        type=type,
        subject=edition.document.subject,
        by=by,
        reason=reason,
        data={
            "edition": edition.number,
            "revision": edition.revision.number,
            "sha256": edition.revision.sha256,
            **facts,
        },
    )


def _locked(edition: Edition) -> Edition:
    # First the lock, then the rows beside it: joined to the locked row, PostgreSQL would hand them out as they were
    # before the wait, or nothing at all when a colleague's revision took their place.
    Edition.objects.select_for_update().only("pk").get(pk=edition.pk)
    return Edition.objects.select_related("document__town", "revision").get(pk=edition.pk)


def _create(town: Jurisdiction, metadata: Metadata, **fields) -> Document:
    return Document.objects.create(town=town, **vars(metadata), **fields)


def draft(
    *, town: Jurisdiction, metadata: Metadata, content: Content, by: Staff, columns: Iterable[str] | None = None
) -> Edition:
    """Enter a document into the catalogue: it gets its index number now and keeps it.

    ``columns``: codes of the columns it is filed into; None: those its kind names, as far as the town has them open.
    """
    check_may(by, Permission.DOCUMENT_DRAFT, town)
    if metadata.unit is None or metadata.unit.town_id != town.pk:
        raise Refused("请选择本镇的发布单位。", field="unit")
    metadata = replace(metadata, issuer=metadata.issuer or metadata.unit.name)
    with act():
        number = numbers.issue(town, timezone.localdate().year)
        document = _create(town, metadata, index_number=number)
        revision = _add_revision(document, content, by)
        edition = Edition.objects.create(document=document, number=1, revision=revision, author=by)
        _event(edition, CATALOGUED, actor(by))
        file_under(document=document, codes=usual(document) if columns is None else columns, by=actor(by))
    return edition


def draft_imported(
    *, town: Jurisdiction, metadata: Metadata, content: Content, by: Actor, index_number: str = ""
) -> Edition:
    """Enter a document read from elsewhere as a draft. An index number it brings is kept, else one is issued."""
    with act():
        if Document.objects.filter(town=town, index_number=index_number).exists():
            raise Refused(f"索引号“{index_number}”已经有一份信息在用，不能再用。请核对来源。", field="index_number")
        number = index_number or numbers.issue(town, timezone.localdate().year)
        document = _create(town, metadata, index_number=number, provenance=Provenance.HISTORICAL)
        revision = _add_revision(document, content, None)
        edition = Edition.objects.create(document=document, number=1, revision=revision)
        _event(edition, CATALOGUED, by)
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
        revision = _add_revision(document, content, None)
        if edition is None:
            last = document.editions.aggregate(last=Max("number"))["last"] or 0
            edition = Edition(document=document, number=last + 1, note="来源的文字有改动")
        edition.revision = revision
        edition.save()
        _event(edition, REVISED, by, reason=edition.note)
    return edition


def _retable(document: Document, metadata: Metadata) -> None:
    """Change the table above the text, as long as nothing was published under it."""
    if document.current_id is not None:
        raise Refused("这份信息已经公开过，发布机构、栏目、日期和文号不能再改。")
    for name in TABLE:
        setattr(document, name, getattr(metadata, name))
    document.save(update_fields=TABLE)


def revise(
    *,
    edition: Edition,
    content: Content,
    by: Staff,
    metadata: Metadata | None = None,
    seen_revision: int | None = None,
) -> Edition:
    """Change a draft: its text and, with ``metadata``, the table above it. ``seen_revision`` is the revision the author
    began from: if a colleague saved in between, the change is refused instead of overwriting theirs."""
    with act():
        edition = _locked(edition)
        check_can("revise", edition, by)
        if metadata is not None:
            _retable(edition.document, metadata)
        if seen_revision is not None and seen_revision != edition.revision.number:
            raise Refused("您打开之后，有同事保存过这份信息。请先看看同事的修改，再把您的内容合进去。")
        edition.revision = _add_revision(edition.document, content, by)
        if edition.author_id is None:
            edition.author = by
        edition.returned_reason = ""
        edition.save(update_fields=["revision", "author", "returned_reason"])
        _event(edition, REVISED, actor(by))
    return edition


def new_edition(*, document: Document, content: Content, by: Staff, note: str) -> Edition:
    """Begin a corrected edition of a published document; the published one stays until the new one is published."""
    check_may(by, Permission.DOCUMENT_DRAFT, document.town)
    note = _said(note, "请写明为什么要出新版，这句话会公开。", "note")
    with act():
        document = Document.objects.select_for_update().get(pk=document.pk)
        try:
            edition = Edition.objects.create(
                document=document,
                number=(document.editions.aggregate(last=Max("number"))["last"] or 0) + 1,
                revision=_add_revision(document, content, by),
                author=by,
                note=note,
            )
        except IntegrityError as error:
            raise Refused("这份信息已经有一版正在起草，请接着那一版修改。") from error
        _event(edition, REVISED, actor(by), reason=note)
    return edition


def submit(*, edition: Edition, by: Staff) -> Edition:
    """Send to the secrecy review. Everything that is missing or must not get out is named now."""
    with act():
        edition = _locked(edition)
        check_can("submit", edition, by)
        requirements.check_complete(edition.document, edition.revision)
        edition.state = EDITION["submit"].target
        edition.author = edition.author or by
        edition.save(update_fields=["state", "author"])
        _event(edition, SUBMITTED, actor(by))
    return edition


def return_to_draft(*, edition: Edition, by: Staff, reason: str) -> Edition:
    """Send back to the author with a reason; review and signature are void."""
    reason = _said(reason, "请写明退回的理由，起草人要照着修改。", "reason")
    with act():
        edition = _locked(edition)
        check_can("return_to_draft", edition, by)
        edition.state = EDITION["return_to_draft"].target
        edition.returned_reason = reason
        edition.reviewer = edition.reviewed_at = edition.signer = edition.signed_at = None
        edition.reviewed_sha256 = ""
        edition.save()
        _event(edition, RETURNED, actor(by), reason=reason)
    return edition


def review(*, edition: Edition, by: Staff) -> Edition:
    """Pass the secrecy review of exactly this text (先审查后公开，逐项)."""
    with act():
        edition = _locked(edition)
        check_can("review", edition, by)
        requirements.check_complete(edition.document, edition.revision)
        edition.state = EDITION["review"].target
        edition.reviewer, edition.reviewed_at = by, _event(edition, REVIEWED, actor(by)).recorded_at
        edition.reviewed_sha256 = edition.revision.sha256
        edition.save(update_fields=["state", "reviewer", "reviewed_at", "reviewed_sha256"])
    return edition


def sign(*, edition: Edition, by: Staff) -> Edition:
    """Sign off the reviewed text; the signer is the third person."""
    with act():
        edition = _locked(edition)
        check_can("sign", edition, by)
        edition.state = EDITION["sign"].target
        edition.signer, edition.signed_at = by, _event(edition, SIGNED, actor(by)).recorded_at
        edition.save(update_fields=["state", "signer", "signed_at"])
    return edition


def _make_current(edition: Edition, event: Event) -> None:
    document = edition.document
    document.editions.filter(state=EditionState.PUBLISHED).update(state=EDITION["supersede"].target)
    edition.state = EditionState.PUBLISHED
    edition.published_at, edition.published_event = event.recorded_at, event
    edition.save()
    document.current = edition
    document.published_at = document.published_at or event.recorded_at
    document.listed_at = document.listed_at or edition.source_published_at or event.recorded_at
    document.save(update_fields=["current", "published_at", "listed_at"])


def publish(*, edition: Edition, by: Staff) -> Edition:
    """Make it public: edition frozen, number kept, event recorded with the edition's hash, all in one transaction."""
    with act():
        edition = _locked(edition)
        check_can("publish", edition, by)
        if edition.reviewed_sha256 != edition.revision.sha256:
            raise Refused("审查以后正文或附件变过，不能公开。请退回后重新送审。")
        requirements.check_complete(edition.document, edition.revision)
        _make_current(edition, _event(edition, PUBLISHED, actor(by), reason=edition.note))
    return edition


def adopt_historical(
    *, edition: Edition, by: Actor, source_published_at: datetime | None, source_has_time: bool = False
) -> Edition:
    """Take over what another source has already published (an administrator's act, outside the three-person rule).

    Still guarded, but for fixed phrases: what stood in public stays as it was, its faults are found and shown. The
    source's date is shown as the source's, ours is the log's.
    """
    with act():
        edition = _locked(edition)
        if edition.state not in EDITION["adopt_historical"].sources:
            raise Refused(f"这份信息现在是“{edition.state_title}”，不能补录。")
        blocking = [
            issue.sentence
            for issue in requirements.issues(edition.document, edition.revision)
            if issue.blocks
            and issue.field in {"title", "body", "attachments"}
            and not (issue.finding and issue.finding.kind == "phrase")
        ]
        if blocking:
            raise Refused(" ".join(blocking))
        Document.objects.filter(pk=edition.document_id).update(provenance=Provenance.HISTORICAL)
        edition.document.provenance = Provenance.HISTORICAL
        edition.adopted_by = by.code
        edition.source_published_at, edition.source_has_time = source_published_at, source_has_time
        stated = iso(source_published_at) if source_published_at else ""
        _make_current(edition, _event(edition, ADOPTED, by, source_published_at=stated))
    return edition


def withdraw(*, edition: Edition, by: Staff, ground: str, reason: str) -> Edition:
    """Take a published edition down at once. Number, title and reason stay as a tombstone."""
    if ground not in WithdrawGround.values:
        raise Refused("请选择撤下的原因。", field="ground")
    reason = _said(reason, "请写明撤下的说明，这句话会公开。", "reason")
    with act():
        edition = _locked(edition)
        check_can("withdraw", edition, by)
        edition.state = EDITION["withdraw"].target
        event = _event(edition, WITHDRAWN, actor(by), reason=reason, ground=ground)
        edition.withdrawn_at, edition.withdrawn_ground = event.recorded_at, ground
        edition.withdrawn_reason = reason
        edition.save(update_fields=["state", "withdrawn_at", "withdrawn_ground", "withdrawn_reason"])
    return edition
