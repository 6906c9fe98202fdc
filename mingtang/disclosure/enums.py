"""Words of the catalogue."""

from django.db import models


class EditionState(models.TextChoices):
    DRAFT = "draft", "起草"
    IN_REVIEW = "in_review", "保密审查中"
    REVIEWED = "reviewed", "已审查，待签发"
    SIGNED = "signed", "已签发，待公开"
    SCHEDULED = "scheduled", "已定时公开"
    PUBLISHED = "published", "已公开"
    SUPERSEDED = "superseded", "已被新版替代"
    EXPIRED = "expired", "已失效"
    REPEALED = "repealed", "已废止"
    WITHDRAWN = "withdrawn", "已撤下"
    TO_WITHHOLD = "to_withhold", "拟不主动公开，待审查"
    WITHHOLD_OK = "withhold_ok", "拟不主动公开，待决定"
    NOT_PUBLIC = "not_public", "不予公开"
    ON_REQUEST = "on_request", "依申请公开"


class Ground(models.TextChoices):
    """Why something is not published by itself: 信息公开条例 14–16, or 27 for what is given to whoever asks."""

    SECRET = "secret", "国家秘密"
    FORBIDDEN = "forbidden", "法律、行政法规禁止公开"
    SAFETY = "safety", "危及国家安全、公共安全、经济安全、社会稳定"
    TRADE = "trade", "商业秘密，公开会损害第三方"
    PRIVACY = "privacy", "个人隐私，公开会损害第三方"
    INTERNAL = "internal", "内部事务信息"
    PROCESS = "process", "过程性信息"
    CASE_FILE = "case_file", "行政执法案卷信息"
    ASKED = "asked", "不主动公开，谁申请给谁"

    @property
    def clause(self) -> str:
        return f"信息公开条例 {_CLAUSES[self]}"


_CLAUSES = {
    Ground.SECRET: "第十四条",
    Ground.FORBIDDEN: "第十四条",
    Ground.SAFETY: "第十四条",
    Ground.TRADE: "第十五条",
    Ground.PRIVACY: "第十五条",
    Ground.INTERNAL: "第十六条第一款",
    Ground.PROCESS: "第十六条第二款",
    Ground.CASE_FILE: "第十六条第二款",
    Ground.ASKED: "第二十七条",
}


class Relation(models.TextChoices):
    """How one document stands to another."""

    INTERPRETS = "interprets", "解读"
    AMENDS = "amends", "修改"
    RESTS_ON = "rests_on", "依据"
    FOLLOWS = "follows", "承接"


class Scope(models.TextChoices):
    """公开范围"""

    ALL = "all", "全部公开"
    ON_REQUEST = "on_request", "依申请公开"
    NOT_PUBLIC = "not_public", "不予公开"


class Provenance(models.TextChoices):
    OWN = "own", "本站首发"
    HISTORICAL = "historical", "补录历史信息"


class KnownBy(models.TextChoices):
    """What of an imported document a rule of filing looks at; the value is the field that holds it."""

    THEME = "theme_stated", "来源里的栏目"
    FOLDER = "folder", "文件夹"
    ISSUER = "issuer", "发布机构"


class Theme(models.TextChoices):
    """Columns of the catalogue: the groups of 信息公开条例 20 and 21 that a town holds."""

    ORGANISATION = "organisation", "机构职能"
    PLAN = "plan", "规划计划"
    POLICY = "policy", "政策文件"
    SERVICE = "service", "办事服务"
    FINANCE = "finance", "财政资金"
    LAND = "land", "土地房屋"
    PROJECT = "project", "工程项目"
    RELIEF = "relief", "社会救助"
    AGRICULTURE = "agriculture", "涉农补贴"
    EDUCATION = "education", "教育卫生"
    SAFETY = "safety", "应急安全"
    VILLAGE = "village", "村务指导"
    UTILITY = "utility", "公用事业"
    REPORT = "report", "年度报告"
    OTHER = "other", "其他信息"


class WithdrawGround(models.TextChoices):
    WRONG = "wrong", "内容有误"
    PERSONAL = "personal", "涉及个人信息"
    SECRET = "secret", "涉及国家秘密"
    OTHER = "other", "其他"


# Withdrawn for one of these, not even the title may be shown any more.
LEAKS = (WithdrawGround.SECRET, WithdrawGround.PERSONAL)


