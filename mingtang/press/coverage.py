"""Reads from a font file which characters it can draw (OpenType 1.9, ``cmap`` formats 4 and 12)."""

import struct
from pathlib import Path

# Simplified characters that a Japanese, Korean or traditional-only font lacks, and common ones.
PROBE = "万庾镇收件凭证办结补正"


def covers(path: Path, index: int = 0, text: str = PROBE) -> bool:
    """Whether face ``index`` of the font file at ``path`` has a glyph for every character of ``text``.

    A file that cannot be read or understood covers nothing.
    """
    try:
        with path.open("rb") as file:
            table = _cmap(file, index)
    except (OSError, struct.error, ValueError):
        return False
    try:
        return all(any(_has(subtable, ord(character)) for subtable in _subtables(table)) for character in text)
    except struct.error:
        return False


def _cmap(file, index: int) -> bytes:
    """The ``cmap`` table of one face; a collection (``ttcf``) begins with the offsets of its faces."""
    start = 0
    if file.read(4) == b"ttcf":
        file.seek(12 + 4 * index)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (count,) = struct.unpack(">H", file.read(2))
    file.seek(start + 12)
    for _ in range(count):
        tag, _checksum, offset, length = struct.unpack(">4sIII", file.read(16))
        if tag == b"cmap":
            file.seek(offset)
            return file.read(length)
    raise ValueError("no cmap table")


def _subtables(table: bytes) -> list[bytes]:
    (count,) = struct.unpack_from(">H", table, 2)
    offsets = {struct.unpack_from(">I", table, 4 + 8 * number + 4)[0] for number in range(count)}
    return [table[offset:] for offset in sorted(offsets)]


def _has(subtable: bytes, code: int) -> bool:
    (kind,) = struct.unpack_from(">H", subtable)
    if kind == 12:
        (groups,) = struct.unpack_from(">I", subtable, 12)
        return any(
            first <= code <= last for first, last, _ in struct.iter_unpack(">III", subtable[16 : 16 + 12 * groups])
        )
    if kind != 4:
        return False
    (double,) = struct.unpack_from(">H", subtable, 6)
    ends = struct.unpack_from(f">{double // 2}H", subtable, 14)
    starts = struct.unpack_from(f">{double // 2}H", subtable, 16 + double)
    return any(first <= code <= last for first, last in zip(starts, ends, strict=True))
