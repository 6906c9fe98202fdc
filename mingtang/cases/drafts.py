"""Applications that are kept before they are handed in: kept, found by their code, destroyed at their day.

A draft is no application (许可法 29): no number, no clock, no duty of the town but to keep it for some days.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Sum
from django.utils import timezone

from mingtang.cases.models import ApplicationDraft, Case
from mingtang.events import types, vault
from mingtang.events.log import APPLICANT, SYSTEM, Actor, record
from mingtang.events.models import PayloadKey
from mingtang.files.actions import discard
from mingtang.files.models import StoredFile
from mingtang.files.policies import size_label
from mingtang.lib.canonical import canonical_json
from mingtang.lib.codes import letters, plain
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import check_acts
from mingtang.rulebook.models import Version
from mingtang.towns.models import Jurisdiction

KEPT = types.define("draft.kept", "保存没有提交的申请")
OPENED = types.define("draft.opened", "窗口凭保存码打开申请")
DELETED = types.define("draft.deleted", "本人删掉保存的申请")
EXPIRED = types.define("draft.expired", "保存的申请到期销毁")

KEEP = timedelta(days=30)
# 59 bits: the code alone opens a draft, there is no number beside it after which wrong tries could be counted.
CODE_LENGTH = 12
MOST_TEXT = 20_000  # characters
MOST_OF_ONE, MOST_OF_TOWN = 200 * 1024**2, 20 * 1024**3  # bytes of files
MOST_DRAFTS = 2000
BATCH = 100


class Overtaken(Refused):
    """It was saved elsewhere since, or it is no draft any more: what saves by itself must stop."""


def code_of(draft: ApplicationDraft) -> str:
    """The code of a draft, in groups of four: derived from its token, stored nowhere."""
    digest = hmac.new(settings.PAYLOAD_KEY.encode(), b"draft:" + draft.token.encode(), hashlib.sha256).digest()
    code = letters(digest, CODE_LENGTH)
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def _code_hash(code: str) -> str:
    return vault.keyed_hash(f"draft:{plain(code)}")


def keep(
    *,
    version: Version,
    token: str,
    key: PayloadKey,
    typed: Mapping[str, str],
    slots: Mapping[str, list[list[Any]]],
    revision: int | None = None,
) -> ApplicationDraft:
    """Keep what was filled in so far, for ``KEEP`` from today. The same form kept again is the same draft.

    ``key`` is the one the form's files are sealed with; it becomes the case's. Nothing is checked but its size. Raises
    ``Refused`` when there is too much of it, or when the town keeps too many, or when this form was handed in. With
    ``revision`` the page saves by itself: only what is kept already, and ``Overtaken`` where that is another one now.
    """
    town = version.item.town
    if sum(len(name) + len(value) for name, value in typed.items()) > MOST_TEXT:
        raise Refused("填写的内容太多，没有保存。请写短一些再保存。")
    named = [row[0] for rows in slots.values() for row in rows]
    files = list(StoredFile.objects.filter(town=town, pk__in=named))
    if sum(file.size for file in files) > MOST_OF_ONE:
        most = size_label(MOST_OF_ONE)
        raise Refused(f"上传的文件加起来超过了 {most}，没有保存。大的文件请改选“带到窗口”，再保存。")
    try:
        return _write(version, token, key, typed, slots, files, revision)
    except IntegrityError:
        # The same form sent twice at the same moment: the other one was quicker, and this one comes after it.
        return _write(version, token, key, typed, slots, files, revision)


def _write(
    version: Version,
    token: str,
    key: PayloadKey,
    typed: Mapping[str, str],
    slots: Mapping[str, list[list[Any]]],
    files: list[StoredFile],
    revision: int | None,
) -> ApplicationDraft:
    town, now = version.item.town, timezone.now()
    with act():
        _meet(key)
        if Case.objects.filter(town=town, submission=token).exists():
            raise Overtaken("这份申请已经提交了，不用再保存。请凭收件凭证上的编号和查询码查进度。")
        draft = ApplicationDraft.objects.select_for_update().filter(town=town, token=token).first()
        _check_newest(draft, revision)
        if revision is None:
            # What saves by itself has its room already.
            _check_room(town, token)
        if draft is None:
            draft = ApplicationDraft(town=town, item=version.item, token=token, key=key)
            draft.code_hash = _code_hash(code_of(draft))
        elif draft.key_id != key.pk:
            # Two first presses: the files of this one lie under a key of their own, and the other brought the same.
            slots, files = draft.slots, []
        draft.revision += draft.pk is not None
        # What saves by itself every few seconds is told once a day, when the last day moves.
        told = revision is None or draft.kept_until != timezone.localdate(now) + KEEP
        draft.version, draft.kept_at, draft.kept_until = version, now, timezone.localdate(now) + KEEP
        draft.sealed = vault.seal(draft.key, canonical_json({"typed": dict(typed), "slots": dict(slots)}))
        draft.save()
        draft.files.add(*files)
        if told:
            _record(draft, KEPT, APPLICANT)
    return draft


def _check_newest(draft: ApplicationDraft | None, revision: int | None) -> None:
    if revision is None or (draft and draft.revision == revision):
        return
    if draft is None:
        raise Overtaken("这份申请已经删掉了，没有再保存。要留着的，点“先保存，以后再填”。")
    raise Overtaken(
        f"这份申请 {timezone.localtime(draft.kept_at):%H:%M} 在别处又存过，这一页不再自动保存，免得盖掉。"
        "要以这一页为准，点“先保存，以后再填”；要那一份，从保存的申请打开。"
    )


def _meet(key: PayloadKey) -> None:
    """Keeping, handing in and destroying meet at the key that they share, one after the other.

    Raises ``Refused`` when it was destroyed: nothing more may be sealed with it.
    """
    if PayloadKey.objects.select_for_update(no_key=True).get(pk=key.pk).wrapped is None:
        raise vault.destroyed()


def _check_room(town: Jurisdiction, token: str) -> None:
    """Nobody fills the town's disk with drafts. Raises ``Refused`` when the others leave no room for this one."""
    rows = ApplicationDraft.objects.filter(town=town).exclude(token=token)
    held = rows.aggregate(size=Sum("files__size"))["size"] or 0
    if rows.count() >= MOST_DRAFTS or held >= MOST_OF_TOWN:
        raise Refused(
            "现在保存的申请太多，存不下了，您填的没有保存。请现在填完提交（材料不齐也能交），或者过几天再来，或者到窗口办。"
        )


