"""Words of money."""

from django.db import models


class NoticeState(models.TextChoices):
    ISSUED = "issued", "待缴款"
    PAID = "paid", "已缴款"
    REFUNDED = "refunded", "已退款"
    CANCELLED = "cancelled", "已取消"
    EXPIRED = "expired", "逾期未缴"


class RefundState(models.TextChoices):
    ASKED = "asked", "待批准"
    APPROVED = "approved", "已批准，待退"
    DONE = "done", "已退"
    REFUSED = "refused", "不批准"
