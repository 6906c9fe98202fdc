"""Opening zip-based files (docx, xlsx, ofd) and their XML without being hurt by them."""

import io
import zipfile
import zlib

from lxml import etree

from mingtang.lib.errors import Refused

MAX_ENTRIES = 4000
MAX_TOTAL = 300 * 1024 * 1024
MAX_ENTRY = 120 * 1024 * 1024
MAX_RATIO = 200
# Below this an entry may shrink as well as it likes: a page of spaces is no attack.
RATIO_FLOOR = 5 * 1024 * 1024

DAMAGED = "文件已损坏，打不开，请用原来的软件打开，重新另存一份再传。"
LOCKED = "文件加了密码，系统读不了，请去掉密码后再传。"
BOMB = "文件展开后大得不正常，为了安全没有打开，请用原来的软件重新另存一份再传。"


class SafeZip:
    """A zip file whose directory was checked before anything was unpacked.

    Holds: at most ``MAX_ENTRIES`` entries, ``MAX_TOTAL`` bytes when unpacked, no entry over ``MAX_ENTRY`` bytes or
    shrunk more than ``MAX_RATIO`` times, none encrypted, none twice. Raises ``Refused`` otherwise.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            raise Refused(DAMAGED, "file") from error
        if len(entries) > MAX_ENTRIES:
            raise Refused(BOMB, "file")
        total = 0
        self.names: dict[str, str] = {}
        for entry in entries:
            if entry.flag_bits & 0x1:
                raise Refused(LOCKED, "file")
            total += entry.file_size
            suspicious = entry.file_size > RATIO_FLOOR and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
            if suspicious or entry.file_size > MAX_ENTRY or total > MAX_TOTAL:
                raise Refused(BOMB, "file")
            name = entry.filename.lstrip("/")
            if name in self.names:
                # Two readers could see two different contents under one name: the checked one and the shown one.
                raise Refused(DAMAGED, "file")
            self.names[name] = entry.filename

    def read(self, name: str) -> bytes:
        """An entry's bytes; the directory's word on its size is not trusted while unpacking."""
        name = name.lstrip("/")
        if name not in self.names:
            raise Refused(DAMAGED, "file")
        try:
            with self._zip.open(self.names[name]) as stream:
                data = stream.read(MAX_ENTRY + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
            ValueError,
        ) as error:
            raise Refused(DAMAGED, "file") from error
        if len(data) > MAX_ENTRY:
            raise Refused(BOMB, "file")
        return data

    def xml(self, name: str) -> etree._Element:
        return parse_xml(self.read(name))

    def size(self, name: str) -> int:
        """Bytes of an entry when unpacked, as the directory says."""
        return self._zip.getinfo(self.names[name]).file_size

    def stream(self, name: str) -> "Stream":
        """An entry to be read piece by piece, for what is too big to hold whole; the same limits and refusals."""
        if name not in self.names:
            raise Refused(DAMAGED, "file")
        return Stream(self._zip, self.names[name])


class Stream:
    """``read`` alone, as parsers ask for it; counts what really comes out."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        try:
            self._file = archive.open(name)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise Refused(DAMAGED, "file") from error
        self.done = 0

    def read(self, size: int) -> bytes:
        try:
            data = self._file.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise Refused(DAMAGED, "file") from error
        self.done += len(data)
        if self.done > MAX_ENTRY:
            raise Refused(BOMB, "file")
        return data


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML part. Entities are never expanded, nothing is fetched; a part with a DTD is refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(DAMAGED, "file") from error
    if root.getroottree().docinfo.internalDTD is not None:
        # Office programs never write one; it is the vehicle of entity expansion.
        raise Refused("文件里夹带了不该有的定义（DTD），为了安全没有打开，请用原来的软件重新另存一份再传。", "file")
    return root
