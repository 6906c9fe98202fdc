"""号号有下落: every number that was given, and what became of it. What is missing is a deed outside the program."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from mingtang.hall.enums import ContactState, ErrandOutcome
from mingtang.hall.models import Contact, EmptyWindow, Errand, Site, TicketDay
from mingtang.towns.models import Jurisdiction

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
    """Every site and day between two days, both included, on which a number was given; newest first. Three queries."""
    today, now = timezone.localdate(), timezone.now()
    series = TicketDay.objects.filter(site__town=town, day__range=(first, last)).select_related("site")
    rows = Contact.objects.filter(town=town, day__range=(first, last), serial__isnull=False)
    contacts: dict[tuple[int, date], list[Contact]] = {}
    for row in rows.select_related("site", "window"):
        contacts.setdefault((row.site_id, row.day), []).append(row)
    ends: dict[tuple[int, date], Counter[str]] = {}
    found = Errand.objects.filter(contact__town=town, contact__day__range=(first, last)).exclude(outcome="")
    for site, day, outcome in found.values_list("contact__site", "contact__day", "outcome"):
        ends.setdefault((site, day), Counter())[outcome] += 1
    made = []
    for one in series.order_by("-day", "site__letter"):
        here = contacts.get((one.site_id, one.day), [])
        known = {row.serial for row in here}
        made.append(
            DayReport(
                site=one.site,
                day=one.day,
                given=one.last,
                missing=tuple(serial for serial in range(1, one.last + 1) if serial not in known),
                open=tuple(row for row in here if row.state != ContactState.ENDED and row.day < today),
                outcomes=ends.get((one.site_id, one.day), Counter()),
                longest=max((row.waited(now) for row in here if row.started_at), default=0),
            )
        )
    return made


def empty_windows(town: Jurisdiction, since: datetime, now: datetime) -> list[EmptyWindow]:
    """The times a window counts as empty, newest first, with the unit's answer."""
    rows = EmptyWindow.objects.filter(town=town, first_at__gte=since, presses__gte=2, met_at__isnull=True)
    return [row for row in rows.select_related("window__site", "window__unit") if row.is_fact(now)]
