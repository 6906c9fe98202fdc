"""Stored files: a row per town, content and name; the bytes lie on disk under their hash."""

from pathlib import Path

from django.db import models

from mingtang.lib.paths import data_path
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class StoredFileQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> "StoredFileQuerySet":
        """Files of the viewer's town. Whose file it is, the room knows that refers to it: fetch through its rows."""
        return self.filter(town=viewer.town)


class StoredFile(models.Model):
    """One file as it was received.

    ``sha256`` is the hash of the bytes **on disk**, so that every store can be checked without a key; for a sealed file
    these are encrypted bytes, ``size`` is the size in clear, and ``name`` is a general one: the real name, which often
    names a person, is inside the seal.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", verbose_name="地区")
    sha256 = models.CharField("哈希", max_length=64)
    size = models.PositiveBigIntegerField("大小（字节）")
    kind = models.CharField("类型代码", max_length=16)
    media_type = models.CharField("媒体类型", max_length=100)
    name = models.CharField("文件名", max_length=200)
    purpose = models.CharField("用途", max_length=40)
    sealed = models.BooleanField("加密存放", default=False)
    created_at = models.DateTimeField("接收时间")

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "文件"
        constraints = [
            models.UniqueConstraint(fields=["town", "sha256", "name"], name="files_one_row_per_town_content_name"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="files_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the bytes lie; towns that received the same bytes share them."""
        return data_path("files") / self.sha256[:2] / self.sha256
