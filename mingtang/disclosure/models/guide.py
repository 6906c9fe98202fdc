"""Editions of what the town itself writes in its 公开指南; the rest is composed when it is shown."""

from django.db import models
from django.db.models import F, Q

from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class GuideEditionQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """What was published; what is on its way only for who writes or reviews."""
        rows = self.filter(town=viewer.town)
        if not viewer.tenant and (viewer.may("catalogue.keep") or viewer.may("document.review")):
            return rows
        return rows.filter(reviewed_at__isnull=False)

    def waiting(self):
        return self.filter(reviewed_at__isnull=True, returned_reason="")


class GuideEdition(models.Model):
    """The words by their code (``catalogue/guide.toml``). Author and reviewer are two persons; the newest reviewed one
    is shown. Words are frozen from the first moment: a change is another edition."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="guide_editions")
    number = models.PositiveIntegerField("版次")
    words = models.JSONField("文字")
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="起草人")
    proposed_at = models.DateTimeField("送审时间")
    reviewer = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人")
    reviewed_at = models.DateTimeField("公布时间", null=True, blank=True)
    returned_reason = models.CharField("退回理由", max_length=200, blank=True)

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
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")), name="disclosure_guide_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True) | Q(reviewer__isnull=False, returned_reason=""),
                name="disclosure_guide_reviewed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.town_id} 公开指南 第{self.number}版"
