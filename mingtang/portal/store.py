"""The store of rendered public pages: plain files that a web server can serve, dropped by what they depend on.

Layout below the root, one folder per town::

    <town>/pages/<path>~      the bytes of the page at <path>; ``~.gz`` beside it is the same, compressed
    <town>/other/<id>~        pages whose path is no safe file name, or whose type does not follow from the path
    <town>/meta/<id>          JSON: path, file, content type, hashes of the keys the page was rendered from
    <town>/keys/<key>/<id>    empty file: the page depends on the key
    <town>/drops.log          what was dropped, in order; its epoch and length are the generation of the store

The body is renamed into place last and unlinked first, so a kill at any step leaves either a whole page or none.
Saving and dropping hold one lock per town; a page is only stored when no key of it was dropped since ``begin``.
"""

import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mingtang.portal.mediatypes import page_type, worth_compressing

LOG_LIMIT = 256 * 1024
EPOCH = 33  # 32 hexadecimal digits and a newline
DONE = b"."
EVERYTHING = b"*"
_TOWN = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}")
# 60 characters are at most 240 bytes, which leaves room for "~.gz" in a file name of 255. No component may hold "~",
# which marks page files: the page /a and the folder of /a/b never meet.
_COMPONENT = re.compile(r"(?!\.)[\w.,:@+=()（）〔〕\-]{1,60}")


