"""What was promised, until which day, and how many kept it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils import timezone

from mingtang.agents.enums import OrderState
from mingtang.agents.models import Order
from mingtang.agents.states import LIVE, PROMISES, READY, Promise
from mingtang.hall.enums import SiteKind
from mingtang.hall.models import Site
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.calendar import WorkCalendar
from mingtang.workdays.tables import calendar_for


@dataclass(frozen=True)
class Due:
    """What is to be done next, until the end of which day; ``days_late`` calendar days have passed since."""

    promise: Promise
    day: date
    days_late: int


def ready_at(order: Order) -> datetime | None:
    """When the last of its cases was decided or ended; None while one is still worked on, or none was taken in."""
    cases = list(order.cases)
    if not cases or order.contact is None or order.contact.ended_at is None:
        return None
    moments = [case.decided_at or case.ended_at for case in cases]
    return max((moment for moment in moments if moment), default=None) if all(moments) else None


def due(order: Order, calendar: WorkCalendar, today: date) -> Due | None:
    """What the house promised for the order as it stands; None while it waits for a decision, and after its end.

    Working days from the day on which the state began; the window's own limits are those of the case.
    """
    key, since = order.state, order.since
    if order.state == OrderState.HANDED_IN and order.contact is not None and order.contact.ended_at is not None:
        ready = ready_at(order)
        if ready is None:
            return None
        key, since = READY, max(ready, order.since)
    promise = PROMISES.get(key)
    if promise is None:
        return None
    last = calendar.last_day(timezone.localdate(since), promise.days).day
    return Due(promise, last, max(0, (today - last).days))


@dataclass(frozen=True)
class StationCount:
    """The orders of a station in a year: how many came, are under way, were brought to their end, kept every promise.
    ``running_late``: under way, and past what was promised.
    """

    station: Site
    came: int
    running: int
    delivered: int
    in_time: int
    running_late: int


def counts(town: Jurisdiction, year: int) -> list[StationCount]:
    """By station, without a name. Open orders of earlier years count as running."""
    rows = Order.objects.filter(town=town)
    calendar, today = calendar_for(town), timezone.localdate()
    late: dict[int, int] = {}
    for order in rows.filter(state__in=LIVE).select_related("contact"):
        if (found := due(order, calendar, today)) and found.days_late:
            late[order.station_id] = late.get(order.station_id, 0) + 1
    delivered = Q(orders__state=OrderState.DELIVERED, orders__ended_at__year=year)
    stations = Site.objects.filter(town=town, kind=SiteKind.STATION).annotate(
        came=Count("orders", filter=Q(orders__asked_at__year=year)),
        running=Count("orders", filter=Q(orders__state__in=LIVE)),
        delivered=Count("orders", filter=delivered),
        in_time=Count("orders", filter=delivered & Q(orders__late=0)),
    )
    return [
        StationCount(row, row.came, row.running, row.delivered, row.in_time, late.get(row.pk, 0))
        for row in stations.order_by("letter")
    ]
