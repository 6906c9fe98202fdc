"""What `mingtang verify` compares of this room: tenants and notices of interruption with their last events."""

from collections.abc import Iterator

from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, told
from mingtang.towns.models import Jurisdiction
from mingtang.utilities import interruptions
from mingtang.utilities.models import Interruption, Tenant
from mingtang.utilities.tenants import ADMITTED, HANDED, facts

TENANT, INTERRUPTION = "utilities_tenant", "utilities_interruption"


def check_tenants(town: Jurisdiction) -> Iterator[Finding]:
    """Who answers since when is what the log says, and no tenant is missing."""
    last: dict[str, Event] = {}
    for event in Event.objects.filter(town=town, type__in=(ADMITTED, HANDED)).order_by("pk"):
        last[event.subject] = event
    for row in Tenant.objects.filter(town=town).select_related("unit", "owner").order_by("pk"):
        found = last.pop(row.subject, None)
        if found is None or found.data != facts(row):
            yield Finding(TENANT, row.pk, f"公用单位 {row} 和事件里记的不一样")
    for subject in last:
        yield Finding(TENANT, subject, "日志里有这个公用单位，表里没有")


def check_interruptions(town: Jurisdiction) -> Iterator[Finding]:
    """Every notice says what its last event left, and none is missing."""
    last: dict[str, Event] = {}
    for event in Event.objects.filter(town=town, type__in=interruptions.EVENTS.values()).order_by("pk"):
        last[event.subject] = event
    rows = Interruption.objects.filter(town=town).select_related("unit", "checked_by").prefetch_related("villages")
    for row in rows.order_by("pk"):
        found = last.pop(row.subject, None)
        # Events of earlier releases name no villages, nor do their notices.
        if found is None or not interruptions.facts(row).items() <= ({"villages": []} | found.data).items():
            yield Finding(INTERRUPTION, row.pk, f"停供通知 {row} 和事件里记的不一样")
    for subject in last:
        yield Finding(INTERRUPTION, subject, "日志里有这份停供通知，表里没有")


told("公用单位", check_tenants)
told("停供通知", check_interruptions)
