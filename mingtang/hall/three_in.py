"""三进: whether people, items and authority are really in the hall (plan 二(一): 真正做到人进、事进、权进).

Each figure is a share of counted things with the names of what is missing. No figure is typed in, and none is shown
without its parts: a bare percentage says nothing about a hall of four windows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from mingtang.hall.models import Window
from mingtang.hall.standing import Standing, StandingKind
from mingtang.people.enums import DECIDE, UnitKind
from mingtang.people.models import Assignment, Delegation, Post
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction


@dataclass(frozen=True)
class Share:
    """``numerator`` of ``denominator``; ``how`` says in words what was counted, ``missing`` names the difference."""

    title: str
    numerator: int
    denominator: int
    unit: str
    how: str
    missing: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The share in words, for whoever reads it aloud."""
        return f"{self.denominator} {self.unit}里有 {self.numerator} 个" if self.denominator else "还没有可以数的"


@dataclass(frozen=True)
class ThreeIn:
    people: tuple[Share, ...]
    items: tuple[Share, ...]
    authority: tuple[Share, ...]


class _Hall:
    """The hall at a moment: windows, posts held, the centre's posts, valid letters."""

    def __init__(self, town: Jurisdiction, at: datetime) -> None:
        self.windows = list(Window.objects.filter(town=town).select_related("post"))
        self.held = set(Assignment.objects.current(at).filter(post__town=town).values_list("post_id", flat=True))
        # A post that works a window sits in the centre, whichever unit sends it.
        sits = Q(unit__kind=UnitKind.CENTRE) | Q(windows__isnull=False)
        self.centre = {
            post.code: post for post in Post.objects.filter(sits, town=town).select_related("unit").distinct()
        }
        letters = Delegation.objects.filter(town=town, step_code=DECIDE).valid(at)
        self.letters = set(letters.values_list("post__code", "item_code"))
        self.names = {post.code: str(post) for post in Post.objects.filter(town=town).select_related("unit")}

    @property
    def manned(self) -> set[str]:
        """Codes of posts that work a window and are held by somebody now."""
        return {window.post.code for window in self.windows if window.post_id in self.held}


def _people(hall: _Hall) -> Share:
    empty = [window for window in hall.windows if window.post_id not in hall.held]
    return Share(
        title="人进：窗口上有人",
        numerator=len(hall.windows) - len(empty),
        denominator=len(hall.windows),
        unit="个窗口",
        how="大厅登记的窗口里，岗位上现在有人任职的。",
        missing=tuple(f"{window}没有人任职" for window in empty),
    )


def _possible(hall: _Hall, items: list[Item]) -> Share:
    manned = hall.manned
    outside = [item for item in items if item.facts.window_post not in manned]
    return Share(
        title="事进：能在窗口收件",
        numerator=len(items) - len(outside),
        denominator=len(items),
        unit="个事项",
        how="现行有效的事项里，办事指南写的收件岗位有窗口、有人任职的。",
        missing=tuple(f"{item.facts.name}：指南写的收件岗位没有窗口或者没有人" for item in outside),
    )


def _authority(hall: _Hall, items: list[Item]) -> Share:
    missing = []
    for item in items:
        code = item.facts.decider_post
        if code not in hall.centre:
            missing.append(f"{item.facts.name}：由{hall.names.get(code, '不存在的岗位')}决定，不在中心")
        elif (code, item.code) not in hall.letters:
            missing.append(f"{item.facts.name}：{hall.names[code]}没有有效的授权书")
    return Share(
        title="权进：在中心就能决定",
        numerator=len(items) - len(missing),
        denominator=len(items),
        unit="个事项",
        how="现行有效的事项里，决定岗位在便民服务中心、并且持有有效授权书的。",
        missing=tuple(missing),
    )


def _decisions(hall: _Hall, decided: Mapping[int, int]) -> Share:
    centre = {post.pk for post in hall.centre.values()}
    return Share(
        title="权进：实际由中心作出的决定",
        numerator=sum(count for post, count in decided.items() if post in centre),
        denominator=sum(decided.values()),
        unit="个决定",
        how="最近 365 天作出的决定里，由便民服务中心的岗位凭授权书作出的。凭码查询的办件也数在内，只数件数。",
    )


def three_in(town: Jurisdiction, at: datetime, rows: list[Standing], *, decided: Mapping[int, int]) -> ThreeIn:
    """The index at a moment. ``rows``: where the items stand on that day; ``decided``: post key → decisions of the last
    365 days (the case room counts them)."""
    hall = _Hall(town, at)
    items = [row.item for row in rows]
    registered = Share(
        title="事进：登记进驻",
        numerator=sum(row.kind == StandingKind.ENTERED for row in rows),
        denominator=len(rows),
        unit="个事项",
        how="现行有效的事项里，登记了进驻、登记的窗口就是指南写的窗口的。批准暂缓的不算进驻。",
        missing=tuple(f"{row.item.facts.name}：{row.kind.label}" for row in rows if row.kind != StandingKind.ENTERED),
    )
    return ThreeIn(
        people=(_people(hall),),
        items=(_possible(hall, items), registered),
        authority=(_authority(hall, items), _decisions(hall, decided)),
    )
