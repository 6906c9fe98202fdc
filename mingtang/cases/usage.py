"""How much items and letters of delegation are used: counts of decided cases, sealed kinds too, no person in them."""

from datetime import date, datetime

from django.db.models import Count, Max
from django.utils import timezone

from mingtang.cases.models import Case
from mingtang.towns.models import Jurisdiction


def last_decided(town: Jurisdiction) -> dict[int, date]:
    """Item key → the town's date of its last decision."""
    rows = Case.objects.filter(town=town, decided_at__isnull=False).values_list("item_id").annotate(Max("decided_at"))
    return {item: timezone.localdate(moment) for item, moment in rows}


def decisions_by_post(town: Jurisdiction, *, since: datetime, until: datetime) -> dict[int, int]:
    """Post key → how many cases were decided in [since, until) under a letter given to that post."""
    rows = Case.objects.filter(town=town, decided_at__gte=since, decided_at__lt=until)
    return dict(rows.values_list("delegation__post_id").annotate(Count("pk")))
