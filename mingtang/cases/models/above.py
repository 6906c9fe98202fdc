"""What went up to the organ that decides in the town's stead (许可法 43)."""

from typing import Any

from django.db import models
from django.db.models import Q

from mingtang.cases.models.case import Case
from mingtang.events.models import Event


class SendUp(models.Model):
    """报送上级: our opinion and the whole file lie with ``organ``, until it has decided or sent them back, or the case
    is over. ``decision_number`` is that of its decision."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="send_ups")
    organ = models.CharField("上级机关", max_length=60)
    sent_at = models.DateTimeField("报送时间")
    ended_at = models.DateTimeField("有结果的时间", null=True, blank=True)
    decision_number = models.CharField("上级决定文号", max_length=60, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "报送上级"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at__isnull=True), name="cases_one_is_above"),
            models.CheckConstraint(
                condition=Q(decision_number="") | Q(ended_at__isnull=False), name="cases_above_decided_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.organ}"

    def told(self) -> dict[str, Any]:
        return {"organ": self.organ}
