"""Files that come in pieces, so that a lost connection costs one piece and not the file.

Until a form takes it up the file lies in the private data folder (0600), never in the database, and not longer than the
session that may go on with it.
What a form takes up is checked, sealed and recorded like any other (``files.actions.store``).
"""

import hashlib
import os
import re
import secrets
from base64 import b64decode
from collections.abc import Iterable, MutableMapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from mingtang.events import vault
from mingtang.events.log import Actor
from mingtang.events.models import PayloadKey
from mingtang.files import policies
from mingtang.files.actions import check_content, store
from mingtang.files.models import Upload
from mingtang.lib.errors import Refused
from mingtang.lib.paths import data_path
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

KEEP = timedelta(hours=8)
MOST_OF_ONE = 60  # files of a session
MOST_OF_TOWN = 5 * 1024**3  # bytes
MOST_AT_ONCE = 4 * 1024**2  # bytes of a piece
BATCH = 500
OWNER = "uploads"
_WORD = re.compile(r"[0-9A-Za-z:_-]{1,64}")


class WrongOffset(Exception):
    """The piece does not begin where the upload stands."""


def owner_of(session: MutableMapping[str, Any]) -> str:
    """The mark under which a session's uploads are its own; empty while it has begun none."""
    return session.get(OWNER, "")


def become_owner(session: MutableMapping[str, Any]) -> str:
    """The same; the session lasts from now as long as the upload."""
    session[OWNER] = session.get(OWNER) or secrets.token_urlsafe(32)
    return session[OWNER]


def said(upload: Upload) -> str:
    """``Upload-Metadata`` as it came."""
    return upload.said_path.read_text()


def _read(metadata: str) -> dict[str, str]:
    """Keys and values of ``Upload-Metadata``. Raises ``Refused`` for what is not made like it."""
    found = {}
    try:
        for pair in metadata.split(","):
            key, _, value = pair.strip().partition(" ")
            found[key] = b64decode(value, validate=True).decode()
    except ValueError as error:
        raise Refused("上传的说明读不懂。请刷新这一页，再选一次文件。") from error
    if not all(_WORD.fullmatch(found.get(key, "")) for key in ("form", "slot")) or len(found["slot"]) > 40:
        raise Refused("上传的说明不完整。请刷新这一页，再选一次文件。")
    return found


def name_of(upload: Upload) -> str:
    return policies.clean_name(_read(said(upload))["filename"])


def begin(*, town: Jurisdiction, owner: str, metadata: str, size: int, first: bytes) -> Upload:
    """Begin an upload with its first piece, or go on with the same file (name, size, first piece) where it stood.

    The same file for the same place of the same form is the same upload. For another form, as when the page was loaded
    anew, it begins with a copy of what has arrived. Raises ``Refused`` for an empty or too large file, a name of which
    nothing is left, and more than a session or the town may keep here.
    """
    told = _read(metadata)
    name = policies.clean_name(told.get("filename", ""))
    if not size:
        raise Refused("这个文件是空的，请检查后重新选择文件。", "file")
    if size > settings.UPLOAD_LIMIT:
        most = policies.size_label(settings.UPLOAD_LIMIT)
        raise Refused(f"文件超过了 {most} 的上限，请压缩图片或拆成几个文件再传。", "size")
    # Without its first piece a file is not known again.
    known = hashlib.sha256(first).hexdigest() if first else secrets.token_hex()
    print_hash = vault.keyed_hash(f"{name}|{size}|{known}")
    mine = Upload.objects.filter(town=town, owner=owner)
    with act():
        same = mine.filter(fingerprint_hash=print_hash)
        if found := same.filter(bound=told["form"], slot=told["slot"]).first():
            return found
        _check_room(town, mine, size)
        before = same.filter(file__isnull=True).order_by("-offset").first()
        content = before.path.read_bytes()[: before.offset] if before and before.path.exists() else first
        upload = Upload(town=town, owner=owner, bound=told["form"], slot=told["slot"], size=size)
        upload.handle, upload.fingerprint_hash = secrets.token_urlsafe(32), print_hash
        upload.offset, upload.expires_at = len(content), timezone.now() + KEEP
        _write(upload, metadata, content)
        upload.save()
    return upload


def _check_room(town: Jurisdiction, mine: Any, size: int) -> None:
    if mine.count() >= MOST_OF_ONE:
        raise Refused("您一天里传的文件太多了。请先提交或者保存已经传的，其余的带到窗口。", "file")
    held = Upload.objects.filter(town=town, file__isnull=True).aggregate(size=Sum("size"))["size"] or 0
    if held + size > MOST_OF_TOWN:
        raise Refused("现在传文件的人太多，暂时存不下。请过一会儿再传，或者改选“带到窗口”。", "file")


