"""What the log has said and cannot take back: its names, what it showed in clear, and the checkpoints it signed.

Everything else (leaves, tiles, roots) is derived from events and lies in files.
"""

from django.db import models

from mingtang.events.models import AppendOnly, Event
from mingtang.ledger.words import words_of
from mingtang.towns.models import Jurisdiction


class Log(models.Model):
    """One log of a town under one origin and key. A town has one; another is opened only when statements were lost."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="logs")
    number = models.PositiveSmallIntegerField("次序")
    origin = models.CharField("来源", max_length=80, unique=True)
    verifier = models.CharField("核对公钥", max_length=200)
    opened_by = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+", verbose_name="另开日志的事件")
    opened_at = models.DateTimeField("开始时间")

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = "日志"
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="ledger_one_log_per_number"),
            models.CheckConstraint(
                condition=models.Q(number=1, opened_by__isnull=True) | models.Q(number__gt=1, opened_by__isnull=False),
                name="ledger_reopened_by_an_event",
            ),
        ]

    def __str__(self) -> str:
        return self.origin


class Shown(models.Model):
    """From which number on entries of a type carry a public envelope.

    Kept, so that a tree rebuilt by a later release, which may show other types, has the same bytes.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    type = models.CharField("事件类型", max_length=60)
    since = models.PositiveBigIntegerField("起始序号")
    shown = models.BooleanField("公示")

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = "公示规则"
        constraints = [models.UniqueConstraint(fields=["town", "type", "since"], name="ledger_one_rule_per_number")]

    def __str__(self) -> str:
        return f"{self.type} {self.since}: {self.shown}"


class Checkpoint(models.Model):
    """A checkpoint we signed: size and root of a log, as a C2SP signed note. Kept for ever."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    origin = models.CharField("来源", max_length=80)
    size = models.PositiveBigIntegerField("条数")
    root = models.CharField("根散列", max_length=64)
    note = models.TextField("签名原文")
    signed_at = models.DateTimeField("签名时间")

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = "检查点"
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="ledger_one_checkpoint_per_size")]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"

    @property
    def root_bytes(self) -> bytes:
        return bytes.fromhex(self.root)

    @property
    def words(self) -> str:
        """The four words of this root."""
        return words_of(self.root_bytes)
