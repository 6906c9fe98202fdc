"""Where a photo says it was taken, and the same photo without that: JPEG, PNG and WebP, by hand.

A telephone writes the place into EXIF (a TIFF directory) or XMP (XML). The picture itself is never decoded: only the
pieces around it are dropped, so nothing of it is lost. A JPEG may carry more pictures behind its end.
"""

import re
import zlib
from collections.abc import Iterator

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xae\x42\x60\x82"
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_MOST_TEXT = 4 * 1024 * 1024
_MOST_ENTRIES = 500
_MOST_PICTURES = 8
_TEXT_CHUNKS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_XMP_PLACE = re.compile(rb"GPS(Latitude|Longitude)(?:\s*=\s*[\"']|>)\s*([^\"'<]{1,40})")
# What a viewer needs of a JPEG's application segments: JFIF, the colour profile, Adobe's colour transform.
_NEEDED = ((0xE0, b""), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))


def place(data: bytes) -> str:
    """Where the photo was taken, in words; empty when it does not say or is no photo. Never raises."""
    return next(filter(None, (_place_of(block) for block in _blocks(data))), "")


def without_place(data: bytes) -> bytes:
    """The photo without its place, nor anything else that tells of its making but which way up it is."""
    turned = next((found for block in _blocks(data) if (found := _turned(block)) > 1), 1)
    if data.startswith(JPEG):
        return _plain_jpeg(data, turned)
    return _plain_png(data, turned) if data.startswith(PNG) else _plain_webp(data, turned)


def is_photo(data: bytes) -> bool:
    """Whether it is of a kind that is looked into here."""
    return data.startswith((JPEG, PNG)) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def makings(data: bytes) -> Iterator[bytes]:
    """What tells of the photo's making, as bytes in clear: when, with what, by whom, what it shows; and whatever was
    hung on behind its end. Nothing of what is no photo. Never raises."""
    yield from _blocks(data)
    if data.startswith(JPEG):
        segments, scan = _segments(data)
        yield from (segment[4:] for segment in segments if not _needed(segment))
        yield data[_jpeg_end(data, scan) :]
    elif data.startswith(PNG):
        yield data.partition(_PNG_END)[2]
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        yield data[8 + int.from_bytes(data[4:8], "little") :]


def _needed(segment: bytes) -> bool:
    return segment[1] not in (*range(0xE0, 0xF0), 0xFE) or any(
        segment[1] == marker and segment[4:].startswith(mark) for marker, mark in _NEEDED
    )


def _blocks(data: bytes) -> Iterator[bytes]:
    """What tells of the making: TIFF directories and XMP packets."""
    if data.startswith(JPEG):
        yield from _jpeg_blocks(data)
    elif data.startswith(PNG):
        yield from _png_blocks(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        yield from (body.removeprefix(_EXIF) for name, body in _riff(data) if name in (b"EXIF", b"XMP "))


def _segments(data: bytes) -> tuple[list[bytes], int]:
    """The segments of a JPEG before its scan, each with its marker, and where the scan begins."""
    at, found = 2, []
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] not in (0xDA, 0xD9):
        if data[at + 1] == 0xFF:
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        found.append(data[at:end])
        at = end
    return found, at


def _jpeg_end(data: bytes, at: int) -> int:
    while 0 <= (at := data.find(b"\xff", at)) < len(data) - 1:
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF:
            at += 1
        elif marker == 0 or 0xD0 <= marker <= 0xD7:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return len(data)


def _jpeg_blocks(data: bytes) -> Iterator[bytes]:
    for _ in range(_MOST_PICTURES):
        segments, scan = _segments(data)
        for segment in segments:
            body = segment[4:]
            if body.startswith((_EXIF, _XMP)):
                yield body.removeprefix(_EXIF).removeprefix(_XMP)
        data = data[_jpeg_end(data, scan) :]
        if (at := data.find(JPEG)) < 0:
            return
        data = data[at:]


