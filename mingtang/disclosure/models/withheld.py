"""What is not published by itself, and why: for each such edition one row."""

from django.db import models
from django.db.models import Q

from mingtang.disclosure.enums import EditionState, Ground
from mingtang.disclosure.models.documents import Edition
from mingtang.towns.viewer import Viewer


class WithholdingQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """The public sees what was decided; whoever works on documents also what is proposed, the staff of a public
        utility only its own of both."""
        rows = self.filter(edition__document__town=viewer.town)
        if viewer.tenant:
            return rows.filter(edition__document__unit__in=viewer.tenant)
        if any(power.startswith("document.") for power in viewer.powers):
            return rows
        return rows.decided()

    def decided(self):
        return self.filter(edition__state__in=[EditionState.NOT_PUBLIC, EditionState.ON_REQUEST])


class Withholding(models.Model):
    """Why an edition is not published, or only on request (信息公开条例 14–16, 27), and when it is judged again (18).

    ``reason`` is the town's own; the public reads the clause, and the title unless ``hide_title``. ``review_on`` is
    there once it was decided.
    """

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="withholding")
    ground = models.CharField("依据哪一条", max_length=12, choices=Ground.choices)
    reason = models.CharField("理由", max_length=200)
    hide_title = models.BooleanField("标题也不公开", default=False)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    review_on = models.DateField("下次再审查", null=True, blank=True)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        verbose_name = "不主动公开"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, review_on__isnull=True)
                | Q(decided_at__isnull=False, review_on__isnull=False),
                name="disclosure_withheld_until_reviewed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.ground}"

    @property
    def clause(self) -> str:
        return Ground(self.ground).clause
