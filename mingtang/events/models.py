"""The spine: an append-only table of acts, its order, and the encrypted payloads beside it."""

from django.db import models

from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class AppendOnly(models.QuerySet):
    """Rows that are only ever added. The database refuses the rest by trigger; this says so earlier."""

    def update(self, **kwargs):
        raise TypeError("append-only: record a correcting event instead")

    def delete(self):
        raise TypeError("append-only: record a correcting event instead")

    def visible_to(self, viewer: Viewer):
        return self.filter(town=viewer.town)


class Event(models.Model):
    """One act. ``happened_at`` is when it was done, ``recorded_at`` when it was entered.

    ``data`` holds codes and flags only. ``payload_commit`` is the salted hash of a payload that lies beside it.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    type = models.CharField("类型", max_length=60)
    happened_at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    actor = models.CharField("行为人", max_length=60)
    place = models.CharField("地点", max_length=60, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    subject = models.CharField("对象", max_length=120)
    data = models.JSONField("数据", default=dict)
    payload_commit = models.CharField("附件承诺", max_length=64, blank=True)
    salt = models.BinaryField("盐", max_length=16)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = "事件"
        indexes = [
            models.Index(fields=["town", "subject", "id"], name="events_by_subject"),
            models.Index(fields=["town", "type", "id"], name="events_by_type"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(happened_at__lte=models.F("recorded_at")), name="events_happened_before_recorded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"


class Unsequenced(models.Model):
    """Events that are committed but have no number yet: written with the event, removed by the sequencer."""

    event = models.OneToOneField(Event, models.DO_NOTHING, primary_key=True, related_name="+")

    class Meta:
        verbose_name = "待编号事件"

    def __str__(self) -> str:
        return str(self.event_id)


class Sequenced(models.Model):
    """The number of an event in its town's log: from 0, without gaps, never changed."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    index = models.PositiveBigIntegerField("序号")
    event = models.OneToOneField(Event, models.PROTECT, related_name="sequenced")
    logged_at = models.DateTimeField("入册时间")

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = "已编号事件"
        constraints = [models.UniqueConstraint(fields=["town", "index"], name="events_one_number_each")]

    def __str__(self) -> str:
        return f"{self.town_id}:{self.index}"


class Cursor(models.Model):
    """How far one listener has followed one town's log on one node."""

    node = models.CharField("节点", max_length=40)
    listener = models.CharField("监听者", max_length=40)
    town = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="+")
    next_index = models.PositiveBigIntegerField("下一序号", default=0)

    class Meta:
        verbose_name = "游标"
        constraints = [models.UniqueConstraint(fields=["node", "listener", "town"], name="events_one_cursor_each")]

    def __str__(self) -> str:
        return f"{self.listener}@{self.node}: {self.next_index}"


class PayloadKey(models.Model):
    """One key per case or person. Erasing ``wrapped`` destroys everything that was sealed with it."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    wrapped = models.BinaryField("密钥（已加封）", null=True)
    destroyed_at = models.DateTimeField("销毁时间", null=True, blank=True)

    class Meta:
        verbose_name = "附件密钥"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=True, destroyed_at__isnull=False)
                | models.Q(wrapped__isnull=False, destroyed_at__isnull=True),
                name="events_key_destroyed_with_date",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Payload(models.Model):
    """Personal text of an event, sealed. Never in the event, never in a leaf."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="payload")
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="payloads")
    sealed = models.BinaryField("密文")

    class Meta:
        verbose_name = "事件附件"

    def __str__(self) -> str:
        return str(self.event_id)
