"""Columns of the catalogue 目录栏目, and which documents stand in them."""

from django.db import models
from django.db.models import Q

from mingtang.disclosure.enums import KnownBy, Rhythm
from mingtang.disclosure.models.documents import Document
from mingtang.people.models import Post
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class ColumnQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """The catalogue is public, its gaps too; a closed column stays readable."""
        return self.filter(town=viewer.town)


class Column(models.Model):
    """One place of one way of dividing the catalogue (``scheme``); ``parent`` is the heading it stands under.

    A column with a ``rhythm`` is a duty: its owner fills it within ``days`` working days after a document came into
    being (``event``) or after the end of each period, and it is never empty without a word: ``nothing`` says why.
    One without only sorts. Its documents must be known where it says how often each must have arrived within how
    many days (``reach``).
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="columns")
    scheme = models.CharField("分类方法", max_length=16)
    code = models.SlugField("代码", max_length=20)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    order = models.PositiveSmallIntegerField("排序", default=0)
    basis = models.CharField("公开依据", max_length=120, blank=True)
    elements = models.CharField("公开内容", max_length=300, blank=True)
    owner = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="columns", verbose_name="责任岗位"
    )
    rhythm = models.CharField("更新周期", max_length=8, choices=Rhythm.choices, blank=True)
    days = models.PositiveSmallIntegerField("时限（工作日）", null=True, blank=True)
    opened_on = models.DateField("开设日期")
    nothing = models.CharField("为什么是空的", max_length=200, blank=True)
    nothing_on = models.DateField("说明日期", null=True, blank=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)
    reach_times = models.PositiveIntegerField("应当到多少次", null=True, blank=True)
    reach_days = models.PositiveSmallIntegerField("多少天以内", null=True, blank=True)

    objects = ColumnQuerySet.as_manager()

    class Meta:
        verbose_name = "栏目"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "code"], name="disclosure_column_code_once"),
            models.CheckConstraint(
                condition=Q(rhythm="", days__isnull=True)
                | ~Q(rhythm="") & Q(days__gt=0, owner__isnull=False) & ~Q(basis=""),
                name="disclosure_duty_has_owner_and_days",
            ),
            models.CheckConstraint(
                condition=Q(nothing="", nothing_on__isnull=True) | ~Q(nothing="") & Q(nothing_on__isnull=False),
                name="disclosure_nothing_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(reach_times__isnull=True, reach_days__isnull=True) | Q(reach_times__gt=0, reach_days__gt=0),
                name="disclosure_reach_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"column:{self.code}"

    @property
    def is_duty(self) -> bool:
        return bool(self.rhythm)


class Filing(models.Model):
    """A document stands in a column. It may stand in several, of any scheme."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="filings")
    column = models.ForeignKey(Column, models.PROTECT, related_name="filings")

    class Meta:
        verbose_name = "归栏"
        constraints = [models.UniqueConstraint(fields=["column", "document"], name="disclosure_filed_once")]

    def __str__(self) -> str:
        return f"{self.column_id}/{self.document_id}"


class FilingRuleQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """The office keeps them for the whole town; the staff of a public utility have none."""
        return self.none() if viewer.tenant else self.filter(town=viewer.town)


class FilingRule(models.Model):
    """Imported documents that state this go into this column. One that several rules meet stands in the columns of all;
    a rule on a folder holds for the folders in it as well."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="filing_rules")
    field = models.CharField("看哪一项", max_length=16, choices=KnownBy.choices)
    stated = models.CharField("写的是什么", max_length=200)
    column = models.ForeignKey(Column, models.PROTECT, related_name="filing_rules")

    objects = FilingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "归栏规则"
        ordering = ["field", "stated", "column__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "field", "stated", "column"], name="disclosure_filing_rule_once"),
            models.CheckConstraint(condition=~Q(stated=""), name="disclosure_filing_rule_states_something"),
        ]

    def __str__(self) -> str:
        return f"{self.stated}→{self.column_id}"

    @property
    def subject(self) -> str:
        return f"filing-rule:{self.pk}"
