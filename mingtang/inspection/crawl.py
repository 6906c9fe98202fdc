"""Walking through a town's public pages in this very process, as a stranger would, within a bound.

A large site has more pages than can be looked at. They are told apart by the route that answers them, and the kinds
take turns, the newest page of each first: some of every kind are looked at, and the report says how many of how many.
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from urllib.parse import unquote, urlsplit

from django.test.client import Client
from django.urls import Resolver404, resolve

from mingtang.inspection.page import Page
from mingtang.towns.models import Jurisdiction

MOST_PAGES = 3_000
BEGIN = ("/", "/info/", "/info/c/", "/info/guide", "/services/", "/sitemap", "/sitemap.xml", "/accessibility")
# A paper is made for each asking: some of each kind are tried, the others are the same program.
MOST_PAPERS = 2
# What counts a reading, what a browser keeps, and desks.
_LEFT_OUT = re.compile(r"^/(hits|assets|desk|account|gallery|uploads)(/|$)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
NOWHERE = "（没有这样的网址）"

Progress = Callable[[int, int], None]


def fetcher(town: Jurisdiction) -> Callable[[str, str], Page]:
    """A function that asks for an address (and says who led to it)."""
    host = town.hosts.order_by("pk").values_list("name", flat=True).first() or town.domain
    client = Client(raise_request_exception=False, HTTP_HOST=host)

    def fetch(path: str, found_on: str = "") -> Page:
        began = time.perf_counter()
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return Page(
            path,
            answer.status_code,
            answer.headers.get("Content-Type", ""),
            body,
            time.perf_counter() - began,
            found_on,
        )

    return fetch


@dataclass
class Kind:
    """Pages that one route answers, with and without a query apart. ``known``: to how many of them the site leads;
    ``seen``: how many were asked for; ``waiting``: those that still may be, the newest first."""

    form: str
    known: int = 0
    seen: int = 0
    waiting: list[tuple[tuple[int, ...], int, str, str]] = field(default_factory=list)

    def learn(self, path: str, found_on: str) -> None:
        self.known += 1
        if not path.endswith(".pdf") or self.known <= MOST_PAPERS:
            heappush(self.waiting, (_newest(path), self.known, path, found_on))

    def take(self) -> tuple[str, str]:
        """The address whose turn it is, and who led to it."""
        self.seen += 1
        _, _, path, found_on = heappop(self.waiting)
        return path, found_on


def form_of(address: str) -> str:
    """The form of an address by its route: /info/…, /info/?…"""
    parts = urlsplit(address)
    try:
        route = resolve(unquote(parts.path)).route
    except Resolver404:
        return NOWHERE
    return "/" + re.sub("<[^>]+>", "…", route) + ("?…" if parts.query else "")


def _newest(address: str) -> tuple[int, ...]:
    """Puts the later year first, then the higher number, as far as an address tells."""
    years = [int(year) for year in _YEAR.findall(address)]
    return (-max(years, default=0), *(-int(number) for number in re.findall(r"\d+", address)))


def _offered(page: Page) -> Iterable[str]:
    """The addresses to which a page leads. The queries that a page offers that was itself asked for with one are not
    followed: choices multiply."""
    if page.path.startswith("/sitemap"):
        yield from page.listed
    if page.is_shown:
        queried = urlsplit(page.path).query
        yield from (link for link in page.links if not (queried and urlsplit(link).query))


def walk(fetch: Callable[[str, str], Page], progress: Progress | None = None) -> tuple[dict[str, Page], list[Kind]]:
    """Pages that are reached from the first ones, of every kind some, and the kinds in the order they were met.

    Files and papers are asked for and not read.
    """
    kinds: dict[str, Kind] = {}
    known, pages = set(BEGIN), {}

    def learn(path: str, found_on: str) -> None:
        form = form_of(path)
        kinds.setdefault(form, Kind(form)).learn(path, found_on)

    for path in BEGIN:
        learn(path, "")
    while len(pages) < MOST_PAGES and (open_kinds := [kind for kind in kinds.values() if kind.waiting]):
        path, found_on = min(open_kinds, key=lambda kind: kind.seen).take()
        page = pages[path] = fetch(path, found_on)
        if progress:
            progress(len(pages), min(MOST_PAGES, len(known)))
        for link in _offered(page):
            if link not in known and not _LEFT_OUT.match(link):
                known.add(link)
                learn(link, path)
    return pages, list(kinds.values())
