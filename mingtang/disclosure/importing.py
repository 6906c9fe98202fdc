"""Importing what was read elsewhere (``reading``): some documents in one transaction, repeatable at will.

Identity: what the source calls it (``source_id``), else its index number, else its address, else a hash of title,
issuer and date. A text that did not change changes nothing; a changed text of a published document becomes a draft
edition, never a silent update.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone

from mingtang.disclosure import columns, numbers, taking_in
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import EditionState, Provenance, Scope, Theme
from mingtang.disclosure.filing import Rules
from mingtang.disclosure.models import Document, Edition, Revision
from mingtang.disclosure.reading import Reading, clean_html
from mingtang.disclosure.reading_fields import FIELD_NAMES
from mingtang.disclosure.taking_in import Adoption, Imported
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
_LONGEST_URL, _LONGEST_FOLDER = 500, 200
# Documents, and characters of their texts, in one transaction: on SQLite whoever else writes waits for it.
_MOST_TOGETHER, _LONGEST_TOGETHER = 100, 2_000_000
_NO_DATE = "没有找到公开日期，按未公开的草稿处理。"


@dataclass
class _Done:
    """What became of one reading. ``reasons`` say why it was refused or is not public; ``columns``: codes of those it
    was filed into."""

    result: Result
    document: Document | None = None
    reasons: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


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
    """Import them all, some in one transaction; ``report`` is told of each. A bad one stops none of the others.

    A document with a publication date of its own is adopted as historical; one without stays a draft, or with
    ``publish`` is adopted too. Whatever the guard blocks stays a draft and is reported as refused, with the sentences.
    Killed half way, what was told to ``report`` stands; repeating finishes the rest.
    """
    counts = Counts()
    units = {unit.name: unit for unit in Unit.objects.filter(town=town, dissolved_on__isnull=True)}
    run = _Run(town, publish, by, units | {town.name + name: unit for name, unit in units.items()})
    for some in _together(readings):
        for reading in some:
            if publish:
                reading.problems = [problem for problem in reading.problems if problem.sentence != _NO_DATE]
        for reading, done in zip(some, _import(run, some), strict=True):
            counts.add(done.result)
            report(_line(reading, done))
    return counts


def _together(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    """Neighbours that fit into one transaction: not too many, not too long, and no document twice."""
    some: list[Reading] = []
    length, known = 0, set[str]()
    for reading in readings:
        names = {f"identity:{identity_of(reading)}", f"number:{reading.index_number}"} - {"number:"}
        if some and (len(some) == _MOST_TOGETHER or length > _LONGEST_TOGETHER or known & names):
            yield some
            some, length, known = [], 0, set()
        some.append(reading)
        length += len(reading.body_html)
        known |= names
    if some:
        yield some


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
        "columns": list(done.columns),
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


def _import(run: _Run, readings: list[Reading]) -> list[_Done]:
    """What became of each, all of it committed."""
    with act():
        numbers.hold(run.town)
        held = _Held(run.town, readings)
        done: dict[int, _Done] = {}
        new: dict[int, Imported] = {}
        for place, reading in enumerate(readings):
            try:
                document = _known(held, reading)
                if document is not None:
                    done[place] = _again(document, held, reading, run)
                else:
                    new[place] = _new(reading, run)
            except Refused as refusal:
                done[place] = _Done(Result.REFUSED, reasons=(refusal.message,))
        drafts = taking_in.draft_all_imported(town=run.town, rows=list(new.values()), by=run.by)
        rules, filed = Rules(run.town), dict[Document, tuple[str, ...]]()
        for place, draft in zip(new, drafts, strict=True):
            if isinstance(draft, Refused):
                done[place] = _Done(Result.REFUSED, reasons=(draft.message,))
            else:
                codes = rules.codes(draft.document)
                done[place] = _Done(Result.CREATED, draft.document, columns=codes)
                if codes:
                    filed[draft.document] = codes
        columns.file_all(town=run.town, wanted=filed, by=run.by)
        run.seen.update(one.document.pk for one in done.values() if one.document)
        _make_public(done, readings, run)
    return [done[place] for place in range(len(readings))]


class _Held:
    """The documents that some readings may be of, and the last text of each that came from its source."""

    def __init__(self, town: Jurisdiction, readings: list[Reading]) -> None:
        rows = Document.objects.filter(town=town)
        self.by_identity = {row.identity: row for row in rows.filter(identity__in=map(identity_of, readings))}
        stated = {reading.index_number for reading in readings} - {""}
        self.by_number = {row.index_number: row for row in rows.filter(index_number__in=stated)}
        self._texts = {
            revision.document_id: revision
            for revision in Revision.objects.filter(
                Q(author__isnull=True) | ~Q(document__provenance=Provenance.HISTORICAL),
                document__in=[*self.by_identity.values(), *self.by_number.values()],
            ).order_by("number")
        }

    def imported(self, document: Document) -> Revision | None:
        """The last text that came from the source, whatever colleagues wrote since; of our own the last."""
        return self._texts.get(document.pk)


def _known(held: _Held, reading: Reading) -> Document | None:
    """The document this reading is of.

    Raises ``Refused`` for one that is no document, and when its index number belongs to another one.
    """
    if not reading.usable:
        wanting = [problem.sentence for problem in reading.problems if problem.field in ("file", "title", "body")]
        raise Refused("".join(wanting) or "没有标题或者正文，不能成为一份信息。")
    found = held.by_identity.get(identity_of(reading))
    if found or not reading.index_number:
        return found
    holder = held.by_number.get(reading.index_number)
    if holder and holder.source_id and reading.source_id:
        raise Refused(
            f"索引号“{reading.index_number}”已经是另一份信息的（来源编号“{holder.source_id}”），请核对是哪一份写错了。",
            field="index_number",
        )
    return holder


def _new(reading: Reading, run: _Run) -> Imported:
    for sentence in numbers.remarks(run.town, reading.index_number) if reading.index_number else ():
        reading.note("index_number", sentence)
    return Imported(_metadata(reading, run.units), Content(reading.title, reading.body_html), reading.index_number)


def _again(document: Document, held: _Held, reading: Reading, run: _Run) -> _Done:
    """A document that is here already, read once more."""
    _compare_fields(document, reading)
    last = held.imported(document)
    if last is not None and last.title == reading.title.strip() and last.body_html == clean_html(reading.body_html):
        return _Done(Result.UNCHANGED, document)
    if document.pk in run.seen:
        raise Refused("本次导入里有两份信息的来源编号、索引号或者网址相同，文字却不同，只收了前一份，请核对。")
    if document.provenance != Provenance.HISTORICAL:
        raise Refused(f"索引号“{document.index_number}”是本站自己的信息，文字和导入的不同，没有改动，请核对。")
    content = Content(reading.title, reading.body_html)
    taking_in.draft_change_imported(document=document, content=content, by=run.by)
    return _Done(Result.UPDATED, document)


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
        folder=reading.folder[:_LONGEST_FOLDER],
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


def _make_public(done: dict[int, _Done], readings: list[Reading], run: _Run) -> None:
    """Adopt the drafts that their source has published already; what may not be public stays a draft and is said.

    A draft that a colleague has written in, or that is on its way, is theirs.
    """
    hidden = [one.document for one in done.values() if one.document and one.document.current_id is None]
    drafts = {
        edition.document_id: edition
        for edition in Edition.objects.filter(
            document__in=hidden, state=EditionState.DRAFT, revision__author__isnull=True
        )
    }
    rows: dict[int, Adoption] = {}
    for place, one in done.items():
        reading, document = readings[place], one.document
        edition = drafts.get(document.pk) if document else None
        if document is None or edition is None or (reading.published_on is None and not run.publish):
            continue
        if reason := _kept_back(document, reading):
            done[place] = replace(one, result=Result.REFUSED, reasons=(reason,))
        else:
            rows[place] = Adoption(edition, *_moment(reading))
    adopted = taking_in.adopt_all(town=run.town, rows=list(rows.values()), by=run.by)
    for place, one in zip(rows, adopted, strict=True):
        if isinstance(one, Refused):
            reasons = (one.message, "留作草稿，没有公开。")
            done[place] = replace(done[place], result=Result.REFUSED, reasons=reasons)
        else:
            result = Result.CREATED if done[place].result == Result.CREATED else Result.UPDATED
            done[place] = replace(done[place], result=result, document=one.edition.document)
            for sentence in one.faults:
                readings[place].note("body", f"{sentence}这是旧信息，已照原样公开；要改，请出新版并写明更正。")


def _kept_back(document: Document, reading: Reading) -> str:
    """Why a document whose source has published it is not public here."""
    if document.scope != Scope.ALL:
        return f"公开范围写的是“{Scope(document.scope).label}”，留作草稿，没有公开。"
    day = reading.published_day
    if day is not None and day > timezone.localdate():
        return f"公开日期{day}还没有到，留作草稿，没有公开，请核对日期。"
    return ""


def _moment(reading: Reading) -> tuple[datetime | None, bool]:
    """The source's publication as an aware moment, and whether the source gave the time of day."""
    when = reading.published_on
    if when is None:
        return None, False
    if isinstance(when, datetime):
        return when, True
    return timezone.make_aware(datetime.combine(when, time())), False