class Start(NamedTuple):
    """The generation of a town's store before a view read the database."""

    town: str
    epoch: bytes
    offset: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A page as it lies on the disk; ``signature`` is that of ``file`` and changes with every save."""

    file: str
    signature: tuple[int, int, int]
    content_type: str
    body: bytes
    compressed: bytes | None


def signature(status: os.stat_result) -> tuple[int, int, int]:
    """Inode, modification time in ns and size: differs whenever another file was renamed into place."""
    return status.st_ino, status.st_mtime_ns, status.st_size


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _is_plain(path: str) -> bool:
    """Whether a path may be a file name as it stands, for a web server that maps URLs to files."""
    parts = path[1:].split("/")
    folders, last = parts[:-1], parts[-1]
    return (
        path.startswith("/")
        and len(path.encode("utf-8", "surrogatepass")) <= 1000
        and all(_COMPONENT.fullmatch(part) for part in folders)
        and (not last or _COMPONENT.fullmatch(last) is not None)
    )


class PageStore:
    """Stored pages below ``root``. Any number of processes and threads may use one folder at the same time."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def hosts_file(self) -> Path:
        """Which host name leads to which town; lies beside the pages, is needed without a database."""
        return self.root / "hosts.json"

    def begin(self, town: str) -> Start:
        """The generation now; to be taken before the view reads anything. Finishes a drop that a kill cut short."""
        try:
            with open(self._log(town), "rb", buffering=0) as log:
                epoch, size = log.read(EPOCH), os.fstat(log.fileno()).st_size
                finished = size == EPOCH or (size > EPOCH and os.pread(log.fileno(), 3, size - 3) == b"\n.\n")
        except FileNotFoundError:
            finished = False
        if not finished:
            with self._locked(town):
                epoch, size = self._settle(town)
        return Start(town, epoch, size)

    def save(self, start: Start, path: str, keys: Collection[str], body: bytes, content_type: str) -> bool:
        """Store a page that was rendered from ``keys``; False when one of them was dropped since ``start``.

        Raises ``ValueError`` for a page without keys, which nothing could ever drop, and ``OSError`` from the disk.
        """
        if not keys:
            raise ValueError(f"the page {path} names nothing that it depends on")
        town, hashes = start.town, sorted({_digest(key) for key in keys})
        file = self._file(town, path, content_type)
        meta = json.dumps({"path": path, "file": file, "type": content_type, "keys": hashes}).encode()
        compressed = gzip.compress(body, 9, mtime=0) if worth_compressing(content_type) else b""
        parts = [self._draft(town, part) for part in (meta, body)]
        if compressed and len(compressed) < len(body):
            parts.append(self._draft(town, compressed))
        try:
            with self._locked(town):
                if not self._unchanged_since(start, hashes):
                    return False
                self._put(town, _digest(path), file, hashes, parts)
        finally:
            for part in parts:
                with suppress(FileNotFoundError):
                    os.unlink(part)
        return True

    def drop(self, town: str, keys: Iterable[str]) -> int:
        """Remove every page that depends on one of the keys; the number of pages removed. Repeating it is harmless."""
        hashes = sorted({_digest(key) for key in keys})
        if not hashes:
            return 0
        return self._change(town, " ".join(hashes).encode())

    def clear(self, town: str) -> None:
        """Remove every page of a town."""
        self._change(town, EVERYTHING)

    def fit(self, stamp: str) -> bool:
        """Clear all towns when the stamp (machine boot, version of the code) is not the one kept; True if so.

        Pages are not forced to the disk, so none of them is trusted after the machine stopped.
        """
        kept = self.root / "stamp"
        with suppress(FileNotFoundError):
            if kept.read_text() == stamp:
                return False
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in self.root.iterdir():
            if folder.is_dir():
                self.clear(folder.name)
        kept.write_text(stamp)
        return True

    def find(self, town: str, path: str) -> Stored | None:
        """The stored page at a path, whole, or None. Reads the disk; takes no lock."""
        page = _digest(path)
        for _ in range(3):
            try:
                meta = json.loads(Path(self._meta(town, page)).read_bytes())
                file = os.path.join(self._folder(town), meta["file"])
                before = signature(os.stat(file))
                body = Path(file).read_bytes()
                try:
                    compressed = Path(file + ".gz").read_bytes()
                except FileNotFoundError:
                    compressed = None
                if signature(os.stat(file)) == before:
                    return Stored(file, before, meta["type"], body, compressed)
            except FileNotFoundError:
                return None
        return None

    # Places ---------------------------------------------------------------------------------------------------------

    def _folder(self, town: str) -> str:
        if not _TOWN.fullmatch(town):
            raise ValueError(f"not a town code: {town!r}")
        return os.path.join(self.root, town)

    def _log(self, town: str) -> str:
        return os.path.join(self._folder(town), "drops.log")

    def _meta(self, town: str, page: str) -> str:
        return os.path.join(self._folder(town), "meta", page[:2], page)

    def _key(self, town: str, key: str) -> str:
        return os.path.join(self._folder(town), "keys", key[:2], key)

    def _file(self, town: str, path: str, content_type: str) -> str:
        """Where the body lies, relative to the town's folder."""
        if _is_plain(path) and content_type == page_type(path):
            return f"pages{path}~"
        page = _digest(path)
        return f"other/{page[:2]}/{page}~"

    # Under the lock -------------------------------------------------------------------------------------------------

    @contextmanager
    def _locked(self, town: str) -> Iterator[None]:
        folder = self._folder(town)
        os.makedirs(folder, exist_ok=True)
        # Each holder opens the file anew: the lock then also holds between threads of one process.
        descriptor = os.open(os.path.join(folder, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _draft(self, town: str, content: bytes) -> str:
        """The content in a new file on the same file system, ready to be renamed into place."""
        folder = os.path.join(self._folder(town), "tmp")
        os.makedirs(folder, exist_ok=True)
        name = os.path.join(folder, uuid.uuid4().hex)
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        with open(descriptor, "wb") as file:
            file.write(content)
        return name

    def _put(self, town: str, page: str, file: str, hashes: list[str], parts: list[str]) -> None:
        """Rename the drafts (meta, body, compressed body) into place: links first, the body last."""
        old_file, old_hashes = self._known(town, page)
        if old_file and old_file != file:
            self._unlink_body(town, old_file)
        for key in hashes:
            link = os.path.join(self._key(town, key), page)
            os.makedirs(os.path.dirname(link), exist_ok=True)
            os.close(os.open(link, os.O_WRONLY | os.O_CREAT, 0o644))
        meta, target = self._meta(town, page), os.path.join(self._folder(town), file)
        os.makedirs(os.path.dirname(meta), exist_ok=True)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.replace(parts[0], meta)
        if len(parts) == 3:
            os.replace(parts[2], target + ".gz")
        else:
            with suppress(FileNotFoundError):
                os.unlink(target + ".gz")
        os.replace(parts[1], target)
        for key in set(old_hashes) - set(hashes):
            with suppress(FileNotFoundError):
                os.unlink(os.path.join(self._key(town, key), page))

    def _change(self, town: str, line: bytes) -> int:
        """Write the line to the log, remove what it names, write that this is done."""
        with self._locked(town):
            self._settle(town)
            try:
                self._append(town, line)
            except OSError:
                # A full disk must not keep a stale page: without a log the town begins a new epoch, empty.
                os.unlink(self._log(town))
                self._perform(town, line)
                raise
            removed = self._perform(town, line)
            self._append(town, DONE)
            if os.stat(self._log(town)).st_size > LOG_LIMIT:
                self._new_epoch(town)
        return removed

    def _perform(self, town: str, line: bytes) -> int:
        if line == EVERYTHING:
            self._remove_all(town)
            return 0
        pages = 0
        for key in line.decode().split():
            folder = self._key(town, key)
            with suppress(FileNotFoundError):
                for page in os.listdir(folder):
                    pages += self._remove(town, page, key)
        return pages

    def _remove(self, town: str, page: str, key: str) -> bool:
        """Remove one page: its body first, the link that led here last."""
        file, hashes = self._known(town, page)
        if file:
            self._unlink_body(town, file)
        links = [os.path.join(self._key(town, name), page) for name in hashes if name != key]
        for name in [*links, self._meta(town, page), os.path.join(self._key(town, key), page)]:
            with suppress(FileNotFoundError):
                os.unlink(name)
        return bool(file)

    def _unlink_body(self, town: str, file: str) -> None:
        body = os.path.join(self._folder(town), file)
        for name in (body, body + ".gz"):
            with suppress(FileNotFoundError):
                os.unlink(name)

    def _known(self, town: str, page: str) -> tuple[str, list[str]]:
        """File and key hashes of a page that may be stored; empty when it is not."""
        try:
            meta = json.loads(Path(self._meta(town, page)).read_bytes())
        except FileNotFoundError:
            return "", []
        return meta["file"], meta["keys"]

    def _remove_all(self, town: str) -> None:
        """Take the bodies out of sight first, in one rename each; then remove everything."""
        folder = self._folder(town)
        drafts = os.path.join(folder, "tmp")
        waste = os.path.join(drafts, uuid.uuid4().hex)
        os.makedirs(waste)
        for name in ("pages", "other", "meta", "keys"):
            with suppress(FileNotFoundError):
                os.rename(os.path.join(folder, name), os.path.join(waste, name))
        shutil.rmtree(waste)
        for entry in os.scandir(drafts):
            # What a kill left behind; a draft of a living process is seconds old.
            if entry.stat().st_mtime < time.time() - 3600:
                shutil.rmtree(entry.path) if entry.is_dir() else os.unlink(entry.path)

    # The log --------------------------------------------------------------------------------------------------------

    def _append(self, town: str, line: bytes) -> None:
        with open(self._log(town), "ab", buffering=0) as log:
            if log.write(line + b"\n") != len(line) + 1:
                raise OSError("the log of drops was cut short")

    def _new_epoch(self, town: str) -> bytes:
        epoch = uuid.uuid4().hex.encode() + b"\n"
        os.replace(self._draft(town, epoch), self._log(town))
        return epoch

    def _settle(self, town: str) -> tuple[bytes, int]:
        """Finish what a killed process began; epoch and length of the log. A log without sense clears the town."""
        try:
            content = Path(self._log(town)).read_bytes()
        except FileNotFoundError:
            content = b""
        lines = content[EPOCH:].split(b"\n")
        if len(content) < EPOCH or lines.pop():
            self._remove_all(town)
            return self._new_epoch(town), EPOCH
        if lines and lines[-1] != DONE:
            self._perform(town, lines[-1])
            self._append(town, DONE)
            return content[:EPOCH], len(content) + len(DONE) + 1
        return content[:EPOCH], len(content)

    def _unchanged_since(self, start: Start, hashes: list[str]) -> bool:
        self._settle(start.town)
        content = Path(self._log(start.town)).read_bytes()
        if content[:EPOCH] != start.epoch:
            return False
        dropped = set(content[start.offset :].decode().split())
        return EVERYTHING.decode() not in dropped and dropped.isdisjoint(hashes)
