"""What moves or explains a date of a case: pauses, the one extension, public reasons for a delay."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.cases.models.case import Case, Clock
from mingtang.events.models import Event
from mingtang.people.models import Staff
from mingtang.workdays.calendar import Suspension


class Pause(models.Model):
    """特别程序 (许可法 45): days that do not count, by a procedure that the version holds with its article.

    ``first_on`` to ``last_on`` were told beforehand. It ends by itself when they are over; ended on an earlier day,
    that day counts again.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    number = models.PositiveSmallIntegerField("版本里的第几项特别程序")
    ground = models.CharField("特别程序和依据", max_length=120)
    working_days = models.PositiveSmallIntegerField("需要的工作日")
    first_on = models.DateField("不计入的第一天")
    last_on = models.DateField("不计入的最后一天")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_on = models.DateField("从这一天起恢复计算", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "特别程序"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at__isnull=True), name="cases_one_pause_runs"),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on"), working_days__gte=1), name="cases_pause_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_on__isnull=True)
                | Q(ended_at__isnull=False, ended_on__isnull=False),
                name="cases_pause_ends_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.ground}"

    @property
    def span(self) -> Suspension | None:
        """The days that do not count; None when it ended before the first of them."""
        last = self.last_on
        if self.ended_on is not None and self.ended_on <= last:
            last = self.ended_on.fromordinal(self.ended_on.toordinal() - 1)
        return Suspension(self.first_on, last, self.ground) if last >= self.first_on else None

    def told(self) -> dict[str, Any]:
        return {
            "procedure": self.number,
            "working_days": self.working_days,
            "first_on": self.first_on.isoformat(),
            "last_on": self.last_on.isoformat(),
        }


class Extension(models.Model):
    """延期 (许可法 42): once a case, by the primary key; it moves the statutory date alone."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="extension")
    working_days = models.PositiveSmallIntegerField("延长的工作日")
    old_due_on = models.DateField("原来的到期日")
    due_on = models.DateField("新的到期日")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "延期"
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gt=F("old_due_on"), working_days__gte=1, working_days__lte=15),
                name="cases_extension_has_its_limit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.due_on}"

    def told(self) -> dict[str, Any]:
        return {
            "working_days": self.working_days,
            "old_due_on": self.old_due_on.isoformat(),
            "due_on": self.due_on.isoformat(),
        }


class Delay(models.Model):
    """晚的原因: why a limit will be or was missed, in public words (营商条例 36). Added to, never changed."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="delays")
    text = models.CharField("晚的原因（公开）", max_length=200)
    given_on = models.DateField("说明日期")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "晚的原因"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="cases_delay_says_why")]

    def __str__(self) -> str:
        return self.text

    def told(self) -> dict[str, Any]:
        clock = self.clock
        return {"kind": clock.kind, "step": clock.step_key, "round": clock.round, "text": self.text}


class Deferral(models.Model):
    """容缺: a minor paper that the version lets follow, by the day that the applicant signed for.

    That the day passed without it is kept even where the paper came later.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="deferrals")
    material_key = models.CharField("材料", max_length=40)
    due_on = models.DateField("最迟补交日期")
    handed_in_at = models.DateTimeField("补交时间", null=True, blank=True)
    missed_at = models.DateTimeField("到期没有补交", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "容缺材料"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "material_key"], name="cases_deferred_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.material_key}"

    def told(self) -> dict[str, Any]:
        return {"material": self.material_key, "due_on": self.due_on.isoformat()}
