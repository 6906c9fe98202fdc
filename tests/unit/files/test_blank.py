"""A scan of nothing is doubted, a page with something on it is not."""

import random
import struct
import zlib

import pytest

from mingtang.files.blank import seems_blank

WIDTH, HEIGHT = 1240, 1754


def png(rows: list[bytes]) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def jpeg(size: int, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """The marks of a JPEG whose picture takes so many bytes."""
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\0\0\1\0\1\0\0"
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\0" * 9
    return head + frame + b"\xff\xda" + b"\x55" * size + b"\xff\xd9"


def written(lines: int) -> list[bytes]:
    """A white page with so many lines of marks like writing."""
    ink, rows = random.Random(4), [b"\xff" * WIDTH] * HEIGHT
    for line in range(lines):
        for row in range(40):
            rows[60 + line * 60 + row] = bytes(255 * (ink.random() > 0.12) for _ in range(WIDTH))
    return rows


PAGE = WIDTH * HEIGHT
BLANK_PDF = b"%PDF-1.4\n1 0 obj <</Subtype /Image>> stream\n" + jpeg(PAGE // 80) + b"\nendstream endobj %%EOF"


@pytest.mark.parametrize(
    ("data", "blank"),
    [
        (png([b"\xff" * WIDTH] * HEIGHT), True),
        (png(written(3)), False),
        (jpeg(PAGE // 80), True),
        (jpeg(PAGE // 20), False),
        (jpeg(200, 64, 64), False),
        (BLANK_PDF, True),
        (BLANK_PDF.replace(b"/Image", b"/Font "), False),
        (BLANK_PDF + b" stream\n" + jpeg(PAGE // 10) + b"endstream", False),
        (b"%PDF-1.4 %%EOF", False),
        (b"\xff\xd8\xff", False),
        (b"\x89PNG\r\n\x1a\n", False),
        (b"", False),
    ],
)
def test_a_blank_page_is_told_from_one_that_says_something(data, blank):
    assert seems_blank(data) is blank
