"""What may be uploaded, for which purpose, and under which name."""

import re
import unicodedata

from mingtang.files.sniff import KINDS, Kind, check_name, ending
from mingtang.lib.errors import Refused

# What the guard can read and the public can open.
DOCUMENTS = frozenset({"pdf", "docx", "xlsx", "ofd", "txt", "jpeg", "png"})
# What a person can make with a telephone or a scanner.
MATERIALS = frozenset({"pdf", "jpeg", "png", "webp", "docx", "xlsx", "ofd"})
MOST_WORDS = 100
IMAGES = frozenset({"jpeg", "png", "webp"})
# What an editor may take a text from.
TEXTS = frozenset({"docx", "xlsx", "doc", "xls", "rtf", "ofd", "html", "txt"})

_MENDING = {
    "heic": "这是苹果手机的 HEIC 照片，窗口电脑打不开，请在手机“设置－相机－格式”里改选“兼容性最佳”再拍一张，"
    "或在相册里截屏后上传截图。",
    "doc": "旧版 .doc 文件系统读不出内容，请用 WPS 或 Word 打开，另存为 .docx 或 PDF 后再传。",
    "xls": "旧版 .xls 表格系统不接收，请用 WPS 或 Excel 打开，另存为 .xlsx 后再传。",
    "ole": "旧版 Office 文件系统读不出内容，请用 WPS 或 Office 打开，另存为新格式或 PDF 后再传。",
    "locked_office": "文件加了密码，系统读不了，请去掉密码后再传。",
    "macro": "文件里带有宏程序，为了安全没有接收，请另存为不带宏的 .docx 或 .xlsx 后再传。",
    "zip": "压缩包不能直接上传，请先解开，把里面的文件一个一个上传。",
    "archive": "压缩包不能直接上传，请先解开，把里面的文件一个一个上传。",
    "program": "程序文件不能上传，请上传文档或照片。",
}


def clean_name(name: str) -> str:
    """A file name fit for showing: the last path part, no controls, no direction marks that disguise the ending.

    At most 120 characters; the ending is kept. Refuses a name of which nothing is left.
    """
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1]))
    name = "".join(
        char for char in name if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    name = name.strip(" .")
    if len(name) > 120:
        last = ending(name)
        stem = name[: 119 - len(last)] if 0 < len(last) <= 8 else name[:120]
        name = f"{stem}.{last}" if 0 < len(last) <= 8 else stem
    if not name:
        raise Refused("这个文件没有名字，请给它起个名字再传。", "file")
    return name


def named(words: str, ending: str) -> str:
    """A file name of what somebody wrote about the file; a stroke in it is no path."""
    words = re.sub(r"[/\\]", "／", words)[:MOST_WORDS]
    return clean_name(f"{words}.{ending}")


def check_kind(name: str, kind: Kind, allowed: frozenset[str]) -> None:
    """Refuse a kind that this purpose does not take, with the way to mend it; then a name that lies about the kind."""
    check_taken(name, kind, allowed)
    check_name(name, kind)


def check_taken(name: str, kind: Kind, allowed: frozenset[str]) -> None:
    """Refuse a kind that this purpose does not take, whatever the file is called."""
    if kind.code not in allowed:
        wanted = "、".join(dict.fromkeys(KINDS[code].label for code in sorted(allowed)))
        raise Refused(
            _MENDING.get(kind.code, f"“{name}”是{kind.label}，这里只收：{wanted}，请换一种格式再传。"), "file"
        )


def size_label(size: int) -> str:
    """A size in bytes in words, to one decimal: ``50 MB``, ``2.3 MB``, ``640 KB``, at least ``0.1 KB``."""
    unit, name = (1048576, "MB") if size >= 1048576 else (1024, "KB")
    return f"{max(size / unit, 0.1):.1f}".removesuffix(".0") + f" {name}"
