"""The lifecycle of an item version. A row that is not here is refused."""

from dataclasses import dataclass

from mingtang.people.enums import Permission as P
from mingtang.rulebook.enums import VersionState as S


@dataclass(frozen=True)
class Row:
    sources: tuple[str, ...]
    target: str
    power: str
    title: str
    basis: str


VERSION: dict[str, Row] = {
    "edit": Row((S.DRAFT,), S.DRAFT, P.ITEM_EDIT, "修改", "house rule"),
    "review": Row((S.DRAFT,), S.REVIEWED, P.ITEM_APPROVE, "合法性审核通过", "plan 三(二): 司法所"),
    "put_in_force": Row((S.REVIEWED,), S.IN_FORCE, P.ITEM_EDIT, "发布施行", "plan 二(四): 领导小组 decision"),
    "supersede": Row((S.IN_FORCE,), S.SUPERSEDED, P.ITEM_EDIT, "被新版替代", "house rule: one in force"),
}
