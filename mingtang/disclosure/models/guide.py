"""Editions of what the town itself writes in its 公开指南; the rest is composed when it is shown."""

from django.db import models
from django.db.models import Q

from mingtang.people.proposals import Written, WrittenQuerySet, reviewed_by_two
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class GuideEditionQuerySet(WrittenQuerySet):
    def visible_to(self, viewer: Viewer):
        """What was published; what is on its way only for who writes or reviews."""
        rows = self.filter(town=viewer.town)
        if not viewer.tenant and (viewer.may("catalogue.keep") or viewer.may("document.review")):
            return rows
        return rows.filter(reviewed_at__isnull=False)


class GuideEdition(Written):
    """The words by their code (``catalogue/guide.toml``). The newest reviewed one is shown."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="guide_editions")
    number = models.PositiveIntegerField("版次")
    words = models.JSONField("文字")

    objects = GuideEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "公开指南"
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="disclosure_guide_number_once"),
            models.UniqueConstraint(
                fields=["town"],
                condition=Q(reviewed_at__isnull=True, returned_reason=""),
                name="disclosure_one_guide_waits",
            ),
            *reviewed_by_two("disclosure_guide"),
        ]

    def __str__(self) -> str:
        return f"{self.town_id} 公开指南 第{self.number}版"
