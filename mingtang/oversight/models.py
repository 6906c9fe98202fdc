"""Duties 任务, the slots 空格 that each leaves to be filled, and what became of a plan's sentences."""

from datetime import date

from django.db import models
from django.db.models import Case, F, Q, Value, When

from mingtang.disclosure.models import Column, DerivedList, Document
from mingtang.oversight.enums import SlotState, Source, Trigger, Verdict
from mingtang.oversight.periods import Rule
from mingtang.people.models import InTown, Post, Staff
from mingtang.people.proposals import Proposal, settled_by_two
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.models import Tenant

# An article of a law or regulation: nobody here moves its date.
ARTICLE = r"(法|条例|规定|办法)\s*第.{1,8}条"


class Duty(models.Model):
    """Something to publish or to do, with an owner, a rule when it is due, and what proves it.

    A duty of a column has owner, rule and basis from the column; every other states its own. ``column`` or ``kind``
    names the documents that fill its slots, ``watch`` what the system looks at by itself (`watching`); the promise of
    an ``item`` or a ``tenant`` is measured from records (`promises`). With none of these a person names the proof.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="duties")
    code = models.SlugField("代码", max_length=60)
    name = models.CharField("任务", max_length=120)
    source = models.CharField("来源", max_length=8, choices=Source.choices)
    basis = models.CharField("依据", max_length=120, blank=True)
    column = models.ForeignKey(
        Column, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="公开栏目"
    )
    kind = models.SlugField("信息种类", max_length=24, blank=True)
    plan = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="写明任务的文件"
    )
    clause = models.CharField("条款", max_length=60, blank=True)
    watch = models.SlugField("系统自己看什么", max_length=12, blank=True)
    item = models.OneToOneField(
        Item, models.PROTECT, null=True, blank=True, related_name="promise", verbose_name="哪个事项的承诺"
    )
    tenant = models.OneToOneField(
        Tenant, models.PROTECT, null=True, blank=True, related_name="promise", verbose_name="哪个公用单位的承诺"
    )
    owner = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="责任岗位"
    )
    trigger = models.CharField("周期", max_length=8, choices=Trigger.choices, blank=True)
    days = models.PositiveSmallIntegerField("时限（工作日）", default=0)
    month = models.PositiveSmallIntegerField("期限的月份", default=0)
    day = models.PositiveSmallIntegerField("期限的日子", default=0)
    years_after = models.PositiveSmallIntegerField("期限在几年以后", default=0)
    due_on = models.DateField("一次性的期限", null=True, blank=True)
    offered_to = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="想移交给"
    )
    offered_why = models.CharField("为什么移交", max_length=200, blank=True)
    opened_on = models.DateField("开始日期")
    closed_on = models.DateField("停止日期", null=True, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "任务"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "code"], name="oversight_duty_code_once"),
            models.UniqueConstraint(
                fields=["column"], condition=Q(source=Source.COLUMN), name="oversight_one_duty_of_a_column"
            ),
            models.CheckConstraint(
                condition=Q(source=Source.COLUMN, column__isnull=False, owner__isnull=True, trigger="", basis="")
                | ~Q(source=Source.COLUMN) & Q(owner__isnull=False) & ~Q(trigger="") & ~Q(basis=""),
                name="oversight_duty_has_owner_rule_and_basis",
            ),
            models.CheckConstraint(
                condition=Q(trigger=Trigger.ONCE, due_on__isnull=False)
                | ~Q(trigger=Trigger.ONCE) & Q(due_on__isnull=True),
                name="oversight_once_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(offered_to__isnull=True, offered_why="") | Q(offered_to__isnull=False) & ~Q(offered_why=""),
                name="oversight_offered_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.PLAN) | Q(plan__isnull=False) & ~Q(clause=""),
                name="oversight_plan_task_names_its_clause",
            ),
            models.CheckConstraint(
                condition=~Q(trigger=Trigger.CONTINUOUS) | Q(column__isnull=False) | ~Q(kind="") | ~Q(watch=""),
                name="oversight_on_every_day_of_something",
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=True, tenant__isnull=True)
                | Q(source=Source.PROMISE, trigger=Trigger.QUARTER) & (Q(item__isnull=True) | Q(tenant__isnull=True)),
                name="oversight_measured_by_the_quarter",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"duty:{self.code}"

    @property
    def of_column(self) -> bool:
        return self.source == Source.COLUMN

    @property
    def measured(self) -> bool:
        """Its slots are filled from the records of an item or a utility, never by hand."""
        return self.item_id is not None or self.tenant_id is not None

    @property
    def holder(self) -> Post:
        """The post that answers for it."""
        return self.column.owner if self.of_column else self.owner

    @property
    def stands_on(self) -> str:
        return self.column.basis if self.of_column else self.basis

    @property
    def rule(self) -> Rule:
        if self.of_column:
            return Rule(self.column.rhythm, self.column.days or 0)
        return Rule(self.trigger, self.days, self.month, self.day, self.years_after, self.due_on)


class SlotQuerySet(InTown):
    def standing(self, today: date):
        """With ``state`` as of a day."""
        return self.annotate(
            state=Case(
                When(broken__gt=0, then=Value(SlotState.BROKEN)),
                When(proved_on__isnull=False, proved_on__lte=F("due_on"), then=Value(SlotState.ON_TIME)),
                When(proved_on__isnull=False, then=Value(SlotState.LATE)),
                When(excused_on__isnull=False, then=Value(SlotState.EXCUSED)),
                When(due_on__lt=today, then=Value(SlotState.EMPTY)),
                default=Value(SlotState.DUE),
                output_field=models.CharField(),
            )
        )

    def waiting(self):
        """Neither filled nor excused."""
        return self.filter(proved_on__isnull=True, excused_on__isnull=True)


class Slot(models.Model):
    """One period of a duty, or one document it is about: what must be there by ``due_on``, and what is.

    ``due_on`` begins as ``first_due_on`` and is only moved by an act with a public reason, never once it has passed; so
    what was late stays late. The day of proof is the day of the log. ``broken``: how many of the promises that fell due
    in the period were not kept.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="slots")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="slots")
    period = models.CharField("期", max_length=24)
    about = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="哪一份信息"
    )
    first_on = models.DateField("从哪天起")
    first_due_on = models.DateField("原来的期限")
    due_on = models.DateField("期限")
    provisional = models.BooleanField("期限是暂定的", default=False)
    proved_on = models.DateField("办成日期", null=True, blank=True)
    proof = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="proves", verbose_name="凭据"
    )
    listed = models.ForeignKey(
        DerivedList, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="作凭据的公示表"
    )
    statement = models.CharField("怎么办成的", max_length=200, blank=True)
    excused_on = models.DateField("说明日期", null=True, blank=True)
    excuse = models.CharField("为什么没有", max_length=200, blank=True)
    excuse_paper = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="说明的依据"
    )
    broken = models.PositiveIntegerField("几件没有做到", default=0)
    nudges = models.PositiveIntegerField("催了几次", default=0)
    nudges_untold = models.PositiveIntegerField("记进日志以前催了几次", default=0)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = "空格"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["duty", "period"], name="oversight_slot_once_a_period"),
            models.CheckConstraint(
                condition=Q(proved_on__isnull=True, proof__isnull=True, listed__isnull=True, statement="")
                | Q(proved_on__isnull=False) & (Q(proof__isnull=False) | Q(listed__isnull=False) | ~Q(statement="")),
                name="oversight_proved_by_something",
            ),
            models.CheckConstraint(
                condition=Q(excused_on__isnull=True, excuse="", excuse_paper__isnull=True)
                | Q(excused_on__isnull=False) & ~Q(excuse=""),
                name="oversight_excused_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["town", "due_on"],
                condition=Q(proved_on__isnull=True, excused_on__isnull=True),
                name="oversight_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.duty.code} {self.period}"


class Sentence(models.Model):
    """What somebody decided about one sentence of a plan; the sentence itself stands in the frozen ``revision``.

    ``anchor`` is its place there: paragraph, sentence and, of a list, which of it, counted from 1.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    revision = models.ForeignKey("disclosure.Revision", models.PROTECT, related_name="+", verbose_name="正文")
    anchor = models.CharField("第几段第几句", max_length=16)
    verdict = models.CharField("结论", max_length=4, choices=Verdict.choices)
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, blank=True, related_name="sentences", verbose_name="任务")
    decided_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间")

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "规划里的一句话"
        constraints = [
            models.UniqueConstraint(fields=["revision", "anchor"], name="oversight_sentence_decided_once"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.TASK, duty__isnull=False) | Q(verdict=Verdict.NONE, duty__isnull=True),
                name="oversight_a_task_has_its_duty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.anchor}"


class TakeoverQuerySet(InTown):
    def waiting(self):
        return self.filter(settled_at__isnull=True)


class Takeover(Proposal):
    """Duties of the law that somebody asks the town to take over, and the second person's word on it.

    ``owners``: the code of a duty in the pack (`lawful`) and the code of the post that will answer for it.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    owners = models.JSONField("哪些任务由哪个岗位负责")

    objects = TakeoverQuerySet.as_manager()

    class Meta:
        verbose_name = "接下法定任务"
        constraints = [
            models.UniqueConstraint(
                fields=["town"], condition=Q(settled_at__isnull=True), name="oversight_one_takeover_waits"
            ),
            settled_by_two("oversight_taken_over_by_two"),
        ]

    def __str__(self) -> str:
        return f"{self.town_id} {self.proposed_at:%Y-%m-%d}"

    @property
    def subject(self) -> str:
        return f"takeover:{self.pk}"
