"""到账: what the bank says came in, which notice it pays, and the receipt that was given for it."""

import json

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from mingtang.events import vault
from mingtang.events.models import PayloadKey
from mingtang.money.models.notices import Account, Books, Notice
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction


class Statement(models.Model):
    """流水: one file of the bank for some whole days of one account."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="statements")
    account = models.ForeignKey(Account, models.PROTECT, related_name="statements", verbose_name="收款账户")
    from_on = models.DateField("从哪天")
    to_on = models.DateField("到哪天")
    sha256 = models.CharField("散列值", max_length=64)
    key = models.ForeignKey(PayloadKey, models.PROTECT, related_name="+")
    count = models.PositiveIntegerField("新登记笔数")
    total = models.PositiveBigIntegerField("新登记金额（分）")
    known = models.PositiveIntegerField("以前登记过的笔数")
    imported_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="导入人")
    imported_at = models.DateTimeField("导入时间")

    objects = Books.as_manager()

    class Meta:
        verbose_name = "银行流水"
        constraints = [
            models.UniqueConstraint(fields=["account", "sha256", "from_on", "to_on"], name="money_same_file_once"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="money_statement_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} — {self.to_on}"


class Deposit(models.Model):
    """One payment that the bank told of. ``named``: the notice whose number the payer wrote; ``notice``: the one it
    pays, found by number and amount, or by a person with a reason. Who paid lies sealed."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="deposits")
    account = models.ForeignKey(Account, models.PROTECT, related_name="deposits")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="deposits")
    serial = models.CharField("流水号", max_length=64)
    came_on = models.DateField("到账日期")
    amount = models.PositiveBigIntegerField("金额（分）")
    said_sealed = models.BinaryField("付款人和附言（密文）")
    named = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="named_by")
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, blank=True, related_name="deposit")
    matched_at = models.DateTimeField("核销时间", null=True, blank=True)
    matched_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    matched_reason = models.CharField("核销理由", max_length=200, blank=True)

    objects = Books.as_manager()

    class Meta:
        verbose_name = "到账"
        constraints = [
            models.UniqueConstraint(fields=["account", "serial"], name="money_deposit_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="money_deposit_is_money"),
            # By its number a notice is found without a person; by hand there is a person and a reason.
            models.CheckConstraint(
                condition=Q(notice__isnull=True, matched_at__isnull=True, matched_by__isnull=True, matched_reason="")
                | Q(notice__isnull=False, matched_at__isnull=False, matched_by__isnull=True, matched_reason="")
                | Q(notice__isnull=False, matched_at__isnull=False, matched_by__isnull=False) & ~Q(matched_reason=""),
                name="money_matched_by_number_or_hand",
            ),
        ]
        indexes = [models.Index(fields=["town", "-id"], name="money_deposits_newest")]

    def __str__(self) -> str:
        return self.serial

    @cached_property
    def said(self) -> dict[str, str]:
        """The opened payer and reference. Decrypts; never log it."""
        return json.loads(vault.open_sealed(self.statement.key, self.said_sealed))

    @property
    def loose(self) -> int:
        """Fen that pay no notice: all of it, or what is more than was asked."""
        return self.amount - (self.notice.total if self.notice else 0)


class Receipt(models.Model):
    """票据 given for a paid notice: its number in the books of the treasury."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="receipts")
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="receipt")
    number = models.CharField("票据号码", max_length=40)
    given_on = models.DateField("开票日期")
    entered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    objects = Books.as_manager()

    class Meta:
        verbose_name = "票据"
        constraints = [models.UniqueConstraint(fields=["town", "number"], name="money_receipt_number_once")]

    def __str__(self) -> str:
        return self.number
