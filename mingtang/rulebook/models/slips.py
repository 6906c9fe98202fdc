"""出格单: what was asked of someone beyond the published version, and the duty that follows when it happens again."""

from django.db import models
from django.db.models import Q

from mingtang.people.models import InTown, Post, Staff, Unit
from mingtang.rulebook.enums import SlipOutcome, SlipSource
from mingtang.rulebook.models.items import Item, Version
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class SlipQuerySet(InTown):
    def visible_to(self, viewer: Viewer):
        """The desk sees the town's slips; others only what they hold the number of (``slips.held``)."""
        rows = self.filter(town=viewer.town)
        return rows if any(power.startswith(("item.", "case.")) for power in viewer.powers) else rows.none()


class Slip(models.Model):
    """One slip. Its number cannot be guessed: whoever holds it may read it, the public sees counts."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    number = models.CharField("编号", max_length=20, unique=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="slips")
    case_number = models.CharField("办件编号", max_length=24, blank=True)
    source = models.CharField("来源", max_length=8, choices=SlipSource.choices)
    asked = models.CharField("多要了什么", max_length=200)
    why = models.CharField("说的理由", max_length=200, blank=True)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="哪个岗位要的")
    issued_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="开单人")
    made_at = models.DateTimeField("开单时间")
    event = models.ForeignKey("events.Event", models.PROTECT, related_name="+")

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = "出格单"
        constraints = [
            models.CheckConstraint(
                condition=Q(source=SlipSource.CLERK, issued_by__isnull=False, post__isnull=False)
                | Q(source=SlipSource.RESIDENT, issued_by__isnull=True),
                name="rulebook_slip_of_a_clerk_names_them",
            ),
            models.CheckConstraint(condition=~Q(asked=""), name="rulebook_slip_says_what"),
        ]

    def __str__(self) -> str:
        return self.number


class SlipDuty(models.Model):
    """The rule's owner must change the rule or forbid the demand; at most one open duty an item."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="slip_duties")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="责任单位")
    opened_at = models.DateTimeField("产生时间")
    opened_event = models.ForeignKey("events.Event", models.PROTECT, related_name="+")
    due_on = models.DateField("答复期限")
    closed_at = models.DateTimeField("答复时间", null=True, blank=True)
    closed_event = models.ForeignKey("events.Event", models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField("答复", max_length=10, choices=SlipOutcome.choices, blank=True)
    version = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "出格单答复"
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(closed_at__isnull=True), name="rulebook_one_open_slip_duty"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_event__isnull=True, outcome="", version__isnull=True)
                | Q(closed_at__isnull=False, closed_event__isnull=False)
                & (
                    Q(outcome=SlipOutcome.CHANGED, version__isnull=False)
                    | Q(outcome=SlipOutcome.FORBIDDEN, version__isnull=True) & ~Q(note="")
                ),
                name="rulebook_slip_duty_is_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.due_on}"
