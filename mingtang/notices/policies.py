"""May this person do this with a message now?"""

from mingtang.lib.errors import Refused
from mingtang.notices.models import Message
from mingtang.notices.states import MESSAGE
from mingtang.people.models import Staff
from mingtang.people.policies import powers_of


def check_state(act: str, message: Message) -> None:
    """Raise ``Refused`` unless the table has this act from the message's state."""
    row = MESSAGE[act]
    if message.state not in row.sources:
        raise Refused(f"这一条现在是“{message.state_title}”，不能{row.title}。可能有同事刚刚办理过，请刷新后再看。")


def check_can(act: str, message: Message, by: Staff) -> None:
    """``check_state``, and that this member of staff holds the power in this town."""
    if message.town_id != by.town_id:
        raise Refused("这一条通知不属于您所在的乡镇。")
    if not powers_of(by).intersection(MESSAGE[act].powers):
        raise Refused(f"您的岗位没有“{MESSAGE[act].title}”的权限，请由窗口或者中心主任办理。")
    check_state(act, message)


def can(act: str, message: Message, by: Staff) -> bool:
    try:
        check_can(act, message, by)
    except Refused:
        return False
    return True
