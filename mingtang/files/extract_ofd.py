"""The text of an OFD (GB/T 33190): OFD.xml names the documents, each Document.xml its pages in reading order."""

import posixpath
from collections.abc import Iterable, Iterator

from lxml import etree

from mingtang.files.archive import SafeZip
from mingtang.files.decode import try_decode
from mingtang.files.parts import COMMENT, EDGE, PLACE, UNREADABLE, VISIBLE, Part, property_label, tells_of_somebody
from mingtang.files.photo import place
from mingtang.lib.errors import Refused

_OUTSIDE = "这份 OFD 引用了文件以外的内容（{}），系统没有去取，公开以后别人也看不全。请重新导出一份再传。"


class _Package:
    """Parts by the path that another part writes; a path that leads out of the file is noted and never followed."""

    def __init__(self, data: bytes) -> None:
        self.archive = SafeZip(data)
        self.outside: list[str] = []

    def find(self, location: str | None, folder: str) -> str | None:
        """The part's name, or None. Raises ``Refused`` for what should be here and is not."""
        if not location or not (location := location.strip()):
            return None
        path = location.lstrip("/") if location.startswith("/") else posixpath.join(folder, location)
        path = posixpath.normpath(path.replace("\\", "/"))
        if "://" in location or path.startswith("../") or location.startswith("\\\\"):
            self.outside.append(location)
            return None
        return f"{path}/Content.xml" if path not in self.archive.names else path

    def parts(self, nodes: Iterable[etree._Element], folder: str) -> Iterator[tuple[etree._Element, str]]:
        """The root and folder of each part that these nodes lead to, by their BaseLoc or their text."""
        for node in nodes:
            if name := self.find(node.get("BaseLoc") or node.text, folder):
                yield self.archive.xml(name), posixpath.dirname(name)


def read_ofd(data: bytes, warnings: list[str]) -> Iterator[Part]:
    """Pages first, then what stands beside them. Raises ``Refused`` for what is damaged."""
    package, texts = _Package(data), 0
    root = package.archive.xml("OFD.xml")
    for document, folder in package.parts(root.iter("{*}DocRoot"), ""):
        for page, _ in package.parts(document.iterfind("{*}Pages/{*}Page"), folder):
            for line in lines_of(page):
                texts += 1
                yield VISIBLE, line
        for page, _ in package.parts(document.iter("{*}TemplatePage"), folder):
            yield from ((EDGE, line) for line in lines_of(page))
        yield from _notes(package, document, folder)
        yield from _carried(package, document, folder, warnings)
        for address in document.iter("{*}URI", "{*}GotoA"):
            yield "链接", address.get("URI") or address.get("AttachID") or ""
        for resource, base in package.parts(document.iter("{*}DocumentRes", "{*}PublicRes"), folder):
            for media in resource.iter("{*}MediaFile"):
                package.find(media.text, posixpath.join(base, resource.get("BaseLoc", "")))
    for node in root.iterfind("{*}DocBody/{*}DocInfo//"):
        name = node.get("Name") or etree.QName(node).localname
        if (node.text or "").strip() and tells_of_somebody(name):
            yield property_label(name), node.text.strip()
    for name in package.archive.names:
        if where := place(package.archive.read(name)):
            yield PLACE, f"{posixpath.basename(name)}：{where}"
    if package.outside:
        warnings.append(_OUTSIDE.format(package.outside[0][:80]))
    if not texts:
        warnings.append("这份 OFD 里没有文字（像是扫描件），系统查不出其中的敏感信息，请逐页人工核对。")


def lines_of(page: etree._Element) -> Iterator[str]:
    """The lines of a page: pieces of text that stand side by side at one height are one line."""
    line, height = "", None
    for text in page.iter("{*}TextObject"):
        words = "".join(code.text or "" for code in text.iter("{*}TextCode"))
        box = (text.get("Boundary") or "").split()
        here = (box[1], box[3]) if len(box) == 4 else None
        if here is not None and here == height:
            line += words
            continue
        if line:
            yield line
        line, height = words, here
    if line:
        yield line


def _notes(package: _Package, document: etree._Element, folder: str) -> Iterator[Part]:
    for index, base in package.parts(document.iter("{*}Annotations"), folder):
        for notes, _ in package.parts(index.iter("{*}FileLoc"), base):
            for note in notes.iter("{*}Annot"):
                yield COMMENT, note.get("Creator", "")
                yield from ((COMMENT, text.strip()) for text in note.itertext() if text.strip())


def _carried(package: _Package, document: etree._Element, folder: str, warnings: list[str]) -> Iterator[Part]:
    """Files that the OFD carries along; those that are no text cannot be looked into."""
    for index, base in package.parts(document.iter("{*}Attachments"), folder):
        for node in index.iter("{*}Attachment"):
            called = node.get("Name", "")[:80]
            name = package.find(next((loc.text for loc in node.iter("{*}FileLoc")), None), base)
            if name is None:
                continue
            if name not in package.archive.names:
                raise Refused("这份 OFD 里说有附件，附件却不在，请重新导出一份再传。", "file")
            if found := try_decode(package.archive.read(name), declared=True):
                yield from ((f"夹带的文件“{called}”", line) for line in found[0].splitlines())
            else:
                sentence = f"这份 OFD 里夹带了“{called}”，系统读不到其中内容，请去掉它，单独上传。"
                warnings.append(sentence)
                yield f"夹带的文件{UNREADABLE}", sentence
