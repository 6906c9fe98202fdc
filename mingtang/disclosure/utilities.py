"""What each public utility must publish by its trade, what of it stands, and what is missing since when."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.utils import timezone

from mingtang.disclosure.enums import Rhythm
from mingtang.disclosure.kinds import kinds
from mingtang.disclosure.models import Document
from mingtang.towns.models import Jurisdiction
from mingtang.utilities.models import Tenant
from mingtang.workdays.calendar import WorkCalendar
from mingtang.workdays.tables import calendar_for

PACK = Path(__file__).parent / "catalogue" / "utilities.toml"
MONTHS = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF: 6, Rhythm.YEAR: 12}


@dataclass(frozen=True)
class Duty:
    """A utility of one of ``trades`` (empty: of any) publishes documents of a kind, ``days`` working days after it was
    taken in or after the end of the period."""

    kind: str
    title: str
    trades: tuple[str, ...]
    basis: str
    rhythm: str
    days: int


@dataclass(frozen=True)
class Standing:
    """A duty of one utility and the newest public document that fulfils it. ``due``: by when the next one was due, past
    or to come; None where what stands is enough until it changes."""

    tenant: Tenant
    duty: Duty
    document: Document | None
    due: date | None

    @property
    def days_late(self) -> int:
        """How many calendar days ago it was due; 0 or less while there is time."""
        return (timezone.localdate() - self.due).days if self.due else 0

    @property
    def state(self) -> str:
        """``filled``, ``waiting`` (nothing yet, there is time), ``late`` (what stands is of a past period) or
        ``empty``."""
        if self.days_late > 0:
            return "late" if self.document else "empty"
        return "filled" if self.document else "waiting"


@cache
def duties() -> tuple[Duty, ...]:
    """The pack. Raises ``ValueError`` for a kind or rhythm that does not exist."""
    rows = tomllib.loads(PACK.read_text(encoding="utf-8"))["duty"]
    found = tuple(Duty(**{**row, "trades": tuple(row["trades"])}) for row in rows)
    for duty in found:
        if duty.kind not in kinds() or duty.rhythm not in Rhythm.values:
            raise ValueError(f"{PACK.name}: {duty.kind} {duty.rhythm}")
    return found


def duties_of(trade: str) -> list[Duty]:
    return [duty for duty in duties() if not duty.trades or trade in duty.trades]


def of_town(town: Jurisdiction) -> list[tuple[Tenant, list[Standing]]]:
    """Every utility with each of its duties, in the order of the pack. Two queries, whatever stands."""
    tenants = Tenant.objects.filter(town=town, unit__dissolved_on__isnull=True).select_related("unit", "owner__unit")
    return _standings(town, list(tenants))


def of_tenant(tenant: Tenant) -> list[Standing]:
    return _standings(tenant.town, [tenant])[0][1]


def _standings(town: Jurisdiction, tenants: list[Tenant]) -> list[tuple[Tenant, list[Standing]]]:
    wanted = {duty.kind for tenant in tenants for duty in duties_of(tenant.unit.trade)}
    rows = Document.objects.filter(town=town, unit__in=[one.unit_id for one in tenants], kind__in=wanted).published()
    rows = rows.select_related("current__revision").defer(
        "current__revision__body_html", "current__revision__body_text"
    )
    newest: dict[tuple[int, str], Document] = {}
    for row in rows.order_by("listed_at", "pk"):
        newest[row.unit_id, row.kind] = row
    calendar = calendar_for(town)
    found = []
    for tenant in tenants:
        held = [(duty, newest.get((tenant.unit_id, duty.kind))) for duty in duties_of(tenant.unit.trade)]
        found.append((tenant, [Standing(tenant, duty, row, _due(tenant, duty, row, calendar)) for duty, row in held]))
    return found


def _due(tenant: Tenant, duty: Duty, document: Document | None, calendar: WorkCalendar) -> date | None:
    """The last day for the next document: counted from the day the utility was taken in while there is none, then from
    the end of the period in which the newest one was published."""
    if document is None:
        return calendar.add_working_days(tenant.since, duty.days)
    if duty.rhythm == Rhythm.EVENT or document.listed_at is None:
        return None
    day = timezone.localtime(document.listed_at).date()
    return calendar.add_working_days(_period_end(day, MONTHS[Rhythm(duty.rhythm)]), duty.days)


def _period_end(day: date, months: int) -> date:
    """The last day of the period of so many months of the year in which the day lies."""
    after = (day.month - 1) // months * months + months
    return date(day.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
