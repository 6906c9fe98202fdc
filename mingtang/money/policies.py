"""May this person do this to this notice or refund now?"""

from mingtang.lib.errors import Refused
from mingtang.money.models import Notice, Refund
from mingtang.money.states import NOTICE, REFUND
from mingtang.people.models import Staff
from mingtang.people.policies import powers_of


def check_state(act: str, notice: Notice) -> None:
    """Raise ``Refused`` unless the table has this act from the notice's state."""
    row = NOTICE[act]
    if notice.state not in row.sources:
        said = notice.get_state_display()
        raise Refused(f"缴款通知 {notice.number} 现在是“{said}”，不能{row.title}。请刷新后再看。")


def check_can(act: str, notice: Notice, by: Staff) -> None:
    """``check_state``, and that this member of staff holds the power in this town."""
    row = NOTICE[act]
    if notice.town_id != by.town_id:
        raise Refused("这份缴款通知不属于您所在的乡镇。")
    if not powers_of(by).intersection(row.powers):
        raise Refused(f"您的岗位没有“{row.title}”的权限，请由收费岗位办理。")
    check_state(act, notice)


def check_refund(act: str, refund: Refund, by: Staff) -> None:
    """As ``check_can``; and whoever asked for the money to go back does not agree to it."""
    row = REFUND[act]
    if refund.town_id != by.town_id:
        raise Refused("这笔退款不属于您所在的乡镇。")
    if not powers_of(by).intersection(row.powers):
        raise Refused(f"您的岗位没有“{row.title}”的权限，请由有此职责的岗位办理。")
    if refund.state not in row.sources:
        raise Refused(f"这笔退款现在是“{refund.get_state_display()}”，不能{row.title}。请刷新后再看。")
    if act in ("approve", "refuse") and refund.asked_by_id == by.pk:
        raise Refused("退款是您申请的，要由另一个人批准。")
