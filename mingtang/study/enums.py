"""Words of campaigns, and of the mistakes a question is made from."""

from django.db import models


class Manner(models.TextChoices):
    """形式 of a campaign 宣传活动."""

    MARKET = "market", "赶集日摆台"
    MEETING = "meeting", "村民会、屋场会"
    VISIT = "visit", "上门讲解"
    CLASS = "class", "讲课"
    BROADCAST = "broadcast", "村里广播"
    POSTER = "poster", "张贴、发放材料"
    OTHER = "other", "其他"


class Counting(models.TextChoices):
    """How the number of people was found."""

    COUNTED = "counted", "清点、签到"
    ESTIMATED = "estimated", "估计"


class Mistake(models.TextChoices):
    """The record of the house that a question is drawn from."""

    RETURNED = "returned", "审查退回的信息"
    CORRECTED = "corrected", "更正过的信息"
    WITHDRAWN = "withdrawn", "撤下的信息"
    REOPENED = "reopened", "重新办理的办件"
    SLIP = "slip", "出格单"
    LATE = "late", "迟了的任务"
    OBSTACLE = "obstacle", "办不成的事"
