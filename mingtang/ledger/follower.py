"""The ledger as a listener: entries into tiles, one signed checkpoint per batch.

Order of writing, so that a kill anywhere leaves something that the next run completes: what is shown (database) →
tiles → state of the tree → checkpoint in its file → checkpoint in the database. Nobody sees a checkpoint before it
stands in the file, so the file is never behind what the world knows.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Max
from django.utils import timezone

from mingtang.events import types
from mingtang.events.follow import listener
from mingtang.events.log import Actor, opening, record
from mingtang.events.models import Sequenced
from mingtang.ledger import keys, notes, place
from mingtang.ledger.merkle import leaf_hash
from mingtang.ledger.models import Checkpoint, Log, Shown
from mingtang.ledger.openings import entry_bytes
from mingtang.ledger.tree import Damaged, Tree
from mingtang.lib.errors import Refused
from mingtang.lib.locks import file_lock
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

REOPENED = types.define("ledger.reopened", "公开日志另开", public=True)
_BATCH = 2000


class Contradiction(Refused):
    """The events are not those that were signed; nothing may be signed until someone has looked."""


@contextmanager
def _writing(town: Jurisdiction) -> Iterator[None]:
    """One writer of a town's tree at a time, on this machine."""
    with file_lock(f"ledger-{town.code}") as held:
        assert held
        yield


def current_log(town: Jurisdiction) -> Log | None:
    """The log that is written now; ``None`` before the first event."""
    return Log.objects.filter(town=town).order_by("-number").first()


def _first_log(town: Jurisdiction) -> Log:
    """Open the town's first log. Its key is made now unless an earlier statement shows that there was one."""
    origin = place.origin_of(town, 1)
    key = keys.signer(town.code, origin, make=place.kept_note(town, origin) is None)
    with act():
        values = {"origin": origin, "verifier": str(key.verifier), "opened_at": timezone.now()}
        return Log.objects.get_or_create(town=town, number=1, defaults=values)[0]


def signed_size(origin: str) -> int:
    """The size of the largest tree the database knows to be signed."""
    return Checkpoint.objects.filter(origin=origin).aggregate(size=Max("size"))["size"] or 0


class Envelopes:
    """Which entries show their envelope: what the code says now, unless the log already says otherwise."""

    def __init__(self, town: Jurisdiction) -> None:
        self._rules: dict[str, list[tuple[int, bool]]] = {}
        for code, since, shown in (
            Shown.objects.filter(town=town).order_by("since").values_list("type", "since", "shown")
        ):
            self._rules.setdefault(code, []).append((since, shown))

    def shown(self, code: str, index: int) -> bool | None:
        """What holds for the entry at ``index``; ``None`` when nothing was written down."""
        answer = None
        for since, shown in self._rules.get(code, []):
            if since <= index:
                answer = shown
        return answer

    def learn(self, rows: Iterable[Sequenced], signed: int) -> None:
        """Write down what is new in these rows; numbers below ``signed`` are settled already."""
        with act():
            for row in rows:
                code = row.event.type
                if row.index < signed or (now := types.get(code).public) == self.shown(code, row.index):
                    continue
                Shown.objects.get_or_create(town_id=row.town_id, type=code, since=row.index, defaults={"shown": now})
                self._rules.setdefault(code, []).append((row.index, now))

    def entry(self, row: Sequenced) -> bytes:
        """The bytes of the entry of a numbered event."""
        return entry_bytes(opening(row.event), self.shown(row.event.type, row.index) or False)


def numbered(town: Jurisdiction, begin: int, end: int) -> Iterator[list[Sequenced]]:
    """The numbered events ``begin`` to ``end`` (exclusive) of a town, in batches, in order."""
    while begin < end:
        rows = list(
            Sequenced.objects.filter(town=town, index__gte=begin, index__lt=min(end, begin + _BATCH))
            .select_related("event__town")
            .order_by("index")
        )
        yield rows
        begin += _BATCH


