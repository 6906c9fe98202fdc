"""Leaders without an account who sign by a link, and the links that were made for them."""

from datetime import date

from django.db import models
from django.db.models import Q

from mingtang.disclosure.models.documents import Edition
from mingtang.disclosure.models.review import InternalQuerySet
from mingtang.people.models import InTown, Staff
from mingtang.towns.models import Jurisdiction


class ApproverQuerySet(InTown):
    def valid(self, on: date):
        return self.filter(valid_from__lte=on, valid_to__gte=on, ended_at__isnull=True)


class Approver(models.Model):
    """A leader without an account who may sign by a link, by a letter of authority, from – to (both days count)."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    name = models.CharField("姓名", max_length=30)
    post = models.CharField("职务", max_length=60)
    phone = models.CharField("电话", max_length=30)
    letter = models.CharField("授权书编号", max_length=40)
    valid_from = models.DateField("从哪天起")
    valid_to = models.DateField("到哪天止")
    added_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="登记人")
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = ApproverQuerySet.as_manager()

    class Meta:
        verbose_name = "外部签发人"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["town", "name"], condition=Q(ended_at__isnull=True), name="disclosure_approver_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=models.F("valid_from")), name="disclosure_approver_has_a_term"
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="disclosure_approver_ended_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}{self.name}"

    @property
    def code(self) -> str:
        """What events name: never a name."""
        return f"approver:{self.pk}"


class ApprovalLink(models.Model):
    """A link by which one approver may sign one text of one edition, once. Token and code are kept as keyed hashes."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="links")
    sha256 = models.CharField("正文散列值", max_length=64)
    approver = models.ForeignKey(Approver, models.PROTECT, related_name="links", verbose_name="发给谁")
    token_hash = models.CharField("链接", max_length=64, unique=True)
    code_hash = models.CharField("口令", max_length=64)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="谁发的")
    made_at = models.DateTimeField("发出时间")
    expires_at = models.DateTimeField("失效时间")
    failures = models.PositiveSmallIntegerField("输错次数", default=0)
    tried_at = models.DateTimeField("最近一次输错", null=True, blank=True)
    used_at = models.DateTimeField("用过的时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="收回人"
    )
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = "签发链接"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True, revoked_at__isnull=True)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="disclosure_link_revoked_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True), name="disclosure_link_used_or_revoked"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="disclosure_link_lives_for_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.approver_id}"
