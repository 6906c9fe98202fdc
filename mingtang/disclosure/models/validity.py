"""Whether a document is in force, said again after it was published: by whom, on what basis, and who agreed."""

from django.db import models
from django.db.models import F, Q

from mingtang.disclosure.enums import ValidityVerdict as V
from mingtang.disclosure.models.documents import Document, Edition
from mingtang.people.proposals import Proposal, settled_by_two
from mingtang.towns.viewer import Viewer


class RestatementQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Everybody sees what was agreed; whoever works on documents also what waits and what was refused."""
        rows = self.filter(edition__document__town=viewer.town)
        if viewer.tenant:
            rows = rows.filter(edition__document__unit__in=viewer.tenant)
        if any(power.startswith("document.") for power in viewer.powers):
            return rows
        return rows.agreed()

    def agreed(self):
        return self.filter(agreed=True)

    def waiting(self):
        return self.filter(settled_at__isnull=True)


class Restatement(Proposal):
    """One person says what holds for an edition that is out, another agrees. ``paper``: the town's own document that
    says so. The days are those that the edition has from then on; a verdict that it is to be changed has none."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="restatements")
    verdict = models.CharField("结论", max_length=8, choices=V.choices)
    first = models.DateField("施行日期", null=True, blank=True)
    last = models.DateField("有效期至", null=True, blank=True)
    basis = models.CharField("依据", max_length=200)
    paper = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="哪份文件定的"
    )

    objects = RestatementQuerySet.as_manager()

    class Meta:
        verbose_name = "有效性结论"
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=Q(settled_at__isnull=True), name="disclosure_one_restatement_waits"
            ),
            models.CheckConstraint(
                condition=Q(verdict=V.REVISE, first__isnull=True, last__isnull=True)
                | ~Q(verdict=V.REVISE) & Q(first__isnull=False, last__gte=F("first")),
                name="disclosure_restated_with_its_days",
            ),
            settled_by_two("disclosure_restated_by_two"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.verdict}"
