"""What one person proposes and another settles: the columns and the constraint of every noun of this kind."""

from django.db import models
from django.db.models import F, Q

from mingtang.people.models import Staff


class Proposal(models.Model):
    """Waits until it is settled, once: agreed to, or sent back with a reason. Who settles it is another than who
    proposed it; each kind says so in its constraints (`settled_by_two`)."""

    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    agreed = models.BooleanField("同意", default=False)
    settled_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="同意或者退回的人"
    )
    settled_at = models.DateTimeField("办结时间", null=True, blank=True)
    reason = models.CharField("为什么不同意", max_length=200, blank=True)

    class Meta:
        abstract = True


def settled_by_two(name: str) -> models.CheckConstraint:
    """What waits has no answer; what is settled has another person and its time."""
    return models.CheckConstraint(
        condition=Q(settled_by__isnull=True, settled_at__isnull=True, agreed=False, reason="")
        | Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(settled_by=F("proposed_by")),
        name=name,
    )
