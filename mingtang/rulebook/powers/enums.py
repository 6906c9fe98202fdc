"""Words of the power list, with the codes of the national exchange tables (law.md 5.5)."""

from django.db import models


class PowerKind(models.TextChoices):
    """事项类型: all eleven; the types a person can apply for are those of ``rulebook.enums.PowerType``."""

    LICENCE = "01", "行政许可"
    PENALTY = "02", "行政处罚"
    COERCION = "03", "行政强制"
    LEVY = "04", "行政征收"
    PAYMENT = "05", "行政给付"
    INSPECTION = "06", "行政检查"
    CONFIRMATION = "07", "行政确认"
    REWARD = "08", "行政奖励"
    ADJUDICATION = "09", "行政裁决"
    OTHER = "10", "其他行政权力"
    PUBLIC_SERVICE = "20", "公共服务"


class PlanClass(models.TextChoices):
    """The five classes of the clean-up (work plan 二(一)). The second was abolished in 2015 and must end empty."""

    LICENCE = "licence", "行政许可权"
    NON_LICENCE = "non_licence", "非行政许可审批权"
    FEE = "fee", "行政事业性收费权"
    INTERNAL = "internal", "单位内部人、财、物管理权"
    OTHER = "other", "其他依法实施的行政权力"


class PowerSource(models.TextChoices):
    """权力来源."""

    STATUTORY = "1", "法定本级行使"
    SENT_DOWN = "2", "上级下放"
    AUTHORISED_ABOVE = "3", "上级授权"
    AUTHORISED_PEER = "4", "同级授权"
    ENTRUSTED_ABOVE = "5", "上级委托"
    ENTRUSTED_PEER = "6", "同级委托"


class PowerLevel(models.TextChoices):
    """行使层级, as far as a town or a county keeps a list."""

    COUNTY = "4", "县级"
    TOWN = "5", "镇（乡、街道）"
    VILLAGE = "6", "村（社区）"


class PowerStatus(models.TextChoices):
    LISTED = "listed", "在用"
    CANCELLED = "cancelled", "已取消"
    HANDED_UP = "handed_up", "已上交"


class DutyKind(models.TextChoices):
    DUTY = "duty", "责任事项"
    BLAME = "blame", "追责情形"


class Verdict(models.TextChoices):
    """What becomes of a power in a clean-up."""

    KEEP = "keep", "保留"
    CHANGE = "change", "调整"
    CANCEL = "cancel", "取消"
    HAND_UP = "hand_up", "上交"


class DecisionState(models.TextChoices):
    PROPOSED = "proposed", "已提出意见"
    RETURNED = "returned", "退回重提"
    REVIEWED = "reviewed", "已合法性审核"
    SETTLED = "settled", "已集体决定"
