"""停电、停网: a declared time in which the windows wrote cases on paper, and each case that was entered from it."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.cases.enums import OutageCause
from mingtang.cases.models.case import Case
from mingtang.events.log import iso
from mingtang.events.models import Event
from mingtang.people.models import InTown, Staff
from mingtang.towns.models import Jurisdiction


class Outage(models.Model):
    """When the machines stood still, and why; declared by a named person. Only what was handed in within it may be
    entered afterwards under its own time."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="outages")
    from_at = models.DateTimeField("从什么时候")
    to_at = models.DateTimeField("到什么时候")
    cause = models.CharField("原因", max_length=8, choices=OutageCause.choices)
    declared_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="登记人")
    declared_at = models.DateTimeField("登记时间")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "停电停网"
        ordering = ["-from_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_at__lt=F("to_at"), to_at__lte=F("declared_at")), name="cases_outage_is_over"
            ),
        ]

    def __str__(self) -> str:
        return self.get_cause_display()

    def told(self) -> dict[str, Any]:
        return {"from": iso(self.from_at), "to": iso(self.to_at), "cause": self.cause}


class LateEntry(models.Model):
    """A case that was written on paper during an outage. ``happened_at`` stands on the paper, ``recorded_at`` is when
    it was entered: the lag between them is shown and never negative."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="late")
    outage = models.ForeignKey(Outage, models.PROTECT, related_name="entries")
    happened_at = models.DateTimeField("收件时间")
    recorded_at = models.DateTimeField("录入时间")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "事后录入"
        constraints = [
            models.CheckConstraint(condition=Q(happened_at__lte=F("recorded_at")), name="cases_entered_afterwards"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def lag(self) -> timedelta:
        return self.recorded_at - self.happened_at

    def told(self) -> dict[str, Any]:
        return {"outage": self.outage_id, "recorded_at": iso(self.recorded_at)}
