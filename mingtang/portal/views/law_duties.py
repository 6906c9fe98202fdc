"""法律规定的任务: what the law asks of every town, who answers for it here, and what nobody has taken over."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.oversight import lawful
from mingtang.portal import board_shown, keys
from mingtang.portal.stored import stored
from mingtang.portal.views.board import COLUMN, TRAIL

TONES = {"taken": "done", "ended": "paused", "dead": "paused", "open": "late"}
WORDS = {"taken": "有岗位负责", "ended": "已经停止", "dead": "依据已经失效", "open": "还没有岗位负责"}


@stored(keys.DUTIES, keys.DAY, keys.LAWS)
def index(request: HttpRequest) -> HttpResponse:
    """Every duty of the pack with its article; the items of articles 20 and 21 as they stand in the catalogue."""
    found = lawful.of_town(request.town)
    rows = [
        {
            "name": one.row.name,
            "basis": one.row.basis,
            "when": board_shown.when_of(one.row),
            "state": one.state,
            "word": WORDS[one.state],
            "tone": TONES[one.state],
            "why": one.why,
            "owner": str(one.duty.owner) if one.duty else "",
            "url": f"/board/{one.duty.code}" if one.duty else "",
        }
        for one in sorted(found, key=lambda one: one.state != "open")
    ]
    context = {
        "column": COLUMN | {"name": "法律规定的任务"},
        "trail": [*TRAIL, ("法律规定的任务", None)],
        "rows": rows,
        "open": sum(row["state"] == "open" for row in rows),
        "items": lawful.items_of_law(request.town),
        "today": timezone.localdate(),
    }
    return render(request, "portal/board/law.html", context)
