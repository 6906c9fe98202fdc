"""在岗由服务证明: the button “nobody here”, and the unit's answer. No card is punched and no face is taken."""

from datetime import datetime

from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import APPLICANT, SYSTEM, Actor, iso, record
from mingtang.guard.clear import clear_text
from mingtang.hall.models import EmptyWindow, Window
from mingtang.hall.models.presence import SAME_PRESS, WAIT
from mingtang.hall.opening import Opening
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may, posts_of, powers_of

PRESSED = types.define("window.pressed", "有人按“窗口没人”", public=True)
MET = types.define("window.met", "有人按“窗口没人”以后，窗口有人应", public=True)
ANSWERED = types.define("window.answered", "说明“窗口没人”", public=True)


def press(*, window: Window) -> EmptyWindow:
    """Somebody finds nobody at an open window. Presses within a minute are one; the second makes it count."""
    now = timezone.now()
    if not window.is_open:
        raise Refused(f"{window}现在关闭：{window.closed_reason}。这个窗口的通知在大厅的页面上。")
    # Whoever is away by the roster is missed all the same.
    if not Opening(window.town).plans(window.site_id, now, window.post.code):
        raise Refused(f"{window}现在不是开放时间，没有人是正常的。什么时候开，看大厅的页面。")
    with act():
        window = (
            Window.objects.select_for_update(of=("self",), no_key=True).select_related("site", "town").get(pk=window.pk)
        )
        row = EmptyWindow.objects.filter(window=window, met_at__isnull=True, first_at__gt=now - WAIT).first()
        if row is None:
            row = EmptyWindow.objects.create(town=window.town, window=window, first_at=now, last_at=now)
        elif now - row.last_at >= SAME_PRESS:
            row.presses, row.last_at = row.presses + 1, now
            row.save(update_fields=["presses", "last_at"])
        else:
            return row
        _tell(PRESSED, row, APPLICANT, now, presses=row.presses)
    return row


def touched(window: Window | None) -> None:
    """Somebody acted at a window: who pressed “nobody here” a moment ago was answered."""
    if window is None:
        return
    now = timezone.now()
    waiting = EmptyWindow.objects.filter(window=window, met_at__isnull=True, first_at__gt=now - WAIT)
    for row in waiting.select_related("town", "window__site"):
        if waiting.filter(pk=row.pk).update(met_at=now):
            _tell(MET, row, SYSTEM, now)


def _tell(type: str, row: EmptyWindow, by: Actor, at: datetime, reason: str = "", **data: int) -> None:
    """What happened to which presses: a window and the moment of the first."""
    record(
        town=row.town,
        type=type,
        subject=row.window.subject,
        by=by,
        happened_at=at,
        reason=reason,
        data={"first_at": iso(row.first_at), **data},
    )


def answer(*, row: EmptyWindow, text: str, by: Staff) -> EmptyWindow:
    """Why nobody was there, once, by who sits there or runs the windows; it is shown beside the fact."""
    if Permission.WINDOW_RUN not in powers_of(by) and row.window.post_id not in {post.pk for post in posts_of(by)}:
        check_may(by, Permission.WINDOW_RUN, row.town)
    if by.town_id != row.town_id:
        check_may(by, Permission.WINDOW_RUN, row.town)
    text = clear_text(text, "请写明当时为什么没人，这句话会公开。", "answer", town=by.town_id)
    with act():
        row = EmptyWindow.objects.select_for_update(of=("self",)).select_related("town", "window__site").get(pk=row.pk)
        if row.answered_at:
            raise Refused("已经说明过了，不能再改。")
        row.answer, row.answered_by, row.answered_at = text, by, timezone.now()
        row.save(update_fields=["answer", "answered_by", "answered_at"])
        _tell(ANSWERED, row, actor(by), row.answered_at, text)
    return row
