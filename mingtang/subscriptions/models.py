"""Who wants to be told by e-mail what is published. Nobody at the desk sees that a subscription exists."""

import json
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.events import vault
from mingtang.events.models import PayloadKey
from mingtang.subscriptions.choosing import Choice
from mingtang.subscriptions.enums import Rhythm
from mingtang.towns.models import Jurisdiction


class Subscription(models.Model):
    """One address and what it wants, asked for and then confirmed by a link that only its owner gets.

    Address, choice and the handle of the links in every letter lie in ``sealed``. ``next_index`` is the number of the
    first event of the town not yet looked at: it moves in the transaction that queues the letter, so that nothing is
    told twice or left out. ``stopped_at``: the address does not exist any more.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    reach_hash = models.CharField("邮箱散列", max_length=64)
    handle_hash = models.CharField("链接散列", max_length=64, unique=True)
    confirm_hash = models.CharField("确认码散列", max_length=64, blank=True)
    sealed = models.BinaryField("邮箱和选择（密文）")
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="+")
    rhythm = models.CharField("多久一次", max_length=8, choices=Rhythm.choices)
    asked_at = models.DateTimeField("提出时间")
    confirm_until = models.DateTimeField("确认到")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    stopped_at = models.DateTimeField("退信停发时间", null=True, blank=True)
    next_index = models.PositiveBigIntegerField("看到第几号事件", default=0)
    told_on = models.DateField("上一封的日期", null=True, blank=True)

    class Meta:
        verbose_name = "邮件订阅"
        constraints = [
            models.UniqueConstraint(
                fields=["town", "reach_hash"],
                condition=Q(confirmed_at__isnull=False),
                name="subscriptions_one_for_an_address",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) & ~Q(confirm_hash="")
                | Q(confirmed_at__isnull=False, confirm_hash=""),
                name="subscriptions_confirmed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["town", "rhythm", "next_index"], name="subscriptions_to_tell"),
            models.Index(fields=["reach_hash", "asked_at"], name="subscriptions_of_one"),
            models.Index(fields=["confirm_hash"], name="subscriptions_by_link"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject(self) -> str:
        return f"subscription:{self.pk}"

    @cached_property
    def content(self) -> dict[str, Any]:
        """Decrypts; never log it."""
        return json.loads(vault.open_sealed(self.key, self.sealed))

    @property
    def to(self) -> str:
        return self.content["to"]

    @property
    def choice(self) -> Choice:
        return Choice(**{name: tuple(values) for name, values in self.content["choice"].items()})

    def link(self, act: str) -> str:
        """The address of one of the pages that every letter leads to: ``mine`` or ``stop``."""
        return f"{self.town.base_url}/subscribe/{act}?k={self.content['handle']}"
