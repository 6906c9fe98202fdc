"""May this clerk take something in now?"""

from mingtang.hall.models import Window
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.people.policies import posts_of


def open_window_of(staff: Staff) -> Window:
    """The open window this person works at; raises ``Refused`` with cause and substitute when it is closed."""
    windows = list(
        Window.objects.filter(town=staff.town, post__in=posts_of(staff)).select_related("substitute", "post__unit")
    )
    for window in windows:
        if window.is_open:
            return window
    if not windows:
        raise Refused("您的岗位没有窗口，不能在窗口收件。请由窗口人员收件。")
    window = windows[0]
    instead = f"请群众到{window.substitute}办理，" if window.substitute and window.substitute.is_open else ""
    raise Refused(f"{window}现在关闭（{window.closed_reason}），不能收件。{instead}或者请中心主任先开窗。")
