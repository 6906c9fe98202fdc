"""Which stored pages an event touches. Pages name the same keys by ``depends_on`` while they are rendered."""

from django.utils import timezone

from mingtang.events import follow
from mingtang.events.bell import after_commit
from mingtang.events.models import Event, Sequenced
from mingtang.hall.models import EmptyWindow
from mingtang.hall.models.presence import WAIT
from mingtang.hall.opening import Opening
from mingtang.portal.stored import page_store
from mingtang.towns.models import Jurisdiction

HOME, CATALOGUE, SERVICES, HALL, SITE, LEDGER = "home", "catalogue", "services", "hall", "site", "ledger"
POWERS, ENTRY, GRANTS = "powers", "entry", "grants"
LAWS, WANTED, FEES, OBSTACLES, ORDERS = "laws", "wanted", "fees", "obstacles", "orders"
# What counts days is another page tomorrow: the scheduler drops this key when the date changes.
DAY = "day"
# What says whether a door is open now: the scheduler drops this key when somebody comes or goes by the bands.
HOURS = "hours"
# Who is called where, and what became of the numbers.
QUEUE = "queue"
# When the machines stood still, and what was entered afterwards.
OUTAGES = "outages"

# What begins with this also shows on these pages.
_ALSO: dict[str, tuple[str, ...]] = {
    "document.published": (CATALOGUE, HOME),
    "document.adopted": (CATALOGUE, HOME),
    "document.withdrawn": (CATALOGUE, HOME),
    "document.filed": (CATALOGUE,),
    "column.": (CATALOGUE,),
    "item.in_force": (SERVICES, HOME, FEES),
    "item.suspended": (SERVICES, HOME, FEES),
    "item.resumed": (SERVICES, HOME, FEES),
    "item.cancelled": (SERVICES, HOME, FEES),
    "item.announced": (FEES,),
    "item.refused": (FEES,),
    # An edit may hand an item of a dissolved unit to another.
    "item.edited": (SERVICES, FEES),
    "window.": (HALL, HOME),
    "site.": (HALL, HOME),
    "badge.": (HALL,),
    "contact.": (QUEUE,),
    "window.pressed": (QUEUE,),
    "window.answered": (QUEUE,),
    "pad.": (QUEUE,),
    "case.": (HOME,),
    "case.entered_late": (OUTAGES,),
    "outage.": (OUTAGES,),
    # When a power was last used, and who decided.
    "case.decided": (POWERS, ENTRY, GRANTS),
    "case.self_corrected": (GRANTS,),
    "case.earlier_settled": (GRANTS,),
    "grant.": (GRANTS,),
    "permit.": (GRANTS,),
    "power.": (POWERS,),
    "cleanup.": (POWERS,),
    "entry.": (ENTRY,),
    "people.": (SITE, HALL),
    "law.": (LAWS,),
    "wanted.": (WANTED,),
    "obstacle.": (OBSTACLES,),
    "order.": (ORDERS,),
}


def law_named(key: str) -> str:
    """The page key of whatever law is found under a name (`citing.title_key`), whether there is one or not."""
    return f"law-name:{key}"


def touched(event: Event) -> set[str]:
    """The page keys of one event: its subject, and the lists it appears on."""
    keys = {event.subject}
    for prefix, also in _ALSO.items():
        if event.type.startswith(prefix):
            keys.update(also)
    if event.type.startswith("law."):
        keys.update(law_named(name) for name in event.data["names"])
    return keys


def _drop(events: list[Event]) -> None:
    """An event touches its own town's pages; one of the law library, which all towns share, every town's."""
    store = page_store()
    shared = set().union(*(touched(event) for event in events if event.type.startswith("law.")))
    if shared:
        for code in Jurisdiction.objects.values_list("code", flat=True):
            store.drop(code, shared)
    own: set[str] = set().union(*(touched(event) for event in events))
    store.drop(events[0].town.code, own)


@after_commit
def drop_own(events: list[Event]) -> None:
    """The acting process drops its own node's files at once."""
    _drop(events)


@follow.listener("pages")
def drop_followed(rows: list[Sequenced]) -> None:
    """Every node drops what the events touch; that they are numbered now is itself seen on a page."""
    page_store().drop(rows[0].town.code, {LEDGER, HOME})
    _drop([row.event for row in rows])


def new_day() -> None:
    """The date has changed: every page that counts days is stale, in every town."""
    for code in Jurisdiction.objects.values_list("code", flat=True):
        page_store().drop(code, {DAY})


_manned: dict[str, object] = {}


def new_hours() -> None:
    """Drop what says who is there now, in every town where by the bands other posts are there than when last asked, and
    the report of the numbers where a window has just begun to count as empty.
    """
    now = timezone.now()
    waited = EmptyWindow.objects.filter(
        presses__gte=2, met_at__isnull=True, first_at__range=(now - 2 * WAIT, now - WAIT)
    )
    for code in set(waited.values_list("town__code", flat=True)):
        page_store().drop(code, {QUEUE})
    for town in Jurisdiction.objects.filter(sites__isnull=False).distinct():
        opening = Opening(town)
        manned = [opening.posts(site, now) for site in town.sites.values_list("pk", flat=True)]
        if _manned.get(town.code) != manned:
            page_store().drop(town.code, {HOURS})
            _manned[town.code] = manned
