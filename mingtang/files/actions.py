"""Receiving a file, reading it again, and handing it out."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from mingtang.events.log import Actor, record
from mingtang.events.types import define
from mingtang.files import child, policies, sealing
from mingtang.files.blank import seems_blank
from mingtang.files.extract import Extraction, extract
from mingtang.files.models import StoredFile
from mingtang.files.photo import makings, place, without_place
from mingtang.files.sniff import KINDS, Kind, sniff
from mingtang.lib.errors import Refused
from mingtang.lib.paths import data_path
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

STORED = define("file.stored", "收到文件")
_PARSED = {"pdf", "docx", "xlsx", "xls", "ofd"}
# Taken letter for letter: there is nothing that a file could do to its reader, and no child need be started for each.
_PLAIN = {"html", "txt"}


def store(
    *,
    town: Jurisdiction,
    name: str,
    stream: BinaryIO,
    by: Actor,
    purpose: str,
    allowed: frozenset[str] = policies.DOCUMENTS,
    limit: int | None = None,
    seal_key: bytes | None = None,
    opened_later: bool = False,
) -> StoredFile:
    """Receive one file: checked, hashed, on disk, with its row and its event.

    The same bytes under the same name give the same row again (a double submit changes nothing); sealed files never
    look alike. ``limit`` is bytes, default ``settings.UPLOAD_LIMIT``. ``opened_later`` leaves the inside to a reader of
    the caller's own, outside this process. Raises ``Refused``: empty, too large, a kind that is not ``allowed``, not
    what its name says, locked, damaged, dangerous.
    """
    name = policies.clean_name(name)
    data = _read_limited(stream, limit or settings.UPLOAD_LIMIT)
    kind = check_content(name, data, allowed, opened_later=opened_later)
    return _keep(town, name, data, kind, by, purpose, seal_key)


def store_public(
    *,
    town: Jurisdiction,
    name: str,
    stream: BinaryIO,
    by: Actor,
    purpose: str,
    allowed: frozenset[str] = policies.DOCUMENTS,
    limit: int | None = None,
) -> tuple[StoredFile, list[str]]:
    """Receive a file that everybody is to get: as ``store``, with the sentences its sender must be told.

    A photo is kept without what it tells of its making: where, when, by whom. What else lies hidden in a file is told
    and left.
    """
    shown, told = policies.clean_name(name), []
    if shown != name:
        told.append(f"文件名里有路径、看不见的字或者太长，存作“{shown}”。")
    data = _read_limited(stream, limit or settings.UPLOAD_LIMIT)
    kind = sniff(data)
    policies.check_kind(shown, kind, allowed)
    if kind.code in policies.IMAGES and any(makings(data)):
        where, plain = place(data), without_place(data)
        if where:
            told.append(f"照片“{shown}”里记着拍摄地点（{where}），已经去掉，照片本身没有变。")
        elif plain != data:
            told.append(f"照片“{shown}”里附着时间、机型、说明或者别的内容，已经去掉，照片本身没有变。")
        data = plain
    elif kind.code in _PARSED | _PLAIN:
        told += [f"“{shown}”：{sentence}" for sentence in _inside(kind.code, data).warnings]
    return _keep(town, shown, data, kind, by, purpose, None), told


def check_content(name: str, data: bytes, allowed: frozenset[str], *, opened_later: bool = False) -> Kind:
    """What kind of file it is. Raises ``Refused`` as ``store`` does for its kind, its name and its inside."""
    kind = sniff(data)
    policies.check_kind(name, kind, allowed)
    if kind.code in _PARSED | _PLAIN and not opened_later:
        _inside(kind.code, data)
    return kind


def _inside(code: str, data: bytes) -> Extraction:
    return child.read(data) if code in _PARSED else extract(data)


def store_own(*, town: Jurisdiction, name: str, data: bytes, by: Actor, purpose: str, seal_key: bytes) -> StoredFile:
    """Keep a sealed file that we made ourselves: our papers carry their proof inside, which an upload may not."""
    return _keep(town, policies.clean_name(name), data, sniff(data), by, purpose, seal_key)


def _keep(
    town: Jurisdiction, name: str, data: bytes, kind: Kind, by: Actor, purpose: str, seal_key: bytes | None
) -> StoredFile:
    size, blank = len(data), seems_blank(data)
    if seal_key is not None:
        data = sealing.seal(seal_key, name, data, bound_to=_binding(town, purpose))
        name = f"材料.{kind.endings[0]}"
    sha256 = hashlib.sha256(data).hexdigest()
    _write(sha256, data)
    with act():
        stored, created = StoredFile.objects.get_or_create(
            town=town,
            sha256=sha256,
            name=name,
            defaults={
                "size": size,
                "kind": kind.code,
                "media_type": kind.media_type,
                "purpose": purpose,
                "sealed": seal_key is not None,
                "blank": blank,
                "created_at": timezone.now(),
            },
        )
        if created:
            facts = {"size": size, "kind": kind.code, "purpose": purpose, "sealed": stored.sealed}
            record(town=town, type=STORED, subject=f"file:{sha256}", by=by, data=facts)
        else:
            # A form holds it again: it is not what an older form has left (``leftover``).
            StoredFile.objects.filter(pk=stored.pk).update(created_at=timezone.now())
    if not stored.path.exists():
        # Destroyed with the last row that spoke of it, between the bytes and this one.
        _write(sha256, data)
    return stored


def discard(files: Iterable[StoredFile]) -> None:
    """Destroy files that nothing refers to any more: rows in the caller's act, which records it, bytes after it."""
    files = list(files)
    StoredFile.objects.filter(pk__in=[stored.pk for stored in files]).delete()
    transaction.on_commit(lambda: _unlink(files))


