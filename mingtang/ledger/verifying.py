"""Checking a whole log against everything that was ever signed, without trusting the tables.

Every leaf is computed again from the events; the root over them is compared with each checkpoint kept in the database
and with the one kept outside it; each leaf is compared with the tiles, so that a changed row can be named; payloads
and frozen records are hashed again, and what follows from events is compared with them. What is found are sentences
that name table and row.
"""

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from mingtang.events import vault
from mingtang.events.log import opening
from mingtang.events.models import Event, Payload, Sequenced, Unsequenced
from mingtang.ledger import frozen as frozen_records
from mingtang.ledger import notes, place
from mingtang.ledger.follower import Envelopes, count, current_log, trouble
from mingtang.ledger.frozen import Finding, readable
from mingtang.ledger.merkle import Frontier, leaf_hash
from mingtang.ledger.models import Checkpoint, Log
from mingtang.ledger.openings import entry_bytes
from mingtang.ledger.tiles import WIDTH
from mingtang.ledger.tree import Damaged, Tree
from mingtang.ledger.words import words_of
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction

Progress = Callable[[int, int], None]
_BATCH = 512  # two tiles


@dataclass
class Report:
    """What was checked and what was found; ``findings`` is empty when everything is as it was signed."""

    town: str
    origin: str = ""
    events: int = 0
    waiting: int = 0
    unsigned: int = 0
    checkpoints: int = 0
    words: str = ""
    frozen: dict[str, int] = field(default_factory=dict)
    payloads: int = 0
    destroyed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings

    def add(self, table: str, row: int | str, what: str) -> None:
        self.findings.append(Finding(table, row, what))


@dataclass(frozen=True)
class _Signed:
    """What was signed, read before the events are: what is signed meanwhile is checked next time."""

    checkpoints: list[Checkpoint]
    kept: str | None

    @classmethod
    def of(cls, town: Jurisdiction, log: Log | None) -> "_Signed":
        rows = list(Checkpoint.objects.filter(town=town).order_by("size", "pk"))
        return cls(rows, place.kept_note(town, log.origin) if log else None)

    def sizes(self) -> set[int]:
        found = {row.size for row in self.checkpoints}
        if self.kept is not None:
            with contextlib.suppress(Refused):
                found.add(notes.parse_checkpoint(notes.split_note(self.kept)[0]).size)
        return found


def verify_log(town: Jurisdiction, deep: bool = True, progress: Progress | None = None) -> Report:
    """Check the log of one town. ``deep`` also hashes payloads and frozen records; ``progress(done, total)`` is called.

    Reads only. Acts that go on meanwhile do not disturb it: it checks what was numbered and signed when it began.
    """
    report, log = Report(town.name), current_log(town)
    signed = _Signed.of(town, log)
    report.origin = log.origin if log else ""
    report.waiting = Event.objects.filter(town=town, pk__in=Unsequenced.objects.values("pk")).count()
    roots = _walk(town, log, _Roots(signed.sizes()), report, deep, progress)
    _unnumbered(town, report)
    if deep:
        _told(town, report)
    if log is not None:
        _statements(town, log, signed, roots, report)
    return report


class _Roots:
    """Roots at the sizes somebody signed, taken while the leaves pass by."""

    def __init__(self, sizes: set[int]) -> None:
        self._wanted = sizes
        self._frontier = Frontier()
        self.at: dict[int, bytes] = {0: self._frontier.root()}

    def append(self, leaf: bytes) -> None:
        self._frontier.append(leaf)
        if self._frontier.size in self._wanted:
            self.at[self._frontier.size] = self._frontier.root()

    @property
    def size(self) -> int:
        return self._frontier.size

    @property
    def last(self) -> bytes:
        return self._frontier.root()


def _open_tree(town: Jurisdiction, log: Log | None, report: Report) -> Tree | None:
    if log is None:
        return None
    try:
        tree = Tree(place.tree_folder(town, log.origin))
    except Damaged as damage:
        report.add("", f"日志文件 {damage}", "文件缺失或被改动，请运行 mingtang rebuild ledger 重建后再核对")
        return None
    return tree


