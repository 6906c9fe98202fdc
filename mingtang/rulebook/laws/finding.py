"""Finding laws in the library: narrowed by title, level and state, in pages; and one law's articles as of a day.

Used by the public site and by the desk.
"""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date

from mingtang.rulebook.laws.citing import title_key
from mingtang.rulebook.models import Article, Law


class LawState(models.TextChoices):
    """Of a law on a day, as it is looked for."""

    IN_FORCE = "in_force", "现行有效"
    ABOLISHED = "abolished", "已废止或者有新版"
    NOT_YET = "not_yet", "尚未施行"


def in_state(state: str, on: date) -> QuerySet[Law]:
    """All laws that are in a state on a day."""
    rows = Law.objects.all()
    return {
        LawState.IN_FORCE: rows.in_force,
        LawState.ABOLISHED: rows.abolished,
        LawState.NOT_YET: rows.not_yet,
    }[LawState(state)](on)


def state_of(law: Law, on: date) -> tuple[str, str]:
    """What the tag says, and its tone."""
    if law.effective_on > on:
        return LawState.NOT_YET.label, "todo"
    if law.holds(on):
        return LawState.IN_FORCE.label, "done"
    newer = law.replaced_by is not None and law.replaced_by.key == law.key
    return ("已有新版", "paused") if newer else ("已废止", "stop")


def narrow(rows: QuerySet[Law], on: date, *, words: str = "", level: str = "", state: str = "") -> QuerySet[Law]:
    """Only those whose title holds the words, of this level, in this state on the day; empty asks for nothing."""
    if words:
        # A short title finds its law too; the key forgives 《》 and 中华人民共和国.
        key = title_key(words)
        named = Q(pk__in=Law.objects.filter(found_under__name__contains=key).values("pk")) if key else Q()
        rows = rows.filter(Q(title__icontains=words) | named)
    if level:
        rows = rows.filter(level=level)
    if state:
        rows = rows.filter(pk__in=in_state(state, on).values("pk"))
    return rows


@dataclass(frozen=True)
class Page:
    """Some laws, newest day of effect first; ``before`` and ``after`` are the places to ask on from, or empty."""

    laws: list[Law]
    before: str = ""
    after: str = ""


def page_of(rows: QuerySet[Law], size: int, *, after: str = "", before: str = "") -> Page:
    """The page that follows a place, or ends before one."""
    if place := _place(before):
        day, key = place
        ahead = rows.filter(Q(effective_on__gt=day) | Q(effective_on=day, pk__gt=key))
        found = list(ahead.order_by("effective_on", "pk")[: size + 1])
        return _page(found[:size][::-1], newer=len(found) > size, older=True)
    place = _place(after)
    if place:
        day, key = place
        rows = rows.filter(Q(effective_on__lt=day) | Q(effective_on=day, pk__lt=key))
    found = list(rows.order_by("-effective_on", "-pk")[: size + 1])
    return _page(found[:size], newer=place is not None, older=len(found) > size)


def _page(laws: list[Law], *, newer: bool, older: bool) -> Page:
    places = [f"{law.effective_on}_{law.pk}" for law in laws]
    return Page(laws, places[0] if newer and places else "", places[-1] if older and places else "")


def _place(text: str) -> tuple[date, int] | None:
    """A place in the list, ``2020-07-01_12``. A damaged one begins at the start."""
    day, _, key = text.partition("_")
    try:
        found = parse_date(day)
        return (found, int(key)) if found and key.isascii() and len(key) < 19 else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Wordings:
    """One article: as it reads on a day, if it does, and every wording it ever had or will have, oldest first."""

    now: Article | None
    all: list[Article]

    @property
    def others(self) -> list[Article]:
        return [row for row in self.all if row is not self.now]


def wordings(law: Law, on: date) -> list[Wordings]:
    """The articles of a law in order."""
    found: dict[tuple[int, int], list[Article]] = {}
    for row in law.articles.order_by("order", "number", "sub", "valid_from"):
        found.setdefault((row.number, row.sub), []).append(row)
    return [Wordings(next((row for row in rows if row.holds(on)), None), rows) for rows in found.values()]
