"""预约: slots of half an hour, of which at most a published share may be booked, so that who walks in gets in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from mingtang.events.log import APPLICANT
from mingtang.hall import numbers
from mingtang.hall.contacts import errands_of, opened_as, tell
from mingtang.hall.enums import ContactChannel, ContactState
from mingtang.hall.models import Contact, Errand, Site, Window
from mingtang.hall.opening import Opening
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.rulebook.models import Item

SLOT = timedelta(minutes=30)
AHEAD = 14  # days


@dataclass(frozen=True)
class Slot:
    """Half an hour that can be booked. ``capacity``: the share of what the windows on duty can serve then."""

    begins: datetime
    capacity: int
    taken: int

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)


def slots(site: Site, day: date, opening: Opening | None = None) -> list[Slot]:
    """The slots of a day that lie whole within the bands, in order; none on a day off or where nothing is shared."""
    opening = opening or Opening(site.town)
    bands = opening.on(site.pk, day)
    if not bands or not site.book_share:
        return []
    posts = list(Window.objects.filter(site=site).values_list("post__code", flat=True))
    booked = Contact.objects.filter(site=site, day=day, channel=ContactChannel.BOOKING)
    kept = booked.exclude(state=ContactState.ENDED, started_at__isnull=True)
    taken = list(kept.values_list("booked_for", flat=True))
    begin = timezone.make_aware(datetime.combine(day, min(band.starts for band in bands)))
    end = timezone.make_aware(datetime.combine(day, max(band.ends for band in bands)))
    found = []
    while begin + SLOT <= end:
        there = opening.posts(site.pk, begin) & opening.posts(site.pk, begin + SLOT - timedelta(minutes=1))
        windows = sum(post in there for post in posts)
        capacity = windows * 30 * site.book_share // (site.visit_minutes * 100)
        if capacity:
            found.append(Slot(begin, capacity, taken.count(begin)))
        begin += SLOT
    return found


def days(site: Site, opening: Opening, now: datetime) -> list[tuple[date, list[Slot]]]:
    """From tomorrow on the days that still have a free slot, each with all its slots."""
    first = timezone.localdate(now) + timedelta(days=1)
    found = [(day, slots(site, day, opening)) for day in (first + timedelta(days=n) for n in range(AHEAD))]
    return [(day, rows) for day, rows in found if any(slot.free for slot in rows)]


def book(*, site: Site, begins: datetime, items: Sequence[Item | None] = (), submission: UUID | None = None) -> Contact:
    """Keep a place. No name is asked: number and code are the booking, also over the telephone. ``submission`` is the
    form's own token: sent twice it keeps one place.
    """
    with act():
        site, now, opening = numbers.lock(site), timezone.now(), Opening(site.town)
        if again := numbers.given(site, submission):
            return again
        day = timezone.localdate(begins)
        _check_day(site, day, opening, now)
        slot = next((row for row in slots(site, day, opening) if row.begins == begins), None)
        if slot is None:
            raise Refused("那个时候没有可以预约的。请从列出的时间里选。", field="begins")
        if not slot.free:
            raise Refused(f"{timezone.localtime(begins):%H:%M}已经约满。请选别的时间，或者直接来取号。", field="begins")
        serial, number, moment = numbers.issue(site, day)
        contact = Contact.objects.create(
            town=site.town,
            site=site,
            number=number,
            day=day,
            serial=serial,
            channel=ContactChannel.BOOKING,
            state=ContactState.BOOKED,
            opened_at=moment,
            recorded_at=moment,
            booked_for=begins,
            place_at=begins,
            submission=submission,
        )
        Errand.objects.bulk_create(errands_of(items, contact))
        tell("book", contact, APPLICANT, **opened_as(contact, items), at=timezone.localtime(begins).isoformat())
    return contact


def _check_day(site: Site, day: date, opening: Opening, now: datetime) -> None:
    today = timezone.localdate(now)
    if not site.book_share:
        raise Refused(f"{site.name}没有开放预约。请直接来取号。", field="begins")
    if not today < day <= today + timedelta(days=AHEAD):
        raise Refused(f"可以约明天起 {AHEAD} 天以内的。今天要办的，请直接来取号。", field="begins")
    if not opening.on(site.pk, day):
        again = next((free for free, _ in days(site, opening, now) if free > day), None)
        words = f"最近能约的是{again.month}月{again.day}日。" if again else "请改天再约。"
        raise Refused(f"{day.month}月{day.day}日是{opening.calendar.reason(day)}，不开门。{words}", field="begins")
