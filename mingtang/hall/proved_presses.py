"""What `mingtang verify` compares of the button “nobody here”: presses, who came in time, what the unit answered."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from mingtang.events.log import iso
from mingtang.events.models import Event
from mingtang.hall.models import EmptyWindow
from mingtang.hall.presence import ANSWERED, MET, PRESSED
from mingtang.ledger.frozen import Finding, readable
from mingtang.towns.models import Jurisdiction

TABLE = "hall_emptywindow"


def check_presses(town: Jurisdiction) -> Iterator[Finding]:
    """Every row has the presses, the moments and the answer of its events, and none that was pressed is missing."""
    windows: dict[str, _Window] = defaultdict(_Window)
    for event in Event.objects.filter(town=town, type__in=(PRESSED, MET, ANSWERED)).order_by("pk"):
        windows[event.subject].add(event)
    for row in EmptyWindow.objects.filter(town=town).select_related("window__site", "answered_by").order_by("pk"):
        yield from readable(TABLE, row.pk, partial(_check, row, windows[row.window.subject]))
    for subject, window in windows.items():
        if window.opened or window.before:
            yield Finding(TABLE, subject, "事件里的“窗口没人”不见了")


class _Window:
    """The rows of a window as its events leave them, each known by the moment of its first press.

    An earlier release did not write that moment down. Its rows are known by their order (``before`` has the presses of
    each); when they were pressed, whether somebody came, and which of them an answer is of, is not told.
    """

    def __init__(self) -> None:
        self.opened: set[str] = set()
        self.before: list[int] = []
        self.answers: set[tuple[str, str]] = set()
        self.later: dict[str, dict[str, Any]] = defaultdict(dict)

    def add(self, event: Event) -> None:
        first_at, presses = event.data.get("first_at"), event.data.get("presses")
        if first_at is not None:
            self.opened |= {first_at} if presses == 1 else set()
            self.later[first_at] |= {
                PRESSED: {"次数": presses, "最后一次按": event.happened_at},
                MET: {"有人应": event.happened_at},
                ANSWERED: {"说明": event.reason, "说明人": event.actor, "说明时间": event.happened_at},
            }[event.type]
        elif event.type == ANSWERED:
            self.answers.add((event.reason, event.actor))
        elif presses == 1:
            self.before.append(presses)
        else:
            self.before[-1] = presses

    def of(self, kept: dict[str, Any], first_at: str) -> dict[str, Any] | None:
        """What is told of a row, taken off the list; None of one that nobody pressed."""
        if first_at in self.opened:
            self.opened.remove(first_at)
            return {"有人应": None, "说明": "", "说明人": "", "说明时间": None, **self.later[first_at]}
        if not self.before:
            return None
        answered = (kept["说明"], kept["说明人"]) in self.answers
        return {"次数": self.before.pop(0), "说明": kept["说明"] if answered else "", **self.later[first_at]}


def _check(row: EmptyWindow, window: _Window) -> Iterator[Finding]:
    kept = {
        "次数": row.presses,
        "最后一次按": row.last_at,
        "有人应": row.met_at,
        "说明": row.answer,
        "说明人": row.answered_by.code if row.answered_by else "",
        "说明时间": row.answered_at,
    }
    expected = window.of(kept, iso(row.first_at))
    wrong = (
        ["第一次按的时间"] if expected is None else [title for title, value in expected.items() if kept[title] != value]
    )
    if wrong:
        what = f"{row.window}的“窗口没人”，{'、'.join(wrong)}和事件里记的不一样"
        yield Finding(TABLE, row.pk, what)
