"""Importing what was read elsewhere (``reading``): each document in a transaction of its own, repeatable at will.

Identity: what the source calls it (``source_id``), else its index number, else its address, else a hash of title,
issuer and date. A text that did not change changes nothing; a changed text of a published document becomes a draft
edition, never a silent update.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from mingtang.disclosure import actions
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import EditionState, Provenance, Scope, Theme
from mingtang.disclosure.models import Document, Edition, Revision
from mingtang.disclosure.reading import Reading, clean_html
from mingtang.disclosure.reading_fields import FIELD_NAMES
from mingtang.events.log import Actor
from mingtang.lib.canonical import sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.importing import Counts, Report, Result
from mingtang.lib.tx import act
from mingtang.people.models import Unit
from mingtang.towns.models import Jurisdiction

# How the sources name the three scopes of 信息公开条例; what is not here is shown as 全部公开 and remarked on.
_SCOPES = {
    Scope.ALL: {"", "全部公开", "主动公开", "面向社会", "面向全社会", "公开", "社会公开"},
    Scope.ON_REQUEST: {"依申请公开"},
    Scope.NOT_PUBLIC: {"不予公开", "不公开"},
}
# Longest values that the catalogue holds; ``reading`` allows more.
_LONGEST = {"issuer": 80, "theme": 80, "method": 40, "source": 80}
_LONGEST_URL = 500
_NO_DATE = "没有找到公开日期，按未公开的草稿处理。"


@dataclass
class _Done:
    """What became of one reading. ``reasons`` say why it was refused or is not public."""

    result: Result
    document: Document | None = None
    reasons: tuple[str, ...] = ()


@dataclass
class _Run:
    """One import. ``seen`` are the documents it has met: the same one twice with two texts is a fault of the source."""

    town: Jurisdiction
    publish: bool
    by: Actor
    units: dict[str, Unit]
    seen: set[int] = field(default_factory=set)


def identity_of(reading: Reading) -> str:
    """SHA-256, hex, of what a document is known by; the kind stands before it, so that kinds cannot meet."""
    if reading.source_id:
        known = f"id:{reading.source_id}"
    elif reading.index_number:
        known = f"index:{reading.index_number}"
    elif reading.url:
        known = f"url:{reading.url}"
    else:
        day = reading.published_day or reading.generated_on
        known = "\n".join(("text:" + reading.title, reading.issuer, day.isoformat() if day else ""))
    return sha256_hex(known.encode())


def import_readings(
    town: Jurisdiction, readings: Iterable[Reading], *, publish: bool, by: Actor, report: Report
) -> Counts:
    """Import them all; ``report`` is told of each. A bad one stops none of the others.

    A document with a publication date of its own is adopted as historical; one without stays a draft, or with
    ``publish`` is adopted too. Whatever the guard blocks stays a draft and is reported as refused, with the sentences.
    Killed half way, what was told to ``report`` stands; repeating finishes the rest.
    """
    counts = Counts()
    units = {unit.name: unit for unit in Unit.objects.filter(town=town, dissolved_on__isnull=True)}
    run = _Run(town, publish, by, units | {town.name + name: unit for name, unit in units.items()})
    for reading in readings:
        if publish:
            reading.problems = [problem for problem in reading.problems if problem.sentence != _NO_DATE]
        done = _tried(run, reading)
        counts.add(done.result)
        report(_line(reading, done))
    return counts


def _tried(run: _Run, reading: Reading) -> _Done:
    try:
        try:
            return _import(run, reading)
        except IntegrityError:
            # Another import took the same document in at this very moment: now it stands, and is compared with.
            return _import(run, reading)
    except Refused as refusal:
        return _Done(Result.REFUSED, reasons=(refusal.message,))


def _line(reading: Reading, done: _Done) -> dict[str, Any]:
    """One line of the report: what was found, what could not be, what became of it. Plain JSON."""
    document = done.document
    public = document is not None and document.current_id is not None
    return {
        "origin": reading.origin,
        "result": str(done.result),
        "reasons": list(done.reasons),
        "source_id": reading.source_id,
        "title": reading.title,
        "index_number": document.index_number if document else reading.index_number,
        "url": f"/info/{document.index_number}" if document and public else None,
        "found": {name: _said(reading, name) for name in reading.found},
        "problems": [
            {
                "field": problem.field,
                "name": FIELD_NAMES.get(problem.field, problem.field),
                "sentence": problem.sentence,
            }
            for problem in reading.problems
        ],
        "other": reading.other,
        "dropped": reading.dropped,
    }


def _said(reading: Reading, name: str) -> Any:
    if name == "body":
        return f"{len(reading.body_text)}字"
    value = getattr(reading, name)
    if name == "attachments":
        return [attachment.name for attachment in value]
    return value if isinstance(value, str | int) else value.isoformat()


def _import(run: _Run, reading: Reading) -> _Done:
    if not reading.usable:
        wanting = [problem.sentence for problem in reading.problems if problem.field in ("file", "title", "body")]
        return _Done(Result.REFUSED, reasons=tuple(wanting) or ("没有标题或者正文，不能成为一份信息。",))
    with act():
        document = _known(run.town, reading)
        if document is None:
            content = Content(reading.title, reading.body_html)
            edition = actions.draft_imported(
                town=run.town,
                metadata=_metadata(reading, run.units),
                content=content,
                by=run.by,
                index_number=reading.index_number,
            )
            done = _Done(Result.CREATED, edition.document)
        else:
            done = _again(document, reading, run)
        assert done.document is not None
        run.seen.add(done.document.pk)
        return done if done.document.current_id else _make_public(done, reading, run)


def _known(town: Jurisdiction, reading: Reading) -> Document | None:
    """The document this reading is of. Raises ``Refused`` when its index number belongs to another one."""
    found = Document.objects.filter(town=town, identity=identity_of(reading)).first()
    if found or not reading.index_number:
        return found
    holder = Document.objects.filter(town=town, index_number=reading.index_number).first()
    if holder and holder.source_id and reading.source_id:
        raise Refused(
            f"索引号“{reading.index_number}”已经是另一份信息的（来源编号“{holder.source_id}”），请核对是哪一份写错了。",
            field="index_number",
        )
    return holder


def _imported(document: Document) -> Revision | None:
    """The last text that came from the source, whatever colleagues wrote since."""
    if document.provenance != Provenance.HISTORICAL:
        return document.revisions.order_by("number").last()
    return document.revisions.filter(author__isnull=True).order_by("number").last()


def _again(document: Document, reading: Reading, run: _Run) -> _Done:
    """A document that is here already, read once more."""
    _compare_fields(document, reading)
    last = _imported(document)
    if last is not None and last.title == reading.title.strip() and _same_body(last, reading):
        return _Done(Result.UNCHANGED, document)
    if document.pk in run.seen:
        raise Refused("本次导入里有两份信息的来源编号、索引号或者网址相同，文字却不同，只收了前一份，请核对。")
    if document.provenance != Provenance.HISTORICAL:
        raise Refused(f"索引号“{document.index_number}”是本站自己的信息，文字和导入的不同，没有改动，请核对。")
    content = Content(reading.title, reading.body_html)
    actions.draft_change_imported(document=document, content=content, by=run.by)
    return _Done(Result.UPDATED, document)


def _same_body(revision: Revision, reading: Reading) -> bool:
    # Cleaning what is clean is a costly way to change nothing: asked only when the texts differ.
    return revision.body_html == reading.body_html or revision.body_html == clean_html(reading.body_html)


def _compare_fields(document: Document, reading: Reading) -> None:
    """What the source now states differently about an old document is said, and not taken over."""
    for name in ("issuer", "doc_number", "generated_on"):
        stated, held = getattr(reading, name), getattr(document, name)
        if stated and held and stated != held and not str(stated).startswith(str(held)):
            sentence = f"来源现在写的{FIELD_NAMES[name]}是“{stated}”，原来是“{held}”，没有改动，请核对。"
            reading.note(name, sentence)


def _metadata(reading: Reading, units: dict[str, Unit]) -> Metadata:
    """The catalogue's fields; what does not fit is said on the reading."""
    for name, longest in _LONGEST.items():
        if len(value := getattr(reading, name)) > longest:
            reading.note(name, f"{FIELD_NAMES[name]}超过{longest}个字，只留了前{longest}个字，请核对。")
            setattr(reading, name, value[:longest])
    url = reading.url
    if len(url) > _LONGEST_URL:
        reading.note("url", f"网址超过{_LONGEST_URL}个字符，没有保存，请核对。")
        url = ""
    return Metadata(
        issuer=reading.issuer,
        unit=units.get(reading.issuer),
        theme=_theme(reading.theme),
        theme_stated=reading.theme,
        doc_number=reading.doc_number,
        generated_on=reading.generated_on,
        method=reading.method or "政府网站",
        scope=_scope(reading),
        source=reading.source,
        source_id=reading.source_id,
        source_url=url,
        identity=identity_of(reading),
    )


