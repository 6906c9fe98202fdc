"""退款: money that goes back to whoever paid it. One person asks, another agrees, and the bank's serial proves it."""

from django.db import models
from django.db.models import F, Q

from mingtang.money.enums import RefundState as R
from mingtang.money.models.deposits import Deposit
from mingtang.money.models.notices import Books
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction


class RefundQuerySet(Books):
    def live(self):
        """What goes back, or has gone: all but what was refused."""
        return self.exclude(state=R.REFUSED)


class Refund(models.Model):
    """Fen of one deposit that go back. ``of_fee``: of what pays its notice; else of what pays none."""

    town = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="refunds")
    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="refunds")
    of_fee = models.BooleanField("退的是费")
    amount = models.PositiveBigIntegerField("金额（分）")
    state = models.CharField("状态", max_length=8, choices=R.choices, default=R.ASKED)
    reason = models.CharField("理由", max_length=200)
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    refused_reason = models.CharField("不批准的理由", max_length=200, blank=True)
    done_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="退款人")
    done_at = models.DateTimeField("退款登记时间", null=True, blank=True)
    serial = models.CharField("退款流水号", max_length=64, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = "退款"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(reason=""), name="money_refund_is_money"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="money_refund_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=R.ASKED, decided_by__isnull=True, decided_at__isnull=True, refused_reason="",
                    done_by__isnull=True, done_at__isnull=True, serial="",
                )
                | Q(
                    state=R.REFUSED, decided_by__isnull=False, decided_at__isnull=False, done_by__isnull=True,
                    done_at__isnull=True, serial="",
                ) & ~Q(refused_reason="")
                | Q(
                    state=R.APPROVED, decided_by__isnull=False, decided_at__isnull=False, refused_reason="",
                    done_by__isnull=True, done_at__isnull=True, serial="",
                )
                | Q(
                    state=R.DONE, decided_by__isnull=False, decided_at__isnull=False, refused_reason="",
                    done_by__isnull=False, done_at__isnull=False,
                ) & ~Q(serial=""),
                name="money_refund_step_by_step",
            ),
            models.UniqueConstraint(
                fields=["town", "serial"], condition=~Q(serial=""), name="money_refund_serial_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.deposit_id} {self.amount}"
