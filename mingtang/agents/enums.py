"""Words of 帮办代办."""

from django.db import models


class OrderState(models.TextChoices):
    ASKED = "asked", "等代办员接单"
    TAKEN = "taken", "代办员已接单"
    HANDING_IN = "handing_in", "等窗口接收"
    HANDED_IN = "handed_in", "已交窗口"
    COLLECTED = "collected", "结果已领取"
    DELIVERED = "delivered", "已送到"
    DECLINED = "declined", "没有接单"
    WITHDRAWN = "withdrawn", "委托已收回"
    NOT_POSSIBLE = "not_possible", "办不了，已一次性告知"


class Place(models.TextChoices):
    STATION = "station", "到服务站办"
    HOME = "home", "上门办"


class Asked(models.TextChoices):
    """By which way an order came."""

    IN_PERSON = "in_person", "当面"
    ONLINE = "online", "网上"
    KIOSK = "kiosk", "取号机"
    PHONE = "phone", "电话"


class Need(models.TextChoices):
    """Why somebody is visited at home."""

    NONE = "", "不用上门"
    OLD = "old", "年纪大，走不动"
    DISABLED = "disabled", "残疾，出门不便"
    ILL = "ill", "生病，下不了床"
    CARE = "care", "要照看人，走不开"


class Way(models.TextChoices):
    """How a consent was given, or a paper taken back, by a resident."""

    SIGNED = "signed", "在纸上签字"
    CODE = "code", "报查询码"


class Ending(models.TextChoices):
    """How a paper that was lost came to its end."""

    FOUND = "found", "找到了，已经还给本人"
    REPLACED = "replaced", "补办了新的，费用我们出，已经交给本人"
    WAIVED = "waived", "本人签字，不要了"