def _unlink(files: list[StoredFile]) -> None:
    """Sealed bytes are nobody else's; others may be another town's, or have come once more."""
    named = StoredFile.objects.filter(sha256__in=[file.sha256 for file in files]).values_list("sha256", flat=True)
    held = set(named)
    for stored in files:
        if stored.sha256 not in held:
            stored.path.unlink(missing_ok=True)


def content(stored: StoredFile, *, seal_key: bytes | None = None) -> tuple[str, bytes]:
    """The file's own name and bytes; refuses when the bytes are gone, were changed, or the key does not fit."""
    try:
        data = stored.path.read_bytes()
    except FileNotFoundError as error:
        raise Refused("这份文件的原件不在存储里，请联系系统管理员从备份恢复。", "file") from error
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise Refused("这份文件与收到时不一致，为防误用没有打开，请联系系统管理员从备份恢复。", "file")
    if not stored.sealed:
        return stored.name, data
    if seal_key is None:
        raise Refused("这份材料是加密存放的，没有密钥打不开。", "file")
    return sealing.unseal(seal_key, data, bound_to=_binding(stored.town, stored.purpose))


def text_of(stored: StoredFile, *, seal_key: bytes | None = None) -> Extraction:
    """The text inside, for the guard and the index; read in a child process. Of a photo, where it was taken."""
    data = content(stored, seal_key=seal_key)[1]
    return _inside(stored.kind, data)


def response(stored: StoredFile, *, name: str = "", seal_key: bytes | None = None) -> HttpResponse:
    """The file as a download: never shown inside our own pages, whatever is in it. ``name`` is what the page calls it,
    where that is not the name it came with.

    The Chinese name goes by RFC 5987. Sealed files are not to be kept by any cache.
    """
    came_as, data = content(stored, seal_key=seal_key)
    answer = HttpResponse(data, content_type=KINDS[stored.kind].media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name or came_as)
    answer["Content-Length"] = str(len(data))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store" if stored.sealed else "public, max-age=86400, immutable"
    return answer


def _binding(town: Jurisdiction, purpose: str) -> str:
    return f"{town.code}|{purpose}"


def _read_limited(stream: BinaryIO, limit: int) -> bytes:
    buffer = BytesIO()
    while chunk := stream.read(1024 * 1024):
        if buffer.tell() + len(chunk) > limit:
            raise Refused(f"文件超过了 {policies.size_label(limit)} 的上限，请压缩图片或拆成几个文件再传。", "file")
        buffer.write(chunk)
    if not buffer.tell():
        raise Refused("这个文件是空的，请检查后重新选择文件。", "file")
    return buffer.getvalue()


def _write(sha256: str, data: bytes) -> Path:
    """Bytes on disk before the row that speaks of them: temporary file, fsync, rename, fsync of the folder."""
    folder = data_path("files") / sha256[:2]
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / sha256
    if path.exists() and path.read_bytes() == data:
        return path
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return path
