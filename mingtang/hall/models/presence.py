"""窗口没人: who comes and finds nobody says so, and the unit may answer."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from mingtang.hall.models.windows import Window
from mingtang.people.models import InTown, Staff
from mingtang.towns.models import Jurisdiction

WAIT = timedelta(minutes=10)
SAME_PRESS = timedelta(seconds=60)


class EmptyWindow(models.Model):
    """Presses of the button at one window that belong together. ``met_at``: somebody acted at the window within
    ``WAIT`` of the first press. Two presses and nobody: the window was empty. No word on who pressed.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, models.PROTECT, related_name="empties")
    first_at = models.DateTimeField("第一次按")
    last_at = models.DateTimeField("最后一次按")
    presses = models.PositiveSmallIntegerField("次数", default=1)
    met_at = models.DateTimeField("有人应", null=True, blank=True)
    answer = models.CharField("说明", max_length=200, blank=True)
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("说明时间", null=True, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "窗口没人"
        ordering = ["-first_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="hall_answered_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.window} {self.first_at}"

    def is_fact(self, now: datetime) -> bool:
        """Whether the window counts as empty then: pressed twice, and nobody acted there in time."""
        return self.presses >= 2 and self.met_at is None and now >= self.first_at + WAIT
