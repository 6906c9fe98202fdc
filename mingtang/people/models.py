"""Units, villages, posts, staff, the letters that delegate authority, and the duty roster."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from mingtang.people.enums import AbsenceKind, Trade, UnitKind, permissions_of
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


class InTown(models.QuerySet):
    """Rows of the viewer's town."""

    def visible_to(self, viewer: Viewer):
        return self.filter(town=viewer.town)


class Unit(models.Model):
    """A unit 单位: publishes information, holds powers, runs windows. Only a public utility has a ``trade``."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="units")
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=16, choices=UnitKind.choices)
    trade = models.CharField("行业", max_length=12, choices=Trade.choices, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    duty = models.CharField("职责", max_length=300, blank=True)
    phone = models.CharField("电话", max_length=30, blank=True)
    address = models.CharField("地址", max_length=100, blank=True)
    order = models.PositiveSmallIntegerField("排序", default=0)
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "code"], name="people_unit_code_once_per_town"),
            models.CheckConstraint(
                condition=Q(trade="") | Q(kind=UnitKind.UTILITY), name="people_only_utilities_have_a_trade"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """A village or community 村（社区） of the town, chosen wherever a place is named. One that was merged into another
    is closed and stays on what named it."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="villages")
    name = models.CharField("名称", max_length=20)
    order = models.PositiveSmallIntegerField("排序", default=0)
    closed_on = models.DateField("撤并日期", null=True, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "村（社区）"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["town", "name"], name="people_village_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"village:{self.pk}"


class Post(models.Model):
    """A post 岗位: pages show posts, not persons; roles hang on it."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("名称", max_length=60)
    roles = models.JSONField("角色", default=list)
    is_leader = models.BooleanField("领导岗位", default=False)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "岗位"
        ordering = ["unit__order", "unit_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["town", "code"], name="people_post_code_once_per_town")]

    def __str__(self) -> str:
        return f"{self.unit.name}{self.name}"

    @property
    def permissions(self) -> frozenset[str]:
        return permissions_of(self.roles)


class StaffManager(BaseUserManager.from_queryset(InTown)):
    def get_by_natural_key(self, username: str):
        return self.get(username=username)


class Staff(AbstractBaseUser):
    """A person who works here. An account has no powers of its own: they come from current posts."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="staff")
    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=30)
    number = models.CharField("工号", max_length=20)
    is_active = models.BooleanField("在用", default=True)

    objects = StaffManager()
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = "人员"
        constraints = [models.UniqueConstraint(fields=["town", "number"], name="people_staff_number_once_per_town")]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """What events name: never a name."""
        return f"staff:{self.pk}"


class AssignmentQuerySet(models.QuerySet):
    def current(self, at: datetime):
        return self.filter(Q(valid_from__lte=at), Q(valid_to__isnull=True) | Q(valid_to__gt=at))


class Assignment(models.Model):
    """A person holds a post for a time. Half-open interval: ``valid_from`` counts, ``valid_to`` does not."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="assignments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="assignments")
    valid_from = models.DateTimeField("任职起")
    valid_to = models.DateTimeField("任职止", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="people_assignment_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.post}"


class DelegationQuerySet(InTown):
    def valid(self, at: datetime):
        return self.filter(Q(valid_from__lte=at), Q(valid_to__gt=at), Q(revoked_at__isnull=True) | Q(revoked_at__gt=at))


class Delegation(models.Model):
    """A letter of delegation 授权书: this post may decide this item's step up to a limit, from–to.

    Item and step are stable codes. ``limit`` is in words, empty for none but that of the item.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    number = models.CharField("授权书编号", max_length=40)
    grantor = models.ForeignKey(Unit, models.PROTECT, related_name="delegations_given", verbose_name="授权单位")
    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations", verbose_name="受权岗位")
    item_code = models.CharField("事项编码", max_length=40)
    step_code = models.CharField("环节", max_length=40)
    limit = models.CharField("限度", max_length=120, blank=True)
    valid_from = models.DateTimeField("有效期起")
    valid_to = models.DateTimeField("有效期止")
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = "授权"
        constraints = [
            models.UniqueConstraint(fields=["town", "number", "item_code", "step_code"], name="people_delegation_once"),
            models.CheckConstraint(condition=Q(valid_to__gt=models.F("valid_from")), name="people_delegation_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.item_code}/{self.step_code}"


class RosterQuerySet(InTown):
    def current(self, at: datetime):
        return self.filter(Q(valid_from__lte=at), Q(valid_to__isnull=True) | Q(valid_to__gt=at))


class RosterRow(models.Model):
    """A row of the duty roster (AB岗): while A, who holds the post, is away, B acts for it. B is one person, or whoever
    holds another post.

    Never changed: the next row of the post ends it, and what B did names it. Half-open interval.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="roster", verbose_name="岗位")
    lead = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="A岗")
    substitute = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="B岗（人员）"
    )
    substitute_post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="B岗（岗位）"
    )
    valid_from = models.DateTimeField("生效时间")
    valid_to = models.DateTimeField("停用时间", null=True, blank=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = "值守安排"
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(valid_to__isnull=True), name="people_one_roster_row_a_post"
            ),
            models.CheckConstraint(
                condition=Q(substitute__isnull=False, substitute_post__isnull=True)
                | Q(substitute__isnull=True, substitute_post__isnull=False),
                name="people_substitute_is_person_or_post",
            ),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | ~Q(substitute=models.F("lead")),
                name="people_nobody_substitutes_for_themselves",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="people_roster_row_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} A:{self.lead} B:{self.substitute or self.substitute_post}"


class AbsenceQuerySet(InTown):
    def covering(self, at: datetime):
        return self.filter(cancelled_at__isnull=True, starts_at__lte=at, ends_at__gt=at)

    def touching(self, start: datetime, end: datetime):
        return self.filter(cancelled_at__isnull=True, starts_at__lt=end, ends_at__gt=start)


class Absence(models.Model):
    """外出: somebody is away from–to, by kind alone: nothing personal is written down. ``ends_at`` does not count."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="absences", verbose_name="人员")
    kind = models.CharField("事由", max_length=8, choices=AbsenceKind.choices)
    starts_at = models.DateTimeField("从")
    ends_at = models.DateTimeField("到")
    entered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="登记人")
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "外出"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="people_absence_ends_later")
        ]
        indexes = [
            models.Index(
                fields=["staff", "ends_at"], condition=Q(cancelled_at__isnull=True), name="people_absences_of_staff"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.starts_at}"
