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


class Disclosed(models.TextChoices):
    """Where everybody learns of a grant. ``none``: it is only counted."""

    NONE = "none", "只公布办了多少件"
    BOARD = "board", "村（社区）公示栏"
    HALL = "hall", "服务大厅"
    WEB = "web", "网站"


class DisclosedField(models.TextChoices):
    """What everybody learns of a grant."""

    HOLDER = "holder", "姓名或者名称"
    PLACE = "place", "住址写到村（社区）"
    CONTENT = "content", "准予的内容"
    NUMBER = "number", "决定书编号"
    DECIDED = "decided", "决定日期"
    VALID = "valid", "有效期"


class Medium(models.TextChoices):
    """材料形式."""

    PAPER = "paper", "纸质"
    ELECTRONIC = "electronic", "电子"
    EITHER = "either", "纸质或电子"


class Source(models.TextChoices):
    """材料来源渠道 (codes of the implementation list)."""

    SELF = "10", "申请人自备"
    GOVERNMENT = "20", "政府部门核发"
    INTERMEDIARY = "30", "中介机构或法定机构产生"
    OTHER = "99", "其他"


class HolderNature(models.TextChoices):
    """实施主体性质."""

    ORGAN = "1", "法定机关"
    AUTHORISED = "2", "授权组织"
    ENTRUSTED = "3", "受委托组织"


class ExerciseLevel(models.TextChoices):
    """行使层级."""

    NATION = "1", "国家"
    PROVINCE = "2", "省"
    CITY = "3", "市"
    COUNTY = "4", "县"
    TOWN = "5", "镇（乡、街道）"
    VILLAGE = "6", "村（社区）"


class Way(models.TextChoices):
    """办理形式."""

    WINDOW = "1", "窗口办理"
    ONLINE = "2", "网上办理"
    COURIER = "3", "快递申请"


class Scope(models.TextChoices):
    """通办范围."""

    NATION = "1", "全国"
    PROVINCE = "2", "全省"
    CITY = "3", "全市"
    COUNTY = "4", "全县"
    TOWN = "5", "全镇"
    VILLAGES = "6", "跨村"


class OnlineDepth(models.TextChoices):
    """网上办理深度."""

    NONE = "", "不能网上办"
    ASK = "1", "网上咨询"
    HAND_IN = "2", "网上收件"
    PRECHECK = "3", "网上预审"
    ACCEPT = "4", "网上受理"
    DECIDE = "5", "网上审批"
    RESULT = "6", "网上反馈结果"
    ALL = "7", "全程网办"


class Served(models.TextChoices):
    """服务对象."""

    PERSON = "自然人", "自然人"
    FIRM = "企业法人", "企业法人"
    INSTITUTION = "事业法人", "事业法人"
    SOCIETY = "社会组织法人", "社会组织法人"
    UNINCORPORATED = "非法人企业", "非法人企业"
    ORGAN = "行政机关", "行政机关"
    OTHER = "其他组织", "其他组织"


class FileRole(models.TextChoices):
    """What a file of the guide is."""

    FORM = "form", "空白表格"
    SAMPLE = "sample", "示例样表"
    RESULT = "result", "结果样本"


class FeeNature(models.TextChoices):
    """收费性质."""

    ADMINISTRATIVE = "administrative", "行政事业性收费"
    FUND = "fund", "政府性基金"
    SERVICE = "service", "经营服务性收费"


class FundWay(models.TextChoices):
    """资金管理方式; a service charge of a utility is its own income."""

    TREASURY = "treasury", "缴入国库"
    SPECIAL = "special", "缴入财政专户"
    OWN = "own", "单位收入"


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


class ImportState(models.TextChoices):
    """Of a catalogue file that was sent in."""

    WAITING = "waiting", "排队等候"
    RUNNING = "running", "正在导入"
    DONE = "done", "全部收下"
    REFUSED = "refused", "没有导入"


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


class WantedOutcome(models.TextChoices):
    """What came of words with which people found nothing."""

    LINKED = "linked", "就是这个事项"
    DECLINED = "declined", "本镇不办这件事"
    PASSED = "passed", "转给有关单位"
