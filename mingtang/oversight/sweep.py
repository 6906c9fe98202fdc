"""The round that opens duties and slots and finds what fills them. It may run at any time and as often as one likes:
it looks at what is missing, so that a day without a server is made good, and a second run changes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone

from mingtang.disclosure.columns import REDATED
from mingtang.disclosure.derived.reading import shown_in
from mingtang.disclosure.due import last_day
from mingtang.disclosure.enums import EditionState, Provenance, Scope
from mingtang.disclosure.models import Column, Document, Filing
from mingtang.events.log import SYSTEM, record_all
from mingtang.events.models import Event
from mingtang.lib.tx import act
from mingtang.oversight import digest, month
from mingtang.oversight.actions import CLOSED, OPENED, SETTLED, SLOT_OPENED, prove, set_excuse, tell, tell_slot
from mingtang.oversight.enums import Source, Trigger
from mingtang.oversight.lawful import follow_articles
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.periods import MONTHS, Paper, Rule, Waiting, due, owed, pair, period_of
from mingtang.oversight.promising import follow, measure
from mingtang.oversight.watching import watch
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.calendar import WorkCalendar
from mingtang.workdays.tables import calendar_for

MOVED_AWAY = "这份信息不再归在这个栏目。"
NOT_OWED = "这份信息依法不主动公开。"


@dataclass
class Swept:
    """What a round did."""

    duties: int = 0
    slots: int = 0
    proved: int = 0
    excused: int = 0


def sweep_all() -> None:
    """A round in every town."""
    for town in Jurisdiction.objects.all():
        sweep(town=town)


def sweep(*, town: Jurisdiction) -> Swept:
    """One round: duties of the columns, new slots, what proves them, what was said of empty columns."""
    today, calendar = timezone.localdate(), calendar_for(town)
    with act():
        # Two processes that sweep at once would both open the same slot.
        Jurisdiction.objects.select_for_update().get(pk=town.pk)
        done = Swept(duties=_follow_columns(town, today) + follow(town, today))
        follow_articles(town, today)
        duties = list(
            Duty.objects.filter(town=town, closed_on__isnull=True).select_related("town", "owner", "column__owner")
        )
        done.slots = _open_periods(town, duties, today, calendar) + _open_documents(town, duties, today, calendar)
        _settle(town, calendar)
        done.proved = _prove_documents(town) + _prove_periods(duties) + _prove_lists(town, duties)
        done.excused = _excuse(town)
        opened, filled = watch(town, today)
        done.slots, done.proved = done.slots + opened, done.proved + filled + measure(town, today)
    return done


def _follow_columns(town: Jurisdiction, today: date) -> int:
    """A column that is a duty has one here from its first day; it ends with the column."""
    columns = Column.objects.filter(town=town).exclude(rhythm="").select_related("owner")
    new = columns.filter(closed_on__isnull=True).exclude(duties__source=Source.COLUMN)
    for column in new:
        duty = Duty.objects.create(
            town=town,
            code=f"column-{column.code}",
            name=column.name,
            source=Source.COLUMN,
            column=column,
            opened_on=column.opened_on,
        )
        tell(duty, OPENED, SYSTEM)
    ended = Duty.objects.filter(town=town, source=Source.COLUMN, closed_on__isnull=True)
    for duty in ended.filter(column__closed_on__isnull=False).select_related("town", "owner", "column", "offered_to"):
        duty.closed_on, duty.offered_to, duty.offered_why = duty.column.closed_on, None, ""
        duty.save(update_fields=["closed_on", "offered_to", "offered_why"])
        tell(duty, CLOSED, SYSTEM)
    return len(new)


def _binding_since(town: Jurisdiction, duties: Iterable[Duty]) -> dict[int, date]:
    """From which day each duty's rule holds: the day it was opened, or the column was dated anew. A period that ended
    before is not owed by the new rhythm."""
    redated = dict(
        Event.objects.filter(town=town, type=REDATED).values_list("subject").annotate(last=Max("recorded_at"))
    )
    since = {}
    for duty in duties:
        moved = redated.get(duty.column.subject) if duty.of_column else None
        since[duty.pk] = max(duty.opened_on, timezone.localdate(moved)) if moved else duty.opened_on
    return since


def _open_periods(town: Jurisdiction, duties: list[Duty], today: date, calendar: WorkCalendar) -> int:
    held: dict[int, set[str]] = defaultdict(set)
    rows = Slot.objects.filter(duty__in=duties, about__isnull=True).values_list("duty_id", "period")
    for duty_id, period in rows:
        held[duty_id].add(period)
    since = _binding_since(town, duties)
    new = [
        (duty, Slot(town=town, duty=duty, period=period.key, first_on=max(period.first, duty.opened_on),
                    first_due_on=last, due_on=last, provisional=provisional))
        for duty in duties
        for period, last, provisional in owed(duty.rule, since[duty.pk], today, calendar)
        if period.key not in held[duty.pk]
    ]  # fmt: skip
    return _create(town, new)


def _open_documents(town: Jurisdiction, duties: list[Duty], today: date, calendar: WorkCalendar) -> int:
    """A slot for each of the town's own documents in a column that is filled as things happen, from the day the
    document came into being."""
    by_column = {duty.column_id: duty for duty in duties if duty.rule.trigger == Trigger.EVENT}
    known = Slot.objects.filter(duty__column=OuterRef("column"), about=OuterRef("document"))
    filings = Filing.objects.filter(
        column__in=by_column,
        document__provenance=Provenance.OWN,
        document__scope=Scope.ALL,
        document__generated_on__gte=F("column__opened_on"),
        document__generated_on__lte=today,
    )
    new = []
    for filing in filings.exclude(Exists(known)).select_related("document", "column"):
        document, duty = filing.document, by_column[filing.column_id]
        last, provisional = _document_due(document, duty.rule, calendar)
        slot = Slot(
            town=town, duty=duty, about=document, period=f"d{document.pk}", first_on=document.generated_on,
            first_due_on=last, due_on=last, provisional=provisional,
        )  # fmt: skip
        new.append((duty, slot))
    return _create(town, new)


def _document_due(document: Document, rule: Rule, calendar: WorkCalendar) -> tuple[date, bool]:
    """The column's days, or the last day the law and the document's kind give it, where that is sooner."""
    since = document.generated_on
    last = min(calendar.last_day(since, rule.days).day, last_day(document, calendar))
    return last, calendar.reaches_unconfirmed(since, last)


def _create(town: Jurisdiction, new: list[tuple[Duty, Slot]]) -> int:
    Slot.objects.bulk_create([slot for _, slot in new], batch_size=500)
    rows = [(SLOT_OPENED, duty.subject, {"period": slot.period, "due": slot.due_on.isoformat()}) for duty, slot in new]
    return len(record_all(town=town, by=SYSTEM, rows=rows))


def _settle(town: Jurisdiction, calendar: WorkCalendar) -> None:
    """Once a year's calendar is confirmed, what was counted through it is counted again."""
    rows = Slot.objects.filter(town=town, provisional=True).waiting()
    for slot in rows.select_related("duty__town", "duty__owner", "duty__column__owner", "about"):
        rule = slot.duty.rule
        if slot.about is not None:
            last, provisional = _document_due(slot.about, rule, calendar)
        elif rule.trigger not in MONTHS:
            continue
        else:
            period = period_of(rule.trigger, slot.first_on)
            if period.key != slot.period:
                continue  # of an earlier rhythm: it stays as it was
            last, provisional = due(rule, period, calendar)
        if not provisional:
            slot.first_due_on = slot.due_on = last
            slot.provisional = False
            slot.save(update_fields=["first_due_on", "due_on", "provisional"])
            tell_slot(slot, SETTLED, SYSTEM)


