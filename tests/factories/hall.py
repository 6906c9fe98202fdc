"""Sites, their hours, and people who come, made by the real acts."""

from datetime import time

from django.utils import timezone

from mingtang.hall import counter, pads, presence, sites, tickets
from mingtang.hall.models import Band, Contact, Site, Window
from mingtang.people.models import Post
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from tests.factories.cast import CENTRE, CLERK_1, CLERK_3, CLERK_4, staff

CLERKS = {1: CLERK_1, 3: CLERK_3, 4: CLERK_4}


def band(site: Site, kind: str, starts: int, ends: int, *posts: str) -> Band:
    """From hour to hour with these posts there."""
    there = list(Post.objects.filter(town=site.town, code__in=posts))
    assert len(there) == len(posts)
    return sites.keep_band(site=site, kind=kind, starts=time(starts), ends=time(ends), posts=there, by=staff(CENTRE))


def hall_of(town: Jurisdiction) -> Site:
    return Site.objects.select_related("town").get(town=town, code="hall")


def window(number: int) -> Window:
    return Window.objects.select_related("site__town", "town", "post").get(site__code="hall", number=number)


def items(*codes: str) -> list[Item]:
    found = {item.code: item for item in Item.objects.select_related("facts").filter(code__in=codes)}
    return [found[code] for code in codes]


def taken(town: Jurisdiction, *codes: str) -> Contact:
    """A number from the kiosk for these items; for a question without any."""
    return tickets.take(site=hall_of(town), items=items(*codes))


def called(town: Jurisdiction, number: int, *codes: str) -> Contact:
    """The next number of those who wait, called to a window; one is taken first."""
    taken(town, *codes)
    return counter.call_next(window=window(number), by=staff(CLERKS[number]))


def served(town: Jurisdiction, number: int, *codes: str) -> Contact:
    """Somebody sits before a window."""
    return counter.start(contact=called(town, number, *codes), by=staff(CLERKS[number]))


def station(town: Jurisdiction) -> Site:
    return sites.keep_site(
        town=town, code="village", kind="station", name="村服务站", address="村部", phone="1",
        market_calendar="", days="", by=staff(CENTRE),
    )  # fmt: skip


def every_kind_of_contact(town: Jurisdiction) -> None:
    """One row in each table of the contacts."""
    contact = served(town, 1, "LN-001")
    counter.settle(errand=contact.errands.get(), outcome="answered", by=staff(CLERK_1))
    pad = pads.issue_pad(site=station(town), code="CD01", first=1, last=9, by=staff(CENTRE))
    pads.enter_slip(pad=pad, slip=1, came_at=timezone.now(), items=[], by=staff(CLERK_1))
    pads.void_slip(pad=pad, slip=2, reason="写坏了", by=staff(CLERK_1))
    presence.press(window=window(3))
