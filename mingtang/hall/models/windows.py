"""便民服务中心: sites, windows, the hours they keep, and the cards of those who sit there."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from mingtang.files.models import StoredFile
from mingtang.hall.enums import BandKind, MarketCalendar, SiteKind, WindowKind
from mingtang.people.models import InTown, Post, Staff, Unit
from mingtang.towns.models import Jurisdiction


class Site(models.Model):
    """A place where people are served: the centre, a unit's own hall, a station in a village.

    ``letter`` begins its ticket numbers. ``market_days`` are days of the month in the calendar of ``market_calendar``.
    ``hours`` is what is shown as long as no opening bands are kept.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="sites")
    code = models.SlugField("代码", max_length=40, default="hall")
    letter = models.CharField("号头", max_length=1, default="A", validators=[RegexValidator(r"^[A-Z]$")])
    kind = models.CharField("类别", max_length=12, choices=SiteKind.choices, default=SiteKind.CENTRE)
    name = models.CharField("名称", max_length=60)
    address = models.CharField("地址", max_length=100)
    hours = models.CharField("开放时间", max_length=100, blank=True)
    phone = models.CharField("电话", max_length=30)
    market_calendar = models.CharField("赶集日历", max_length=8, choices=MarketCalendar.choices, blank=True)
    market_days = models.JSONField("赶集日", default=list)
    book_share = models.PositiveSmallIntegerField("可预约的份额（%）", default=0)
    visit_minutes = models.PositiveSmallIntegerField("一个人平均办几分钟", default=15)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "场所"
        ordering = ["letter"]
        constraints = [
            models.UniqueConstraint(fields=["town", "code"], name="hall_site_code_once_per_town"),
            models.UniqueConstraint(fields=["town", "letter"], name="hall_site_letter_once_per_town"),
            models.CheckConstraint(condition=Q(book_share__lte=50), name="hall_half_is_for_who_walks_in"),
            models.CheckConstraint(condition=Q(visit_minutes__range=(5, 60)), name="hall_visit_takes_5_to_60_minutes"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"site:{self.code}"


class Window(models.Model):
    """A window, worked by one post. A general one takes in every item. A closed one says why, who stands in and, where
    it is known, when it opens again.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="windows")
    site = models.ForeignKey(Site, models.PROTECT, related_name="windows")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="windows")
    post = models.ForeignKey(Post, models.PROTECT, related_name="windows")
    kind = models.CharField("类别", max_length=8, choices=WindowKind.choices, default=WindowKind.SPECIAL)
    number = models.PositiveSmallIntegerField("窗口号")
    name = models.CharField("名称", max_length=40)
    is_open = models.BooleanField("开着", default=True)
    closed_reason = models.CharField("关闭原因", max_length=100, blank=True)
    back_at = models.DateTimeField("预计恢复", null=True, blank=True)
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
                condition=Q(is_open=True, closed_reason="", back_at__isnull=True)
                | Q(is_open=False) & ~Q(closed_reason=""),
                name="hall_closed_window_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}号窗口（{self.name}）"

    @property
    def subject(self) -> str:
        """What events name: the letter of its site, which must be loaded, and its number."""
        return f"window:{self.site.letter}{self.number}"

    @property
    def is_general(self) -> bool:
        return self.kind == WindowKind.GENERAL


class Band(models.Model):
    """开放时段: on one kind of day, from–to, with the posts that are really there. ``ends`` itself does not count."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="bands")
    kind = models.CharField("哪些日子", max_length=8, choices=BandKind.choices)
    starts = models.TimeField("开始")
    ends = models.TimeField("结束")
    posts = models.ManyToManyField(Post, related_name="+", verbose_name="在岗")

    class Meta:
        verbose_name = "开放时段"
        ordering = ["starts", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "kind", "starts"], name="hall_band_starts_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="hall_band_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts:%H:%M}—{self.ends:%H:%M}"


class Badge(models.Model):
    """带证上岗: the card of a person at a window post. It holds while the person holds the post and it is not ended."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="badges")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="badges", verbose_name="持证人")
    post = models.ForeignKey(Post, models.PROTECT, related_name="badges", verbose_name="岗位")
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="照片")
    issued_on = models.DateField("发证日期")
    ended_on = models.DateField("收回日期", null=True, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "上岗证"
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "post"], condition=Q(ended_on__isnull=True), name="hall_one_badge_a_post"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("issued_on")), name="hall_badge_ends_after_issue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.post}"