def _prove_documents(town: Jurisdiction) -> int:
    slots = Slot.objects.filter(
        town=town, proved_on__isnull=True, about__current__state=EditionState.PUBLISHED
    ).select_related("duty__town", "about")
    for slot in slots:
        prove(slot=slot, document=slot.about, on=timezone.localdate(slot.about.published_at), by=SYSTEM)
    return len(slots)


def _prove_periods(duties: list[Duty]) -> int:
    """Documents that were published in a duty's column, or of its kind, and that fill no slot of it yet."""
    done = 0
    periodic = {
        duty.pk: duty
        for duty in duties
        if duty.rule.trigger not in (Trigger.EVENT, Trigger.CONTINUOUS) and (duty.column_id or duty.kind)
    }
    waiting: dict[int, list[Slot]] = defaultdict(list)
    for slot in Slot.objects.filter(duty__in=periodic, proved_on__isnull=True).select_related("duty__town"):
        waiting[slot.duty_id].append(slot)
    for key, slots in waiting.items():
        duty = periodic[key]
        found = _papers(duty)
        by_key = {slot.pk: slot for slot in slots}
        waits = [Waiting(slot.pk, slot.period, slot.first_on, slot.excused_on is not None) for slot in slots]
        papers = [Paper(row.pk, _naming(row), timezone.localdate(row.published_at)) for row in found.values()]
        for slot_key, paper in pair(duty.rule.trigger, waits, papers):
            prove(slot=by_key[slot_key], document=found[paper.document], on=paper.on, by=SYSTEM)
            done += 1
    return done


