"""Which stored pages an event touches. Pages name the same keys by ``depends_on`` while they are rendered."""

from datetime import timedelta
from functools import cache

from django.db.models import Q
from django.utils import timezone

from mingtang.disclosure.columns import FILED
from mingtang.disclosure.models import Column, Document
from mingtang.disclosure.stories import claims
from mingtang.events import follow
from mingtang.events.bell import after_commit
from mingtang.events.models import Event, Sequenced
from mingtang.hall.models import EmptyWindow
from mingtang.hall.models.presence import WAIT
from mingtang.hall.opening import Opening
from mingtang.portal.stored import page_store
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.models import Interruption

HOME, CATALOGUE, SERVICES, HALL, SITE, LEDGER = "home", "catalogue", "services", "hall", "site", "ledger"
# Which columns there are; what stands in one is told by the key of the column.
COLUMNS = "columns"
POWERS, ENTRY, GRANTS = "powers", "entry", "grants"
DUTIES = "duties"
# What was promised and what came of it.
PROMISES = "promises"
LAWS, WANTED, FEES, OBSTACLES, ORDERS = "laws", "wanted", "fees", "obstacles", "orders"
# Which index numbers lead to no text; how the next one is written.
NUMBERS, NUMBERING = "numbers", "numbering"
# What is not published by itself; what has a term.
WITHHELD, VALIDITY = "withheld", "validity"
# A column may have become empty. That one no longer is tells the key of the column.
EMPTIED = "emptied"
GUIDE = "guide"
# What counts days is another page tomorrow: the scheduler drops this key when the date changes.
DAY = "day"
# What says whether a door is open now: the scheduler drops this key when somebody comes or goes by the bands.
HOURS = "hours"
# Who is called where, and what became of the numbers.
QUEUE = "queue"
# Lists composed from records.
LISTS = "lists"
# When the machines stood still, and what was entered afterwards.
OUTAGES = "outages"
# The boards on the walls.
BOARDS = "boards"
# The public utilities.
UTILITIES = "utilities"
# What is to be learned: law pages, campaigns, training.
LEARN = "learn"
# What was drawn to be checked, and what came of it.
SAMPLES = "samples"
# The terms that pages explain.
TERMS = "terms"
# How often the scheduler comes round.
ROUND = timedelta(minutes=1)
# Addresses in one file of the sitemap (sitemaps.org).
IN_ONE_FILE = 50_000

# What begins with this also shows on these pages.
_ALSO: dict[str, tuple[str, ...]] = {
    "document.catalogued": (NUMBERS, NUMBERING),
    "document.published": (CATALOGUE, HOME, NUMBERS),
    "document.adopted": (CATALOGUE, HOME, NUMBERS),
    "document.withdrawn": (CATALOGUE, HOME, NUMBERS, EMPTIED, SAMPLES),
    "document.expired": (CATALOGUE, HOME),
    "document.repealed": (CATALOGUE, HOME),
    "document.validity_restated": (CATALOGUE, HOME),
    "document.withheld": (WITHHELD, NUMBERS),
    "document.opened_up": (WITHHELD, NUMBERS),
    "withheld.": (WITHHELD,),
    "numbers.": (NUMBERS, NUMBERING),
    "guide.published": (GUIDE,),
    "column.": (CATALOGUE, COLUMNS, DUTIES),
    "duty.": (DUTIES, HOME),
    "slot.": (DUTIES, HOME),
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
    "case.": (HOME, PROMISES),
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
    "word.agreed": (TERMS,),
    "word.ended": (TERMS,),
    "wanted.": (WANTED,),
    "asked.": (WANTED,),
    "obstacle.": (OBSTACLES,),
    "list.": (LISTS,),
    "draw.": (LISTS,),
    "order.": (ORDERS,),
    "sampling.": (SAMPLES,),
    "sample.show": (SAMPLES,),
    "readcheck.counted": (DUTIES,),
    # The marks of the scores, and of each text that people were asked about, whose pages live for a day.
    "scrutiny.limits": (DUTIES, DAY),
    "tenant.": (UTILITIES,),
    "matter.": (UTILITIES, PROMISES),
    "interruption.": (UTILITIES, HOME),
    "learn.published": (LEARN,),
    "session.": (LEARN,),
    "attendance.answered": (LEARN,),
    "study.required": (LEARN,),
    "quiz.answered": (LEARN,),
    "outreach.": (LEARN,),
    "village.": (UTILITIES, BOARDS),
    "board.": (BOARDS,),
}


