"""The lifecycle of an item version, from draft through the change gate to force. A row that is not here is refused.

Until it is in force a version is a change proposal. The long way (more is asked of people, an item is new, or a
condition of law goes): diff → legal basis by rank → justice office → leading group → announcement → notice period →
force. The short way (same or less): diff → unit head → office → announcement → force.
"""

from dataclasses import dataclass

from mingtang.people.enums import Permission as P
from mingtang.rulebook.enums import VersionState as S


@dataclass(frozen=True)
class Row:
    """``sources`` → ``target``; any one of ``powers`` lets a person act; ``who`` as in the lifecycle of cases."""

    sources: tuple[str, ...]
    target: str
    powers: tuple[str, ...]
    title: str
    basis: str
    who: tuple[str, ...] = ("staff",)


UNDER_WAY = (S.DIFFED, S.BASIS_CHECKED, S.REVIEWED, S.DECIDED, S.HEAD_AGREED, S.OFFICE_AGREED)
# Whoever holds only the second keeps the items of the own unit (`policies.check_keeps`).
_EDITORS = (P.ITEM_EDIT, P.ITEM_EDIT_OWN)
_ANY = (P.ITEM_APPROVE, P.ITEM_AGREE, P.ITEM_DECIDE)

VERSION: dict[str, Row] = {
    "edit": Row((S.DRAFT,), S.DRAFT, _EDITORS, "修改", "house rule"),
    "ask_waiver": Row((S.DRAFT,), S.DRAFT, _EDITORS, "请求放行", "house rule: ADR 0033"),
    "waive": Row((S.DRAFT,), S.DRAFT, (P.ITEM_APPROVE,), "放行", "信息公开条例 14–17; house rule: ADR 0033"),
    "refuse_waiver": Row((S.DRAFT,), S.DRAFT, (P.ITEM_APPROVE,), "不放行", "house rule: ADR 0033"),
    "propose": Row((S.DRAFT,), S.DIFFED, _EDITORS, "提出变动", "house rule: the burden is computed"),
    "check_basis": Row(
        (S.DIFFED,), S.BASIS_CHECKED, (P.ITEM_EDIT,), "核对依据", "许可法 14–17, 58; plan 二(四): basis first"
    ),
    "review": Row((S.BASIS_CHECKED,), S.REVIEWED, (P.ITEM_APPROVE,), "合法性审核通过", "plan 三(二): 司法所"),
    "decide": Row((S.REVIEWED,), S.DECIDED, (P.ITEM_DECIDE,), "登记集体决定", "plan 二(四): 领导小组 decision"),
    "agree_head": Row((S.DIFFED,), S.HEAD_AGREED, (P.ITEM_AGREE,), "实施单位同意", "house rule: unit head"),
    "agree_office": Row((S.HEAD_AGREED,), S.OFFICE_AGREED, (P.ITEM_DECIDE,), "党政办同意", "house rule: office"),
    "announce": Row(
        (S.DECIDED, S.OFFICE_AGREED, S.ANNOUNCED),
        S.ANNOUNCED,
        (P.ITEM_EDIT, P.ITEM_DECIDE),
        "公布",
        "重大行政决策程序暂行条例 15, 32",
    ),
    "put_in_force": Row(
        (S.ANNOUNCED,), S.IN_FORCE, (P.ITEM_EDIT, P.ITEM_DECIDE), "施行", "house rule", ("staff", "system")
    ),
    "send_back": Row(UNDER_WAY, S.DRAFT, (P.ITEM_EDIT, *_ANY), "退回修改", "house rule"),
    "refuse": Row((*UNDER_WAY, S.ANNOUNCED), S.REFUSED, _ANY, "不予通过", "house rule: a refusal is public"),
    "supersede": Row((S.IN_FORCE, S.SUSPENDED), S.SUPERSEDED, (P.ITEM_EDIT,), "被新版替代", "house rule: one in force"),
    "suspend": Row((S.IN_FORCE,), S.SUSPENDED, (P.ITEM_AGREE, P.ITEM_DECIDE), "暂停", "house rule: cases run on"),
    "resume": Row((S.SUSPENDED,), S.IN_FORCE, (P.ITEM_AGREE, P.ITEM_DECIDE), "恢复办理", "house rule"),
    "cancel": Row(
        (S.IN_FORCE, S.SUSPENDED), S.CANCELLED, (P.ITEM_DECIDE,), "取消", "许可法 20; plan 二(三): fewer licences"
    ),
}
