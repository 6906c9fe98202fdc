"""号号有下落: every number that was given, and what became of it. What is missing is a deed outside the program."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from mingtang.events.models import Event
from mingtang.hall.booking import AHEAD
from mingtang.hall.contacts import EVENTS
from mingtang.hall.enums import ContactState, ErrandOutcome
from mingtang.hall.models import Contact, EmptyWindow, Errand, Site, TicketDay
from mingtang.towns.models import Jurisdiction

# The acts that give a number of the day.
GIVING = ("take", "book", "receive")
NOTHING = (ErrandOutcome.LEFT, ErrandOutcome.NOBODY)


@dataclass(frozen=True)
class DayReport:
    """A site on a day. ``missing``: serials that were given and are gone; ``open``: contacts nobody has ended, although
    the day is over; ``outcomes``: errands by what came of them; ``longest``: minutes, of those who were served.
    """

    site: Site
    day: date
    given: int
    missing: tuple[int, ...]
    open: tuple[Contact, ...]
    outcomes: Counter[str]
    longest: int

    @property
    def with_nothing(self) -> int:
        """Errands of people who came and went away with nothing."""
        return sum(self.outcomes[outcome] for outcome in NOTHING)

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.open


def report(town: Jurisdiction, first: date, last: date) -> list[DayReport]:
    """Every site and day between two days, both included, on which a number was given; newest first. Six queries.

    What was given is asked of the counter and of the log alike: whoever sets the one back, or takes it out, cannot
    change the other.
    """
    today = timezone.localdate()
    rows = Contact.objects.filter(town=town, day__range=(first, last), serial__isnull=False)
    known: dict[tuple[int, date], set[int]] = defaultdict(set)
    longest: Counter[tuple[int, date]] = Counter()
    for site, day, serial, *times in rows.values_list("site", "day", "serial", "opened_at", "booked_for", "started_at"):
        known[site, day].add(serial)
        if times[2]:
            waited = int((times[2] - max(time for time in times[:2] if time)).total_seconds() // 60)
            longest[site, day] = max(longest[site, day], waited)
    open_rows: dict[tuple[int, date], list[Contact]] = defaultdict(list)
    for row in rows.exclude(state=ContactState.ENDED).filter(day__lt=today):
        open_rows[row.site_id, row.day].append(row)
    ends: dict[tuple[int, date], Counter[str]] = defaultdict(Counter)
    found = Errand.objects.filter(contact__in=rows).exclude(outcome="")
    for site, day, outcome in found.values_list("contact__site", "contact__day", "outcome"):
        ends[site, day][outcome] += 1
    sites = {site.pk: site for site in Site.objects.filter(town=town)}
    given = _told(town, sites, first, last)
    for one in TicketDay.objects.filter(site__town=town, day__range=(first, last)):
        key = one.site_id, one.day
        given[key] = max(one.last, given.get(key, 0))
    return [
        DayReport(
            site=sites[site],
            day=day,
            given=count,
            missing=tuple(serial for serial in range(1, count + 1) if serial not in known[site, day]),
            open=tuple(open_rows[site, day]),
            outcomes=ends[site, day],
            longest=longest[site, day],
        )
        for (site, day), count in sorted(
            given.items(), key=lambda row: (-row[0][1].toordinal(), sites[row[0][0]].letter)
        )
    ]


def _told(town: Jurisdiction, sites: dict[int, Site], first: date, last: date) -> dict[tuple[int, date], int]:
    """The highest serial that the log knows, by site and day."""
    letters = {site.letter: pk for pk, site in sites.items()}
    since = timezone.make_aware(datetime.combine(first - timedelta(days=AHEAD), time.min))
    rows = Event.objects.filter(town=town, type__in=[EVENTS[act] for act in GIVING], happened_at__gte=since)
    highest: dict[tuple[int, date], int] = {}
    for subject in rows.values_list("subject", flat=True):
        letter, day, serial = subject.partition(":")[2].split("-")
        key = letters[letter], datetime.strptime(day, "%y%m%d").date()  # noqa: DTZ007 (a day alone)
        if first <= key[1] <= last:
            highest[key] = max(highest.get(key, 0), int(serial))
    return highest


def empty_windows(town: Jurisdiction, since: datetime, now: datetime) -> list[EmptyWindow]:
    """The times a window counts as empty, newest first, with the unit's answer."""
    rows = EmptyWindow.objects.filter(town=town, first_at__gte=since, presses__gte=2, met_at__isnull=True)
    return [row for row in rows.select_related("window__site", "window__unit") if row.is_fact(now)]
