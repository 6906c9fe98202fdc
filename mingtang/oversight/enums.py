"""Words of duties and of the places they leave to be filled."""

from django.db import models


class Source(models.TextChoices):
    """Where a duty comes from."""

    LAW = "law", "法律规定"
    COLUMN = "column", "公开栏目"
    PLAN = "plan", "工作规划"
    PROMISE = "promise", "公开承诺"
    SAMPLE = "sample", "真实性抽查"
    DEMAND = "demand", "群众要求"
    READ = "read", "群众看不懂"


class Trigger(models.TextChoices):
    """When a duty is due: after each document came into being, for each period, once, or on every day. The first five
    are the rhythms of a column (``disclosure.Rhythm``)."""

    EVENT = "event", "有了就公开"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF = "half", "每半年"
    YEAR = "year", "每年"
    ONCE = "once", "一次"
    CONTINUOUS = "always", "持续公开"


class SlotState(models.TextChoices):
    """How a slot stands; computed from its dates, kept nowhere."""

    ON_TIME = "on_time", "按时"
    LATE = "late", "迟了"
    EMPTY = "empty", "空着，已过期"
    BROKEN = "broken", "没有做到"
    DUE = "due", "还没到期"
    EXCUSED = "excused", "已说明"


class Verdict(models.TextChoices):
    """What became of a sentence of a plan."""

    TASK = "task", "是任务"
    NONE = "none", "不是任务"