def _theme(stated: str) -> str:
    """Our column when the source names one of ours; what it says itself is kept beside it."""
    return next((theme for theme in Theme if stated == theme.label), Theme.OTHER)


def _scope(reading: Reading) -> Scope:
    for scope, names in _SCOPES.items():
        if reading.scope in names:
            return scope
    reading.note("scope", f"公开范围“{reading.scope}”不是规定的三种之一，按“全部公开”登记，请核对。")
    return Scope.ALL


def _make_public(done: _Done, reading: Reading, run: _Run) -> _Done:
    """Adopt a draft that the source has published already; what may not be public stays a draft and is said.

    A draft that a colleague has written in, or that is on its way, is theirs.
    """
    document = done.document
    edition = Edition.objects.filter(document=document, state=EditionState.DRAFT, revision__author=None).first()
    if edition is None or (reading.published_on is None and not run.publish):
        return done
    if document.scope != Scope.ALL:
        sentence = f"公开范围写的是“{Scope(document.scope).label}”，留作草稿，没有公开。"
        return _Done(Result.REFUSED, document, (sentence,))
    day = reading.published_day
    if day is not None and day > timezone.localdate():
        return _Done(Result.REFUSED, document, (f"公开日期{day}还没有到，留作草稿，没有公开，请核对日期。",))
    moment, has_time = _moment(reading)
    try:
        adopted = actions.adopt_historical(
            edition=edition, by=run.by, source_published_at=moment, source_has_time=has_time
        )
    except Refused as refusal:
        return _Done(Result.REFUSED, document, (refusal.message, "留作草稿，没有公开。"))
    result = Result.CREATED if done.result == Result.CREATED else Result.UPDATED
    return _Done(result, adopted.document)


def _moment(reading: Reading) -> tuple[datetime | None, bool]:
    """The source's publication as an aware moment, and whether the source gave the time of day."""
    when = reading.published_on
    if when is None:
        return None, False
    if isinstance(when, datetime):
        return when, True
    return timezone.make_aware(datetime.combine(when, time())), False