def _walk(
    town: Jurisdiction, log: Log | None, roots: _Roots, report: Report, deep: bool, progress: Progress | None
) -> _Roots:
    """Pass over all numbered events in order, once."""
    envelopes, tree, end = Envelopes(town), _open_tree(town, log, report), count(town)
    for begin in range(0, end, _BATCH):
        rows = {
            row.index: row
            for row in Sequenced.objects.filter(town=town, index__gte=begin, index__lt=begin + _BATCH).order_by("index")
        }
        events = Event.objects.in_bulk([row.event_id for row in rows.values()])
        for event in events.values():
            if event.town_id == town.pk:
                event.town = town
        for index in range(begin, min(end, begin + _BATCH)):
            leaf = _leaf(rows.get(index), index, events, envelopes, tree, report)
            if leaf is not None:
                roots.append(leaf)
        if deep:
            ordered = [events[row.event_id] for row in rows.values() if row.event_id in events]
            _payloads(ordered, report)
            _frozen(ordered, report)
        report.events += len(rows)
        if progress:
            progress(min(end, begin + _BATCH), end)
    if tree and tree.size > end:
        report.add("events_sequenced", end, f"日志文件有{tree.size}条，事件只有{end}条，序号{end}起的事件被删去")
    return roots


def _leaf(
    row: Sequenced | None,
    index: int,
    events: dict[int, Event],
    envelopes: Envelopes,
    tree: Tree | None,
    report: Report,
) -> bytes | None:
    """The leaf hash of one number as the events give it now; what it was, when the row is gone."""
    was = _tile_leaf(tree, index)
    if row is None:
        report.add("events_sequenced", f"序号{index}", "这个序号缺失，事件被删去或改了号")
        return was
    event = events.get(row.event_id)
    if event is None:
        report.add("events_event", row.event_id, f"序号{index}的事件被删去")
        return was
    opened, shown = opening(event), envelopes.shown(event.type, index) or False
    leaf = leaf_hash(entry_bytes(opened, shown))
    if was is None or was == leaf:
        return leaf
    if was == leaf_hash(entry_bytes(opened, not shown)):
        report.add("ledger_shown", event.type, f"序号{index}的公示方式和入册时不一样")
    else:
        report.add("events_event", event.pk, f"序号{index}（{event.type}，{event.subject}）的内容和入册时不一样")
    return leaf


