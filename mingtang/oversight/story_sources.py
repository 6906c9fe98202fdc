"""Sources of a story that count on and keep no versions: a slot of a duty, the answer to what people looked for, the
figures of a month. Their words are kept with the claim as they were on the day it was taken."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from re import Match
from typing import Any

from django.utils import timezone

from mingtang.disclosure.stories.source import Source, source
from mingtang.lib.text import chinese_date
from mingtang.oversight import board, month
from mingtang.oversight.models import Slot
from mingtang.rulebook.models import Wanted
from mingtang.towns.models import Jurisdiction
from mingtang.towns.viewer import Viewer


def _counted(address: str, subject: str, title: str, words: Callable[[], list[str]]) -> Source:
    """As of today: what is counted goes on being counted."""
    today = timezone.localdate()
    return Source(address, subject, title, "", "", today, moving=True, words=lambda: "\n".join(words()))


@source(r"/board/([0-9A-Za-z_-]+)#slot-(\d{1,9})")
def slots(town: Jurisdiction, wanted: Mapping[str, Match[str]]) -> dict[str, Source]:
    """One period of a duty: its last day, when it was done, how late."""
    today, codes = timezone.localdate(), {int(match[2]): match[1] for match in wanted.values()}
    found = {}
    for row in board.with_names(Slot.objects.filter(town=town, pk__in=codes).standing(today)):
        if row.duty.code == codes[row.pk]:
            address, title = f"/board/{row.duty.code}#slot-{row.pk}", board.titled(row)
            found[address] = _counted(address, row.duty.subject, title, partial(_of_slot, row, today))
    return found


def _of_slot(row: Slot, today: date) -> list[str]:
    days = (row.due_on, row.first_due_on, row.proved_on, row.excused_on)
    said = [chinese_date(day) for day in days if day]
    return [*said, f"晚了 {board.days_late(row, today)} 天", f"催了 {row.nudges} 次", row.statement, row.excuse]


@source(r"/asked#asked-(\d{1,9})")
def answers(town: Jurisdiction, wanted: Mapping[str, Match[str]]) -> dict[str, Source]:
    """What people looked for in vain and the town answered; what is not answered is not public."""
    keys = [int(match[1]) for match in wanted.values()]
    found = {}
    for row in Wanted.objects.visible_to(Viewer(town=town)).filter(pk__in=keys):
        address, title = f"/asked#asked-{row.pk}", f"群众找“{row.text}”，镇里的答复"
        found[address] = _counted(address, "wanted", title, partial(_of_answer, row))
    return found


def _of_answer(row: Any) -> list[str]:
    return [f"{row.times} 人次", row.text, row.note, chinese_date(timezone.localdate(row.answered_at))]


@source(r"/news/\d{4}-\d{2}")
def months(town: Jurisdiction, wanted: Mapping[str, Match[str]]) -> dict[str, Source]:
    """The figures of a month that has begun."""
    found = {}
    for address in wanted:
        code = address.rpartition("/")[2]
        if first := month.begun(code):
            words = partial(_of_month, town, first)
            found[address] = _counted(address, "news", f"{month.label(first)}的数", words)
    return found


def _of_month(town: Jurisdiction, first: date) -> list[str]:
    return month.of(town, first).stated()