def _naming(row: Document) -> str:
    """What names the period a document is for: its title; of a digest the month it states, whatever it is called."""
    stated = row.current.revision.facts.get("fields", {}).get("month", "") if row.kind == digest.KIND else ""
    first = month.begun(stated)
    return month.label(first) if first else row.current.revision.title


def _prove_lists(town: Jurisdiction, duties: list[Duty]) -> int:
    """A list from records that is shown in a column fills the period in which its own ended, unless a document does."""
    lists, done = shown_in(town), 0
    periodic = [duty for duty in duties if duty.of_column and duty.rule.trigger != Trigger.EVENT]
    filled = {duty.pk: duty for duty in periodic if duty.column.code in lists}
    waiting = Slot.objects.filter(duty__in=filled, proved_on__isnull=True).select_related("duty__town")
    for slot in waiting.order_by("first_on"):
        duty = filled[slot.duty_id]
        found = [
            row
            for row in lists[duty.column.code]
            if period_of(duty.rule.trigger, row.to_on).key == slot.period
        ]  # fmt: skip
        if found:
            first = min(found, key=lambda row: (row.shown_at, row.pk))
            prove(slot=slot, listed=first, on=timezone.localdate(first.shown_at), by=SYSTEM)
            done += 1
    return done


def _papers(duty: Duty) -> dict[int, Document]:
    rows = Document.objects.filter(town=duty.town_id).published()
    rows = rows.filter(filings__column=duty.column_id) if duty.column_id else rows.filter(kind=duty.kind)
    # Midnight in the town lies within a day of midnight anywhere; the date is looked at again below.
    rows = rows.filter(published_at__date__gte=duty.opened_on - timedelta(days=1))
    rows = rows.exclude(pk__in=duty.slots.filter(proof__isnull=False).values("proof"))
    found = rows.select_related("current__revision").defer(
        "current__revision__body_html", "current__revision__body_text", "current__revision__facts"
    )
    return {row.pk: row for row in found if timezone.localdate(row.published_at) >= duty.opened_on}


def _excuse(town: Jurisdiction) -> int:
    """What was said of an empty column holds for its periods; a document that no longer belongs there is not owed."""
    rows = Slot.objects.filter(town=town).waiting().select_related("duty__town", "duty__column", "about")
    public = Document.objects.filter(filings__column=OuterRef("duty__column")).published()
    told = rows.filter(about__isnull=True, duty__source=Source.COLUMN).exclude(duty__column__nothing="")
    told = told.exclude(Exists(public)).exclude(duty__column__code__in=shown_in(town))
    filed = Filing.objects.filter(column=OuterRef("duty__column"), document=OuterRef("about"))
    gone = rows.filter(about__isnull=False).annotate(filed=Exists(filed))
    done = 0
    for slot in told:
        set_excuse(slot=slot, reason=slot.duty.column.nothing, by=SYSTEM)
        done += 1
    for slot in gone.filter(Q(filed=False) | ~Q(about__scope=Scope.ALL)):
        set_excuse(slot=slot, reason=NOT_OWED if slot.filed else MOVED_AWAY, by=SYSTEM)
        done += 1
    return done