def _tile_leaf(tree: Tree | None, index: int) -> bytes | None:
    if tree is None or index >= tree.size:
        return None
    try:
        return tree.leaves(index // WIDTH)[index % WIDTH]
    except Damaged:
        return None


def _unnumbered(town: Jurisdiction, report: Report) -> None:
    """Events that neither have a number nor wait for one were taken out of the log."""
    lost = Event.objects.filter(town=town, sequenced__isnull=True).exclude(
        pk__in=Unsequenced.objects.values("event_id")
    )
    for event in lost.order_by("pk"):
        report.add("events_event", event.pk, "这个事件没有序号，也不在等待编号：序号被删去")


def _payloads(events: list[Event], report: Report) -> None:
    """Sealed texts still are what their events commit to, unless they were lawfully destroyed."""
    committed = [event for event in events if event.payload_commit]
    found = Payload.objects.select_related("key").in_bulk([event.pk for event in committed])
    for event in committed:
        payload = found.get(event.pk)
        if payload is None:
            report.add("events_payload", event.pk, "附件密文被删去")
        elif payload.key.wrapped is None:
            report.destroyed += 1
        else:
            report.payloads += 1
            try:
                plain = vault.open_sealed(payload.key, bytes(payload.sealed))
            except Refused as refusal:
                report.add("events_payload", event.pk, refusal.message.rstrip("。"))
                continue
            if hashlib.sha256(plain).hexdigest() != event.payload_commit:
                report.add("events_payload", event.pk, "附件内容和事件里的承诺不一样")


def _frozen(events: list[Event], report: Report) -> None:
    for kind in frozen_records.kinds():
        carrying = [event for event in events if event.type in kind.types]
        if carrying:
            report.frozen[kind.name] = report.frozen.get(kind.name, 0) + len(carrying)
            try:
                report.findings += list(kind.checker(carrying))
            except Exception:
                # Once more, one by one: only what cannot be read is left out.
                for event in carrying:
                    report.findings += readable("", f"{kind.name} {event.subject}", partial(kind.checker, [event]))


def _told(town: Jurisdiction, report: Report) -> None:
    """Rows against their events. What two readings agree on is found: an act in between disturbs only one of them."""
    for checker in frozen_records.told_rows().values():
        found = list(checker(town))
        again = set(checker(town)) if found else set()
        report.findings += [finding for finding in found if finding in again]


def _statements(town: Jurisdiction, log: Log, signed: _Signed, roots: _Roots, report: Report) -> None:
    """Every checkpoint we ever signed still is the beginning of what the events give."""
    verifiers = {row.origin: row.verifier for row in Log.objects.filter(town=town)}
    good, bad = 0, 0
    newest: Checkpoint | None = None
    for row in signed.checkpoints:
        report.checkpoints += 1
        if not _note_holds(row, verifiers, report):
            continue
        newest = row if row.origin == log.origin else newest
        if roots.at.get(row.size) == row.root_bytes:
            good = row.size
            continue
        bad += 1
        if bad == 1:
            # Every later checkpoint differs with the first; only the first tells where.
            where = f"差别在序号{good}至{row.size - 1}之间" if row.size <= roots.size else f"现在只有{roots.size}条"
            report.add("ledger_checkpoint", row.pk, f"签过前{row.size}条，和现在的事件不符，{where}")
    if bad > 1:
        report.add("ledger_checkpoint", log.origin, f"其后还有{bad - 1}个检查点也不符")
    _kept(log, signed.kept, roots, newest, report)
    report.words = words_of(roots.last)
    report.unsigned = roots.size - (newest.size if newest else 0)
    if report.ok and (sentence := trouble(town)):
        report.add("", f"日志 {log.origin}", sentence.rstrip("。"))


def _note_holds(row: Checkpoint, verifiers: dict[str, str], report: Report) -> bool:
    """Whether the signed text says what the row's columns say, under the key of its log."""
    try:
        stated = notes.parse_checkpoint(notes.Verifier.parse(verifiers[row.origin]).open(row.note))
    except KeyError:
        report.add("ledger_checkpoint", row.pk, f"没有“{row.origin}”这本日志")
        return False
    except Refused as refusal:
        report.add("ledger_checkpoint", row.pk, refusal.message.rstrip("。"))
        return False
    if (stated.origin, stated.size, stated.root.hex()) != (row.origin, row.size, row.root):
        report.add("ledger_checkpoint", row.pk, "条数或根散列和签名原文不一样")
        return False
    return True


def _kept(log: Log, note: str | None, roots: _Roots, newest: Checkpoint | None, report: Report) -> None:
    """The checkpoint outside the database agrees with the events and is not older than the database's."""
    where = "", "数据库之外保存的检查点"
    if note is None:
        if newest:
            report.add(*where, "文件缺失")
        return
    try:
        kept = notes.parse_checkpoint(notes.Verifier.parse(log.verifier).open(note))
    except Refused as refusal:
        report.add(*where, refusal.message.rstrip("。"))
        return
    if kept.size > roots.size:
        report.add(
            *where, f"签过{kept.size}条，现在的数据库只有{roots.size}条，后面的事件丢失，或数据库是从旧备份恢复的"
        )
    elif roots.at.get(kept.size) != kept.root:
        report.add(*where, f"前{kept.size}条的根散列不符，事件被改动过")
    elif newest and newest.size > kept.size:
        report.add(*where, f"只有{kept.size}条，比数据库里签过的{newest.size}条旧，文件被换过")
