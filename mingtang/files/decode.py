"""Bytes to text: the encodings that Chinese offices really save in."""

import codecs
import re

from mingtang.lib.errors import Refused

# Tab, line feed, form feed and carriage return are text; the other C0 controls are signs of a binary file.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<(?:meta[^>]{0,200}charset|\?xml[^>]{0,200}encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]{3,20})""", re.I
)


def looks_like_text(text: str) -> bool:
    """Whether decoded text is really text: GB 18030 turns almost anything into controls and private-use characters."""
    return not _CONTROLS.search(text) and len(_PRIVATE.findall(text)) * 50 <= len(text)


def _candidates(data: bytes, declared: bool) -> list[str]:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return [name]
    names = ["utf-8", "gb18030"]
    if declared and (found := _DECLARED.search(data[:4096])):
        name = found[1].decode("ascii").lower()
        # Pages that declare gb2312 use characters outside it; GB 18030 reads all of its ancestors.
        names.insert(0, "gb18030" if name in {"gb2312", "gbk", "gb_2312-80"} else name)
    return names


def try_decode(data: bytes, *, declared: bool = False) -> tuple[str, str] | None:
    """The text and its encoding, or None when the bytes are no text.

    A byte order mark decides; then UTF-8; then GB 18030 (which contains GBK and GB 2312). ``declared`` lets an HTML
    or XML declaration in the bytes go first. Line ends become ``\\n``.
    """
    for name in _candidates(data, declared):
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if looks_like_text(text):
            return text.replace("\r\n", "\n").replace("\r", "\n"), name
    return None


def decode(data: bytes, *, name: str = "", declared: bool = False) -> str:
    """The text of a file; refuses what is no text in UTF-8, UTF-16 or GB 18030."""
    found = try_decode(data, declared=declared)
    if found is None:
        raise Refused(
            f"{f'“{name}”' if name else '这个文件'}的文字编码认不出来，请用记事本打开，另存为 UTF-8 编码后再传。",
            "file",
        )
    return found[0]
