"""发放: money that was paid out on a granted case, as the bank's serial proves it."""

from django.db import models
from django.db.models import F, Q

from mingtang.cases.models.case import Case
from mingtang.events.models import Event
from mingtang.money.models import READERS
from mingtang.people.models import Staff
from mingtang.towns.viewer import Viewer


class PayoutQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer):
        """Whoever reads the books; everybody else learns of it by the lists made from it."""
        rows = self.filter(case__town=viewer.town)
        return rows if viewer.powers.intersection(READERS) else rows.none()

    def standing(self):
        return self.filter(voided_at__isnull=True)


class Payout(models.Model):
    """One payment of aid to whoever the case is about. A wrong entry is voided by another person, never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="payouts")
    amount = models.PositiveBigIntegerField("金额（分）")
    paid_on = models.DateField("发放日期")
    serial = models.CharField("银行流水号", max_length=64)
    entered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name="登记人")
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")
    voided_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="作废人")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    voided_reason = models.CharField("作废理由", max_length=200, blank=True)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        verbose_name = "发放"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "serial"], condition=Q(voided_at__isnull=True), name="cases_paid_out_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(serial=""), name="cases_payout_is_money"),
            models.CheckConstraint(
                condition=Q(voided_by__isnull=True, voided_at__isnull=True, voided_reason="")
                | Q(voided_by__isnull=False, voided_at__isnull=False)
                & ~Q(voided_reason="")
                & ~Q(voided_by=F("entered_by")),
                name="cases_payout_voided_by_another",
            ),
        ]
        indexes = [models.Index(fields=["paid_on"], name="cases_payouts_by_day")]

    def __str__(self) -> str:
        return self.serial
