"""May this person do this to this notice now?"""

from mingtang.lib.errors import Refused
from mingtang.money.models import Notice
from mingtang.money.states import NOTICE
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
