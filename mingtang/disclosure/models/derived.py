"""公示表: a list composed from records, its frozen rows, where its sheet hung."""

import json
from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.disclosure.enums import ListState as S
from mingtang.events import vault
from mingtang.events.models import PayloadKey
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer

PUBLIC = (S.SHOWN, S.SUPERSEDED, S.ENDED, S.WITHDRAWN)


class DerivedListQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Everybody: what was shown, of which a counted stub stays; whoever works on the town's documents sees all."""
        rows = self.filter(town=viewer.town)
        if not viewer.tenant and any(power.startswith("document.") for power in viewer.powers):
            return rows
        return rows.filter(state__in=PUBLIC)


class DerivedList(models.Model):
    """One edition of one list for one period. All of it but its way through the states is frozen when it is made.

    ``root`` commits to every row. ``key`` seals rows that tell of persons; it is destroyed when they go, and what stays
    is this row: title, period, how many, how much, the commitments. ``until`` is the last day the rows are shown.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="derived_lists")
    number = models.SlugField("编号", max_length=24)
    template = models.SlugField("哪一种", max_length=24)
    village = models.CharField("村（社区）", max_length=40, blank=True)
    from_on = models.DateField("从哪天")
    to_on = models.DateField("到哪天")
    edition = models.PositiveSmallIntegerField("版次")
    state = models.CharField("状态", max_length=10, choices=S.choices, default=S.MADE)
    count = models.PositiveIntegerField("行数")
    left_out = models.PositiveIntegerField("依法不列出")
    total = models.BigIntegerField("金额合计（分）", null=True, blank=True)
    root = models.CharField("校验值", max_length=64)
    key = models.ForeignKey(PayloadKey, models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="生成人")
    made_at = models.DateTimeField("生成时间")
    checked_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人"
    )
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)
    shown_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公开人")
    shown_at = models.DateTimeField("公开时间", null=True, blank=True)
    until = models.DateField("公示到哪天", null=True, blank=True)
    gone_at = models.DateTimeField("撤下时间", null=True, blank=True)
    reason = models.CharField("为什么重做或者撤下", max_length=200, blank=True)

    objects = DerivedListQuerySet.as_manager()

    class Meta:
        verbose_name = "公示表"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="disclosure_list_number_once"),
            models.UniqueConstraint(
                fields=["town", "template", "village", "from_on", "edition"],
                name="disclosure_list_edition_once",
            ),
            models.UniqueConstraint(
                fields=["town", "template", "village", "from_on"],
                condition=Q(state__in=(S.MADE, S.CHECKED)),
                name="disclosure_one_open_list",
            ),
            models.UniqueConstraint(
                fields=["town", "template", "village", "from_on"],
                condition=Q(state=S.SHOWN),
                name="disclosure_one_shown_list",
            ),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="disclosure_list_runs_forward"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(checked_by=F("made_by")),
                name="disclosure_list_checked_by_another",
            ),
            # Where persons are told of (``key``), the third person shows it.
            models.CheckConstraint(
                condition=Q(shown_by__isnull=True, shown_at__isnull=True)
                | Q(shown_by__isnull=False, shown_at__isnull=False, checked_at__isnull=False)
                & ~Q(shown_by=F("made_by"))
                & (Q(key__isnull=True) | ~Q(shown_by=F("checked_by"))),
                name="disclosure_list_shown_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(S.MADE, S.CHECKED, S.DROPPED), shown_at__isnull=True)
                | Q(state__in=PUBLIC, shown_at__isnull=False),
                name="disclosure_list_shown_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(S.MADE, S.CHECKED, S.SHOWN), gone_at__isnull=True)
                | Q(state__in=(S.DROPPED, S.SUPERSEDED, S.ENDED, S.WITHDRAWN), gone_at__isnull=False),
                name="disclosure_list_gone_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["town", "state", "-id"], name="disclosure_lists_by_state"),
            models.Index(fields=["until"], condition=Q(state=S.SHOWN), name="disclosure_lists_ending"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"list:{self.number}"

    def frozen(self) -> dict[str, Any]:
        """What the events say of its content."""
        return {
            "template": self.template,
            "village": self.village,
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "edition": self.edition,
            "count": self.count,
            "left_out": self.left_out,
            "total": self.total,
            "root": self.root,
        }


class DerivedRow(models.Model):
    """One row, its place in the list from 1. Of a list about persons all lies sealed under the list's key, the masked
    cells too, and goes with it; of any other ``cells`` holds it. ``case`` finds the row for whoever holds its code."""

    list = models.ForeignKey(DerivedList, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField("序号")
    commitment = models.CharField("校验码", max_length=64)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, blank=True, related_name="+")
    cells = models.JSONField("内容", null=True, blank=True)
    row_sealed = models.BinaryField("整行（密文）", null=True, blank=True)

    class Meta:
        verbose_name = "公示表的行"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="disclosure_list_row_once"),
            models.CheckConstraint(
                condition=Q(cells__isnull=True) | Q(row_sealed__isnull=True, case__isnull=True),
                name="disclosure_list_row_sealed_or_plain",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_id}#{self.number}"

    def opened(self) -> tuple[bytes, dict[str, Any]]:
        """Salt and whole row of a person. Decrypts; raises ``Refused`` where the key was destroyed."""
        if self.row_sealed is None or self.list.key is None:
            raise vault.destroyed()
        held = json.loads(vault.open_sealed(self.list.key, self.row_sealed))
        return bytes.fromhex(held["salt"]), held["row"]


class Posting(models.Model):
    """张贴: where the sheet of a list hung, from which day to which."""

    list = models.ForeignKey(DerivedList, models.PROTECT, related_name="postings")
    place = models.CharField("贴在哪里", max_length=60)
    up_on = models.DateField("贴上的日期")
    up_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="张贴人")
    down_on = models.DateField("取下的日期", null=True, blank=True)
    down_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取下人")

    class Meta:
        verbose_name = "张贴记录"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "place"], condition=Q(down_on__isnull=True), name="disclosure_sheet_hangs_once"
            ),
            models.CheckConstraint(
                condition=Q(down_on__isnull=True, down_by__isnull=True)
                | Q(down_on__gte=F("up_on"), down_by__isnull=False),
                name="disclosure_sheet_taken_down_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def days(self) -> int | None:
        """Whole days it hung, the first not counted (民法典 201); None while it hangs."""
        return (self.down_on - self.up_on).days if self.down_on else None
