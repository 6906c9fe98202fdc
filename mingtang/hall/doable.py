"""What can really be done at a site while some posts are there: an open door alone takes nothing in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from mingtang.hall.models import Window
from mingtang.rulebook import facts
from mingtang.rulebook.enums import CaseKind
from mingtang.rulebook.models import Item, Version
from mingtang.towns.models import Jurisdiction


@dataclass(frozen=True)
class Doable:
    """An item that is taken in then; ``on_the_spot``: everybody who has a hand in it is there, and it ends at once."""

    item: Item
    on_the_spot: bool


@dataclass(frozen=True)
class Offer:
    """The first ``rows`` of ``count`` items; those that end at once come first."""

    rows: list[Doable]
    count: int
    everything: bool


def serves(window: Window, window_post: str) -> bool:
    """Whether a window takes in what the guide sends to a post: its own, or anything at a general one."""
    return window.is_general or window.post.code == window_post


def offer(town: Jurisdiction, windows: Iterable[Window], posts: Collection[str], most: int) -> Offer:
    """What the windows of a site can do while ``posts`` are there. Closed windows do nothing."""
    manned = [window for window in windows if window.is_open and window.post.code in posts]
    every = facts.in_force(town)
    rows = every
    if not any(window.is_general for window in manned):
        rows = rows.filter(facts__window_post__in={window.post.code for window in manned})
    at_once = Q(facts__kind=CaseKind.INSTANT, facts__decider_post__in=posts)
    first = list(rows.filter(at_once)[:most])
    rest = list(rows.exclude(at_once)[: most - len(first)])
    versions = Version.objects.filter(pk__in=[item.facts.version_id for item in first]).select_related("item__town")
    near = {row.item_id for row in versions if {step.post for step in row.spec.steps} <= set(posts)}
    count = rows.count()
    found = sorted((Doable(item, item.pk in near) for item in [*first, *rest]), key=lambda row: not row.on_the_spot)
    return Offer(found, count, count == every.count())
