"""专家库 and 抽取: who may be called to judge, and each draw among them, with what proves it."""

from django.db import models
from django.db.models import Q

from mingtang.events.models import Event
from mingtang.people.models import InTown, Staff
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class ExpertQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Whoever works on the town's documents; everybody else learns the names of those drawn, from the draw."""
        if viewer.tenant or not any(power.startswith("document.") for power in viewer.powers):
            return self.none()
        return self.filter(town=viewer.town)


class Expert(models.Model):
    """Somebody who may be drawn to judge tenders or projects of a field, in office until ``left_on``."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="experts")
    number = models.PositiveIntegerField("专家编号")
    name = models.CharField("姓名", max_length=30)
    field = models.CharField("专业", max_length=30)
    workplace = models.CharField("单位", max_length=60)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    left_on = models.DateField("退出日期", null=True, blank=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = "专家"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["town", "number"], name="disclosure_expert_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Draw(models.Model):
    """One draw. ``pool``: the numbers of those it is among, told before anybody could know the seed. ``order``: all of
    them as drawn, the first ``wanted`` called, the others in their turn where one cannot come."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="draws")
    number = models.SlugField("抽取编号", max_length=24)
    purpose = models.CharField("评什么", max_length=100)
    field = models.CharField("专业", max_length=30)
    wanted = models.PositiveSmallIntegerField("抽几人")
    pool = models.JSONField("从哪些专家里抽")
    announced_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="公告人")
    announced_event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    size = models.PositiveBigIntegerField("检查点条数", null=True, blank=True)
    root = models.CharField("检查点根散列", max_length=64, blank=True)
    order = models.JSONField("抽取的顺序", null=True, blank=True)
    drawn_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="抽取人")
    drawn_event = models.OneToOneField(Event, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "抽取专家"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="disclosure_draw_number_once"),
            models.CheckConstraint(
                condition=Q(drawn_by__isnull=True, drawn_event__isnull=True, size__isnull=True, root="")
                | Q(drawn_by__isnull=False, drawn_event__isnull=False, size__isnull=False)
                & ~Q(root="")
                & ~Q(drawn_by=models.F("announced_by")),
                name="disclosure_drawn_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"draw:{self.number}"
