"""证照 after the grant: what was given, everything that happened to it, what its holder asks (许可法 49–70)."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from mingtang.cases.enums import Asked, AskOutcome, PermitAct, PermitState, ServeMode, WarnedOf
from mingtang.cases.models.case import Case, CaseDocument
from mingtang.events.models import Event
from mingtang.people.enums import Permission
from mingtang.rulebook.spec import Result
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class PermitQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Only who may read cases sees permits; their holders see them through their case."""
        rows = self.filter(town=viewer.town)
        return rows if viewer.may(Permission.CASE_READ) else rows.none()


class Permit(models.Model):
    """One 证照 or 批文 that a decision gave: result ``result`` (from 1) of the case's version.

    ``valid_to`` is its last day, None where it has no end. The holder is sealed under the key of the case.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="permits")
    case = models.ForeignKey(Case, models.PROTECT, related_name="permits")
    paper = models.ForeignKey(CaseDocument, models.PROTECT, related_name="permits")
    number = models.CharField("证照编号", max_length=60)
    result = models.PositiveSmallIntegerField("第几项结果")
    state = models.CharField("状态", max_length=10, choices=PermitState.choices, default=PermitState.VALID)
    holder_sealed = models.BinaryField("持证人（密文）")
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止", null=True, blank=True)

    objects = PermitQuerySet.as_manager()

    class Meta:
        verbose_name = "证照"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="cases_permit_number_once"),
            models.UniqueConstraint(fields=["paper", "result"], name="cases_permit_each_result_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="cases_permit_runs_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["town", "-id"], name="cases_permits_newest"),
            models.Index(fields=["town", "state", "valid_to", "id"], name="cases_permits_ending"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def given(self) -> Result:
        """What the version says of it."""
        return self.case.version.spec.results[self.result - 1]

    @cached_property
    def holder(self) -> str:
        """Decrypts; never log it."""
        return self.case.unseal(self.holder_sealed)["holder"]

    def expired(self, today: date) -> bool:
        return self.valid_to is not None and self.valid_to < today


class PermitEntry(models.Model):
    """One thing that happened to a permit: the paper lies with the event. ``valid_to`` as it is afterwards."""

    permit = models.ForeignKey(Permit, models.PROTECT, related_name="entries")
    act = models.CharField("变动", max_length=12, choices=PermitAct.choices)
    at = models.DateTimeField("时间")
    valid_to = models.DateField("有效期止", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "证照变动"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.permit_id} {self.act}"

    def told(self) -> dict[str, Any]:
        return {
            "permit": self.permit.number,
            "act": self.act,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
        }


class PermitAsk(models.Model):
    """What the holder asks: 变更 or 延续. Without an answer by ``due_on`` a renewal ``in_time`` renews by itself."""

    permit = models.ForeignKey(Permit, models.PROTECT, related_name="asks")
    kind = models.CharField("申请", max_length=8, choices=Asked.choices)
    asked_on = models.DateField("申请日期")
    in_time = models.BooleanField("按时提出", default=True)
    due_on = models.DateField("最迟答复")
    text_sealed = models.BinaryField("申请内容（密文）")
    outcome = models.CharField("结果", max_length=8, choices=AskOutcome.choices, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "变更延续申请"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["permit", "kind"], condition=Q(outcome=""), name="cases_permit_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True) | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="cases_permit_answered_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(outcome=""), name="cases_permit_asks_due")]

    def __str__(self) -> str:
        return f"{self.permit_id} {self.kind}"

    @property
    def text(self) -> str:
        return self.permit.case.unseal(self.text_sealed)["text"]

    def told(self) -> dict[str, Any]:
        return {
            "permit": self.permit.number,
            "ask": self.kind,
            "in_time": self.in_time,
            "due_on": self.due_on.isoformat(),
        }


class PermitWarning(models.Model):
    """拟撤销（撤回）告知: told and served before the permit is taken, so that its holder is heard first.

    It is spent when the permit is taken, or replaced by a newer one.
    """

    permit = models.ForeignKey(Permit, models.PROTECT, related_name="warnings")
    of = models.CharField("拟作决定", max_length=8, choices=WarnedOf.choices)
    told_at = models.DateTimeField("制作时间")
    served_on = models.DateField("送达日期", null=True, blank=True)
    serve_mode = models.CharField("送达方式", max_length=12, choices=ServeMode.choices, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "撤销撤回前告知"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(served_on__isnull=True, serve_mode="") | Q(served_on__isnull=False) & ~Q(serve_mode=""),
                name="cases_permit_warning_served_somehow",
            )
        ]

    def __str__(self) -> str:
        return f"{self.permit_id} {self.of}"

    def told(self) -> dict[str, Any]:
        return {"permit": self.permit.number, "of": self.of}
