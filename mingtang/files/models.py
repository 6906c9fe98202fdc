"""Stored files: a row per town, content and name; the bytes lie on disk under their hash."""

from pathlib import Path

from django.db import models

from mingtang.events.models import PayloadKey
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
    # When it last came.
    created_at = models.DateTimeField("接收时间")
    # Seems to show nothing; none: kept before anybody looked.
    blank = models.BooleanField("像是空白的", null=True, blank=True)

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


class Reading(models.Model):
    """What is in a file, for the guard: label and text of each place. Made from its bytes, and made anew by a release
    that reads deeper; ``reader`` says which (``extract.READER``)."""

    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="reading")
    reader = models.PositiveSmallIntegerField("读法")
    parts = models.JSONField("文字")

    class Meta:
        verbose_name = "文件里的文字"

    def __str__(self) -> str:
        return f"{self.file_id}#{self.reader}"


class Upload(models.Model):
    """A file that comes in pieces: its bytes lie beside the database until a form takes it up, then it is ``file``.

    ``handle`` is its address, ``owner`` the session that alone may go on with it, ``bound`` and ``slot`` the form and
    the place in it that may take it up. ``fingerprint_hash`` finds the same file again after the page was loaded anew.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    handle = models.CharField("地址", max_length=43, unique=True)
    owner = models.CharField("会话", max_length=43)
    bound = models.CharField("表单", max_length=64)
    slot = models.CharField("材料", max_length=40)
    fingerprint_hash = models.CharField("文件散列", max_length=64)
    size = models.PositiveBigIntegerField("大小（字节）")
    offset = models.PositiveBigIntegerField("已收到（字节）", default=0)
    expires_at = models.DateTimeField("保留到")
    file = models.ForeignKey(StoredFile, models.CASCADE, null=True, blank=True, related_name="+")
    key = models.ForeignKey(PayloadKey, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "正在上传的文件"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size__gt=0, offset__lte=models.F("size")), name="files_upload_within_size"
            ),
            models.CheckConstraint(
                condition=models.Q(file__isnull=True, key__isnull=True)
                | models.Q(file__isnull=False, key__isnull=False, offset=models.F("size")),
                name="files_upload_taken_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["town", "owner", "bound"], name="files_uploads_of_a_form"),
            models.Index(fields=["expires_at"], name="files_uploads_ending"),
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def path(self) -> Path:
        """Where the bytes lie so far; the names that came with them lie beside it."""
        return data_path("uploads") / self.handle

    @property
    def said_path(self) -> Path:
        return self.path.with_suffix(".said")
