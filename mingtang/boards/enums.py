"""Words of the boards."""

from django.db import models


class What(models.TextChoices):
    """What must hang on a board."""

    FEES = "fees", "公用单位收费表"
    DOCUMENT = "document", "一份公开信息"
    LIST = "list", "公示表"
    ITEM = "item", "一个事项的办事指南"


class SheetState(models.TextChoices):
    """How a sheet stands on the wall; computed, kept nowhere."""

    NEWEST = "newest", "是最新的"
    REPLACED = "replaced", "过期：已经有新版"
    EXPIRED = "expired", "过期：贴得太久，要换新的"
    MISSING = "missing", "该贴，还没有贴"
    GONE = "gone", "已经撤下，该取下来"
    NOTHING = "nothing", "还没有公开，没有可贴的"