def law_named(key: str) -> str:
    """The page key of whatever law is found under a name (`citing.title_key`), whether there is one or not."""
    return f"law-name:{key}"


def unit_documents(code: str) -> str:
    """The page key of a list of what one unit published."""
    return f"unit-documents:{code}"


def kind_documents(code: str) -> str:
    """The page key of a list of the documents of one kind."""
    return f"kind-documents:{code}"


def sitemap_part(number: int) -> str:
    """The page key of a file of the sitemap: the documents whose keys are ``number`` times ``IN_ONE_FILE`` and more."""
    return f"sitemap:{number}"


# The lists of stories, digests and reprints.
NEWS = tuple(map(kind_documents, claims.NEWS))


def _lists_with(events: list[Event]) -> set[str]:
    """The keys of the lists that show the documents of these events, or showed them before; of a draft there are none.

    That a document has a term stays with its editions, where it is filed is told by events.
    """
    told = [event for event in events if event.type == FILED or CATALOGUE in touched(event)]
    numbers = {event.subject.removeprefix("document:") for event in told if event.subject.startswith("document:")}
    rows = Document.objects.filter(town=events[0].town_id, index_number__in=numbers, current__isnull=False)
    keys, codes = set[str](), set(Column.objects.filter(filings__document__in=rows).values_list("code", flat=True))
    public = set[str]()
    for pk, number, kind, unit in rows.values_list("pk", "index_number", "kind", "unit__code"):
        keys |= {kind_documents(kind), unit_documents(unit or ""), sitemap_part(pk // IN_ONE_FILE)}
        public.add(f"document:{number}")
    for event in told:
        if event.type == FILED and event.subject in public:
            now, before = set(event.data["columns"]), set(event.data["before"])
            codes |= now | before
            keys |= {CATALOGUE, EMPTIED} if before - now else {CATALOGUE}
    if rows.filter(editions__in_force_from__isnull=False).exists():
        keys.add(VALIDITY)
    return keys | {f"column:{code}" for code in codes}


@cache
def _also(type: str) -> frozenset[str]:
    return frozenset(key for prefix, also in _ALSO.items() if type.startswith(prefix) for key in also)


def touched(event: Event) -> set[str]:
    """The page keys of one event: its subject, and the lists it appears on."""
    keys = {event.subject, *_also(event.type)}
    if event.type in {"document.linked", "document.unlinked"}:
        keys.add(f"document:{event.data['target']}")
    if event.type in {"sample.show", "readcheck.approved", "readcheck.counted"}:
        keys.add(event.data["statement"])
    if event.type.startswith("matter.") and "about" in event.data:
        keys.update({event.data["about"], FEES})
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
    if any(event.type == "marks.registered" for event in events):
        store.clear(events[0].town.code)  # they stand at the foot of every page
    own = _lists_with(events).union(*(touched(event) for event in events))
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


def new_interruptions() -> None:
    """Drop what says whether something is cut now, where one has just begun or its end has just passed."""
    now = timezone.now()
    lately = (now - 2 * ROUND, now)
    begun = Q(starts_at__range=lately) | Q(ends_at__range=lately)
    for code in set(Interruption.objects.filter(begun).values_list("town__code", flat=True)):
        page_store().drop(code, {UTILITIES, HOME})


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
