"""催一下: a visitor would like to see what is not there yet. Once a day for a slot; who it was is not known."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingtang.lib.errors import Refused
from mingtang.oversight import actions, board
from mingtang.oversight.models import Slot
from mingtang.portal import board_shown
from mingtang.portal.once_a_day import Asked, OnceADay
from mingtang.portal.views.board import COLUMN, TRAIL

A_DAY = 20  # slots that one address may ask for
_asked = OnceADay()
SAID = {
    Asked.FIRST: "已经替您催了，责任岗位看得到催的次数。",
    Asked.AGAIN: "今天已经从这里催过这一格，明天可以再催。",
    Asked.TOO_OFTEN: f"今天从这里已经催了 {A_DAY} 次，明天再来。急的事可以打电话。",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nudge(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What is asked for and of whom, and one button."""
    today = timezone.localdate()
    rows = board.with_names(Slot.objects.visible_to(request.viewer).standing(today))
    slot = get_object_or_404(rows, pk=pk, duty__code=code)
    said, trouble = "", ""
    if request.method == "POST":
        try:
            said = SAID[_press(request, slot)]
        except Refused as refusal:
            trouble = refusal.message
    context = {
        "column": COLUMN | {"name": "催一下"},
        "trail": [*TRAIL, (slot.duty.name, f"/board/{code}"), ("催一下", None)],
        "row": board_shown.slot_row(slot, today),
        "phone": slot.duty.holder.unit.phone,
        "said": said,
        "trouble": trouble,
    }
    return render(request, "portal/board/nudge.html", context, status=422 if trouble else 200)


def _press(request: HttpRequest, slot: Slot) -> Asked:
    asked = _asked.ask(request, str(slot.pk), A_DAY)
    if asked == Asked.FIRST:
        actions.nudge(slot=slot)
    return asked