class ValidityVerdict(models.TextChoices):
    """What the clearing of documents says of one that is out."""

    TERM = "term", "补定有效期"
    KEPT = "kept", "继续有效"
    REVISE = "revise", "拟修改"


class Side(models.TextChoices):
    """The sides on which a review looks: what 政府信息公开条例 14–16 keep back."""

    SECRET = "secret", "国家秘密"
    SAFETY = "safety", "安全和稳定"
    THIRD_PARTY = "third_party", "商业秘密、个人隐私"
    INTERNAL = "internal", "内部和过程性信息"


class ListKind(models.TextChoices):
    """The lists of words that a town keeps: for the guard, and the terms that its pages explain."""

    PHRASE = "phrase", "固定表述的错误写法"
    TYPO = "typo", "常见错字"
    LEADER = "leader", "领导姓名"
    PLACE = "place", "地名"
    ALLOWED = "allowed", "照原样放过的词"
    TERM = "term", "名词解释"


class Rhythm(models.TextChoices):
    """When a column is due: after each document came into being, or after each period."""

    EVENT = "event", "有了就公开"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF = "half", "每半年"
    YEAR = "year", "每年"


class GapReason(models.TextChoices):
    """Why a number that was given leads to no text."""

    DRAFTED = "drafted", "还在起草或者审查，没有公开"
    ON_REQUEST = "on_request", "依申请公开"
    NOT_PUBLIC = "not_public", "不予公开"
    WITHDRAWN = "withdrawn", "已撤下"
    UNUSED = "unused", "没有编给任何信息"


class ListState(models.TextChoices):
    """Where a list composed from records stands."""

    MADE = "made", "待核对"
    CHECKED = "checked", "已核对，待公开"
    SHOWN = "shown", "公示中"
    SUPERSEDED = "superseded", "已有新版"
    ENDED = "ended", "期满撤下"
    WITHDRAWN = "withdrawn", "提前撤下"
    DROPPED = "dropped", "没有公开，重做"


class Party(models.TextChoices):
    """Whom a penalty was imposed on."""

    PERSON = "person", "个人"
    ORGANISATION = "organisation", "单位"


class PenaltyKind(models.TextChoices):
    """处罚种类, 行政处罚法 9."""

    WARNING = "warning", "警告"
    CRITICISM = "criticism", "通报批评"
    FINE = "fine", "罚款"
    GAINS = "gains", "没收违法所得"
    GOODS = "goods", "没收非法财物"
    LICENCE = "licence", "暂扣、吊销许可证件或者降低资质"
    STOP = "stop", "责令停产停业、关闭或者限制从业"
    OTHER = "other", "法律、行政法规规定的其他处罚"


class PenaltyGround(models.TextChoices):
    """Why a penalty is public or is not. Only the first is (行政处罚法 48; 信息公开条例 14, 15, 20)."""

    INFLUENCE = "influence", "公开：有一定社会影响"
    ORDINARY = "ordinary", "不公开：没有一定社会影响"
    MINOR = "minor", "不公开：当事人是未成年人"
    PRIVACY = "privacy", "不公开：涉及商业秘密、个人隐私"
    SAFETY = "safety", "不公开：会危及国家安全、公共安全、经济安全、社会稳定"


class PenaltyEnd(models.TextChoices):
    """How a decision leaves the register; the first four are those of 行政处罚法 48."""

    REVOKED = "revoked", "撤销"
    CHANGED = "changed", "变更"
    UNLAWFUL = "unlawful", "确认违法"
    VOID = "void", "确认无效"
    MISTAKEN = "mistaken", "登记错了"


class Mark(models.TextChoices):
    """What a paragraph of a story is: only what is claimed needs a source."""

    CLAIM = "claim", "事实"
    NOTE = "note", "说明"
    QUOTE = "quote", "引用"


class ReachChannel(models.TextChoices):
    """The ways by which a document arrives at somebody, as far as they can be counted without knowing whom."""

    PAGE = "page", "网页打开"
    SCAN = "scan", "扫码打开"
    FEED = "feed", "从订阅源打开"
    PDF = "pdf", "下载 PDF"
    PAPER = "paper", "窗口印发"
    BOARD = "board", "贴上公示栏"
    MAIL = "mail", "邮件送出"
