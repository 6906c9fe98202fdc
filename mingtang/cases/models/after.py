"""What comes after the end of a case: rulings, the archive."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from mingtang.cases.enums import Fate, Retention, RulingBody, RulingKind
from mingtang.cases.models.case import Case
from mingtang.events.models import Event
from mingtang.lib.text import chinese_date
from mingtang.towns.models import Jurisdiction

# Those that tell the organ to act again, within a period.
TO_DO = (RulingKind.REDO, RulingKind.PERFORM)


class Ruling(models.Model):
    """复议或者诉讼结果. ``act_by``: by when the organ must act again, where it must."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="rulings")
    body = models.CharField("程序", max_length=8, choices=RulingBody.choices)
    kind = models.CharField("结果", max_length=10, choices=RulingKind.choices)
    number = models.CharField("文书号", max_length=60)
    ruled_on = models.DateField("作出日期")
    act_by = models.DateField("应在这一天以前办理", null=True, blank=True)
    carried_out_at = models.DateTimeField("重新办理时间", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "复议或者诉讼结果"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="cases_ruling_once"),
            models.CheckConstraint(
                condition=Q(kind__in=TO_DO, act_by__isnull=False, act_by__gte=F("ruled_on"))
                | ~Q(kind__in=TO_DO) & Q(act_by__isnull=True),
                name="cases_ruling_to_do_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def told(self) -> dict[str, Any]:
        return {
            "body": self.body,
            "kind": self.kind,
            "number": self.number,
            "ruled_on": self.ruled_on.isoformat(),
            "act_by": self.act_by.isoformat() if self.act_by else None,
        }


class Reopening(models.Model):
    """重新办理: a case that had granted something is decided anew. Until ``fate`` is said all of it is in question.

    ``body``: who ruled so, empty where the organ corrects itself; ``event``: that of the correction.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="reopenings")
    body = models.CharField("因为", max_length=8, choices=RulingBody.choices, blank=True)
    opened_at = models.DateTimeField("重新办理时间")
    fate = models.CharField("原证照", max_length=8, choices=Fate.choices, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "重新办理"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(fate=""), name="cases_reopened_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(fate="", settled_at__isnull=True) | ~Q(fate="") & Q(settled_at__isnull=False),
                name="cases_reopening_settled_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.body}"

    @property
    def reason(self) -> str:
        """Since when and by whom, for everybody: no number of a ruling, which may lead to persons."""
        why = f"因{self.get_body_display()}" if self.body else "由本机关自行纠正，"
        return f"{chinese_date(timezone.localdate(self.opened_at))}{why}重新办理"


class Archive(models.Model):
    """归档 (在线规定 12): once a case, under a number of the town's archive."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="archive")
    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    number = models.CharField("归档号", max_length=40)
    retention = models.CharField("保管期限", max_length=8, choices=Retention.choices)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "归档"
        constraints = [models.UniqueConstraint(fields=["town", "number"], name="cases_archive_number_once")]

    def __str__(self) -> str:
        return self.number

    def told(self) -> dict[str, Any]:
        return {"number": self.number, "retention": self.retention}
