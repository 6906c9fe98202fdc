"""公示栏、公示牌: where they are, who keeps them, what must hang there, what hung when and who looked."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from mingtang.boards.enums import What
from mingtang.disclosure.models import DerivedList, Document, Edition
from mingtang.files.models import StoredFile
from mingtang.hall.models import Site
from mingtang.people.models import InTown, Post, Staff, Unit, Village
from mingtang.rulebook.models import Item, Version
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer

CHECK_DAYS, MOST_DAYS = 90, 365


class BoardQuerySet(InTown):
    def visible_to(self, viewer: Viewer):
        """Everybody sees the town's; the staff of a public utility at the desk their own."""
        rows = super().visible_to(viewer)
        return rows.filter(unit__in=viewer.tenant) if viewer.tenant else rows


class Board(models.Model):
    """A board 公示栏. ``unit``: whose it is, a public utility for its fee sheet; ``keeper``: the post that hangs up and
    looks, at least every ``check_days`` days."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="boards")
    name = models.CharField("名称", max_length=40)
    place = models.CharField("在哪里", max_length=100)
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, related_name="boards", verbose_name="村（社区）"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="boards", verbose_name="哪个单位的"
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="boards", verbose_name="大厅")
    keeper = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="看管的岗位")
    check_days = models.PositiveSmallIntegerField("几天查看一次", default=CHECK_DAYS)
    opened_on = models.DateField("登记日期")
    closed_on = models.DateField("撤掉日期", null=True, blank=True)
    closed_reason = models.CharField("为什么撤掉", max_length=200, blank=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = "公示栏"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["town", "name"], condition=Q(closed_on__isnull=True), name="boards_name_once"
            ),
            models.CheckConstraint(
                condition=Q(check_days__gte=1, check_days__lte=MOST_DAYS), name="boards_looked_at_within_a_year"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_reason="")
                | Q(closed_on__gte=F("opened_on")) & ~Q(closed_reason=""),
                name="boards_closed_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"board:{self.pk}"

    def next_check(self, last: date | None) -> date:
        """The last day to look at it again, when it was last looked at on a day, or never."""
        return (last or self.opened_on) + timedelta(days=self.check_days)


class SheetQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        return self.filter(board__in=Board.objects.visible_to(viewer))


class Sheet(models.Model):
    """该贴的: what must hang on a board since a day: the fee table of its unit, one document, a kind of list from
    records of its village, or the guide of an item. Which edition that is today, ``newest`` says."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="sheets")
    what = models.CharField("贴什么", max_length=10, choices=What.choices)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    template = models.SlugField("哪一种公示表", max_length=24, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事项")
    since = models.DateField("从哪天起该贴")
    ended_on = models.DateField("不用再贴的日期", null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = "该贴的"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what=What.FEES, document__isnull=True, item__isnull=True, template="")
                | Q(what=What.DOCUMENT, document__isnull=False, item__isnull=True, template="")
                | Q(what=What.LIST, document__isnull=True, item__isnull=True) & ~Q(template="")
                | Q(what=What.ITEM, document__isnull=True, item__isnull=False, template=""),
                name="boards_sheet_says_what",
            ),
            models.UniqueConstraint(
                fields=["board"], condition=Q(ended_on__isnull=True, what=What.FEES), name="boards_fees_once"
            ),
            models.UniqueConstraint(
                fields=["board", "document"],
                condition=Q(ended_on__isnull=True, what=What.DOCUMENT),
                name="boards_document_once",
            ),
            models.UniqueConstraint(
                fields=["board", "template"],
                condition=Q(ended_on__isnull=True, what=What.LIST),
                name="boards_list_once",
            ),
            models.UniqueConstraint(
                fields=["board", "item"],
                condition=Q(ended_on__isnull=True, what=What.ITEM),
                name="boards_guide_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board} {self.get_what_display()}"


class HangingQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        return self.filter(sheet__board__in=Board.objects.visible_to(viewer))


class Hanging(models.Model):
    """张贴: one edition on the wall, with a photo of it. ``until``: the last day printed on it."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="hangings")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="hangings")
    list = models.ForeignKey(DerivedList, models.PROTECT, null=True, blank=True, related_name="hangings")
    version = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="+")
    photo = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="照片")
    until = models.DateField("贴到哪天")
    up_at = models.DateTimeField("贴上的时间")
    up_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="张贴人")
    down_at = models.DateTimeField("取下的时间", null=True, blank=True)
    down_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取下人")

    objects = HangingQuerySet.as_manager()

    class Meta:
        verbose_name = "张贴"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(down_at__isnull=True), name="boards_one_hangs_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=False, list__isnull=True, version__isnull=True)
                | Q(edition__isnull=True, list__isnull=False, version__isnull=True)
                | Q(edition__isnull=True, list__isnull=True, version__isnull=False),
                name="boards_hanging_is_one_edition",
            ),
            models.CheckConstraint(
                condition=Q(down_at__isnull=True, down_by__isnull=True)
                | Q(down_at__gte=F("up_at"), down_by__isnull=False),
                name="boards_taken_down_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.up_at}"

    @property
    def key(self) -> int:
        """What its code names: the edition, the list, or the version of the item."""
        return self.edition_id or self.list_id or self.version_id


class CheckQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        return self.filter(board__in=Board.objects.visible_to(viewer))


class Check(models.Model):
    """查看: somebody stood before the board. ``note``: what is wrong with it, in public; empty when nothing is."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="checks")
    note = models.CharField("看到的问题", max_length=200, blank=True)
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="照片")
    checked_at = models.DateTimeField("查看时间")
    checked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="查看人")

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = "查看"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.board} {self.checked_at}"
