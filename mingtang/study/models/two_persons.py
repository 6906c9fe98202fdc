"""What one person writes and another publishes: the columns and constraints of both kinds of it."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.people.models import Staff
from mingtang.study.powers import MAKERS
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class TwoPersonsQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """What was published; what is on its way only for who writes or reviews, none of a public utility."""
        rows = self.filter(town=viewer.town)
        if viewer.powers.intersection(MAKERS) and not viewer.tenant:
            return rows
        return rows.filter(reviewed_at__isnull=False)

    def waiting(self):
        return self.filter(reviewed_at__isnull=True, returned_reason="")


class TwoPersons(models.Model):
    """Frozen from the first moment: a change is another row. Author and reviewer are two persons."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("编号")
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="起草人")
    proposed_at = models.DateTimeField("送审时间")
    reviewer = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人")
    reviewed_at = models.DateTimeField("公布时间", null=True, blank=True)
    returned_reason = models.CharField("退回理由", max_length=200, blank=True)

    objects = TwoPersonsQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")),
                name="%(app_label)s_%(class)s_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True) | Q(reviewer__isnull=False, returned_reason=""),
                name="%(app_label)s_%(class)s_reviewed_by_someone",
            ),
        ]

    @property
    def waits(self) -> bool:
        return self.reviewed_at is None and not self.returned_reason

    @property
    def event_subject(self) -> str:
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        """Everything the reviewer read: what the event of its publication carries the hash of."""
        raise NotImplementedError
