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


class MatterKind(models.TextChoices):
    """What somebody wants of a public utility. Each has its own clock and its own ends."""

    COMPLAINT = "complaint", "投诉"
    SUGGESTION = "suggestion", "建议"
    QUESTION = "question", "咨询"
    HELP = "help", "求助"
    # Of a published fee, promise or line of a list: it was not so.
    CHALLENGE = "challenge", "核对"


class MatterState(models.TextChoices):
    OPEN = "open", "等答复"
    PROPOSED = "proposed", "单位答了，镇里在核对"
    ANSWERED = "answered", "已答复"
    DISPUTED = "disputed", "不认可，镇里在复核"
    ENDED = "ended", "有了结果"


class MatterOutcome(models.TextChoices):
    """What the answer comes to; which of them a kind may end in stands in ``matters.ENDS``."""

    UPHELD = "upheld", "属实，已经改正"
    PARTLY = "partly", "部分属实，改了一部分"
    UNFOUNDED = "unfounded", "不属实，已经说明"
    ADOPTED = "adopted", "采纳"
    PARTLY_ADOPTED = "some", "采纳了一部分"
    NOT_ADOPTED = "not_adopted", "没有采纳，说明了理由"
    EXPLAINED = "explained", "答复清楚"
    HELPED = "helped", "办好了"
    REFERRED = "referred", "告诉了该找谁"
    CANNOT = "cannot", "帮不了，说明了理由"
    PASSED_ON = "passed_on", "转给有权的机关办"