def _plain_jpeg(data: bytes, turned: int) -> bytes:
    segments, scan = _segments(data)
    kept = [segment for segment in segments if _needed(segment)]
    body = _EXIF + _which_way_up(turned)
    exif = b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body if turned > 1 else b""
    return b"\xff\xd8" + exif + b"".join(kept) + data[scan : _jpeg_end(data, scan)]


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each chunk of a PNG, up to its end."""
    at = len(PNG)
    while at + 12 <= len(data):
        size, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        yield name, data[at + 8 : at + 8 + size]
        at += 12 + size
        if name == b"IEND":
            return


def _png_blocks(data: bytes) -> Iterator[bytes]:
    for name, body in _chunks(data):
        if name == b"eXIf":
            yield body.removeprefix(_EXIF)
        elif name in _TEXT_CHUNKS:
            yield _png_text(name, body)


def _png_text(name: bytes, body: bytes) -> bytes:
    key, _, text = body.partition(b"\0")
    if name == b"zTXt":
        text = _inflated(text[1:])
    elif name == b"iTXt":
        packed, text = text[:1] == b"\1", text[2:].split(b"\0", 2)[-1]
        text = _inflated(text) if packed else text
    if key.startswith(b"Raw profile type"):
        # Three short lines of head, then hexadecimal digits.
        digits = re.sub(rb"\s", b"", text.strip().partition(b"\n")[2].strip().partition(b"\n")[2])
        if re.fullmatch(rb"(?:[0-9A-Fa-f]{2})+", digits):
            text = bytes.fromhex(digits.decode()).removeprefix(_EXIF)
    return text


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST_TEXT)
    except zlib.error:
        return b""


def _plain_png(data: bytes, turned: int) -> bytes:
    out = [PNG]
    for name, body in _chunks(data):
        if name == b"IDAT" and turned > 1:
            out.append(_chunk(b"eXIf", _which_way_up(turned)))
            turned = 1
        if name != b"eXIf" and name not in _TEXT_CHUNKS:
            out.append(_chunk(name, body))
    return b"".join(out)


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def _riff(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _plain_webp(data: bytes, turned: int) -> bytes:
    out = []
    for name, body in _riff(data):
        if name == b"VP8X":
            # Its flags say which pieces follow: 8 is EXIF, 4 is XMP.
            body = bytes([body[0] & ~0x0C | (8 if turned > 1 else 0)]) + body[1:]
        if name not in (b"EXIF", b"XMP "):
            out.append((name, body))
    if turned > 1:
        out.append((b"EXIF", _which_way_up(turned)))
    pieces = [name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2) for name, body in out]
    inside = b"WEBP" + b"".join(pieces)
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside


class _Tiff:
    """A TIFF directory. What lies outside the bytes reads as nothing."""

    def __init__(self, data: bytes) -> None:
        self._data, self._little = data, data[:2] == b"II"
        self.first = self.entries(self.number(4, 4))

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self._data[at : at + size], "little" if self._little else "big")

    def entries(self, at: int) -> dict[int, int]:
        """Where the value of each tag stands."""
        count = min(self.number(at, 2), _MOST_ENTRIES) if at else 0
        return {self.number(at + 2 + 12 * n, 2): at + 10 + 12 * n for n in range(count)}

    def letter(self, at: int) -> str:
        return self._data[at : at + 1].decode("latin-1").upper()

    def degrees(self, at: int) -> float | None:
        """Degrees, minutes and seconds as three fractions; None when nothing was measured."""
        start, value = self.number(at, 4), 0.0
        for n in range(3):
            above, below = self.number(start + 8 * n, 4), self.number(start + 8 * n + 4, 4)
            if not below and n == 0:
                return None
            value += above / below / 60**n if below else 0
        return value


def _is_tiff(block: bytes) -> bool:
    return block[:4] in (b"II*\0", b"MM\0*")


def _turned(block: bytes) -> int:
    """How the picture is to be turned (EXIF orientation); 1 as it is."""
    if not _is_tiff(block):
        return 1
    tiff = _Tiff(block)
    found = tiff.number(tiff.first[0x0112], 2) if 0x0112 in tiff.first else 1
    return found if found <= 8 else 1


def _place_of(block: bytes) -> str:
    if not _is_tiff(block):
        said = dict(_XMP_PLACE.findall(block[:_MOST_TEXT]))
        return "，".join(said[key].decode("ascii", "replace") for key in sorted(said)) if len(said) == 2 else ""
    tiff = _Tiff(block)
    measured = tiff.entries(tiff.number(tiff.first[0x8825], 4)) if 0x8825 in tiff.first else {}
    if not {2, 4} <= measured.keys():
        return ""
    north, east = tiff.degrees(measured[2]), tiff.degrees(measured[4])
    if north is None or east is None:
        return ""
    south, west = (key in measured and tiff.letter(measured[key]) == mark for key, mark in ((1, "S"), (3, "W")))
    return f"{'南纬' if south else '北纬'}{north:.5f}度，{'西经' if west else '东经'}{east:.5f}度"


def _which_way_up(turned: int) -> bytes:
    """A TIFF directory with nothing but the orientation."""
    entry = (0x0112).to_bytes(2) + (3).to_bytes(2) + (1).to_bytes(4) + turned.to_bytes(2) + b"\0\0"
    return b"MM\0*" + (8).to_bytes(4) + (1).to_bytes(2) + entry + b"\0" * 4
