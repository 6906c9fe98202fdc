"""Which errand of which contact a case was taken in for."""

from django.db import models

from mingtang.cases.models.case import Case
from mingtang.hall.models import Errand


class CaseErrand(models.Model):
    """One case, one errand. A case without a row was applied for online, or taken in without a number."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="visit")
    errand = models.OneToOneField(Errand, models.PROTECT, related_name="opened")

    class Meta:
        verbose_name = "办件的来访"

    def __str__(self) -> str:
        return f"{self.case_id} {self.errand_id}"
