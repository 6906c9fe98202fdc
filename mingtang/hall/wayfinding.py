"""Where to go now: the window that takes an item in today, or the one that stands in for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from mingtang.hall.models import Window
from mingtang.towns.models import Jurisdiction


@dataclass(frozen=True)
class Way:
    """``window`` is the one the guide names, ``go_to`` the open one to go to: the same, or the nearest stand-in that
    is open. Both are None where the post works at no window; ``go_to`` is None while nobody stands in.
    """

    window: Window | None
    go_to: Window | None

    @property
    def closed(self) -> bool:
        """Whether the guide's window is closed now."""
        return self.window is not None and self.go_to != self.window


class Ways:
    """The windows of a town as they are now; one query for any number of items."""

    def __init__(self, town: Jurisdiction) -> None:
        rows = Window.objects.filter(town=town).select_related("site", "post").order_by("number", "pk")
        self._windows = {window.pk: window for window in rows}

    def of(self, post: str) -> Way:
        """The way for what a post takes in: an open window of it, else what stands in for the first closed one."""
        own = [window for window in self._windows.values() if window.post.code == post]
        if found := next((window for window in own if window.is_open), None):
            return Way(found, found)
        return Way(own[0], self._instead(own)) if own else Way(None, None)

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
