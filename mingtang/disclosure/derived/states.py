"""The lifecycle of a list composed from records. A row that is not here is refused."""

from mingtang.disclosure.enums import ListState as S
from mingtang.disclosure.models import DerivedList
from mingtang.lib.errors import Refused
from mingtang.lib.lifecycle import Row
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff
from mingtang.people.policies import powers_of

_ANY = (P.DOCUMENT_DRAFT, P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN)

LIST: dict[str, Row] = {
    "make": Row((), S.MADE, ("office",), (P.DOCUMENT_DRAFT,), "生成公示表", "信息公开条例 19–21"),
    "check": Row((S.MADE,), S.CHECKED, ("office",), (P.DOCUMENT_REVIEW,), "核对", "信息公开条例 17；个保 6"),
    "show": Row((S.CHECKED,), S.SHOWN, ("office",), (P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN), "公开", "信息公开条例 26"),
    "drop": Row((S.MADE, S.CHECKED), S.DROPPED, ("office",), _ANY, "作废重做", "house rule: corrected in the records"),
    "supersede": Row((S.SHOWN,), S.SUPERSEDED, ("system",), (), "由新版代替", "house rule: one edition is shown"),
    "end": Row((S.SHOWN,), S.ENDED, ("system",), (), "公示期满，撤下", "个保 47"),
    "take_back": Row((S.SHOWN,), S.WITHDRAWN, ("office",), (P.DOCUMENT_WITHDRAW,), "提前撤下", "个保 47, 57"),
    "post_up": Row((S.SHOWN,), None, ("office",), _ANY, "登记张贴", "信息公开条例 23；民法典 201"),
}


def check_list(act: str, row: DerivedList, by: Staff) -> None:
    """Raise ``Refused`` unless the table has this act from the state of the list, the person holds one of its powers
    and belongs to the town, and whoever did an earlier step leaves this one to another."""
    law = LIST[act]
    if row.town_id != by.town_id:
        raise Refused("这张公示表不属于您所在的乡镇。")
    if not powers_of(by).intersection(law.powers):
        raise Refused(f"您的岗位没有“{law.title}”的权限，请由有此职责的岗位办理。")
    if row.state not in law.sources:
        said = f"这张公示表现在是“{row.get_state_display()}”，不能{law.title}。"
        raise Refused(f"{said}可能有同事刚刚办理过，请刷新后再看。")
    if act in {"check", "show"} and by.pk == row.made_by_id:
        raise Refused("生成的人不能核对、公开自己生成的公示表，请由另一位同事办理。")
    if act == "show" and row.key_id and by.pk == row.checked_by_id:
        raise Refused("涉及个人的公示表，生成、核对、公开要由三个不同的人办理。请由另一位同事公开。")


def can_list(act: str, row: DerivedList, by: Staff) -> bool:
    try:
        check_list(act, row, by)
    except Refused:
        return False
    return True
