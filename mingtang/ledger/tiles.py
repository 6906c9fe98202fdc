"""Paths and contents of C2SP tlog-tiles: how a log is cut into files that never change once full. Pure.

A tile holds up to 256 hashes of one level; entry bundles hold the entries of 256 leaves, each with its length before
it. Partial tiles carry their width in the path.
"""

import re
from dataclasses import dataclass

from mingtang.ledger.merkle import HASH_SIZE, perfect_root
from mingtang.lib.errors import Refused

WIDTH = 256
#: tlog-tiles: levels 0 to 63; more leaves than 64 bits do not occur.
_LEVELS = 64
_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True)
class Tile:
    """One tile; ``level`` is ``None`` for an entry bundle. ``width`` counts its hashes or entries, 1 to 256."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def name(self) -> str:
        """The path without the width: where the tile stands whether full or not."""
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        level = "entries" if self.level is None else str(self.level)
        return f"tile/{level}/{'/'.join(reversed(groups))}"

    @property
    def path(self) -> str:
        """``tile/0/x001/x234/067`` or, when partial, ``tile/0/x001/x234/067.p/17``."""
        return self.name if self.width == WIDTH else f"{self.name}.p/{self.width}"


def parse_path(path: str) -> Tile | None:
    """The tile a path means; ``None`` for anything but the one right way of writing it."""
    found = _PATH.fullmatch(path)
    if not found:
        return None
    level = None if found[1] == "entries" else int(found[1])
    tile = Tile(level, int(re.sub("[^0-9]", "", found[2])), int(found[3] or WIDTH))
    # Written back it must be the same: no superfluous groups, no level 64, no partial tile as wide as a full one.
    return tile if tile.path == path and (level is None or level < _LEVELS) and tile.width <= WIDTH else None


def width_in(tile: Tile, size: int) -> int:
    """How many hashes (or entries) the tile holds in a tree of ``size`` leaves: 0 to 256."""
    count = size >> (8 * (tile.level or 0))
    return max(0, min(WIDTH, count - tile.index * WIDTH))


def split_hashes(data: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [data[place : place + HASH_SIZE] for place in range(0, len(data), HASH_SIZE)]


def tile_root(data: bytes) -> bytes:
    """The root over a full tile: the hash that stands for it one level up."""
    return perfect_root(split_hashes(data))


def pack_entries(entries: list[bytes]) -> bytes:
    """An entry bundle: each entry as big-endian uint16 length, then its bytes.

    Raises ``ValueError`` for an entry of 64 KiB or more, which the format cannot hold.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > 0xFFFF:
            raise ValueError("an entry must be shorter than 64 KiB")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def unpack_entries(data: bytes) -> list[bytes]:
    """The entries of a bundle. Raises ``Refused`` when it is cut off."""
    entries: list[bytes] = []
    place = 0
    while place < len(data):
        length = int.from_bytes(data[place : place + 2], "big")
        entry = data[place + 2 : place + 2 + length]
        if place + 2 > len(data) or len(entry) != length:
            raise Refused("日志条目文件不完整，请运行 mingtang rebuild ledger 重建。")
        entries.append(entry)
        place += 2 + length
    return entries
