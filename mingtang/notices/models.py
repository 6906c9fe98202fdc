"""The outbox and the town's own wording."""

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from mingtang.events import types, vault
from mingtang.events.models import PayloadKey
from mingtang.notices.enums import Channel, MessageState, Problem
from mingtang.notices.states import ENDED
from mingtang.people.enums import Permission
from mingtang.people.models import InTown, Staff
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class MessageQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """The outbox of the town for whoever sends; nobody else sees that a message exists. What its addressee waits
        for (a code to log in with) no member of staff reads."""
        rows = self.filter(town=viewer.town, until__isnull=True)
        return rows if viewer.may(Permission.NOTICE_SEND) else rows.none()


class Message(models.Model):
    """One message to one address. ``once`` is its idempotency key: a second with the same key is never queued.

    Address and text lie in ``sealed``, under the key of the case, until they are destroyed. ``lease`` names the attempt
    that runs: whoever reports with another one comes too late and changes nothing. ``ended_by`` is none where the
    addressee wanted no more. ``until``: somebody waits for it now and has no use for it later; such a message is
    nobody's at the desk, and its text is destroyed when it ends.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    subject = models.CharField("对象", max_length=120)
    kind = models.CharField("哪一种", max_length=60)
    channel = models.CharField("方式", max_length=8, choices=Channel.choices)
    state = models.CharField("状态", max_length=8, choices=MessageState.choices, default=MessageState.WAITING)
    once = models.CharField("防重号", max_length=120)
    owner_post = models.CharField("负责岗位代码", max_length=40, blank=True)
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField("收信人和内容（密文）", null=True)
    queued_at = models.DateTimeField("排队时间")
    due_at = models.DateTimeField("该发的时间")
    next_at = models.DateTimeField("下一次发的时间")
    until = models.DateTimeField("最晚发的时间", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("发过几次", default=0)
    lease = models.CharField("这一次的凭据", max_length=32, blank=True)
    leased_until = models.DateTimeField("这一次的期限", null=True, blank=True)
    problem = models.CharField("没有发成的原因", max_length=12, choices=Problem.choices, blank=True)
    detail = models.CharField("对方的代码", max_length=40, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("不再发的理由", max_length=200, blank=True)
    destroyed_at = models.DateTimeField("内容销毁时间", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        constraints = [
            models.UniqueConstraint(fields=["town", "once"], name="notices_queued_once"),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENDING, leased_until__isnull=False) & ~Q(lease="")
                | ~Q(state=MessageState.SENDING) & Q(leased_until__isnull=True, lease=""),
                name="notices_sending_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | ~Q(state__in=ENDED) & Q(ended_at__isnull=True),
                name="notices_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.PRINTED, ended_by__isnull=False, ended_at__isnull=False)
                | Q(state=MessageState.GIVEN_UP, ended_at__isnull=False)
                | ~Q(state__in=[MessageState.PRINTED, MessageState.GIVEN_UP]) & Q(ended_by__isnull=True),
                name="notices_ended_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.GIVEN_UP) & ~Q(reason="")
                | ~Q(state=MessageState.GIVEN_UP) & Q(reason=""),
                name="notices_given_up_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(channel=Channel.PRINT)
                | Q(state__in=[MessageState.WAITING, MessageState.PRINTED, MessageState.GIVEN_UP]),
                name="notices_paper_is_not_transmitted",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.PRINTED) | Q(channel=Channel.PRINT), name="notices_printed_is_paper"
            ),
            models.CheckConstraint(
                condition=Q(sealed__isnull=True, destroyed_at__isnull=False, ended_at__isnull=False)
                | Q(sealed__isnull=False, destroyed_at__isnull=True),
                name="notices_destroyed_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_at"],
                condition=Q(state__in=[MessageState.WAITING, MessageState.SENDING]),
                name="notices_due",
            ),
            models.Index(fields=["town", "state", "-id"], name="notices_by_state"),
            models.Index(fields=["town", "subject", "id"], name="notices_by_subject"),
            models.Index(
                fields=["ended_at"],
                condition=Q(destroyed_at__isnull=True, ended_at__isnull=False),
                name="notices_to_destroy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.pk}"

    @property
    def event_subject(self) -> str:
        return f"notice:{self.pk}"

    @property
    def case_number(self) -> str:
        """The number of the case it is about, empty for anything else."""
        kind, _, number = self.subject.partition(":")
        return number if kind == "case" else ""

    @property
    def kind_title(self) -> str:
        return types.title(self.kind)

    @property
    def state_title(self) -> str:
        if self.channel == Channel.PRINT and self.state == MessageState.WAITING:
            return "等着打印"
        return MessageState(self.state).label

    @cached_property
    def content(self) -> dict[str, Any]:
        """The opened address and text: to, name, title, text. Decrypts; never log it.

        Raises ``Refused`` when it was destroyed, here or with the key of the case.
        """
        if self.sealed is None:
            raise vault.destroyed()
        return json.loads(vault.open_sealed(self.key, self.sealed))


class Wording(models.Model):
    """What the town writes for one kind of event instead of the words that come with the program."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    kind = models.CharField("哪一种", max_length=60)
    text = models.CharField("用语", max_length=300)
    is_told = models.BooleanField("发通知", default=True)
    edited_at = models.DateTimeField("修改时间")
    edited_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "通知用语"
        constraints = [models.UniqueConstraint(fields=["town", "kind"], name="notices_one_wording_each")]

    def __str__(self) -> str:
        return self.kind
