"""Items 事项 and their immutable versions."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from mingtang.people.models import InTown, Staff, Unit
from mingtang.rulebook import spec as specs
from mingtang.rulebook.enums import CaseKind, VersionState
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class ItemQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """The public sees items with a version in force (or once in force); the desk sees the town's all."""
        rows = self.filter(town=viewer.town)
        if any(power.startswith(("item.", "case.")) for power in viewer.powers):
            return rows
        return rows.filter(current__isnull=False)


class Item(models.Model):
    """A licence or public service under one stable code."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="items")
    code = models.CharField("事项编码", max_length=40, validators=[RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z-]{2,39}$")])
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="实施主体")
    source_id = models.CharField("来源标识", max_length=80, blank=True)
    current = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("建档时间", auto_now_add=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "事项"
        constraints = [models.UniqueConstraint(fields=["town", "code"], name="rulebook_item_code_once_per_town")]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        return f"item:{self.code}"


class VersionQuerySet(InTown):
    def visible_to(self, viewer: Viewer):
        rows = self.filter(item__town=viewer.town)
        if any(power.startswith(("item.", "case.")) for power in viewer.powers):
            return rows
        return rows.filter(state__in=[VersionState.IN_FORCE, VersionState.SUPERSEDED])


class Version(models.Model):
    """One version of an item. From review on its text is frozen by trigger; cases keep theirs for ever.

    In force needs the justice office's review by another person than the editor, the leading group's decision number
    and the event that published it.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("办件类型", max_length=10, choices=CaseKind.choices, blank=True)
    data = models.JSONField("内容")
    bpmn = models.BinaryField("流程", null=True)
    flow_sha256 = models.CharField("流程散列值", max_length=64, blank=True)
    sha256 = models.CharField("散列值", max_length=64, blank=True)
    edited_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name="编制人")
    edited_at = models.DateTimeField("编制时间", auto_now=True)
    reviewed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    minutes_number = models.CharField("会议纪要号", max_length=40, blank=True)
    in_force_at = models.DateTimeField("施行时间", null=True, blank=True)
    published_event = models.ForeignKey("events.Event", models.PROTECT, null=True, blank=True, related_name="+")

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "事项版本"
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="rulebook_version_number_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state=VersionState.IN_FORCE), name="rulebook_one_version_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[VersionState.IN_FORCE, VersionState.SUPERSEDED, VersionState.SUSPENDED])
                | Q(reviewed_by__isnull=False, in_force_at__isnull=False, published_event__isnull=False)
                & ~Q(minutes_number="")
                & ~Q(sha256="")
                & ~Q(flow_sha256=""),
                name="rulebook_in_force_has_its_approvals",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("edited_by")), name="rulebook_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="rulebook_reviewed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} 第{self.number}版"

    @cached_property
    def spec(self) -> specs.Spec:
        return specs.parse(self.data)

    @property
    def state_title(self) -> str:
        return VersionState(self.state).label
