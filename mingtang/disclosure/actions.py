"""What a person does with government information: one function per act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from mingtang.disclosure import comments, linking, numbers, requirements, reviewing, terms
from mingtang.disclosure.acting import locked, tell
from mingtang.disclosure.columns import file_under, usual
from mingtang.disclosure.enums import EditionState, Scope, Theme, WithdrawGround
from mingtang.disclosure.kinds import PLAIN, kind_of, life
from mingtang.disclosure.kinds.facts import Facts
from mingtang.disclosure.models import (
    Attachment,
    Claim,
    Document,
    Edition,
    Review,
    Revision,
    Withholding,
    content_hash,
)
from mingtang.disclosure.policies import check_can, check_own_unit
from mingtang.disclosure.reading import clean_html, text_of
from mingtang.disclosure.reviewing import Sheet
from mingtang.disclosure.states import EDITION
from mingtang.disclosure.stories.claims import body_of
from mingtang.events import types
from mingtang.events.log import Actor
from mingtang.events.models import Event
from mingtang.files.models import StoredFile
from mingtang.guard.clear import clear_text
from mingtang.lib.bulk import update_all
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
WITHDRAWN = types.define("document.withdrawn", "撤下", public=True)
MOST_ATTACHMENTS = 200
# What an edition is given when it becomes public, here or earlier elsewhere.
PUBLIC = (
    *("state", "published_at", "published_event", "publish_at", "scheduled_by", "stopped"),
    *("adopted_by", "source_published_at", "source_has_time", "in_force_from", "in_force_until"),
)
# What stands above the text and may be mended until it was published.
TABLE = ("issuer", "unit", "theme", "doc_number", "generated_on")


@dataclass(frozen=True)
class Content:
    """What an author writes. ``attachments`` are (stored file, shown name, its texts with the label of each); ``facts``
    are those of the document's kind (``kinds.facts.take``). Where there are ``claims`` (``stories.claims.take``) they
    are the body."""

    title: str
    body_html: str
    attachments: Sequence[tuple[StoredFile, str, Sequence[tuple[str, str]]]] = ()
    facts: Facts = field(default_factory=dict)
    claims: Sequence[Claim] = ()


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
    folder: str = ""
    identity: str = ""


def check_content(content: Content) -> None:
    """Raise ``Refused`` for what no revision may be."""
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


def add_revisions(rows: Sequence[tuple[Document, int, Content]], author: Staff | None) -> list[Revision]:
    """A revision of each document, under the number given. The contents have been checked."""
    revisions = []
    for document, number, content in rows:
        title, body = content.title.strip(), clean_html(body_of(content.claims) or content.body_html)
        revision = Revision(
            document=document,
            number=number,
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
                claims=[claim.said() for claim in content.claims],
            ),
        )
        revisions.append(revision)
    Revision.objects.bulk_create(revisions)
    for revision, (_, _, content) in zip(revisions, rows, strict=True):
        for claim in content.claims:
            claim.revision = revision
    Claim.objects.bulk_create(claim for _, _, content in rows for claim in content.claims)
    Attachment.objects.bulk_create(
        Attachment(
            revision=revision,
            file=file,
            name=name,
            text="\n".join(text for label, text in parts if not label),
            beside=[(label, text) for label, text in parts if label],
            order=order,
        )
        for revision, (_, _, content) in zip(revisions, rows, strict=True)
        for order, (file, name, parts) in enumerate(content.attachments, 1)
    )
    return revisions


def add_revision(document: Document, content: Content, author: Staff | None) -> Revision:
    """The next revision of a document."""
    check_content(content)
    last = document.revisions.aggregate(last=Max("number"))["last"] or 0
    return add_revisions([(document, last + 1, content)], author)[0]


def draft(
    *, town: Jurisdiction, metadata: Metadata, content: Content, by: Staff, columns: Iterable[str] | None = None
) -> Edition:
    """Enter a document into the catalogue: it gets its index number now and keeps it.

    ``columns``: codes of the columns it is filed into; None: those its kind names, as far as the town has them open.
    """
    check_may(by, Permission.DOCUMENT_DRAFT, town)
    if metadata.unit is None or metadata.unit.town_id != town.pk:
        raise Refused("请选择本镇的发布单位。", field="unit")
    check_own_unit(metadata.unit, by)
    metadata = replace(metadata, issuer=metadata.issuer or metadata.unit.name)
    with act():
        number = numbers.issue(town, timezone.localdate())
        document = Document.objects.create(
            town=town, **vars(metadata), index_number=number, serial=numbers.serial_of(town, number)
        )
        revision = add_revision(document, content, by)
        edition = Edition.objects.create(document=document, number=1, revision=revision, author=by)
        tell(edition, CATALOGUED, actor(by))
        file_under(document=document, codes=usual(document) if columns is None else columns, by=actor(by))
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
        edition = locked(edition)
        check_can("revise", edition, by)
        if metadata is not None:
            check_own_unit(metadata.unit, by)
            _retable(edition.document, metadata)
        check_seen(edition, seen_revision)
        edition.revision = add_revision(edition.document, content, by)
        if edition.author_id is None:
            edition.author = by
        edition.returned_reason = ""
        edition.save(update_fields=["revision", "author", "returned_reason"])
        tell(edition, REVISED, actor(by))
    return edition


def check_seen(edition: Edition, seen_revision: int | None) -> None:
    """Raise ``Refused`` where a colleague saved since the person looked at this revision."""
    if seen_revision is not None and seen_revision != edition.revision.number:
        raise Refused("您打开之后，有同事保存过这份信息。请先看看同事的修改，再把您的内容合进去。")


def new_edition(*, document: Document, content: Content, by: Staff, note: str) -> Edition:
    """Begin a corrected edition of a published document; the published one stays until the new one is published."""
    check_may(by, Permission.DOCUMENT_DRAFT, document.town)
    check_own_unit(document.unit, by)
    note = clear_text(note, "请写明为什么要出新版，这句话会公开。", "note", town=by.town_id)
    with act():
        document = Document.objects.select_for_update().get(pk=document.pk)
        try:
            edition = Edition.objects.create(
                document=document,
                number=(document.editions.aggregate(last=Max("number"))["last"] or 0) + 1,
                revision=add_revision(document, content, by),
                author=by,
                note=note,
            )
        except IntegrityError as error:
            raise Refused("这份信息已经有一版正在起草，请接着那一版修改。") from error
        tell(edition, REVISED, actor(by), reason=note)
    return edition


def submit(*, edition: Edition, by: Staff, plea: str = "") -> Edition:
    """Send to the secrecy review. Everything that is missing or must not get out is named now; with a ``plea``, why it
    should stand all the same, but for what the reviewer may let stand (``waiving``)."""
    plea = clear_text(plea, "", "plea", town=by.town_id)
    with act():
        edition = locked(edition)
        check_can("submit", edition, by)
        requirements.check_complete(edition.document, edition.revision, asking=bool(plea))
        edition.state = EDITION["submit"].target
        edition.author = edition.author or by
        edition.save(update_fields=["state", "author"])
        tell(edition, SUBMITTED, actor(by), reason=plea)
    return edition


def return_to_draft(*, edition: Edition, by: Staff, reason: str) -> Edition:
    """Send back to the author with a reason; review and signature are void."""
    reason = clear_text(reason, "请写明退回的理由，起草人要照着修改。", "reason", town=by.town_id)
    with act():
        edition = locked(edition)
        check_can("return_to_draft", edition, by)
        void(edition, reason)
        tell(edition, RETURNED, actor(by), reason=reason)
    return edition


def void(edition: Edition, reason: str) -> None:
    """Back to its author: review and signature count no more."""
    edition.state = EDITION["return_to_draft"].target
    edition.returned_reason = reason
    edition.reviewer = edition.reviewed_at = edition.signer = edition.signed_at = edition.approver = None
    edition.reviewed_sha256 = edition.stopped = ""
    edition.save()
    Withholding.objects.filter(edition=edition).delete()


def review(*, edition: Edition, by: Staff, sheet: Sheet) -> Edition:
    """Pass the secrecy review of exactly this text (先审查后公开，逐项): no side of any part has a concern."""
    with act():
        edition = locked(edition)
        check_can("review", edition, by)
        found = requirements.check_complete(edition.document, edition.revision)
        record = reviewing.checked(sheet, edition.revision, found, passing=True)
        event = _kept(edition, REVIEWED, record, by, passed=True)
        edition.state = EDITION["review"].target
        edition.reviewer, edition.reviewed_at = by, event.recorded_at
        edition.reviewed_sha256 = edition.revision.sha256
        edition.save(update_fields=["state", "reviewer", "reviewed_at", "reviewed_sha256"])
    return edition


def return_reviewed(*, edition: Edition, by: Staff, sheet: Sheet) -> Edition:
    """Send back by the sheet: what it has a concern with is what the author reads."""
    with act():
        edition = locked(edition)
        check_can("review", edition, by)
        found = requirements.issues(edition.document, edition.revision)
        record = reviewing.checked(sheet, edition.revision, found, passing=False)
        _kept(edition, RETURNED, record, by, passed=False)
        void(edition, reviewing.reason_of(record))
    return edition


def _kept(edition: Edition, type: str, record: dict[str, Any], by: Staff, *, passed: bool) -> Event:
    """Freeze the sheet beside the event that carries its hash."""
    sha256 = reviewing.hash_of(record, by.code, passed)
    reason = "" if passed else reviewing.reason_of(record)
    event = tell(edition, type, actor(by), reason=reason, record=sha256)
    Review.objects.create(
        edition=edition,
        revision=edition.revision,
        reviewer=by,
        passed=passed,
        parts=record["parts"],
        warnings=record["warnings"],
        sha256=sha256,
        event=event,
    )
    return event


def sign(*, edition: Edition, by: Staff) -> Edition:
    """Sign off the reviewed text; the signer is the third person. No remark beside it is open any more."""
    with act():
        edition = locked(edition)
        check_can("sign", edition, by)
        comments.check_settled(edition)
        edition.state = EDITION["sign"].target
        edition.signer, edition.signed_at = by, tell(edition, SIGNED, actor(by)).recorded_at
        edition.save(update_fields=["state", "signer", "signed_at"])
    return edition


def make_current(rows: Sequence[tuple[Edition, Event]]) -> None:
    """Let each edition, of one document each, take the place of what stood, by the event that says so."""
    editions = [edition for edition, _ in rows]
    documents = [edition.document for edition in editions]
    Edition.objects.filter(document__in=documents, state=EditionState.PUBLISHED).update(
        state=EDITION["supersede"].target
    )
    for edition, event in rows:
        edition.state = EditionState.PUBLISHED
        edition.published_at, edition.published_event = event.recorded_at, event
        edition.publish_at, edition.scheduled_by, edition.stopped = None, None, ""
        document = edition.document
        document.current = edition
        document.published_at = document.published_at or event.recorded_at
        document.listed_at = document.listed_at or edition.source_published_at or event.recorded_at
    update_all(editions, PUBLIC)
    update_all(documents, ("provenance", "current", "published_at", "listed_at"))


def publish(*, edition: Edition, by: Staff) -> Edition:
    """Make it public: edition frozen, number kept, event recorded with the edition's hash, all in one transaction."""
    with act():
        edition = locked(edition)
        check_can("publish", edition, by)
        put_out(edition, actor(by), reason=edition.note)
    return edition


