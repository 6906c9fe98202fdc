"""Which stored pages an event touches. Pages name the same keys by ``depends_on`` while they are rendered."""

from mingtang.events import follow
from mingtang.events.bell import after_commit
from mingtang.events.models import Event, Sequenced
from mingtang.portal.stored import page_store
from mingtang.towns.models import Jurisdiction

HOME, CATALOGUE, SERVICES, HALL, SITE, LEDGER = "home", "catalogue", "services", "hall", "site", "ledger"
# What counts days is another page tomorrow: the scheduler drops this key when the date changes.
DAY = "day"

# What begins with this also shows on these pages.
_ALSO: dict[str, tuple[str, ...]] = {
    "document.published": (CATALOGUE, HOME),
    "document.adopted": (CATALOGUE, HOME),
    "document.withdrawn": (CATALOGUE, HOME),
    "item.in_force": (SERVICES, HOME),
    "window.": (HALL, HOME),
    "case.": (HOME,),
    "people.": (SITE,),
}


def touched(event: Event) -> set[str]:
    """The page keys of one event: its subject, and the lists it appears on."""
    keys = {event.subject}
    for prefix, also in _ALSO.items():
        if event.type.startswith(prefix):
            keys.update(also)
    return keys


@after_commit
def drop_own(event: Event) -> None:
    """The acting process drops its own node's files at once."""
    page_store().drop(event.town.code, touched(event))


@follow.listener("pages")
def drop_followed(rows: list[Sequenced]) -> None:
    """Every node drops what the events touch; that they are numbered now is itself seen on a page."""
    keys = {LEDGER, HOME}
    for row in rows:
        keys |= touched(row.event)
    page_store().drop(rows[0].town.code, keys)


def new_day() -> None:
    """The date has changed: every page that counts days is stale, in every town."""
    for code in Jurisdiction.objects.values_list("code", flat=True):
        page_store().drop(code, {DAY})
