"""Words of the truth samples."""

from django.db import models


class StatementKind(models.TextChoices):
    """What of the published things says something that a ledger can confirm."""

    FIGURE = "figure", "文件里的数字"
    ROW = "row", "文件里的表格"
    FEE = "fee", "收费标准"
    LIST = "list", "公示表的行"
    PROMISE = "promise", "承诺"


class SampleState(models.TextChoices):
    DRAWN = "drawn", "已抽中"
    ASSIGNED = "assigned", "正在核对"
    JUDGED = "judged", "等单位说明"
    REPLIED = "replied", "单位说明了"
    SHOWN = "shown", "已公布"


class Truth(models.TextChoices):
    """What the inspector found in the source record."""

    MATCHES = "matches", "相符"
    DIFFERS = "differs", "不符"
    UNFOUNDED = "unfounded", "查不到依据"
