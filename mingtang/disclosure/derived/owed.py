"""Which lists are owed: a list once begun goes on period by period, due some working days after each."""

from dataclasses import dataclass
from datetime import date

from mingtang.disclosure.derived.compose import Period, period_of
from mingtang.disclosure.derived.template import Template, templates
from mingtang.disclosure.enums import ListState as S
from mingtang.disclosure.models import DerivedList
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.tables import calendar_for


@dataclass(frozen=True)
class Owed:
    """Nobody has made it yet. ``due_on`` is the last working day for it."""

    template: Template
    village: str
    period: Period
    due_on: date


def owed(town: Jurisdiction, today: date) -> list[Owed]:
    """The lists of the last whole period that are missing, those due first on top. One query and the calendar."""
    held: dict[tuple[str, str], set[tuple[date, date]]] = {}
    rows = DerivedList.objects.filter(town=town).exclude(state=S.DROPPED)
    for code, village, first, last in rows.values_list("template", "village", "from_on", "to_on"):
        held.setdefault((code, village), set()).add((first, last))
    found = []
    for (code, village), spans in held.items():
        if code not in templates():
            continue
        template = templates()[code]
        running = period_of(template, today, today)
        last = period_of(template, date.fromordinal(running.first.toordinal() - 1), today)
        begun = min(first for first, _ in spans) <= last.first
        if begun and (last.first, last.last) not in spans:
            due = calendar_for(town).last_day(last.last, template.due_days).day
            found.append(Owed(template, village, last, due))
    return sorted(found, key=lambda one: (one.due_on, one.template.code, one.village))
