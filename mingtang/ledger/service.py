"""What other rooms ask of the log: checkpoints, words, proofs, tiles."""

import base64
import json
from typing import Any

from mingtang.events import types
from mingtang.events.log import opening
from mingtang.events.models import Event, Sequenced
from mingtang.ledger import merkle, place, proof, tiles, words
from mingtang.ledger.follower import current_log, rebuild, reopen, trouble
from mingtang.ledger.models import Checkpoint, Log
from mingtang.ledger.tree import Damaged, Tree
from mingtang.lib.errors import Refused
from mingtang.towns.models import Jurisdiction

__all__ = [
    "consistency",
    "entry_public",
    "index_of",
    "latest",
    "opening_public",
    "proof_for",
    "rebuild",
    "receipt_for",
    "reopen",
    "tile_bytes",
    "trouble",
    "verifier_keys",
    "words_of",
]


def _tree(town: Jurisdiction) -> tuple[Log, Tree] | None:
    """The current log and its tree on this node; ``None`` when there is none yet or it must be rebuilt."""
    log = current_log(town)
    if log is None:
        return None
    try:
        return log, Tree(place.tree_folder(town, log.origin))
    except Damaged:
        return None


def _latest(log: Log, size: int) -> Checkpoint | None:
    return Checkpoint.objects.filter(origin=log.origin, size__lte=size).order_by("-size").first()


def latest(town: Jurisdiction) -> Checkpoint | None:
    """The newest signed checkpoint that this node's tiles can prove; ``None`` before the first."""
    found = _tree(town)
    return _latest(found[0], found[1].size) if found else None


def words_of(root: bytes | str) -> str:
    """Four words of a root given as bytes or hex."""
    return words.words_of(bytes.fromhex(root) if isinstance(root, str) else root)


def verifier_keys(town: Jurisdiction) -> list[str]:
    """Verifier key strings of the town's logs, the current one first."""
    return list(Log.objects.filter(town=town).order_by("-number").values_list("verifier", flat=True))


def index_of(event: Event) -> int | None:
    """The number of an event in its town's log; ``None`` while it waits for one."""
    found: Sequenced | None = getattr(event, "sequenced", None)
    return found.index if found else None


def _proof(town: Jurisdiction, index: int, opened: dict[str, Any] | None) -> dict[str, Any] | None:
    if (found := _tree(town)) is None:
        return None
    log, tree = found
    checkpoint = _latest(log, tree.size)
    if checkpoint is None or not 0 <= index < checkpoint.size:
        return None
    try:
        entry, path = tree.entry(index), tree.inclusion(index, checkpoint.size)
    except (Damaged, Refused):
        return None
    return proof.make_proof(
        index=index, entry=entry, inclusion=path, checkpoint=checkpoint.note, key=log.verifier, opening=opened
    )


def proof_for(event: Event) -> dict[str, Any] | None:
    """The portable proof of an event, with its opening: for whoever may see the whole event (its applicant, its page).

    ``None`` while the event is not yet under a signed checkpoint.
    """
    index = index_of(event)
    return None if index is None else _proof(event.town, index, opening(event))


def receipt_for(event: Event) -> dict[str, Any]:
    """What a receipt can carry at once, in the transaction of the act: opening and the last signed checkpoint."""
    log = current_log(event.town)
    checkpoint = Checkpoint.objects.filter(origin=log.origin).order_by("-size").first() if log else None
    return proof.make_receipt(
        opening=opening(event),
        checkpoint=checkpoint.note if checkpoint else None,
        key=log.verifier if checkpoint and log else None,
    )


def opening_public(event: Event) -> dict[str, Any]:
    """Salt and event of a type that the log shows in clear. Raises ``Refused`` for every other type."""
    if not types.is_public(event.type):
        raise Refused("这类事件不公开原文，只有凭回执的本人可以查看。")
    return opening(event)


def entry_public(town: Jurisdiction, index: int) -> dict[str, Any] | None:
    """The public JSON of entry ``index``: envelope and proof, never an opening. ``None`` when not signed yet."""
    found = _proof(town, index, None)
    if found is None:
        return None
    row = Sequenced.objects.filter(town=town, index=index).first()
    leaf = merkle.leaf_hash(found["entry"].encode())
    return found | {
        "envelope": json.loads(found["entry"]),
        "leaf_hash": base64.b64encode(leaf).decode(),
        "logged_at": row.logged_at.isoformat() if row else None,
    }


def tile_bytes(town: Jurisdiction, path: str) -> bytes | None:
    """The bytes of ``tile/<level>/<index>[.p/<width>]`` or ``tile/entries/…``; ``None`` when there is no such tile."""
    tile, found = tiles.parse_path(path), _tree(town)
    if tile is None or found is None:
        return None
    try:
        return found[1].tile(tile)
    except (Damaged, Refused):
        return None


def consistency(town: Jurisdiction, old: int, new: int) -> dict[str, Any]:
    """Proof that the tree of ``new`` entries continues the tree of ``old``. Raises ``Refused`` for impossible sizes."""
    found = _tree(town)
    size = found[1].size if found else 0
    if not 0 <= old <= new <= size:
        raise Refused(f"大小不对：应满足0≤旧≤新≤{size}。请核对两个检查点里的条数。")
    assert found is not None
    path = found[1].consistency(old, new)
    return {"old": old, "new": new, "consistency": [base64.b64encode(step).decode() for step in path]}