def _check_gapless(rows: list[Sequenced], begin: int) -> None:
    for expected, row in enumerate(rows, begin):
        if row.index != expected:
            raise Contradiction(
                f"事件序号不连续：表 events_sequenced 缺少序号{expected}。请运行 mingtang verify 查明。"
            )


def _check_known(tree: Tree, rows: Iterable[Sequenced], envelopes: Envelopes) -> None:
    for row in rows:
        if tree.leaf(row.index) != leaf_hash(envelopes.entry(row)):
            raise Contradiction(
                f"序号{row.index}的事件（表 events_event 第{row.event_id}行）和已经入册的不一致，已停止签名。"
                "如果数据库是从旧备份恢复的，请另开日志；否则请运行 mingtang verify 查明。"
            )


def _append(town: Jurisdiction, tree: Tree, rows: list[Sequenced], envelopes: Envelopes, signed: int) -> None:
    """Append what the tree lacks of these rows; what it holds already must be the same."""
    envelopes.learn((row for row in rows if row.index >= tree.size), signed)
    known = [row for row in rows if row.index < tree.size]
    _check_known(tree, known, envelopes)
    new = rows[len(known) :]
    _check_gapless(new, tree.size)
    tree.append([envelopes.entry(row) for row in new])


def _open(folder: Path) -> Tree:
    """The tree in the folder; files that were lost or cut are derivable, so damage means starting over."""
    try:
        return Tree(folder)
    except Damaged:
        shutil.rmtree(folder)
        return Tree(folder)


def _grow(town: Jurisdiction, tree: Tree, end: int, signed: int) -> None:
    envelopes = Envelopes(town)
    for rows in numbered(town, tree.size, end):
        if not rows:
            raise Contradiction(
                f"事件序号不连续：表 events_sequenced 缺少序号{tree.size}。请运行 mingtang verify 查明。"
            )
        _append(town, tree, rows, envelopes, signed)


def count(town: Jurisdiction) -> int:
    """How many events of the town have a number, if there are no gaps."""
    last = Sequenced.objects.filter(town=town).aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


@listener("ledger")
def on_events(rows: list[Sequenced]) -> None:
    """Append a batch and sign. Rows seen before are compared, not appended again."""
    town = rows[0].town
    for row in rows:
        # The town's code is part of what is hashed; without this it would be fetched for each event.
        row.event.town = town
    with _writing(town):
        log = current_log(town) or _first_log(town)
        tree = _open(place.tree_folder(town, log.origin))
        signed = signed_size(log.origin)
        if tree.size < rows[0].index:
            # A node that is new or lost its files has more to catch up than its cursor knows.
            _grow(town, tree, rows[0].index, signed)
        _append(town, tree, rows, Envelopes(town), signed)
        _sign(town, log, tree)


@dataclass(frozen=True)
class Statement:
    """A checkpoint that was signed earlier, and where it is kept."""

    size: int
    root: bytes
    kept: str


def statements(town: Jurisdiction, log: Log) -> list[Statement]:
    """The last signed checkpoint as the database knows it and as the file knows it."""
    found = []
    if row := Checkpoint.objects.filter(origin=log.origin).order_by("-size").first():
        found.append(Statement(row.size, row.root_bytes, f"表 ledger_checkpoint 第{row.pk}行"))
    if kept := place.kept_checkpoint(town, log.origin):
        found.append(Statement(kept.size, kept.root, "数据库之外保存的检查点"))
    return found


def _may_sign(town: Jurisdiction, tree: Tree, earlier: list[Statement]) -> bool:
    """Whether the tree continues everything signed before; a tree that has only not caught up yet is not signed.

    Raises ``Contradiction`` when events that were signed are gone or different.
    """
    largest = max((statement.size for statement in earlier), default=0)
    if (have := count(town)) < largest:
        raise Contradiction(
            f"已签名的日志有{largest}条，现在的数据库只有{have}条：数据库多半是从旧备份恢复的。"
            "日志已停止签名，请找回较新的备份，或者另开日志。"
        )
    if largest > tree.size:
        return False
    for statement in earlier:
        if tree.root_at(statement.size) != statement.root:
            raise Contradiction(
                f"前{statement.size}条事件和{statement.kept}不一致，日志已停止签名。请运行 mingtang verify 查明。"
            )
    return True


