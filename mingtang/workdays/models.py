"""The working-day calendar as tables: the days that differ from the plain week, and the years that are confirmed."""

from django.db import models

from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class CalendarDayQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> "CalendarDayQuerySet":
        """The national days and the viewer's own town's. A calendar is public: no power is asked for."""
        return self.filter(models.Q(town__isnull=True) | models.Q(town=viewer.town))


class CalendarDay(models.Model):
    """One day that is not what its weekday says, or that has a name.

    ``town`` empty means the national default; a town's own row goes before it. A day without a row follows the week:
    Monday to Friday work, Saturday and Sunday rest. Rows are written by ``actions`` only, which also set the stamp.
    """

    town = models.ForeignKey(Jurisdiction, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="地区")
    date = models.DateField("日期")
    is_workday = models.BooleanField("上班")
    reason = models.CharField("缘由", max_length=60)
    source = models.CharField("来源", max_length=200)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = "日历中的一天"
        constraints = [
            models.UniqueConstraint(
                fields=["date"], condition=models.Q(town__isnull=True), name="workdays_one_national_row_a_day"
            ),
            models.UniqueConstraint(
                fields=["town", "date"], condition=models.Q(town__isnull=False), name="workdays_one_row_a_day_and_town"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {'上班' if self.is_workday else '放假'}（{self.reason}）"


class CalendarYear(models.Model):
    """Whether the State Council's notice for a year has been entered.

    A deadline that reaches an unconfirmed year is provisional.
    """

    year = models.PositiveSmallIntegerField("年份", unique=True)
    confirmed = models.BooleanField("已确认", default=False)
    source = models.CharField("来源", max_length=200, blank=True)

    class Meta:
        verbose_name = "日历年份"

    def __str__(self) -> str:
        return f"{self.year}年{'已确认' if self.confirmed else '未确认'}"


class CalendarStamp(models.Model):
    """One row with a random token that changes with every act on the calendar: tells a kept calendar that it is stale.

    A token of an act that was rolled back never comes again, which no counter could promise.
    """

    token = models.CharField("标记", max_length=32)

    class Meta:
        verbose_name = "日历版本"

    def __str__(self) -> str:
        return self.token
