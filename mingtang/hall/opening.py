"""When a site is open, by its bands and the working calendar, and which posts are there then: those of the band but for
those whose people are all away by the roster."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.utils import timezone

from mingtang.hall.enums import BandKind, MarketCalendar
from mingtang.hall.models import Band, Site
from mingtang.people.manning import Manning, Span, without
from mingtang.towns.models import Jurisdiction
from mingtang.workdays import lunar
from mingtang.workdays.calendar import WEEKEND, WorkCalendar
from mingtang.workdays.tables import calendar_for

AHEAD = 40  # days looked ahead for the next opening: more than the longest holiday and a market that is rarely held


@dataclass(frozen=True)
class Duty:
    """Whether somebody is there at a moment. ``until``: when it ends; ``next``: when it begins again, if it is known.

    ``known`` is False for a site without bands: nothing is said of its hours then.
    """

    known: bool
    open: bool
    until: datetime | None = None
    next: datetime | None = None


UNKNOWN = Duty(known=False, open=True)


def is_market_day(site: Site, day: date) -> bool:
    """Whether the village market is held: the number of the day in the site's calendar is in its list."""
    if not site.market_calendar:
        return False
    lunar_day = site.market_calendar == MarketCalendar.LUNAR
    return (lunar.day_of_month(day) if lunar_day else day.day) in site.market_days


def holds(kind: str, site: Site, day: date, calendar: WorkCalendar) -> bool:
    """Whether bands of a kind hold on a day. On a public holiday nobody serves, market or not."""
    works = calendar.is_workday(day)
    plain = works or calendar.reason(day) == WEEKEND
    if kind in (BandKind.WEEKDAY, BandKind.LUNCH):
        return works
    if kind == BandKind.WEEKEND:
        return plain and not works
    return plain and is_market_day(site, day)


class Opening:
    """The bands of a town's sites and who is away, read once. Moments are aware; days are those of the town."""

    def __init__(self, town: Jurisdiction) -> None:
        self._town = town
        self._bands: dict[int, list[Band]] = defaultdict(list)
        for band in Band.objects.filter(site__town=town).select_related("site").prefetch_related("posts"):
            self._bands[band.site_id].append(band)

    @cached_property
    def manning(self) -> Manning:
        """Who is away from now on."""
        return Manning(self._town, timezone.now())

    @cached_property
    def calendar(self) -> WorkCalendar:
        return calendar_for(self._town)

    def bands(self, site_id: int) -> list[Band]:
        """All bands of a site, by their beginning."""
        return self._bands.get(site_id, [])

    def on(self, site_id: int, day: date) -> list[Band]:
        """The bands of a site that hold on a day."""
        return [band for band in self.bands(site_id) if holds(band.kind, band.site, day, self.calendar)]

    def posts(self, site_id: int, at: datetime) -> frozenset[str]:
        """Codes of the posts that are there at a moment."""
        local = timezone.localtime(at)
        held = [b for b in self.on(site_id, local.date()) if b.starts <= local.time().replace(tzinfo=None) < b.ends]
        return self.manning.there({post.code for band in held for post in band.posts.all()}, at)

    def duty(self, site_id: int, at: datetime, post: str = "") -> Duty:
        """Whether a post is there at a moment, or without one the site is open at all; until when, else from when."""
        if not self.bands(site_id):
            return UNKNOWN
        for begin, end in self._spans(site_id, at, post):
            if end <= at:
                continue
            return Duty(True, True, until=end) if begin <= at else Duty(True, False, next=begin)
        return Duty(known=True, open=False)

    def _spans(self, site_id: int, at: datetime, post: str) -> Iterator[Span]:
        """From the day of ``at`` on, when the post is there, without one anybody; what touches or overlaps is one."""
        first = timezone.localdate(at)
        for ahead in range(AHEAD):
            joined: list[Span] = []
            for begin, end in sorted(self.served(site_id, first + timedelta(days=ahead), post)):
                if joined and begin <= joined[-1][1]:
                    joined[-1] = joined[-1][0], max(joined[-1][1], end)
                else:
                    joined.append((begin, end))
            yield from joined

    def served(self, site_id: int, day: date, post: str = "") -> Iterator[Span]:
        """The parts of a day's bands in which the post is there, without a post anybody."""
        for begin, end, posts in self.planned(site_id, day, post):
            yield from without((begin, end), self.manning.gaps([post] if post else posts, begin, end))

    def plans(self, site_id: int, at: datetime, post: str) -> bool:
        """Whether the post should be there at a moment, by the bands alone; always where none are kept."""
        spans = self.planned(site_id, timezone.localdate(at), post)
        return not self.bands(site_id) or any(begin <= at < end for begin, end, _ in spans)

    def planned(self, site_id: int, day: date, post: str = "") -> Iterator[tuple[datetime, datetime, list[str]]]:
        """The bands of a day that plan the post, without a post all of them, with the posts of each."""
        for band in self.on(site_id, day):
            posts = [row.code for row in band.posts.all()]
            if not post or post in posts:
                yield moment(day, band.starts), moment(day, band.ends), posts


def moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
