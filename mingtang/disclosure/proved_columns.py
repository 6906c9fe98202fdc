"""What `mingtang verify` compares of the catalogue: each column with its last event, where each document stands."""

from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from mingtang.disclosure import columns, filing
from mingtang.disclosure.models import Column, Filing, FilingRule
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.towns.models import Jurisdiction

COLUMN, FILING, RULE = "disclosure_column", "disclosure_filing", "disclosure_filingrule"
_CHANGES = (columns.OPENED, columns.ASSIGNED, columns.REDATED, columns.EMPTY, columns.CLOSED)


def check_columns(town: Jurisdiction) -> Iterator[Finding]:
    """Owner, due date, end and the sentence why it is empty are those the events left, and no column is missing."""
    last: dict[str, Event] = {}
    empty: dict[str, Event] = {}
    for event in Event.objects.filter(town=town, type__in=_CHANGES).order_by("pk"):
        last[event.subject] = event
        if event.type == columns.EMPTY:
            empty[event.subject] = event
    for row in Column.objects.filter(town=town).select_related("owner").order_by("pk"):
        check = partial(_differ, row, last.pop(row.subject, None), empty.get(row.subject))
        yield from readable(COLUMN, row.pk, check)
    for subject in last:
        yield Finding(COLUMN, subject, "日志里有这个栏目，表里没有")


def _differ(row: Column, event: Event | None, empty: Event | None) -> Iterator[Finding]:
    now = columns.facts(row)
    if event is None or any(event.data[name] != value for name, value in now.items()):
        yield Finding(COLUMN, row.pk, f"栏目 {row.code} 的责任岗位、时限或者停用日期和事件里记的不一样")
    expected = (empty.reason, timezone.localdate(empty.recorded_at)) if empty else ("", None)
    if (row.nothing, row.nothing_on) != expected:
        yield Finding(COLUMN, row.pk, f"栏目 {row.code} 为什么是空的，和事件里说的不一样")


def check_filings(town: Jurisdiction) -> Iterator[Finding]:
    """Each document stands in the columns that its last filing names, and in no other."""
    held: dict[str, list[str]] = {}
    rows = Filing.objects.filter(document__town=town).order_by("column__code")
    for number, code in rows.values_list("document__index_number", "column__code"):
        held.setdefault(f"document:{number}", []).append(code)
    last: dict[str, list[str]] = {}
    for subject, data in (
        Event.objects.filter(town=town, type=columns.FILED).order_by("pk").values_list("subject", "data")
    ):
        last[subject] = data["columns"]
    for subject in sorted({*held, *last}):
        if held.get(subject, []) != last.get(subject, []):
            yield Finding(FILING, subject, "归入的栏目和事件里记的不一样")


def check_rules(town: Jurisdiction) -> Iterator[Finding]:
    """The rules are those that events made and none ended, word for word."""
    last: dict[str, dict[str, str]] = {}
    events = Event.objects.filter(town=town, type__in=(filing.RULED, filing.UNRULED)).order_by("pk")
    for type, subject, data in events.values_list("type", "subject", "data"):
        if type == filing.RULED:
            last[subject] = data
        else:
            last.pop(subject, None)
    for row in FilingRule.objects.filter(town=town).select_related("column").order_by("pk"):
        said = last.pop(row.subject, {})
        if any(said.get(name) != value for name, value in filing.facts(row).items()):
            yield Finding(RULE, row.pk, "归栏规则和事件里记的不一样")
    for subject in last:
        yield Finding(RULE, subject, "日志里有这条归栏规则，表里没有")


told("公开栏目", check_columns)
told("归栏", check_filings)
told("归栏规则", check_rules)
