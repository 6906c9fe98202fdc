"""Photos that say where they were taken, made by hand. The pictures themselves are no pictures."""

import struct
import zlib
from collections.abc import Sequence

PIXELS = b"the picture itself \xff\x00 untouched"


def exif(*, order: str = "little", turned: int = 1, place: bool = True, below: int = 10000) -> bytes:
    """A TIFF directory: orientation, maker, and 29°31'24.42"N 112°38'28.32"E; ``below`` stands under every fraction."""
    mark = "<" if order == "little" else ">"
    head = (b"II*\0" if order == "little" else b"MM\0*") + struct.pack(mark + "I", 8)

    def entry(tag: int, type: int, count: int, value: bytes) -> bytes:
        return struct.pack(mark + "HHI", tag, type, count) + value.ljust(4, b"\0")

    def at(number: int) -> bytes:
        return struct.pack(mark + "I", number)

    first = [entry(0x0112, 3, 1, struct.pack(mark + "H", turned))]
    if not place:
        return head + struct.pack(mark + "H", 1) + first[0] + b"\0" * 4
    gps_at = 8 + 2 + 12 * 3 + 4
    fractions_at = gps_at + 2 + 12 * 4 + 4
    first += [entry(0x010F, 2, 12, at(fractions_at + 48)), entry(0x8825, 4, 1, at(gps_at))]
    gps = [entry(1, 2, 2, b"N\0"), entry(2, 5, 3, at(fractions_at))]
    gps += [entry(3, 2, 2, b"E\0"), entry(4, 5, 3, at(fractions_at + 24))]
    numbers = [29, 31, 24.42, 112, 38, 28.32]
    fractions = b"".join(struct.pack(mark + "II", round(number * (below or 1)), below) for number in numbers)
    directories = [struct.pack(mark + "H", len(rows)) + b"".join(rows) + b"\0" * 4 for rows in (first, gps)]
    return head + b"".join(directories) + fractions + b"Secret Phone\0"


def jpeg(tiff: bytes, xmp: bytes = b"") -> bytes:
    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body

    parts = [segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")]
    parts += [segment(0xE1, b"Exif\0\0" + tiff)] if tiff else []
    parts += [segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)] if xmp else []
    parts += [segment(0xC0, b"\x08\0\x10\0\x10\1\1\x11\0"), segment(0xDA, b"\1\1\0\0\x3f\0") + PIXELS]
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9"


def png(tiff: bytes, xmp: bytes = b"", more: Sequence[tuple[bytes, bytes]] = ()) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)

    parts = [(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0))]
    parts += [(b"eXIf", tiff)] if tiff else []
    parts += [(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)] if xmp else []
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in [*parts, *more, (b"IDAT", PIXELS), (b"IEND", b"")])


def webp(tiff: bytes, xmp: bytes = b"") -> bytes:
    flags = (8 if tiff else 0) | (4 if xmp else 0)
    parts = [(b"VP8X", bytes([flags]) + b"\0" * 9), (b"VP8 ", PIXELS)]
    parts += [(b"EXIF", tiff)] if tiff else []
    parts += [(b"XMP ", xmp)] if xmp else []
    body = b"WEBP" + b"".join(
        name + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2) for name, data in parts
    )
    return b"RIFF" + len(body).to_bytes(4, "little") + body
