"""进驻登记: which item has been in the hall since when, which has not and until when, and how it is handed over."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from mingtang.hall.models.windows import Window
from mingtang.people.models import InTown, Staff, Unit
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction


class Entry(models.Model):
    """进驻: an item is taken in at a window, from a day on. One that left says why and who decided it."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="entries")
    item = models.ForeignKey(Item, models.PROTECT, related_name="entries", verbose_name="事项")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="entries", verbose_name="进驻单位")
    window = models.ForeignKey(Window, models.PROTECT, related_name="entries", verbose_name="窗口")
    since_on = models.DateField("进驻日期")
    left_on = models.DateField("退出日期", null=True, blank=True)
    left_reason = models.CharField("退出原因", max_length=200, blank=True)
    left_minutes = models.CharField("退出的会议纪要号", max_length=40, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "进驻登记"
        ordering = ["item__code", "since_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "window"], condition=Q(left_on__isnull=True), name="hall_item_enters_a_window_once"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, left_reason="", left_minutes="")
                | Q(left_on__isnull=False, left_on__gte=F("since_on")) & ~Q(left_reason="") & ~Q(left_minutes=""),
                name="hall_who_leaves_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.window}"


class Exemption(models.Model):
    """未进驻: the leading group lets an item stay outside until a day. After it the row is overdue by itself."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="exemptions")
    item = models.ForeignKey(Item, models.PROTECT, related_name="exemptions", verbose_name="事项")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="exemptions", verbose_name="单位")
    reason = models.CharField("原因", max_length=200)
    minutes_number = models.CharField("会议纪要号", max_length=40)
    from_on = models.DateField("开始日期")
    until_on = models.DateField("到期日")
    ended_on = models.DateField("提前结束日期", null=True, blank=True)
    ended_reason = models.CharField("结束原因", max_length=60, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "暂缓进驻"
        ordering = ["until_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(ended_on__isnull=True), name="hall_one_exemption_at_a_time"
            ),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="hall_exemption_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(minutes_number=""), name="hall_exemption_has_reason_and_minutes"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_reason="") | Q(ended_on__isnull=False) & ~Q(ended_reason=""),
                name="hall_exemption_ended_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.until_on}"

    def days_late(self, today: date) -> int:
        """Calendar days since the last day; zero on it, below zero before."""
        return (today - self.until_on).days


class HandOver(models.Model):
    """移交计划: how an item comes into the hall, step by step; done when both sides have signed every milestone."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="hand_overs")
    item = models.ForeignKey(Item, models.PROTECT, related_name="hand_overs", verbose_name="事项")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="hand_overs", verbose_name="移交单位")
    begun_at = models.DateTimeField("制订时间")
    done_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "移交计划"
        ordering = ["begun_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(done_at__isnull=True), name="hall_one_hand_over_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.unit}"


class Milestone(models.Model):
    """A step of a hand-over with its day. The day may be moved with a reason; the first day stays to be read."""

    plan = models.ForeignKey(HandOver, models.PROTECT, related_name="milestones")
    order = models.PositiveSmallIntegerField("排序")
    title = models.CharField("节点", max_length=80)
    first_due_on = models.DateField("原定日期")
    due_on = models.DateField("现定日期")
    moved_reason = models.CharField("改期原因", max_length=200, blank=True)
    unit_signed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="移交单位签字人"
    )
    unit_signed_at = models.DateTimeField("移交单位签字时间", null=True, blank=True)
    centre_signed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="中心签字人"
    )
    centre_signed_at = models.DateTimeField("中心签字时间", null=True, blank=True)

    class Meta:
        verbose_name = "移交节点"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "order"], name="hall_milestone_order_once"),
            models.CheckConstraint(
                condition=Q(unit_signed_by__isnull=True, unit_signed_at__isnull=True)
                | Q(unit_signed_by__isnull=False, unit_signed_at__isnull=False),
                name="hall_unit_signed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(centre_signed_by__isnull=True, centre_signed_at__isnull=True)
                | Q(centre_signed_by__isnull=False, centre_signed_at__isnull=False),
                name="hall_centre_signed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(unit_signed_by__isnull=True)
                | Q(centre_signed_by__isnull=True)
                | ~Q(unit_signed_by=F("centre_signed_by")),
                name="hall_two_sides_are_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(due_on=F("first_due_on")) | ~Q(moved_reason=""), name="hall_moved_day_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        return self.unit_signed_at is not None and self.centre_signed_at is not None
