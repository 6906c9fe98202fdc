"""What the study pages and the questions share: written by one person, published by another."""

from typing import Any

from django.db import models

from mingtang.people.proposals import Written, WrittenQuerySet, reviewed_by_two
from mingtang.study.powers import MAKERS
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class TwoPersonsQuerySet(WrittenQuerySet):
    def visible_to(self, viewer: Viewer):
        """What was published; what is on its way only for who writes or reviews, none of a public utility."""
        rows = self.filter(town=viewer.town)
        if viewer.powers.intersection(MAKERS) and not viewer.tenant:
            return rows
        return rows.filter(reviewed_at__isnull=False)


class TwoPersons(Written):
    """Something of this room that another than its author publishes."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("编号")

    objects = TwoPersonsQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = reviewed_by_two("%(app_label)s_%(class)s")

    @property
    def event_subject(self) -> str:
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        """Everything the reviewer read: what the event of its publication carries the hash of."""
        raise NotImplementedError
