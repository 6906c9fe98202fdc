"""Words of the rulebook, with the codes of the national exchange tables where there are any."""

from django.db import models


class CaseKind(models.TextChoices):
    INSTANT = "instant", "即办件"
    PROMISED = "promised", "承诺件"
    JOINT = "joint", "联办件"


class PowerType(models.TextChoices):
    """事项类型 (codes of the implementation list)."""

    LICENCE = "01", "行政许可"
    PAYMENT = "05", "行政给付"
    CONFIRMATION = "07", "行政确认"
    REWARD = "08", "行政奖励"
    OTHER_POWER = "10", "其他行政权力"
    PUBLIC_SERVICE = "20", "公共服务"


class PowerHolder(models.TextChoices):
    """In whose name the decision is made."""

    OWN = "own", "本机关职权"
    LAW_AUTHORISED = "law_authorised", "法律法规授权"
    ENTRUSTED = "entrusted", "受委托"


class SilenceRule(models.TextChoices):
    STATUTORY = "statutory", "逾期不告知，自收到材料之日起即为受理（行政许可法第三十二条）"
    PROMISE = "promise", "逾期不告知，我们承诺自收到材料之日起按受理办理"
    NONE = "none", "不适用"


class Visibility(models.TextChoices):
    PUBLIC = "public", "进度公开"
    SEALED = "sealed", "凭码查询"


class VersionState(models.TextChoices):
    """Until ``in_force`` a version is a change proposal 变动议案."""

    DRAFT = "draft", "草案"
    DIFFED = "diffed", "已比对负担"
    BASIS_CHECKED = "basis_checked", "依据已核对"
    REVIEWED = "reviewed", "已合法性审核"
    DECIDED = "decided", "领导小组已决定"
    HEAD_AGREED = "head_agreed", "实施单位已同意"
    OFFICE_AGREED = "office_agreed", "党政办已同意"
    ANNOUNCED = "announced", "已公布，等待施行"
    REFUSED = "refused", "不予通过"
    IN_FORCE = "in_force", "现行有效"
    SUPERSEDED = "superseded", "已被新版替代"
    SUSPENDED = "suspended", "暂停"
    CANCELLED = "cancelled", "取消"


class Burden(models.TextChoices):
    """What a version asks of people, against the one it replaces."""

    NEW = "new", "新增事项"
    UP = "up", "负担增加"
    SAME = "same", "负担不变"
    DOWN = "down", "负担减轻"


class Direction(models.TextChoices):
    """Of one change. ``up``: people bear more."""

    UP = "up", "增加"
    SAME = "same", "不变"
    DOWN = "down", "减轻"


class ChangeKind(models.TextChoices):
    MATERIAL = "material", "材料"
    DAYS = "days", "时限"
    FEE = "fee", "收费"
    STEP = "step", "环节"
    VISIT = "visit", "到场"
    CONDITION = "condition", "条件"
    OTHER = "other", "其他"


class SlipSource(models.TextChoices):
    CLERK = "clerk", "工作人员开具"
    RESIDENT = "resident", "群众反映"


class SlipOutcome(models.TextChoices):
    CHANGED = "changed", "改了规定"
    FORBIDDEN = "forbidden", "明令不许再要"