def _sign(town: Jurisdiction, log: Log, tree: Tree) -> None:
    earlier = statements(town, log)
    if not _may_sign(town, tree, earlier):
        return
    if log.opened_by_id and not Sequenced.objects.filter(event_id=log.opened_by_id, index__lt=tree.size).exists():
        # The first statement of a new log contains the event that says why it exists.
        return
    signer = keys.signer(town.code, log.origin, make=False)
    if str(signer.verifier) != log.verifier:
        raise Refused("日志的签名密钥换过了，和公布的核对公钥对不上。请从备份恢复原来的密钥，或者另开日志。")
    note = signer.sign(notes.Checkpoint(log.origin, tree.size, tree.root).text)
    place.keep_note(town, log.origin, note)
    with act():
        values = {"town": town, "root": tree.root.hex(), "note": note, "signed_at": timezone.now()}
        row, _ = Checkpoint.objects.get_or_create(origin=log.origin, size=tree.size, defaults=values)
    if row.root_bytes != tree.root:
        raise Contradiction(f"表 ledger_checkpoint 第{row.pk}行和现在的事件不一致，日志已停止签名。")


def trouble(town: Jurisdiction) -> str | None:
    """One sentence on why nothing is signed any more; ``None`` when all is well. Reads a few files and rows."""
    log = current_log(town)
    if log is None:
        return None
    try:
        tree = Tree(place.tree_folder(town, log.origin))
        _may_sign(town, tree, statements(town, log))
        # After a restore everything from some number on is another event: the last one tells.
        newest = (
            Sequenced.objects.filter(town=town, index__lt=tree.size).select_related("event__town").order_by("index")
        )
        _check_known(tree, [row for row in [newest.last()] if row], Envelopes(town))
        verifier = keys.signer(town.code, log.origin, make=False).verifier
    except Damaged:
        return "日志文件不完整，请运行 mingtang rebuild ledger 重建。"
    except Refused as refusal:
        return refusal.message
    return None if str(verifier) == log.verifier else "日志的签名密钥换过了，和公布的核对公钥对不上。"


def rebuild(town: Jurisdiction) -> int:
    """Drop the tree and build it again from the events, beside and swapped; returns its size. Signs nothing."""
    log = current_log(town)
    if log is None:
        return 0
    with _writing(town):
        folder = place.tree_folder(town, log.origin)
        beside, old = folder.with_name("tree.new"), folder.with_name("tree.old")
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        tree = Tree(beside)
        _grow(town, tree, count(town), signed_size(log.origin))
        if folder.exists():
            folder.rename(old)
        if beside.exists():
            beside.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    return tree.size


def reopen(town: Jurisdiction, by: Actor) -> Log:
    """Open a new log after statements were lost or contradicted (restore from an older backup, lost key).

    The new log has a new origin; its first checkpoint holds the event ``ledger.reopened``, whose data name the old
    log's last known head. The old log's files and checkpoints stay as they are, as evidence. Raises ``Refused`` when
    nothing is wrong.
    """
    old = current_log(town)
    if old is None or trouble(town) is None:
        raise Refused("公开日志没有问题，不需要另开。")
    head = max(statements(town, old), key=lambda statement: statement.size, default=None)
    taken = [path.name.removeprefix("log") for path in place.town_folder(town).glob("log*")]
    number = max([old.number, *(int(name or 1) for name in taken if not name or name.isdigit())]) + 1
    origin = place.origin_of(town, number)
    signer = keys.signer(town.code, origin, make=True)
    with act():
        event = record(
            town=town,
            type=REOPENED,
            subject=f"ledger:{origin}",
            by=by,
            data={
                "old_origin": old.origin,
                "old_size": head.size if head else 0,
                "old_root": head.root.hex() if head else "",
            },
        )
        return Log.objects.create(
            town=town,
            number=number,
            origin=origin,
            verifier=str(signer.verifier),
            opened_by=event,
            opened_at=timezone.now(),
        )
