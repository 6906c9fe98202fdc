"""权力清单: powers with basis and responsibilities, and the clean-up campaign that goes through them one by one."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from mingtang.people.models import InTown, Post, Staff, Unit
from mingtang.rulebook.models.items import Item
from mingtang.rulebook.powers.enums import (
    DecisionState,
    DutyKind,
    PlanClass,
    PowerKind,
    PowerLevel,
    PowerSource,
    PowerStatus,
    Verdict,
)
from mingtang.towns.models import Jurisdiction


class Power(models.Model):
    """One power and who holds it. Everybody may read all of them, also those that are gone."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="powers")
    # A figure in it keeps it apart from the names of pages beside it (/powers/cleanup).
    code = models.CharField("权力编码", max_length=40, validators=[RegexValidator(r"^(?=.*[0-9])[0-9A-Za-z-]{3,40}$")])
    name = models.CharField("名称", max_length=120)
    type = models.CharField("权力类型", max_length=2, choices=PowerKind.choices)
    plan_class = models.CharField("清理类别", max_length=12, choices=PlanClass.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="powers", verbose_name="行使单位")
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="powers", verbose_name="行使岗位"
    )
    level = models.CharField("行使层级", max_length=1, choices=PowerLevel.choices)
    source = models.CharField("权力来源", max_length=1, choices=PowerSource.choices)
    scope = models.CharField("管什么", max_length=300)
    place = models.CharField("管哪里", max_length=120)
    limit = models.CharField("到多少为止", max_length=200, blank=True)
    above = models.CharField("上级主管", max_length=120, blank=True)
    redress = models.CharField("不服怎么办", max_length=300, blank=True)
    minutes_number = models.CharField("会议纪要号", max_length=40)
    items = models.ManyToManyField(Item, related_name="powers", blank=True, verbose_name="办理事项")
    status = models.CharField("状态", max_length=10, choices=PowerStatus.choices, default=PowerStatus.LISTED)
    ended_on = models.DateField("取消或上交日期", null=True, blank=True)
    listed_at = models.DateTimeField("列入时间", auto_now_add=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "权力"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["town", "code"], name="rulebook_power_code_once_per_town"),
            models.CheckConstraint(
                condition=Q(plan_class=PlanClass.LICENCE, type=PowerKind.LICENCE)
                | ~Q(plan_class=PlanClass.LICENCE) & ~Q(type=PowerKind.LICENCE),
                name="rulebook_licence_is_a_licence",
            ),
            models.CheckConstraint(
                condition=Q(status=PowerStatus.LISTED, ended_on__isnull=True)
                | ~Q(status=PowerStatus.LISTED) & Q(ended_on__isnull=False),
                name="rulebook_power_ended_has_date",
            ),
            models.CheckConstraint(condition=~Q(minutes_number=""), name="rulebook_power_was_decided"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"power:{self.code}"

    @property
    def is_listed(self) -> bool:
        return self.status == PowerStatus.LISTED


class PowerBasis(models.Model):
    """A law and its article, as written; the law library resolves the pair."""

    power = models.ForeignKey(Power, models.CASCADE, related_name="basis")
    order = models.PositiveSmallIntegerField("排序")
    law = models.CharField("法律法规", max_length=120)
    article = models.CharField("条款", max_length=60)

    class Meta:
        verbose_name = "权力依据"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["power", "law", "article"], name="rulebook_power_basis_once"),
            models.CheckConstraint(condition=~Q(law="") & ~Q(article=""), name="rulebook_power_basis_whole"),
        ]

    def __str__(self) -> str:
        return f"《{self.law}》{self.article}"


