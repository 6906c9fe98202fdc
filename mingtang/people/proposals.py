"""What one person puts forward and another settles: the columns and constraints of every noun of this kind.

A `Proposal` changes something that stands already and is gone once settled. What is `Written` is itself what becomes
public, so that its time of review is the day since when everybody reads it. What is `LetStand` is a finding of the
guard that the second person lets through.
"""

from collections.abc import Iterable

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


class WrittenQuerySet(models.QuerySet):
    def waiting(self):
        """What was neither published nor sent back yet."""
        return self.filter(reviewed_at__isnull=True, returned_reason="")


class Written(models.Model):
    """Frozen from the first moment: a change is another row. Another than its author publishes it or sends it back
    with a reason; each kind says so in its constraints (`reviewed_by_two`)."""

    author = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="起草人")
    proposed_at = models.DateTimeField("送审时间")
    reviewer = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人")
    reviewed_at = models.DateTimeField("公布时间", null=True, blank=True)
    returned_reason = models.CharField("退回理由", max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def waits(self) -> bool:
        return self.reviewed_at is None and not self.returned_reason


def reviewed_by_two(prefix: str) -> list[models.CheckConstraint]:
    """Author and reviewer are two persons; what is public has its reviewer and was not sent back."""
    return [
        models.CheckConstraint(
            condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")), name=f"{prefix}_two_persons"
        ),
        models.CheckConstraint(
            condition=Q(reviewed_at__isnull=True) | Q(reviewer__isnull=False, returned_reason=""),
            name=f"{prefix}_reviewed_by_someone",
        ),
    ]


class LetStand(models.Model):
    """One thing that the guard stops and a second person lets stand: which, never its words."""

    identity = models.CharField("哪一处", max_length=32)
    kind = models.CharField("种类", max_length=16)
    sentence = models.TextField("查出的是什么")

    class Meta:
        abstract = True


def let_stand_with_reason(name: str, never: Iterable[str], reason: str) -> models.CheckConstraint:
    """Of the kinds ``never`` nothing is let stand, and nothing without its ``reason``."""
    return models.CheckConstraint(condition=~Q(kind__in=list(never)) & ~Q(**{reason: ""}), name=name)
