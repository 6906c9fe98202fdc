"""值守表: the roster by day, and its holes: a post that has a window or steps and for which nobody is left.

A window must be manned through all of its opening bands; a step may wait some hours, but not a whole working day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone

from mingtang.hall.models import Window
from mingtang.hall.opening import Opening, moment
from mingtang.lib.errors import Refused
from mingtang.lib.text import WEEKDAYS
from mingtang.people import roster
from mingtang.people.enums import Permission
from mingtang.people.manning import Manning, Span, overlaps
from mingtang.people.models import Absence, Post, Staff
from mingtang.towns.models import Jurisdiction

AHEAD = 28  # days in which a hole is told beforehand
OFFICE = time(9), time(17)  # a post without a window lacks its people where nobody is there all through these hours
WORKS = frozenset({Permission.CASE_INTAKE, Permission.CASE_WORK, Permission.CASE_DECIDE})


class Presence(models.TextChoices):
    """Who is there for a post on a day."""

    REST = "rest", "休"
    LEAD = "lead", "A"
    SUBSTITUTE = "substitute", "B"
    BOTH = "both", "A、B"
    HOLE = "hole", "缺"


@dataclass(frozen=True)
class Line:
    """A post in the table: who is A and B, what is wrong with the row itself (empty: nothing), and its days."""

    post: Post
    lead: str
    substitute: str
    trouble: str
    days: tuple[Presence, ...]


@dataclass(frozen=True)
class Hole:
    """``day`` is None where the row itself is at fault."""

    post: Post
    day: date | None
    sentence: str


class RosterTable:
    """The posts of a town that need an A and a B, and who is there for them; read once."""

    def __init__(self, town: Jurisdiction) -> None:
        self.opening, self.now = Opening(town), timezone.now()
        self.today = timezone.localdate(self.now)
        self.manning: Manning = self.opening.manning
        self.windows: dict[str, set[int]] = {}
        for code, site in Window.objects.filter(town=town).values_list("post__code", "site"):
            self.windows.setdefault(code, set()).add(site)
        rows = Post.objects.filter(town=town, unit__dissolved_on__isnull=True).select_related("unit")
        rows = rows.order_by("unit__order", "unit", "pk")
        self.posts = [post for post in rows if post.code in self.windows or post.permissions & WORKS]

    def hours(self, code: str, day: date) -> list[Span]:
        """When somebody has to be there for a post: its bands where it works a window, else office hours."""
        sites = [site for site in self.windows.get(code, ()) if self.opening.bands(site)]
        if sites:
            return [(begin, end) for site in sites for begin, end, _ in self.opening.planned(site, day, code)]
        works = self.opening.calendar.is_workday(day)
        return [(moment(day, OFFICE[0]), moment(day, OFFICE[1]))] if works else []

    def presence(self, code: str, day: date) -> Presence:
        """Who is there on a day; a gap that is over by now is no hole any more."""
        hours = self.hours(code, day)
        if not hours:
            return Presence.REST
        gaps = [gap for begin, end in hours for gap in self.manning.gaps([code], begin, end)]
        if any(end > self.now for _, end in gaps) and (code in self.windows or gaps == hours):
            return Presence.HOLE
        lead = self.manning.lead(code)
        gone = overlaps(hours, self.manning.away[lead.pk]) if lead else []
        if not gone:
            return Presence.LEAD
        return Presence.SUBSTITUTE if _length(gone) == _length(hours) else Presence.BOTH

    def trouble(self, code: str) -> str:
        """Why the row of a post does not do, in a sentence; empty where it does."""
        row = self.manning.rows.get(code)
        if not self.manning.holders[code]:
            return "岗位空着，没有人任职。请先任职。"
        if row is None:
            return "还没有排A岗、B岗。请排上。"
        if self.manning.lead(code) is None:
            return f"A岗{row.lead}已经不在这个岗位。请重新排。"
        if not self.manning.substitutes(code):
            return f"B岗{row.substitute or row.substitute_post}已经没有人能替。请重新排。"
        return ""

    def lines(self, first: date, days: int) -> list[Line]:
        """The table of these days."""
        return [
            Line(
                post,
                "、".join(
                    map(str, [lead] if (lead := self.manning.lead(post.code)) else self.manning.holders[post.code])
                ),
                str((row.substitute or row.substitute_post) if (row := self.manning.rows.get(post.code)) else ""),
                self.trouble(post.code),
                tuple(self.presence(post.code, first + timedelta(days=n)) for n in range(days)),
            )
            for post in self.posts
        ]

    def holes(self) -> Iterator[Hole]:
        """What is to be mended: rows at fault, then the days from today on with nobody."""
        for post in self.posts:
            if trouble := self.trouble(post.code):
                yield Hole(post, None, f"{post}：{trouble}")
        for post in self.posts:
            if any(self.manning.away[person] for person in self.manning.team(post.code)):
                yield from self.empty_days(post, self.today, self.today + timedelta(days=AHEAD))

    def empty_days(self, post: Post, first: date, last: date) -> Iterator[Hole]:
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            if self.presence(post.code, day) == Presence.HOLE:
                team = "、".join(str(person) for person in self._named(post.code))
                yield Hole(post, day, f"{_day(day)}{post}没有人：{team}都外出。")

    def _named(self, code: str) -> list[Staff]:
        return list(dict.fromkeys([*self.manning.holders[code], *self.manning.substitutes(code)]))


def _length(spans: list[Span]) -> timedelta:
    return sum((end - begin for begin, end in spans), timedelta())


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def enter_absence(
    *, staff: Staff, kind: str, starts_at: datetime, ends_at: datetime, by: Staff, despite: bool = False
) -> Absence:
    """登记外出. A and B must not be away together: what leaves a post with nobody is refused with the day, or entered
    ``despite`` it, as an illness must be; the hole then stands in the to-do list until it is mended.
    """
    roster.check_enters(staff, by)
    roster.check_times(staff, starts_at, ends_at)
    if not despite and (made := _holes_of(staff, starts_at, ends_at)):
        more = f"这样的一共 {len(made)} 处。" if len(made) > 1 else ""
        raise Refused(
            f"{made[0].sentence}{more}请先换一位B岗，或者改时间；只能这样的（例如生病），勾选“仍然登记”。",
            field="despite",
        )
    return roster.enter_absence(staff=staff, kind=kind, starts_at=starts_at, ends_at=ends_at, by=by)


def _holes_of(staff: Staff, starts_at: datetime, ends_at: datetime) -> list[Hole]:
    """The days that this absence leaves with nobody, at the posts of the person and those where they stand in."""
    table = RosterTable(staff.town)
    first, last = max(timezone.localdate(starts_at), table.today), timezone.localdate(ends_at)
    posts = [post for post in table.posts if staff.pk in table.manning.team(post.code)]

    def empty() -> list[Hole]:
        return [hole for post in posts for hole in table.empty_days(post, first, last)]

    known = {(hole.post.pk, hole.day) for hole in empty()}
    table.manning.away[staff.pk] = sorted([*table.manning.away[staff.pk], (starts_at, ends_at)])
    return [hole for hole in empty() if (hole.post.pk, hole.day) not in known]
