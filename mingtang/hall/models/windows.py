"""便民服务中心: sites and windows."""

from django.db import models
from django.db.models import Q

from mingtang.people.models import InTown, Post, Unit
from mingtang.towns.models import Jurisdiction


class Site(models.Model):
    """A hall or a unit's own counter."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="sites")
    name = models.CharField("名称", max_length=60)
    address = models.CharField("地址", max_length=100)
    hours = models.CharField("开放时间", max_length=100)
    phone = models.CharField("电话", max_length=30)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "场所"

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A window, worked by one post. A closed one says why and who stands in."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="windows")
    site = models.ForeignKey(Site, models.PROTECT, related_name="windows")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="windows")
    post = models.ForeignKey(Post, models.PROTECT, related_name="windows")
    number = models.PositiveSmallIntegerField("窗口号")
    name = models.CharField("名称", max_length=40)
    is_open = models.BooleanField("开着", default=True)
    closed_reason = models.CharField("关闭原因", max_length=100, blank=True)
    substitute = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="替代窗口"
    )

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "窗口"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="hall_window_number_once"),
            models.CheckConstraint(
                condition=Q(is_open=True, closed_reason="") | Q(is_open=False) & ~Q(closed_reason=""),
                name="hall_closed_window_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}号窗口（{self.name}）"
