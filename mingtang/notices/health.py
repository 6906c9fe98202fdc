"""Whether the outbox moves: how long the oldest message has waited beyond its time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from mingtang.notices.enums import Channel, MessageState
from mingtang.notices.models import Message
from mingtang.towns.models import Jurisdiction

STUCK = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """``oldest``: since when the first of ``count`` messages should have been gone; None when nothing waits."""

    count: int
    oldest: datetime | None
    at: datetime

    @property
    def is_stuck(self) -> bool:
        return self.oldest is not None and self.at - self.oldest > STUCK


def waiting(town: Jurisdiction | None = None, now: datetime | None = None) -> Waiting:
    """What should be gone and is not, of one town or of all; letters wait for people and are not counted."""
    now = now or timezone.now()
    rows = Message.objects.filter(state__in=[MessageState.WAITING, MessageState.SENDING], due_at__lte=now)
    rows = rows.exclude(channel=Channel.PRINT)
    if town is not None:
        rows = rows.filter(town=town)
    found = rows.aggregate(count=Count("pk"), oldest=Min("due_at"))
    return Waiting(found["count"], found["oldest"], now)
