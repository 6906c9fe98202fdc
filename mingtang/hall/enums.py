"""Words of the hall."""

from django.db import models


class SiteKind(models.TextChoices):
    CENTRE = "centre", "便民服务中心"
    UNIT_HALL = "unit_hall", "单位服务厅"
    STATION = "station", "村级服务站"


class WindowKind(models.TextChoices):
    GENERAL = "general", "综合窗口"
    SPECIAL = "special", "专门窗口"


class BandKind(models.TextChoices):
    """On which days an opening band holds."""

    WEEKDAY = "weekday", "工作日"
    LUNCH = "lunch", "工作日午间"
    WEEKEND = "weekend", "周末"
    MARKET = "market", "赶集日"


class MarketCalendar(models.TextChoices):
    SOLAR = "solar", "公历"
    LUNAR = "lunar", "农历"


class ContactState(models.TextChoices):
    BOOKED = "booked", "已预约"
    WAITING = "waiting", "等候叫号"
    CALLED = "called", "正在叫号"
    PASSED = "passed", "过号"
    OWNED = "owned", "有人负责"
    HANDING_OVER = "handing_over", "转交中"
    ENDED = "ended", "已有下落"


class ContactChannel(models.TextChoices):
    KIOSK = "kiosk", "取号"
    BOOKING = "booking", "预约"
    SLIP = "slip", "纸质号单"
    WALK_IN = "walk_in", "当面"


class ErrandOutcome(models.TextChoices):
    """How one errand of a contact ended."""

    CASE = "case", "收件办理"
    ANSWERED = "answered", "当场答复"
    NOTICE = "notice", "一次性告知"
    REFUSED = "refused", "不能办，写明条款"
    LEFT = "left", "没等到，走了"
    NOBODY = "nobody", "窗口没人"
    CANCELLED = "cancelled", "自己取消"
    ABSENT = "absent", "约了没来"
