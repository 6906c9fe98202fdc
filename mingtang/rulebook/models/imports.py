"""Catalogue files that were sent in, and what became of each."""

from django.db import models
from django.db.models import Q

from mingtang.files.models import StoredFile
from mingtang.people.models import InTown, Staff
from mingtang.rulebook.enums import ImportState
from mingtang.towns.models import Jurisdiction


class CatalogueImport(models.Model):
    """One file on its way into the catalogue. It is worked on outside the web server; ``touched_at`` shows that the
    work goes on. ``counts`` and the drafts are written in one transaction, so that done means all of it is there."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="导入人")
    state = models.CharField("状态", max_length=8, choices=ImportState.choices, default=ImportState.WAITING)
    stage = models.CharField("步骤", max_length=10, blank=True)
    done = models.PositiveIntegerField("完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    created_at = models.DateTimeField("上传时间")
    touched_at = models.DateTimeField("最近进展")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    counts = models.JSONField("结果", default=dict)
    problems = models.JSONField("要改的地方", default=list)
    more = models.PositiveIntegerField("没有列出的", default=0)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "事项目录导入"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[ImportState.WAITING, ImportState.RUNNING], finished_at__isnull=True)
                | Q(state__in=[ImportState.DONE, ImportState.REFUSED], finished_at__isnull=False),
                name="rulebook_import_ends_when_finished",
            )
        ]
        indexes = [models.Index(fields=["state", "id"], name="rulebook_import_waiting")]

    def __str__(self) -> str:
        return self.file.name