def _record(draft: ApplicationDraft, type: str, by: Actor, **facts: Any) -> None:
    data = {"item": draft.item.code, **facts}
    record(town=draft.town, type=type, subject=draft.subject, by=by, data=data)


def find(town: Jurisdiction, code: str) -> ApplicationDraft:
    """The draft that a code opens. Raises ``Refused`` alike for a wrong code, an ended draft and another town's."""
    rows = ApplicationDraft.objects.select_related("town", "item__current", "version", "key")
    draft = rows.filter(town=town, code_hash=_code_hash(code), kept_until__gte=timezone.localdate()).first()
    if draft is None:
        raise Refused(
            "没有找到。请对照保存的时候给您的 12 位保存码再输一次；过了保存的日期，或者已经提交、删掉的，都打不开了。",
            field="code",
        )
    return draft


def of_form(town: Jurisdiction, token: str) -> ApplicationDraft | None:
    """What was kept of the very form that has this token, which nobody else knows."""
    return ApplicationDraft.objects.select_related("key").filter(town=town, token=token).first()


def open_at_window(*, town: Jurisdiction, code: str, by: Staff) -> ApplicationDraft:
    """A clerk opens what a resident has kept, by the code the resident tells, to take it in. Recorded: it is read."""
    author = check_acts(by, Permission.CASE_INTAKE, town).actor(powers=[Permission.CASE_INTAKE])
    with act():
        draft = find(town, code)
        _record(draft, OPENED, author)
    return draft


def handed_in(town: Jurisdiction, token: str, key: PayloadKey) -> None:
    """The form was handed in, in the caller's transaction: the draft ends, its key and files are the case's now."""
    _meet(key)
    ApplicationDraft.objects.filter(town=town, token=token).delete()


def delete(*, draft: ApplicationDraft) -> None:
    """The person wants it gone: at once, for good."""
    _destroy(draft, DELETED, APPLICANT)


def destroy_expired(today: date | None = None) -> int:
    """Destroy the drafts whose last day is over; returns how many. For the scheduled sweep."""
    ended = ApplicationDraft.objects.filter(kept_until__lt=today or timezone.localdate())
    rows = list(ended.select_related("town", "item")[:BATCH])
    for draft in rows:
        _destroy(draft, EXPIRED, SYSTEM)
    return len(rows)


def _destroy(draft: ApplicationDraft, type: str, by: Actor) -> None:
    """Row, key and files, so that not even a backup of the files can be opened with what is left here."""
    with act():
        PayloadKey.objects.select_for_update(no_key=True).get(pk=draft.key_id)
        # Whoever was quicker (handed in, or deleted in another tab) has ended it.
        if not ApplicationDraft.objects.filter(pk=draft.pk).exists():
            return
        files = list(draft.files.all())
        _record(draft, type, by, files=len(files))
        ApplicationDraft.objects.filter(pk=draft.pk).delete()
        PayloadKey.objects.filter(pk=draft.key_id).update(wrapped=None, destroyed_at=timezone.now())
        discard(files)