class Duty(models.Model):
    """What the holder must do (责任事项), or what it is held to account for (追责情形)."""

    power = models.ForeignKey(Power, models.CASCADE, related_name="duties")
    order = models.PositiveSmallIntegerField("排序")
    kind = models.CharField("类别", max_length=6, choices=DutyKind.choices)
    text = models.CharField("内容", max_length=300)
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "责任"
        ordering = ["kind", "order"]
        constraints = [
            models.UniqueConstraint(fields=["power", "kind", "order"], name="rulebook_duty_order_once"),
            models.CheckConstraint(condition=~Q(text=""), name="rulebook_duty_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class Campaign(models.Model):
    """A clean-up of all powers of a town, ordered by the leading group. One at a time."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="campaigns")
    number = models.CharField("编号", max_length=12)
    title = models.CharField("名称", max_length=80)
    minutes_number = models.CharField("会议纪要号", max_length=40)
    from_on = models.DateField("开始日期")
    to_on = models.DateField("截止日期")
    opened_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="登记人")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    closed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结束人")

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "权力清理"
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="rulebook_campaign_number_once"),
            models.UniqueConstraint(
                fields=["town"], condition=Q(closed_at__isnull=True), name="rulebook_one_campaign_open"
            ),
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="rulebook_campaign_ends_after_start"),
            models.CheckConstraint(condition=~Q(minutes_number=""), name="rulebook_campaign_was_decided"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="rulebook_campaign_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"cleanup:{self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def days_left(self, today: date) -> int:
        """Calendar days to the end; below zero once it has passed."""
        return (self.to_on - today).days


class PowerDecision(models.Model):
    """What a clean-up decides about one power: proposed, reviewed by another person, settled by the leading group."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="decisions")
    power = models.ForeignKey(Power, models.PROTECT, related_name="decisions")
    # As it was when proposed: a change may move the power to another class.
    plan_class = models.CharField("清理类别", max_length=12, choices=PlanClass.choices)
    verdict = models.CharField("意见", max_length=8, choices=Verdict.choices)
    reason = models.CharField("理由", max_length=300)
    change_note = models.CharField("怎样调整", max_length=300, blank=True)
    handed_to = models.CharField("上交给谁", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, choices=DecisionState.choices, default=DecisionState.PROPOSED)
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    returned_reason = models.CharField("退回理由", max_length=200, blank=True)
    reviewed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    minutes_number = models.CharField("会议纪要号", max_length=40, blank=True)
    settled_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    settled_at = models.DateTimeField("决定时间", null=True, blank=True)
    carried_out_at = models.DateTimeField("调整完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "清理决定"
        ordering = ["power__code"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "power"], name="rulebook_one_decision_per_power"),
            models.CheckConstraint(
                condition=~Q(plan_class=PlanClass.NON_LICENCE, verdict=Verdict.KEEP),
                name="rulebook_non_licence_is_not_kept",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.CHANGE) | ~Q(change_note=""), name="rulebook_change_says_how"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.HAND_UP) | ~Q(handed_to=""), name="rulebook_handed_up_to_someone"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="rulebook_verdict_has_reason"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(reviewed_by=F("proposed_by")),
                name="rulebook_verdict_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[DecisionState.REVIEWED, DecisionState.SETTLED], reviewed_at__isnull=False)
                | Q(state__in=[DecisionState.PROPOSED, DecisionState.RETURNED], reviewed_at__isnull=True),
                name="rulebook_verdict_state_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(state=DecisionState.SETTLED, settled_by__isnull=False, settled_at__isnull=False)
                & ~Q(minutes_number="")
                | ~Q(state=DecisionState.SETTLED)
                & Q(settled_by__isnull=True, settled_at__isnull=True, minutes_number=""),
                name="rulebook_settled_has_its_minutes",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True)
                | ~Q(settled_by=F("proposed_by")) & ~Q(settled_by=F("reviewed_by")),
                name="rulebook_verdict_is_three_persons",
            ),
            models.CheckConstraint(
                condition=Q(state=DecisionState.RETURNED) & ~Q(returned_reason="")
                | ~Q(state=DecisionState.RETURNED) & Q(returned_reason=""),
                name="rulebook_returned_says_why",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_at__isnull=True) | Q(verdict=Verdict.CHANGE, state=DecisionState.SETTLED),
                name="rulebook_only_a_change_is_carried_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.power} {self.get_verdict_display()}"

    @property
    def state_title(self) -> str:
        return DecisionState(self.state).label