def put_out(edition: Edition, by: Actor, *, reason: str, **facts: str) -> None:
    """Publish a locked edition in the caller's transaction. Nothing is written before every check has passed."""
    if edition.reviewed_sha256 != edition.revision.sha256:
        raise Refused("审查以后正文或附件变过，不能公开。请退回后重新送审。")
    requirements.check_complete(edition.document, edition.revision)
    facts |= in_force(edition, timezone.localdate())
    make_current([(edition, tell(edition, PUBLISHED, by, reason=reason, **facts))])
    terms.repeal_named(edition, by)
    linking.link_named(edition, by)


def in_force(edition: Edition, published_on: date) -> dict[str, str]:
    """Give a document of a kind that ends its first and its last day; what the event says of them."""
    text = edition.revision
    found = life.term(kind_of(edition.document.kind), text.title, text.facts, published_on)
    if found is None:
        return {}
    edition.in_force_from, edition.in_force_until = found
    return {"in_force_from": found[0].isoformat(), "in_force_until": found[1].isoformat()}


def withdraw(*, edition: Edition, by: Staff, ground: str, reason: str) -> Edition:
    """Take a published edition down at once. Number, title and reason stay as a tombstone."""
    if ground not in WithdrawGround.values:
        raise Refused("请选择撤下的原因。", field="ground")
    reason = clear_text(reason, "请写明撤下的说明，这句话会公开。", "reason", town=by.town_id)
    with act():
        edition = locked(edition)
        check_can("withdraw", edition, by)
        edition.state = EDITION["withdraw"].target
        event = tell(edition, WITHDRAWN, actor(by), reason=reason, ground=ground)
        edition.withdrawn_at, edition.withdrawn_ground = event.recorded_at, ground
        edition.withdrawn_reason = reason
        edition.save(update_fields=["state", "withdrawn_at", "withdrawn_ground", "withdrawn_reason"])
    return edition
