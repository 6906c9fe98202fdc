"""Opening and closing windows."""

from datetime import datetime

from django.utils import timezone

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


def close_window(
    *, window: Window, by: Staff, reason: str, substitute: Window | None = None, back_at: datetime | None = None
) -> Window:
    """Close with a reason the public reads, name who stands in, and say when it opens again where that is known."""
    check_may(by, Permission.WINDOW_RUN, window.town)
    reason = clear_text(reason, "请写明关窗的原因，这句话会公开。", "reason", MAX_REASON, town=by.town_id)
    if substitute is not None and substitute.pk == window.pk:
        raise Refused("替代窗口不能是它自己。", field="substitute")
    if substitute is not None and substitute.town_id != window.town_id:
        raise Refused("替代窗口不在本镇，请另选一个。", field="substitute")
    if back_at is not None and back_at <= timezone.now():
        raise Refused("预计恢复的时间要晚于现在。", field="back_at")
    with act():
        window = Window.objects.select_for_update(of=("self",)).select_related("site", "town").get(pk=window.pk)
        if not window.is_open:
            raise Refused(f"{window}已经关着。")
        window.is_open, window.closed_reason = False, reason
        window.substitute, window.back_at = substitute, back_at
        window.save(update_fields=["is_open", "closed_reason", "substitute", "back_at"])
        record(town=window.town, type=CLOSED, subject=window.subject, by=actor(by), reason=reason)
    return window


def open_window(*, window: Window, by: Staff) -> Window:
    check_may(by, Permission.WINDOW_RUN, window.town)
    with act():
        window = Window.objects.select_for_update(of=("self",)).select_related("site", "town").get(pk=window.pk)
        if window.is_open:
            raise Refused(f"{window}已经开着。")
        window.is_open, window.closed_reason = True, ""
        window.substitute, window.back_at = None, None
        window.save(update_fields=["is_open", "closed_reason", "substitute", "back_at"])
        record(town=window.town, type=OPENED, subject=window.subject, by=actor(by))
    return window
