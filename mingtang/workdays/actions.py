"""Acts on the calendar. Each is one transaction with its event."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from mingtang.events import types
from mingtang.events.log import Actor, record
from mingtang.lib.errors import Refused
from mingtang.lib.text import collapse
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.calendar import FIRST_YEAR, LAST_YEAR, DayMark
from mingtang.workdays.models import CalendarDay, CalendarStamp, CalendarYear
from mingtang.workdays.seed import SEED_YEARS, SOURCE, seed_marks

DAY_SET = types.define("calendar.day_set", "调整工作日历", public=True)
YEAR_LOADED = types.define("calendar.loaded", "载入工作日历", public=True)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load changed: days written, years confirmed by it, years it has days of but does not complete."""

    days: int
    confirmed: tuple[int, ...]
    incomplete: tuple[int, ...]


def set_day(
    *,
    town: Jurisdiction,
    by: Actor,
    day: date,
    is_workday: bool,
    reason: str,
    source: str,
    national: bool = False,
) -> CalendarDay:
    """Say what one day is, for ``town`` alone or (``national``) for every town; the event stands in ``town``'s log.

    A town's own rule comes from its superior government's notice, so ``reason`` and ``source`` must be named.
    """
    reason, source = collapse(reason), collapse(source)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(f"日期应在{FIRST_YEAR}年至{LAST_YEAR}年之间，请核对。", "day")
    if not reason or len(reason) > 60:
        raise Refused("请写明调整的缘由，不超过60个字，例如“国庆节”或“调休上班”。", "reason")
    if not source or len(source) > 200:
        raise Refused("请写明依据的通知名称和文号，不超过200个字。", "source")
    with act():
        scope = None if national else town
        row, _ = CalendarDay.objects.update_or_create(
            town=scope, date=day, defaults={"is_workday": is_workday, "reason": reason, "source": source}
        )
        _stamp()
        record(
            town=town,
            type=DAY_SET,
            subject=f"calendar:{day.isoformat()}",
            by=by,
            reason=reason,
            data={"is_workday": is_workday, "national": national},
        )
    return row


def load_days(
    *,
    town: Jurisdiction,
    by: Actor,
    marks: Mapping[date, DayMark],
    complete: Collection[int],
    source: str,
    plain: Collection[date] = (),
) -> Loaded:
    """Write national days and confirm the ``complete`` years; loading the same again changes and records nothing.

    ``plain`` are days the source says follow the week: rows that say otherwise go. Days it does not name stay: the
    notice of one year also rules the last days of the year before.
    """
    with act():
        present = {row.date: row for row in CalendarDay.objects.filter(town__isnull=True)}
        gone = [present[day].pk for day in plain if day in present]
        changed = {
            day: mark
            for day, mark in marks.items()
            if day not in present or DayMark(present[day].is_workday, present[day].reason) != mark
        }
        fresh = sorted(set(complete) - set(_confirmed()))
        if gone or changed or fresh:
            CalendarDay.objects.filter(pk__in=gone + [present[day].pk for day in changed if day in present]).delete()
            CalendarDay.objects.bulk_create(
                CalendarDay(date=day, is_workday=mark.is_workday, reason=mark.reason[:60], source=source[:200])
                for day, mark in sorted(changed.items())
            )
            for year in fresh:
                CalendarYear.objects.update_or_create(year=year, defaults={"confirmed": True, "source": source[:200]})
            _stamp()
            years = sorted({day.year for day in (*marks, *plain)} | set(complete))
            record(
                town=town,
                type=YEAR_LOADED,
                subject=f"calendar:{years[0]}-{years[-1]}",
                by=by,
                data={"days": len(changed), "removed": len(gone), "confirmed": fresh},
            )
    incomplete = sorted({day.year for day in (*marks, *plain)} - set(_confirmed()))
    return Loaded(len(changed) + len(gone), tuple(fresh), tuple(incomplete))


def _stamp() -> None:
    CalendarStamp.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(16)})


def _confirmed() -> list[int]:
    return list(CalendarYear.objects.filter(confirmed=True).values_list("year", flat=True))


def unconfirm_year(*, town: Jurisdiction, by: Actor, year: int, reason: str) -> None:
    """Take a confirmation back: deadlines that reach the year become provisional again; its days stay."""
    if not collapse(reason):
        raise Refused("请写明撤回确认的理由。", "reason")
    with act():
        found = CalendarYear.objects.filter(year=year, confirmed=True).first()
        if found is None:
            raise Refused(f"{year}年的工作日历本来就没有确认。", "year")
        found.confirmed = False
        found.save(update_fields=["confirmed"])
        _stamp()
        record(
            town=town,
            type=DAY_SET,
            subject=f"calendar:{year}",
            by=by,
            reason=collapse(reason)[:200],
            data={"confirmed": False},
        )


def seed(*, town: Jurisdiction, by: Actor) -> Loaded:
    """Fill an empty calendar with 2004 to 2026. A calendar that already holds a year of these is left alone."""
    if CalendarYear.objects.filter(year__in=SEED_YEARS).exists():
        return Loaded(0, (), ())
    return load_days(town=town, by=by, marks=seed_marks(), complete=SEED_YEARS, source=SOURCE)
