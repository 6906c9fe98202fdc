"""Catalogue files sent in at the desk: received at once, worked on one after another in a process of their own.

A file is taken from the table, so that a restart forgets none; drafts and result are one transaction, so that a process
killed at any moment has done all of it or nothing, and the next one may simply begin again.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, BinaryIO

from django.db.models import Q
from django.utils import timezone

from mingtang.files import actions as files
from mingtang.files.archive import SafeZip
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, can
from mingtang.rulebook.catalogue.importing import JUDGED, READ, WRITTEN, carry_out, plan
from mingtang.rulebook.enums import ImportState
from mingtang.rulebook.models import CatalogueImport
from mingtang.towns.models import Jurisdiction

PURPOSE = "catalogue"
STAGES = (READ, JUDGED, WRITTEN)
# A process that has said nothing for so long is taken for dead; after so many attempts the file is.
SILENT, MOST_ATTEMPTS = timedelta(seconds=60), 3
_EVERY = timedelta(seconds=1)
_BROKEN = "导入没有做完就中断了，什么都没有导入。请再传一次；还是不行，请系统管理员查看服务器的日志。"


def may_import(by: Staff, town: Jurisdiction) -> bool:
    """Whether this person keeps any items: all of the town's, or the own unit's."""
    return can(by, Permission.ITEM_EDIT, town) or can(by, Permission.ITEM_EDIT_OWN, town)


def receive(*, town: Jurisdiction, name: str, stream: BinaryIO, by: Staff) -> CatalogueImport:
    """Take a file in to be worked on. Raises ``Refused`` for what is no .xlsx, or none that may be opened."""
    if not may_import(by, town):
        raise Refused(f"您的岗位没有“{Permission.ITEM_EDIT.label}”的权限。需要时请联系本单位负责人调整岗位。")
    stored = files.store(
        town=town,
        name=name,
        stream=stream,
        by=actor(by),
        purpose=PURPOSE,
        allowed=frozenset({"xlsx"}),
        opened_later=True,
    )
    SafeZip(files.content(stored)[1])
    now = timezone.now()
    with act():
        waiting = CatalogueImport.objects.filter(
            file=stored, by=by, state__in=[ImportState.WAITING, ImportState.RUNNING]
        )
        return waiting.first() or CatalogueImport.objects.create(
            town=town, file=stored, by=by, created_at=now, touched_at=now
        )


def claim() -> int | None:
    """The key of the next file to work on, now marked as running; None when there is nothing to do."""
    waiting = Q(state=ImportState.WAITING)
    stuck = Q(state=ImportState.RUNNING, touched_at__lt=timezone.now() - SILENT)
    if not CatalogueImport.objects.filter(waiting | stuck).exists():
        return None
    with act():
        rows = CatalogueImport.objects.select_for_update(of=("self",), skip_locked=True)
        job = rows.filter(waiting | stuck).order_by("pk").first()
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            _finish(job, ImportState.REFUSED, problems=[["", _BROKEN]])
            return None
        job.state, job.attempts, job.touched_at = ImportState.RUNNING, job.attempts + 1, timezone.now()
        job.stage, job.done, job.total = READ, 0, 0
        job.save()
    return job.pk


def work(pk: int) -> None:
    """Import one claimed file whole or say why not."""
    job = CatalogueImport.objects.select_related("town", "file", "by").get(pk=pk)
    try:
        found = plan(job.town, files.content(job.file)[1], _progress(job), editor=job.by)
        if found.problems:
            told = [list(problem) for problem in found.problems.told]
            _refuse(job, told, found.problems.more)
            return
        _touch(job, WRITTEN, 0, 0)
        with act():
            mine = CatalogueImport.objects.select_for_update(of=("self",)).filter(
                pk=pk, state=ImportState.RUNNING, attempts=job.attempts
            )
            if not mine:
                return
            carry_out(found, town=job.town, by=actor(job.by), editor=job.by)
            _finish(job, ImportState.DONE, counts=found.counts)
    except Refused as refusal:
        _refuse(job, [["", refusal.message]], 0)


def give_up(pk: int) -> None:
    """The process died over a file: it is told so, unless it was finished after all."""
    job = CatalogueImport.objects.get(pk=pk)
    _refuse(job, [["", _BROKEN]], 0)


def _refuse(job: CatalogueImport, problems: list[list[str]], more: int) -> None:
    with act():
        mine = CatalogueImport.objects.select_for_update(of=("self",)).filter(
            pk=job.pk, state=ImportState.RUNNING, attempts=job.attempts
        )
        if mine:
            _finish(job, ImportState.REFUSED, problems=problems, more=more)


def _finish(job: CatalogueImport, state: str, **values: Any) -> None:
    for name, value in values.items():
        setattr(job, name, value)
    job.state, job.finished_at, job.touched_at = state, timezone.now(), timezone.now()
    job.save()


def _touch(job: CatalogueImport, stage: str, done: int, total: int) -> None:
    job.stage, job.done, job.total, job.touched_at = stage, done, total, timezone.now()
    CatalogueImport.objects.filter(pk=job.pk, state=ImportState.RUNNING, attempts=job.attempts).update(
        stage=stage, done=done, total=total, touched_at=job.touched_at
    )


def _progress(job: CatalogueImport) -> Callable[[str, int, int], None]:
    """Write the progress down, once a second at most: each is a write that others wait for."""

    def told(stage: str, done: int, total: int) -> None:
        if stage != job.stage or timezone.now() - job.touched_at >= _EVERY:
            _touch(job, stage, done, total)

    return told
