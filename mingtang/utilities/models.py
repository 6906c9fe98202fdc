"""公用事业单位 as tenants: who answers for what each must publish; its notices of interruption."""

from django.db import models
from django.db.models import F, Q

from mingtang.people.models import InTown, Post, Staff, Unit, Village
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer
from mingtang.utilities.enums import Cut, InterruptionState, Urgency


class TenantQuerySet(InTown):
    def visible_to(self, viewer: Viewer):
        """Everybody sees the town's; the staff of a public utility at the desk their own."""
        rows = super().visible_to(viewer)
        return rows.filter(unit__in=viewer.tenant) if viewer.tenant else rows


class Tenant(models.Model):
    """A public utility that publishes on the town's site, since ``since``. ``owner``: the post of the utility that
    answers in public for what is missing."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="tenants")
    unit = models.OneToOneField(Unit, models.PROTECT, related_name="tenancy", verbose_name="公用单位")
    owner = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="责任岗位")
    since = models.DateField("进驻日期")

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = "公用单位"
        ordering = ["unit__order", "unit_id"]

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def subject(self) -> str:
        return f"tenant:{self.unit.code}"


class Interruption(models.Model):
    """停供通知: something stops in ``villages``, exactly at ``places``, from ``starts_at`` until about ``ends_at``.

    Public since ``announced_at``. ``short_hours``: how many hours too late it was told (``lead``). A plan has been
    checked by a second person before it is public, what is urgent may be checked afterwards.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="interruptions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="interruptions", verbose_name="停供单位")
    cut = models.CharField("停什么", max_length=8, choices=Cut.choices)
    urgency = models.CharField("哪一种", max_length=8, choices=Urgency.choices)
    state = models.CharField("状态", max_length=10, choices=InterruptionState.choices)
    villages = models.ManyToManyField(Village, related_name="interruptions", verbose_name="哪些村（社区）")
    places = models.CharField("哪些地方", max_length=300)
    starts_at = models.DateTimeField("从")
    ends_at = models.DateTimeField("到")
    reason = models.CharField("为什么停", max_length=200)
    advice = models.CharField("群众要做什么", max_length=200, blank=True)
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="起草人")
    announced_at = models.DateTimeField("发出时间", null=True, blank=True)
    checked_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人"
    )
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)
    short_hours = models.PositiveIntegerField("晚了几小时", default=0)
    restored_at = models.DateTimeField("恢复时间", null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = "停供通知"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="utilities_cut_ends_later"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(checked_by=F("author")),
                name="utilities_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[InterruptionState.OUT, InterruptionState.RESTORED])
                | Q(announced_at__isnull=False) & (Q(urgency=Urgency.URGENT) | Q(checked_at__isnull=False)),
                name="utilities_a_plan_is_checked_first",
            ),
            models.CheckConstraint(
                condition=Q(state=InterruptionState.RESTORED, restored_at__isnull=False)
                | ~Q(state=InterruptionState.RESTORED) & Q(restored_at__isnull=True),
                name="utilities_restored_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["town", "state", "starts_at"], name="utilities_cuts_by_state")]

    def __str__(self) -> str:
        return f"{self.unit}{self.get_cut_display()}"

    @property
    def subject(self) -> str:
        return f"interruption:{self.pk}"
