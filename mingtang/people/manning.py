"""Who is there for the posts of a town: those who hold them and, while A is away, B; but for those who are absent.

The one answer of the hall's pages, the roster and the to-do list.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils import timezone

from mingtang.people.models import Absence, Assignment, RosterRow, Staff
from mingtang.towns.models import Jurisdiction

Span = tuple[datetime, datetime]


class Manning:
    """The appointments and the roster as they are at ``at``, and every absence of that day and later; read once."""

    def __init__(self, town: Jurisdiction, at: datetime) -> None:
        held = Assignment.objects.current(at).filter(post__town=town, staff__is_active=True)
        self.holders: dict[str, list[Staff]] = defaultdict(list)
        for row in held.select_related("staff", "post").order_by("valid_from", "pk"):
            self.holders[row.post.code].append(row.staff)
        rows = RosterRow.objects.filter(town=town).current(at)
        rows = rows.select_related("lead", "substitute", "substitute_post__unit", "post__unit")
        self.rows = {row.post.code: row for row in rows}
        self.away: dict[int, list[Span]] = defaultdict(list)
        day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        for gone in Absence.objects.filter(town=town, cancelled_at__isnull=True, ends_at__gt=day).order_by("starts_at"):
            self.away[gone.staff_id].append((gone.starts_at, gone.ends_at))

    def lead(self, code: str) -> Staff | None:
        """A of a post, while they hold it."""
        row = self.rows.get(code)
        return row.lead if row and row.lead in self.holders[code] else None

    def substitutes(self, code: str) -> list[Staff]:
        """Who may stand in for a post while its A is away; nobody once A does not hold it any more."""
        row = self.rows.get(code)
        if row is None or self.lead(code) is None:
            return []
        if row.substitute is not None:
            return [row.substitute] if row.substitute.is_active else []
        return [person for person in self.holders[row.substitute_post.code] if person != row.lead]

    def team(self, code: str) -> set[int]:
        """The keys of all who may act for a post at one time or another."""
        return {person.pk for person in (*self.holders[code], *self.substitutes(code))}

    def gaps(self, codes: Iterable[str], start: datetime, end: datetime) -> list[Span]:
        """When nobody of these posts is there, between two moments."""
        found = [(start, end)]
        for person in set().union(*(self.team(code) for code in codes)):
            found = overlaps(found, self.away[person])
        return found

    def there(self, codes: Iterable[str], at: datetime) -> frozenset[str]:
        """Those of the posts for which somebody is there at a moment."""
        return frozenset(
            code for code in codes if not all(is_away(self.away[person], at) for person in self.team(code))
        )

    def standing_in(self, code: str, at: datetime) -> list[Staff]:
        """Who stands in for a post at a moment; nobody while its A is there."""
        lead = self.lead(code)
        if lead is None or not is_away(self.away[lead.pk], at):
            return []
        return [person for person in self.substitutes(code) if not is_away(self.away[person.pk], at)]


def is_away(spans: Collection[Span], at: datetime) -> bool:
    return any(begin <= at < end for begin, end in spans)


def overlaps(one: Collection[Span], other: Collection[Span]) -> list[Span]:
    """What two lists of spans have in common."""
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return sorted((begin, end) for begin, end in pairs if begin < end)


def without(span: Span, gaps: Collection[Span]) -> list[Span]:
    """What of a span is left outside sorted gaps."""
    found, begin = [], span[0]
    for start, end in gaps:
        if start > begin:
            found.append((begin, start))
        begin = max(begin, end)
    return [*found, (begin, span[1])] if begin < span[1] else found
