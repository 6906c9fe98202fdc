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
