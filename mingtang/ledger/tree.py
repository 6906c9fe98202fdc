"""A tree kept as tile files in one folder. No database: files are a function of the entries alone.

Every file is written beside and renamed, tiles before the state file that counts them in, so a kill at any point
leaves the old state or the new one; what a crashed append left beyond the counted size is overwritten with the same
bytes. A tile stands at its path without the width: a partial tile is simply shorter, and any narrower one that an
older checkpoint needs is its beginning.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from mingtang.ledger import merkle
from mingtang.ledger.merkle import HASH_SIZE
from mingtang.ledger.tiles import WIDTH, Tile, pack_entries, split_hashes, tile_root, unpack_entries, width_in


class Damaged(Exception):
    """The files do not hold what the state file says. They can be built again from the events."""


def write_durably(path: Path, data: bytes) -> None:
    """Replace a file in one step; when this returns, the content is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with open(beside, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Tree:
    """A snapshot of the tree in ``folder`` as its state file counts it; ``append`` moves it on. One writer at a time.

    Raises ``Damaged`` when files are missing, short or do not give the root that was written down.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[Tile, list[bytes]] = {}
        try:
            state = json.loads((folder / "state").read_bytes())
            self.size, root = int(state["size"]), bytes.fromhex(state["root"])
        except FileNotFoundError:
            self.size, root = 0, merkle.EMPTY_ROOT
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged("state") from error
        if self.root_at(self.size) != root:
            raise Damaged("root")

    @property
    def root(self) -> bytes:
        return self.root_at(self.size)

    def root_at(self, size: int) -> bytes:
        """The root when the tree had ``size`` leaves."""
        return merkle.range_root(0, size, self._node)

    def leaf(self, index: int) -> bytes:
        """The hash of one leaf."""
        return self._node(0, index)

    def leaves(self, tile_index: int) -> list[bytes]:
        """The leaf hashes of one level-0 tile, as many as are counted in."""
        return self._hashes(0, tile_index)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Audit path of a leaf in the tree of ``size`` leaves."""
        return merkle.inclusion_proof(index, size, self._node)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Proof that the tree of ``new`` leaves continues that of ``old``."""
        return merkle.consistency_proof(old, new, self._node)

    def entry(self, index: int) -> bytes:
        """The bytes of one entry."""
        return self.entries(index // WIDTH)[index % WIDTH]

    def entries(self, bundle_index: int) -> list[bytes]:
        """The entries of one bundle, as many as are counted in."""
        tile = Tile(None, bundle_index)
        width = width_in(tile, self.size)
        found = unpack_entries(self._file(tile))[:width]
        if len(found) != width:
            raise Damaged(tile.path)
        return found

    def tile(self, tile: Tile) -> bytes | None:
        """The bytes a client gets for a tile path; ``None`` when the tree does not hold that many hashes yet."""
        if tile.width > width_in(tile, self.size):
            return None
        if tile.level is None:
            return pack_entries(self.entries(tile.index)[: tile.width])
        return b"".join(self._hashes(tile.level, tile.index)[: tile.width])

    def append(self, entries: Sequence[bytes]) -> None:
        """Add entries at the end and write everything down, the state last."""
        if not entries:
            return
        self._extend_bundles(entries)
        size, level, start = self.size + len(entries), 0, self.size
        hashes = [merkle.leaf_hash(entry) for entry in entries]
        while hashes:
            full = self._extend_tiles(level, start, hashes)
            hashes, start, level = full, start // WIDTH, level + 1
        self.size = size
        state = {"root": self.root.hex(), "size": size}
        write_durably(self.folder / "state", json.dumps(state).encode() + b"\n")

    def _extend_bundles(self, entries: Sequence[bytes]) -> None:
        place = 0
        while place < len(entries):
            index, have = divmod(self.size + place, WIDTH)
            before = self.entries(index) if have and not place else []
            added = list(entries[place : place + WIDTH - have])
            write_durably(self.folder / Tile(None, index).name, pack_entries(before + added))
            place += len(added)

    def _extend_tiles(self, level: int, start: int, hashes: list[bytes]) -> list[bytes]:
        """Write ``hashes`` at ``start`` of one level; returns the roots of the tiles that became full."""
        full: list[bytes] = []
        place = 0
        while place < len(hashes):
            index, have = divmod(start + place, WIDTH)
            before = self._hashes(level, index) if have and not place else []
            added = hashes[place : place + WIDTH - have]
            row = before + added
            write_durably(self.folder / Tile(level, index).name, b"".join(row))
            self._read[Tile(level, index)] = row
            if len(row) == WIDTH:
                full.append(tile_root(b"".join(row)))
            place += len(added)
        return full

    def _file(self, tile: Tile) -> bytes:
        try:
            return (self.folder / tile.name).read_bytes()
        except FileNotFoundError as error:
            raise Damaged(tile.path) from error

    def _hashes(self, level: int, index: int) -> list[bytes]:
        tile = Tile(level, index)
        if (row := self._read.get(tile)) is None:
            width = width_in(tile, self.size)
            data = self._file(tile)[: width * HASH_SIZE]
            if len(data) != width * HASH_SIZE:
                raise Damaged(tile.path)
            row = self._read[tile] = split_hashes(data)
        return row

    def _node(self, height: int, index: int) -> bytes:
        """Root of a perfect subtree, from the tile that holds its hashes or the hashes below it."""
        level, rest = divmod(height, 8)
        tile, offset = divmod(index << rest, WIDTH)
        return merkle.perfect_root(self._hashes(level, tile)[offset : offset + (1 << rest)])
