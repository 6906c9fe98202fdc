"""Opening and closing windows."""

from mingtang.events import types
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.hall.models import Window
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may

OPENED = types.define("window.opened", "开窗", public=True)
CLOSED = types.define("window.closed", "关窗", public=True)
MAX_REASON = 100


def close_window(*, window: Window, by: Staff, reason: str, substitute: Window | None = None) -> Window:
    """Close with a reason the public reads, and name who stands in."""
    check_may(by, Permission.WINDOW_RUN, window.town)
    reason = clear_text(reason, "请写明关窗的原因，这句话会公开。", "reason", MAX_REASON)
    if substitute is not None and substitute.pk == window.pk:
        raise Refused("替代窗口不能是它自己。", field="substitute")
    if substitute is not None and substitute.town_id != window.town_id:
        raise Refused("替代窗口不在本镇，请另选一个。", field="substitute")
    with act():
        window = Window.objects.select_for_update().get(pk=window.pk)
        if not window.is_open:
            raise Refused(f"{window}已经关着。")
        window.is_open, window.closed_reason, window.substitute = False, reason, substitute
        window.save(update_fields=["is_open", "closed_reason", "substitute"])
        record(town=window.town, type=CLOSED, subject=f"window:{window.number}", by=actor(by), reason=reason)
    return window


def open_window(*, window: Window, by: Staff) -> Window:
    check_may(by, Permission.WINDOW_RUN, window.town)
    with act():
        window = Window.objects.select_for_update().get(pk=window.pk)
        if window.is_open:
            raise Refused(f"{window}已经开着。")
        window.is_open, window.closed_reason, window.substitute = True, "", None
        window.save(update_fields=["is_open", "closed_reason", "substitute"])
        record(town=window.town, type=OPENED, subject=f"window:{window.number}", by=actor(by))
    return window
