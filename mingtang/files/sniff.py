"""What a file is, judged by its content. The name is only compared with it."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from mingtang.files.decode import try_decode
from mingtang.lib.errors import Refused

SAMPLE = 64 * 1024
MOST_TYPES = 1024 * 1024


@dataclass(frozen=True)
class Kind:
    """A kind of file: ``code`` is ours, ``label`` is how people call it, ``endings`` are the names it may carry."""

    code: str
    media_type: str
    label: str
    endings: tuple[str, ...] = ()


_OOXML = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.code: kind
    for kind in (
        Kind("pdf", "application/pdf", "PDF 文件", ("pdf",)),
        Kind("docx", _OOXML + "wordprocessingml.document", "Word 文档", ("docx",)),
        Kind("xlsx", _OOXML + "spreadsheetml.sheet", "Excel 表格", ("xlsx",)),
        Kind("pptx", _OOXML + "presentationml.presentation", "演示文稿", ("pptx",)),
        Kind("ofd", "application/ofd", "OFD 版式文件", ("ofd",)),
        Kind("opendocument", "application/vnd.oasis.opendocument", "OpenDocument 文件", ("odt", "ods", "odp")),
        Kind("macro", "application/vnd.ms-office.macro", "带宏的 Office 文件", ("docm", "xlsm", "pptm", "xlsb")),
        Kind("doc", "application/msword", "旧版 Word 文档", ("doc", "wps", "dot")),
        Kind("rtf", "application/rtf", "RTF 文档", ("rtf", "doc")),
        Kind("xls", "application/vnd.ms-excel", "旧版 Excel 表格", ("xls", "et")),
        Kind(
            "locked_office",
            "application/x-ole-storage",
            "加了密码的 Office 文件",
            ("docx", "xlsx", "pptx", "doc", "xls"),
        ),
        Kind("ole", "application/x-ole-storage", "旧版 Office 文件", ("ppt", "dps", "msg")),
        Kind("zip", "application/zip", "ZIP 压缩包", ("zip",)),
        Kind("archive", "application/octet-stream", "压缩包", ("rar", "7z", "gz", "tgz", "bz2", "xz")),
        Kind("jpeg", "image/jpeg", "JPEG 图片", ("jpg", "jpeg", "jpe", "jfif")),
        Kind("png", "image/png", "PNG 图片", ("png",)),
        Kind("webp", "image/webp", "WebP 图片", ("webp",)),
        Kind("heic", "image/heic", "HEIC 照片", ("heic", "heif", "hif")),
        Kind("gif", "image/gif", "GIF 图片", ("gif",)),
        Kind("program", "application/octet-stream", "程序文件", ("exe", "dll", "com", "scr", "apk")),
        Kind("html", "text/html", "网页", ("html", "htm", "shtml", "mht")),
        Kind("xml", "application/xml", "XML 文件", ("xml", "svg")),
        Kind("txt", "text/plain", "文本文件", ("txt", "csv", "json", "jsonl", "md", "log")),
        Kind("unknown", "application/octet-stream", "认不出类型的文件"),
    )
}
_BY_ENDING: dict[str, set[str]] = {}
for _kind in KINDS.values():
    for _ending in _kind.endings:
        _BY_ENDING.setdefault(_ending, set()).add(_kind.code)

_MAGIC = (
    (b"{\\rtf", "rtf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|div|table|tbody|p|h1|script|iframe)[\s>/]", re.I)


def _types(archive: zipfile.ZipFile) -> bytes:
    """What an Office file says its parts are, in lower case; empty when it cannot be read."""
    try:
        with archive.open("[Content_Types].xml") as listed:
            return listed.read(MOST_TYPES).lower()
    except (zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, NotImplementedError, EOFError, OSError):
        return b""


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename.lower().lstrip("/") for info in archive.infolist()[:5000]}
            types = _types(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return "unknown"
    if any(name.endswith("vbaproject.bin") or name == "xl/workbook.bin" or "/macrosheets/" in name for name in names):
        return "macro"
    # The part may be called anything; what it is stands in this list.
    if b"macroenabled" in types or b"vbaproject" in types:
        return "macro"
    for marker, code in (
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("ppt/presentation.xml", "pptx"),
        ("ofd.xml", "ofd"),
    ):
        if marker in names:
            return code
    if "mimetype" in names and "content.xml" in names:
        return "opendocument"
    return "zip"


def _ole_kind(data: bytes) -> str:
    """The streams' names stand in the directory as UTF-16; nothing else has to be read to tell the three apart."""
    for stream, code in (
        ("EncryptedPackage", "locked_office"),
        ("_VBA_PROJECT", "macro"),
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("Book", "xls"),
    ):
        if (stream + "\0").encode("utf-16-le") in data:
            return code
    return "ole"


def _text_kind(data: bytes) -> str:
    # A whole decode, not a sample: a sample may end inside a character, and a program may hide behind a page of text.
    found = try_decode(data, declared=True)
    if found is None:
        return "unknown"
    head = found[0][:SAMPLE].lstrip("\ufeff \t\n")
    if head.startswith("<?xml") and not _HTML.search(head[:2000]):
        return "xml"
    if head.startswith("<") and _HTML.search(head):
        return "html"
    return "xml" if head.lower().startswith("<svg") else "txt"


def sniff(data: bytes) -> Kind:
    """The kind of a file by its content. Never raises; what nobody knows is ``unknown``."""
    return KINDS[_sniff(data)]


def _sniff(data: bytes) -> str:
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "heic"
    for magic, code in _MAGIC:
        if data.startswith(magic):
            return code
    return _text_kind(data)


def ending(name: str) -> str:
    """The ending of a file name in lower case, without the dot; empty when there is none."""
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def said_kind(name: str, kind: Kind) -> Kind | None:
    """The kind that a name says and the content is not; None when it says nothing or the truth."""
    said = _BY_ENDING.get(ending(name))
    return next(row for row in KINDS.values() if row.code in said) if said and kind.code not in said else None


def check_name(name: str, kind: Kind) -> None:
    """Refuse a file that is not what its name says. A name without a known ending says nothing."""
    if said := said_kind(name, kind):
        raise Refused(
            f"“{name}”看名字是{said.label}，内容却是{kind.label}，请用原来的软件打开，重新另存一份再传。", "file"
        )
