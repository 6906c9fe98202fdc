"""May this clerk take something in now?"""

from mingtang.hall.models import Window
from mingtang.lib.errors import Refused
from mingtang.people.models import Staff
from mingtang.people.policies import served_by


def open_window_of(staff: Staff) -> Window:
    """The open window this person works at, their own before one they stand in at; raises ``Refused`` with cause and
    substitute when it is closed."""
    order = {post.pk: place for place, post in enumerate(served_by(staff))}
    rows = Window.objects.filter(town=staff.town, post__in=order).select_related("substitute", "post__unit")
    windows = sorted(rows, key=lambda window: order[window.post_id])
    for window in windows:
        if window.is_open:
            return window
    if not windows:
        raise Refused("您的岗位没有窗口，不能在窗口收件。请由窗口人员收件。")
    window = windows[0]
    instead = f"请群众到{window.substitute}办理，" if window.substitute and window.substitute.is_open else ""
    raise Refused(f"{window}现在关闭（{window.closed_reason}），不能收件。{instead}或者请中心主任先开窗。")
