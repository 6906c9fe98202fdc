"""缴款通知: what one case owes under its version, and the account into which it is paid. No window holds money."""

from django.db import models
from django.db.models import Q

from mingtang.money.enums import NoticeState as S
from mingtang.money.states import LIVE
from mingtang.people.enums import Permission as P
from mingtang.people.models import InTown, Staff, Unit
from mingtang.rulebook.models import Version
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer

READERS = (P.MONEY_MATCH, P.MONEY_APPROVE, P.OVERSEE)


class Books(models.QuerySet):
    """Rows of the viewer's town, for those who keep the books or oversee them."""

    def visible_to(self, viewer: Viewer):
        return self.filter(town=viewer.town) if viewer.powers.intersection(READERS) else self.none()


class Account(models.Model):
    """收款账户: of the town's treasury where ``unit`` is none, else of a utility whose charges are its own income.

    Never changed: another account is another row, and each notice keeps the one it named.
    """

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="accounts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name="单位")
    payee = models.CharField("户名", max_length=60)
    bank = models.CharField("开户行", max_length=60)
    number = models.CharField("账号", max_length=32)
    pay_text = models.CharField("扫码缴款的网址", max_length=200, blank=True)
    set_at = models.DateTimeField("启用时间")
    set_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="启用人")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = InTown.as_manager()

    class Meta:
        verbose_name = "收款账户"
        ordering = ["unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["town"],
                condition=Q(unit__isnull=True, ended_at__isnull=True),
                name="money_one_treasury_account",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(unit__isnull=False, ended_at__isnull=True),
                name="money_one_account_of_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payee} {self.number}"


class NoticeSerial(models.Model):
    """The last serial given to a notice in a year."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后流水号", default=0)

    class Meta:
        verbose_name = "缴款通知流水号"
        constraints = [models.UniqueConstraint(fields=["town", "year"], name="money_one_serial_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Notice(models.Model):
    """What is asked of one case, in fen. ``lines``: the fees as the version has them, each with its ``amount``."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="notices")
    number = models.CharField("缴款号", max_length=12)
    case_number = models.CharField("办件编号", max_length=24)
    version = models.ForeignKey(Version, models.PROTECT, related_name="notices")
    account = models.ForeignKey(Account, models.PROTECT, related_name="notices")
    lines = models.JSONField("收费项目")
    total = models.PositiveBigIntegerField("应缴（分）")
    state = models.CharField("状态", max_length=10, choices=S.choices, default=S.ISSUED)
    issued_at = models.DateTimeField("发出时间")
    issued_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="发出人")
    due_on = models.DateField("缴款期限")
    paid_at = models.DateTimeField("缴款登记时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结束人")
    ended_reason = models.CharField("结束原因", max_length=200, blank=True)

    objects = Books.as_manager()

    class Meta:
        verbose_name = "缴款通知"
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="money_notice_number_once"),
            models.UniqueConstraint(
                fields=["town", "case_number"], condition=Q(state__in=LIVE), name="money_one_notice_a_case"
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="money_notice_asks_something"),
            models.CheckConstraint(
                condition=Q(state=S.ISSUED, paid_at__isnull=True)
                | Q(state__in=[S.PAID, S.REFUNDED], paid_at__isnull=False)
                | Q(state__in=[S.CANCELLED, S.EXPIRED], paid_at__isnull=True),
                name="money_paid_has_its_time",
            ),
            # The applicant who withdraws ends it without a member of staff.
            models.CheckConstraint(
                condition=~Q(state__in=[S.CANCELLED, S.EXPIRED])
                & Q(ended_at__isnull=True, ended_by__isnull=True, ended_reason="")
                | Q(state__in=[S.CANCELLED, S.EXPIRED], ended_at__isnull=False) & ~Q(ended_reason=""),
                name="money_ended_says_why",
            ),
        ]
        indexes = [models.Index(fields=["town", "state", "-id"], name="money_notices_by_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"payment:{self.number}"


class ZeroBill(models.Model):
    """A case under a version with fees whose bill came to nothing: it was looked at, and there is nothing to ask."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="zero_bills")
    case_number = models.CharField("办件编号", max_length=24)
    version = models.ForeignKey(Version, models.PROTECT, related_name="zero_bills")
    made_at = models.DateTimeField("登记时间")

    objects = Books.as_manager()

    class Meta:
        verbose_name = "不收费的办件"
        constraints = [models.UniqueConstraint(fields=["town", "case_number"], name="money_zero_bill_once")]

    def __str__(self) -> str:
        return self.case_number
