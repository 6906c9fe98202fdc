"""告知承诺: what was pledged in writing in a paper's place, and what looking into it found."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.cases.models.case import Case
from mingtang.events.models import Event
from mingtang.people.models import Staff


class Pledge(models.Model):
    """One paper of one case, pledged by the applicant's free choice and accepted with the case.

    ``verify_by`` is the last working day on which we look into it, counted from the decision; None until then and where
    nothing was granted. ``true`` is what was found.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="pledges")
    material_key = models.CharField("材料", max_length=40)
    text = models.CharField("承诺的内容", max_length=200)
    verify_by = models.DateField("最迟核查日期", null=True, blank=True)
    verified_at = models.DateTimeField("核查时间", null=True, blank=True)
    verified_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    true = models.BooleanField("属实", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "告知承诺"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "material_key"], name="cases_pledged_once"),
            models.CheckConstraint(
                condition=Q(true__isnull=True, verified_at__isnull=True, verified_by__isnull=True)
                | Q(true__isnull=False, verified_at__isnull=False, verified_by__isnull=False),
                name="cases_pledge_verified_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["verify_by"],
                condition=Q(verified_at__isnull=True, verify_by__isnull=False),
                name="cases_pledges_to_verify",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.material_key}"

    def told(self) -> dict[str, Any]:
        return {"material": self.material_key, "text": self.text}
