"""Every route of the site, and real values of a town to ask it with."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from mingtang.cases.models import Case
from mingtang.disclosure.models import DerivedList, Document, Draw, Edition
from mingtang.money.models import Notice
from mingtang.people.models import Post, Staff, Unit
from mingtang.rulebook.models import Item, Power
from mingtang.scrutiny.models import SampleRound
from mingtang.towns.models import Jurisdiction

MOST_A_ROUTE = 24


@dataclass(frozen=True)
class Route:
    """``template`` is the address with ``{name}`` where a value goes; ``numbers`` are the names that take one."""

    template: str
    names: tuple[str, ...]
    numbers: frozenset[str]

    @property
    def is_desk(self) -> bool:
        return self.template.startswith("/desk/")

    def __str__(self) -> str:
        return self.template


def _of(pattern: URLPattern, before: str) -> Route:
    route = before + str(pattern.pattern)
    converters = pattern.pattern.converters
    for name in converters:
        start = route.index(":" + name + ">") if ":" + name + ">" in route else route.index("<" + name + ">")
        start = route.rindex("<", 0, start + 1)
        route = route[:start] + "{" + name + "}" + route[route.index(">", start) + 1 :]
    numbers = frozenset(name for name, kind in converters.items() if isinstance(kind, IntConverter))
    return Route("/" + route, tuple(converters), numbers)


def all_routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[Route]:
    """Every leaf of the URLconf."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from all_routes(entry, before + str(entry.pattern))
        else:
            yield _of(entry, before)


class Values:
    """What really stands in a town: numbers, codes, keys. Asked for on another host they must lead nowhere."""

    def __init__(self, town: Jurisdiction) -> None:
        self.cases = list(Case.objects.filter(town=town).values_list("number", flat=True))
        self.documents = list(Document.objects.filter(town=town).values_list("index_number", flat=True))
        self.items = list(Item.objects.filter(town=town).values_list("code", flat=True))
        self.notices = list(Notice.objects.filter(town=town).values_list("number", flat=True))
        self.draws = list(Draw.objects.filter(town=town).values_list("number", flat=True)) or ["2026-C001"]
        self.lists = list(DerivedList.objects.filter(town=town).values_list("number", flat=True))
        self.rounds = list(SampleRound.objects.filter(town=town).values_list("number", flat=True)) or ["2026-Z001"]
        self.powers = list(Power.objects.filter(town=town).values_list("code", flat=True))
        codes = [list(model.objects.filter(town=town).values_list("code", flat=True)[:2]) for model in (Unit, Post)]
        self.other = [
            *(code for pair in codes for code in pair),
            "2026",
            "checkpoint",
            "0/000",
            "entries/000.p/1",
            "x000",
        ]
        self.keys = self._keys()
        self.words = self._words(town)

    @staticmethod
    def _keys() -> list[int]:
        """First and last key of every table: whatever a number in an address may mean."""
        found = {0, 1}
        for model in apps.get_models():
            if model.__module__.startswith("mingtang.") and model._meta.pk.get_internal_type() == "BigAutoField":
                keys = model.objects.order_by("pk").values_list("pk", flat=True)
                found |= {key for key in (keys.first(), keys.last()) if key is not None}
        return sorted(found)

    def _words(self, town: Jurisdiction) -> set[str]:
        """Words that belong to this town alone."""
        titles = Edition.objects.filter(document__town=town).values_list("revision__title", flat=True)
        items = Item.objects.filter(town=town).values_list("current__name", flat=True)
        staff = Staff.objects.filter(town=town).values_list("name", flat=True)
        words = {*titles, *items, *staff, *self.cases, *self.documents, *self.items}
        return {word for word in words if word} | {town.name, town.site_name, town.phone, town.code}

    def choices(self, route: Route, name: str) -> list[str]:
        if name in route.numbers:
            return [str(key) for key in self.keys]
        if "/samples/" in route.template and name == "number":
            return self.rounds
        if "/draws/" in route.template and name == "number":
            return self.draws
        if "/lists/" in route.template and name == "number":
            return [*self.lists[:4], "2026-9999"]
        if "/money/" in route.template and name == "number":
            return [*self.notices[:2], "202600000015"]
        if "/cases/" in route.template:
            return [*self.cases, *self.other[:1]]
        if "/info/" in route.template:
            return self.documents[:6]
        if "/powers/" in route.template:
            return [*self.powers[:4], *self.other[:1]]
        if "/services/" in route.template or "/items/" in route.template:
            return self.items
        return [*self.cases[:2], *self.documents[:2], *self.items[:2], *self.other]

    def addresses(self, route: Route) -> list[str]:
        """The route's address with real values, every combination up to a limit."""
        combinations = product(*(self.choices(route, name) for name in route.names))
        found = [route.template.format(**dict(zip(route.names, values, strict=True))) for values in combinations]
        step = max(1, len(found) // MOST_A_ROUTE)
        return found[::step]
