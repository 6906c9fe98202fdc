"""Words of the desk for what could not be done."""

from django.db import models


class Reason(models.TextChoices):
    """Why it could not be done, as the person met it. A desk without codes counts nothing."""

    OFF_LIST = "off_list", "要了指南上没有的材料或者手续"
    SENT_AROUND = "sent_around", "跑了几个窗口，互相推"
    NOBODY_KNOWS = "nobody_knows", "没有人知道归谁管"
    RULE = "rule", "规定本身做不到"
    OTHER_ORGAN = "other_organ", "要别的机关先办，那边办不了"
    SYSTEM = "system", "系统、网络、机器出问题"
    NO_CLAUSE = "no_clause", "说不能办，不说依据哪一条"
    WAITING = "waiting", "等得太久，没有下文"
    OTHER = "other", "别的原因"


class Channel(models.TextChoices):
    ONLINE = "online", "网上"
    KIOSK = "kiosk", "大厅的屏幕"
    DESK = "desk", "当面"


class ObstacleState(models.TextChoices):
    OPEN = "open", "正在办"
    HANDING_OVER = "handing_over", "转交中"
    ENDED = "ended", "有了结果"


class ObstacleOutcome(models.TextChoices):
    """The four ends; there is no other."""

    SOLVED = "solved", "办成了"
    CHANGE = "change", "提出改规定"
    EXPLAINED = "explained", "公布办不成的理由"
    PASSED_ON = "passed_on", "转给有权办的机关"
