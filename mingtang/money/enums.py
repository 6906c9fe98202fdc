"""Words of money."""

from django.db import models


class NoticeState(models.TextChoices):
    ISSUED = "issued", "待缴款"
    PAID = "paid", "已缴款"
    REFUNDED = "refunded", "已退款"
    CANCELLED = "cancelled", "已取消"
    EXPIRED = "expired", "逾期未缴"
