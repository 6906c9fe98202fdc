"""Who may not act in a case."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.cases.models.case import Case
from mingtang.events.models import Event
from mingtang.people.models import Staff


class Recusal(models.Model):
    """回避: one person of one case. From the asking on the person does nothing in it; the head decides.

    ``granted`` is None while it waits. Steps of ``from_post`` go to ``to_post``, of later rounds too.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="recusals")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="回避人")
    granted = models.BooleanField("决定回避", null=True, blank=True)
    from_post = models.CharField("原岗位", max_length=40, blank=True)
    to_post = models.CharField("改由岗位", max_length=40, blank=True)
    asked_at = models.DateTimeField("提出时间")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "回避"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "staff"], name="cases_recused_once"),
            models.CheckConstraint(
                condition=Q(granted__isnull=True, decided_at__isnull=True)
                | Q(granted__isnull=False, decided_at__isnull=False),
                name="cases_recusal_decided_or_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.staff_id}"

    def told(self) -> dict[str, Any]:
        return {
            "person": self.staff.code,
            "granted": self.granted,
            "from_post": self.from_post,
            "to_post": self.to_post,
        }
