"""Words of the public utilities."""

from django.db import models


class Cut(models.TextChoices):
    """What stops."""

    POWER = "power", "停电"
    WATER = "water", "停水"
    GAS = "gas", "停气"
    HEAT = "heat", "停暖"
    NETWORK = "network", "断网"
    CLINIC = "clinic", "停诊"
    SCHOOL = "school", "停课"
    BUS = "bus", "停运"
    COUNTER = "counter", "停止营业"


class Urgency(models.TextChoices):
    PLANNED = "planned", "计划内"
    REPAIR = "repair", "临时检修"
    URGENT = "urgent", "突发"


class InterruptionState(models.TextChoices):
    PROPOSED = "proposed", "等核对"
    OUT = "out", "已通知"
    RESTORED = "restored", "已恢复"
    WITHDRAWN = "withdrawn", "已撤回"