def _write(upload: Upload, metadata: str, content: bytes) -> None:
    """The bytes on disk, readable by nobody else, before the row that speaks of them."""
    data_path("uploads").chmod(0o700)
    for path, part in ((upload.said_path, metadata.encode()), (upload.path, content)):
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(part)
            file.flush()
            os.fsync(file.fileno())


def of(town: Jurisdiction, owner: str, handle: str) -> Upload | None:
    """The upload of an address, for its owner alone."""
    found = Upload.objects.filter(town=town, owner=owner, handle=handle).first() if owner else None
    return found if found and _is_here(found) else None


def _is_here(upload: Upload) -> bool:
    """Taken up, or its bytes lie on this disk: a database restored without them speaks of what is gone."""
    return upload.file_id is not None or upload.path.exists()


def append(*, upload: Upload, offset: int, piece: bytes) -> Upload:
    """Write the next piece. Raises ``WrongOffset`` when it is not the next one, ``Refused`` when it is too long."""
    with act():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if offset != upload.offset:
            raise WrongOffset
        if offset + len(piece) > upload.size:
            raise Refused("传来的比文件本身还长，没有收下。请重新选一次文件。", "file")
        if not piece:
            return upload
        with upload.path.open("r+b") as file:
            # What a crash left behind this offset was never acknowledged.
            file.seek(offset)
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        upload.offset, upload.expires_at = offset + len(piece), timezone.now() + KEEP
        upload.save(update_fields=["offset", "expires_at"])
    return upload


def check(*, upload: Upload) -> None:
    """Look into a whole file as a form will; one that cannot be taken is destroyed. Raises ``Refused``."""
    if upload.offset < upload.size or upload.file_id:
        return
    try:
        check_content(name_of(upload), upload.path.read_bytes(), policies.MATERIALS)
    except Refused:
        drop([upload])
        raise


def arrived(town: Jurisdiction, owner: str, bound: str) -> dict[str, list[Upload]]:
    """What came whole for a form, by its place in it."""
    found: dict[str, list[Upload]] = {}
    if owner:
        rows = Upload.objects.filter(town=town, owner=owner, bound=bound).select_related("town", "file")
        for upload in rows.order_by("pk"):
            if upload.offset == upload.size and _is_here(upload):
                found.setdefault(upload.slot, []).append(upload)
    return found


def key_of(came: dict[str, list[Upload]]) -> int | None:
    """The key under which a form has taken up some of these before, when its answer was lost."""
    return next((upload.key_id for rows in came.values() for upload in rows if upload.key_id), None)


def take_up(*, upload: Upload, key: PayloadKey, by: Actor) -> list[Any]:
    """Keep it for good, sealed under the form's key: [row, shown name, size in words]. Taken up again, the same row.

    A form that is sent once more because its answer was lost finds here what the first one took up.
    """
    name = name_of(upload)
    if upload.file is None:
        with upload.path.open("rb") as stream:
            stored = store(
                town=upload.town,
                name=name,
                stream=stream,
                by=by,
                purpose="case_material",
                allowed=policies.MATERIALS,
                seal_key=vault.key_bytes(key),
            )
        with act():
            Upload.objects.filter(pk=upload.pk, file__isnull=True).update(file=stored, key=key)
            upload.refresh_from_db()
            transaction.on_commit(lambda: upload.path.unlink(missing_ok=True))
    return [upload.file_id, name, policies.size_label(upload.size)]


def drop(rows: Iterable[Upload]) -> None:
    """Forget uploads and what lies on disk of them; what a form has taken up stays with it."""
    rows = list(rows)
    with act():
        Upload.objects.filter(pk__in=[upload.pk for upload in rows]).delete()
        paths = [path for upload in rows for path in (upload.path, upload.said_path)]
        transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in paths])


def expire() -> int:
    """Drop what nobody went on with; returns how many. For the scheduled sweep."""
    now = timezone.now()
    rows = list(Upload.objects.filter(expires_at__lt=now)[:BATCH])
    if rows:
        drop(rows)
    # What a crash left without a row.
    for path in data_path("uploads").iterdir():
        if path.stat().st_mtime < (now - 2 * KEEP).timestamp():
            path.unlink(missing_ok=True)
    return len(rows)
