"""Permissions, and the roles that carry them. Roles are stable codes held by posts, never by persons."""

from collections.abc import Iterable

from django.db import models


class Permission(models.TextChoices):
    DOCUMENT_DRAFT = "document.draft", "起草政府信息"
    DOCUMENT_REVIEW = "document.review", "保密审查"
    DOCUMENT_SIGN = "document.sign", "签发"
    DOCUMENT_ADOPT = "document.adopt", "补录历史信息"
    DOCUMENT_WITHDRAW = "document.withdraw", "撤下政府信息"
    CATALOGUE_KEEP = "catalogue.keep", "维护公开目录"
    ITEM_EDIT = "item.edit", "编制事项"
    ITEM_EDIT_OWN = "item.edit_own", "编制本单位的事项"
    ITEM_APPROVE = "item.approve", "批准事项发布"
    ITEM_AGREE = "item.agree", "同意本单位事项的变动"
    ITEM_DECIDE = "item.decide", "登记集体决定、同意事项变动"
    CASE_INTAKE = "case.intake", "窗口收件"
    CASE_WORK = "case.work", "办理环节"
    CASE_DECIDE = "case.decide", "作出决定"
    CASE_READ = "case.read", "查看办件"
    WINDOW_RUN = "window.run", "开关窗口"
    NOTICE_SEND = "notice.send", "补发、打印通知"
    NOTICE_WORD = "notice.word", "修改通知用语"
    CALENDAR_EDIT = "calendar.edit", "维护工作日历"
    PEOPLE_READ = "people.read", "查看组织"
    DELEGATE = "people.delegate", "签发授权书"
    ROSTER = "people.roster", "安排值守、登记外出"
    MONEY_MATCH = "money.match", "收费对账"
    MONEY_APPROVE = "money.approve", "批准退款、设收款账户"
    OVERSEE = "oversee", "监督检查"
    DUTY_KEEP = "duty.keep", "管理任务"
    TENANT_KEEP = "tenant.keep", "公开本公用单位的服务、收费和停供"
    STUDY_KEEP = "study.keep", "管理学法和培训"


P = Permission
# The step that a letter of delegation names for the decision.
DECIDE = "decide"
# What passes to whoever stands in for a post by the roster: its steps and its window. Signing, delegating and keeping
# rules stay with the person who holds the post (docs/adr/0022).
BY_ROSTER: frozenset[str] = frozenset({P.CASE_INTAKE, P.CASE_WORK, P.CASE_DECIDE, P.CASE_READ})


class Role(models.TextChoices):
    WINDOW_CLERK = "window_clerk", "窗口人员"
    STEP_OWNER = "step_owner", "环节经办人"
    DECIDER = "decider", "决定人"
    CENTRE_HEAD = "centre_head", "中心主任"
    ITEM_EDITOR = "item_editor", "事项编制员"
    UNIT_HEAD = "unit_head", "单位负责人"
    OFFICE_HEAD = "office_head", "党政办负责人"
    EDITOR = "editor", "信息编辑"
    SECRECY_REVIEWER = "secrecy_reviewer", "保密审查员"
    SIGNER = "signer", "签发人"
    JUSTICE = "justice", "合法性审核"
    DISCIPLINE = "discipline", "监督检查"
    CASHIER = "cashier", "收费员"
    ADMINISTRATOR = "administrator", "系统管理员"
    TENANT_EDITOR = "tenant_editor", "公用单位编辑"
    TENANT_CHECKER = "tenant_checker", "公用单位核对人"


ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.WINDOW_CLERK: frozenset({P.CASE_INTAKE, P.CASE_READ, P.CASE_WORK, P.NOTICE_SEND}),
    Role.STEP_OWNER: frozenset({P.CASE_WORK, P.CASE_READ}),
    Role.DECIDER: frozenset({P.CASE_DECIDE, P.CASE_READ}),
    Role.CENTRE_HEAD: frozenset(
        {P.WINDOW_RUN, P.CASE_READ, P.PEOPLE_READ, P.ITEM_EDIT, P.NOTICE_SEND, P.NOTICE_WORD, P.ROSTER}
    ),
    Role.ITEM_EDITOR: frozenset({P.ITEM_EDIT_OWN}),
    Role.UNIT_HEAD: frozenset({P.ITEM_AGREE, P.DELEGATE, P.CASE_READ}),
    Role.OFFICE_HEAD: frozenset(
        {P.ITEM_DECIDE, P.DELEGATE, P.CASE_READ, P.MONEY_APPROVE, P.ROSTER, P.CATALOGUE_KEEP, P.DUTY_KEEP, P.STUDY_KEEP}
    ),
    Role.EDITOR: frozenset({P.DOCUMENT_DRAFT}),
    Role.SECRECY_REVIEWER: frozenset({P.DOCUMENT_REVIEW}),
    Role.SIGNER: frozenset({P.DOCUMENT_SIGN, P.DOCUMENT_WITHDRAW}),
    Role.JUSTICE: frozenset({P.ITEM_APPROVE, P.CASE_READ, P.STUDY_KEEP}),
    Role.DISCIPLINE: frozenset({P.OVERSEE, P.CASE_READ, P.DOCUMENT_WITHDRAW}),
    Role.CASHIER: frozenset({P.MONEY_MATCH, P.CASE_READ}),
    Role.ADMINISTRATOR: frozenset({P.DOCUMENT_ADOPT, P.CALENDAR_EDIT, P.PEOPLE_READ}),
    # Bound to their own unit in all that concerns documents (docs/adr/0032). The town's signer is the third person.
    Role.TENANT_EDITOR: frozenset({P.TENANT_KEEP, P.DOCUMENT_DRAFT}),
    Role.TENANT_CHECKER: frozenset({P.TENANT_KEEP, P.DOCUMENT_REVIEW}),
}


# Who holds one of these is bound to the units of these posts.
TENANT: frozenset[str] = frozenset({Role.TENANT_EDITOR, Role.TENANT_CHECKER})


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(ROLE_PERMISSIONS[Role(role)] for role in roles))


class UnitKind(models.TextChoices):
    LEADING_GROUP = "leading_group", "议事协调机构"
    OFFICE = "office", "内设机构"
    CENTRE = "centre", "便民服务中心"
    STATION = "station", "派驻站所"
    UTILITY = "utility", "公用事业单位"


class Trade(models.TextChoices):
    """行业 of a public utility; the first five are those the work plan names."""

    HEALTH = "health", "卫生"
    EDUCATION = "education", "教育"
    POWER = "power", "供电"
    TELECOM = "telecom", "电信"
    MOBILE = "mobile", "移动"
    WATER = "water", "供水"
    GAS = "gas", "燃气"
    HEAT = "heat", "供热"
    POST = "post", "邮政"
    TRANSPORT = "transport", "客运"
    OTHER = "other", "其他"


class AbsenceKind(models.TextChoices):
    """Why somebody is away; that is all that is written down."""

    LEAVE = "leave", "请假"
    TRAINING = "training", "培训"
    MEETING = "meeting", "开会"
    FIELD = "field", "下村办事"
