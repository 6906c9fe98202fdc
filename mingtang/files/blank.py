"""A scan of nothing, told by how little there is to keep of it: a doubt, never a reason to refuse.

A blank sheet compresses to almost nothing, while print and handwriting do not: bytes for each pixel tell them apart
without decoding the picture. JPEG and PNG, alone or as the pages of a scanned PDF; of anything else nothing is said.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mingtang.files.models import StoredFile

LEAST_PIXELS = 200_000
# A blank A4 sheet of 300 dpi takes 0.006 to 0.016 bytes a pixel as JPEG, 0.003 as PNG; a sparse letter twice that.
JPEG_BLANK, PNG_BLANK = 0.02, 0.004
MOST_PAGES = 50

_PDF_JPEG = re.compile(rb"stream\r?\n(\xff\xd8\xff.*?)endstream", re.S)
_SOF = frozenset({0xC0, 0xC1, 0xC2})


def seems_blank(data: bytes) -> bool:
    """Whether the picture, or every page of the scanned PDF, seems to show nothing."""
    if b"%PDF-" in data[:1024]:
        pages = [found[1] for found, _ in zip(_PDF_JPEG.finditer(data), range(MOST_PAGES), strict=False)]
        return bool(pages) and b"/Font" not in data and all(map(_jpeg, pages))
    return _jpeg(data) or _png(data)


def doubts(files: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, str]:
    """Input → sentence, of the received ``files`` (slot → rows of key, name, size) that seem to show nothing."""
    keys = [row[0] for rows in files.values() for row in rows]
    blank = set(StoredFile.objects.filter(pk__in=keys, blank=True).values_list("pk", flat=True))
    return {
        f"file_{slot}": f"“{name}”像是一张空白的纸，请打开看一眼。扫错了的，再传一份。"
        for slot, rows in files.items()
        for pk, name, _ in rows
        if pk in blank
    }


def _jpeg(data: bytes) -> bool:
    if not data.startswith(b"\xff\xd8\xff"):
        return False
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        if data[at + 1] in _SOF:
            height, width = int.from_bytes(data[at + 5 : at + 7]), int.from_bytes(data[at + 7 : at + 9])
            return _thin(len(data) - at, width * height, JPEG_BLANK)
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return False


def _png(data: bytes) -> bool:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return False
    return _thin(len(data), int.from_bytes(data[16:20]) * int.from_bytes(data[20:24]), PNG_BLANK)


def _thin(size: int, pixels: int, least: float) -> bool:
    return pixels >= LEAST_PIXELS and size < pixels * least
