"""Where to go now: the window that takes an item in today, or the one that stands in for it, and whether it is open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from mingtang.hall.doable import serves
from mingtang.hall.enums import SiteKind
from mingtang.hall.models import Site, Window
from mingtang.hall.opening import UNKNOWN, Duty, Opening
from mingtang.towns.models import Jurisdiction


@dataclass(frozen=True)
class Way:
    """``window`` is the one the guide names, ``go_to`` the one to go to: the same, or the nearest stand-in, else a
    general window, which takes in every item. Both are None where the post works at no window; ``go_to`` is None while
    nobody stands in. ``duty``: whether somebody sits at ``go_to`` now.
    """

    window: Window | None
    go_to: Window | None
    duty: Duty = UNKNOWN

    @property
    def closed(self) -> bool:
        """Whether the guide's window is closed now."""
        return self.window is not None and self.go_to != self.window


class Ways:
    """The windows of a town as they are at a moment; the same few queries for any number of items."""

    def __init__(self, town: Jurisdiction, at: datetime | None = None) -> None:
        self.at = at or timezone.now()
        rows = Window.objects.filter(town=town).select_related("site", "post").order_by("site__letter", "number", "pk")
        self._windows = {window.pk: window for window in rows}
        self.opening = Opening(town)

    def of(self, post: str) -> Way:
        """The way for what a post takes in: an open window of it, else what stands in for a closed one."""
        own = [window for window in self._windows.values() if window.post.code == post]
        if found := self._soonest([window for window in own if window.is_open]):
            return Way(found, found, self.duty(found))
        if not own:
            return Way(None, None)
        instead = self._instead(own) or self._soonest([row for row in self._windows.values() if self._takes_all(row)])
        return Way(own[0], instead, self.duty(instead) if instead else UNKNOWN)

    def stations(self, post: str) -> list[Site]:
        """The village stations whose agent takes in what the guide sends to a post."""
        rows = [row for row in self._windows.values() if row.site.kind == SiteKind.STATION and serves(row, post)]
        return list({row.site_id: row.site for row in rows}.values())

    def duty(self, window: Window) -> Duty:
        """Whether somebody sits at a window by the bands of its site; whether it is closed is not asked."""
        return self.opening.duty(window.site_id, self.at, window.post.code)

    @staticmethod
    def _takes_all(window: Window) -> bool:
        return window.is_general and window.is_open

    def _soonest(self, windows: Sequence[Window]) -> Window | None:
        """The window where somebody sits now, else where somebody will soonest; the first of equals."""

        def wait(window: Window) -> tuple[int, float]:
            duty = self.duty(window)
            if duty.open:
                return 0, 0
            return (1, duty.next.timestamp()) if duty.next else (2, 0)

        return min(windows, key=wait, default=None)

    def _instead(self, closed: Iterable[Window]) -> Window | None:
        """The first open window along the stand-ins; a stand-in may be closed too and name the next, even in a ring."""
        for window in closed:
            passed: set[int] = set()
            follower: Window | None = window
            while follower is not None and not follower.is_open and follower.pk not in passed:
                passed.add(follower.pk)
                follower = self._windows.get(follower.substitute_id or 0)
            if follower is not None and follower.is_open:
                return follower
        return None
