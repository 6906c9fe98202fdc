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
    WITHDRAWN = "withdrawn", "已撤下"
    NOT_PUBLIC = "not_public", "不予公开"
    ON_REQUEST = "on_request", "依申请公开"


class Scope(models.TextChoices):
    """公开范围"""

    ALL = "all", "全部公开"
    ON_REQUEST = "on_request", "依申请公开"
    NOT_PUBLIC = "not_public", "不予公开"


class Provenance(models.TextChoices):
    OWN = "own", "本站首发"
    HISTORICAL = "historical", "补录历史信息"


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


class Rhythm(models.TextChoices):
    """When a column is due: after each document came into being, or after each period."""

    EVENT = "event", "有了就公开"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF = "half", "每半年"
    YEAR = "year", "每年"
