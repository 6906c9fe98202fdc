"""What the readers of files yield: lines with the place they stand in, named as an office program names it."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

# A label and a line of text.
Part = tuple[str, str]

VISIBLE = ""
PLACE = "照片位置"
COMMENT, CHANGE, EDGE, EARLIER = "批注", "修订", "页眉页脚", "修改以前的内容"
PROPERTY = "文档属性"
# Of a spreadsheet: the cells in which others see what is not in the file, a line each.
UNWORKED, FETCHED = "没有结果的公式", "引用别处的公式"
# Nothing of the file could be read; the text says why.
UNREADABLE = "读不出来的内容"
UNSEEN = "表面看不见的地方（公式、格式、图片信息等）"
# Written like the number of an identity card or of a mobile phone, in letters of one byte or of two. The longer one may
# stand right behind the name of what holds it; eleven digits between letters are part of a hash.
_NUMBER = re.compile(rb"(?<![0-9.])[0-9]{17}[0-9Xx](?![0-9])|(?<![0-9A-Za-z.])1[3-9][0-9]{9}(?![0-9A-Za-z]|\.[0-9])")
_WIDE = re.compile(
    rb"(?<![0-9]\0)(?:[0-9]\0){17}[0-9Xx]\0(?![0-9]\0)"
    rb"|(?<![0-9A-Za-z]\0)1\0[3-9]\0(?:[0-9]\0){9}(?![0-9A-Za-z]\0)"
)
_PROPERTIES = {
    "creator": "作者",
    "author": "作者",
    "lastmodifiedby": "最后修改人",
    "title": "标题",
    "subject": "主题",
    "description": "备注",
    "keywords": "关键词",
    "category": "类别",
    "contentstatus": "状态",
    "company": "单位",
    "manager": "主管",
    "template": "模板",
    "hyperlinkbase": "链接基址",
    "producer": "制作软件",
}
# What an office program writes of itself, and counts of pages and words, tell of nobody.
_OF_NOBODY = re.compile(
    "application|appversion|totaltime|pages|words|characters|characterswithspaces|lines|paragraphs|docsecurity|"
    "scalecrop|linksuptodate|shareddoc|hyperlinkschanged|revision|created|modified|version|headingpairs|slides|notes|"
    "hiddenslides|mmclips|creatorversion|docid|_templateid|creationdate|moddate"
)


def property_label(name: str) -> str:
    """``文档属性“作者”`` for ``creator``."""
    return f"{PROPERTY}“{_PROPERTIES.get(name.lower(), name[:40])}”"


def tells_of_somebody(name: str) -> bool:
    return not _OF_NOBODY.fullmatch(name.lower())


def must_be_told(label: str) -> bool:
    """Whether an editor is to be told of a place: one that a reader of the page alone would not know of."""
    return label.startswith(("隐藏", "嵌入的", "夹带的", "数据透视表", "别的表格")) or label in (COMMENT, CHANGE, PLACE)


def numbers_in(data: bytes) -> set[str]:
    """What in these bytes is written like a number that points at a person; the guard judges whether it is one."""
    wide = _WIDE.findall(data) if b"\0" in data else []
    return {found.replace(b"\0", b"").decode() for found in (*_NUMBER.findall(data), *wide)}


def by_label(lines: Iterable[Part]) -> list[Part]:
    """The lines of each label together, a line per line, in the order in which the labels came; empty ones left out."""
    found: dict[str, list[str]] = {VISIBLE: []}
    for label, line in lines:
        if line.strip() or label == VISIBLE:
            found.setdefault(label, []).append(line)
    parts = ((_storable(label), _storable("\n".join(lines))) for label, lines in found.items())
    return [(label, text) for label, text in parts if text.strip()]


def _storable(text: str) -> str:
    """Without what no database holds: NUL, halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def xml_text(data: bytes) -> Iterator[str]:
    """The texts of an XML part that is not ours to understand; nothing when it cannot be read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    yield from (text.strip() for text in root.itertext() if text.strip())
