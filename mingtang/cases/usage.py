"""How items, letters of delegation and numbers are used: counts of cases, sealed kinds too, no person in them."""

from datetime import date, datetime

from django.db.models import Count, Max
from django.utils import timezone

from mingtang.cases.enums import Channel
from mingtang.cases.models import Case
from mingtang.hall.doubts import Doubt, DoubtKind, between
from mingtang.towns.models import Jurisdiction


def last_decided(town: Jurisdiction) -> dict[int, date]:
    """Item key → the town's date of its last decision."""
    rows = Case.objects.filter(town=town, decided_at__isnull=False).values_list("item_id").annotate(Max("decided_at"))
    return {item: timezone.localdate(moment) for item, moment in rows}


def decisions_by_post(town: Jurisdiction, *, since: datetime, until: datetime) -> dict[int, int]:
    """Post key → how many cases were decided in [since, until) under a letter given to that post."""
    rows = Case.objects.filter(town=town, decided_at__gte=since, decided_at__lt=until)
    return dict(rows.values_list("delegation__post_id").annotate(Count("pk")))


def unnumbered(town: Jurisdiction, first: date, last: date) -> tuple[int, list[Doubt]]:
    """How many cases windows took in between two days, both included, and those of them for which nobody had a number.

    A case that is followed by code only is told without its number.
    """
    begin, end = between(first, last)
    rows = Case.objects.filter(town=town, channel=Channel.WINDOW, submitted_at__gte=begin, submitted_at__lt=end)
    found = [
        Doubt(
            DoubtKind.UNNUMBERED,
            timezone.localdate(case.submitted_at),
            case.window.site.name if case.window else "",
            "凭码查询的一件" if case.sealed else case.number,
            str(case.window.post) if case.window else "",
        )
        for case in rows.filter(visit__isnull=True).select_related("window__site", "window__post__unit").order_by("-pk")
    ]
    return rows.count(), found
