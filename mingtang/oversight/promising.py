"""Promises as duties: opened with the item or the utility, following it, measured when a quarter is over. Nobody lays
one down by hand, and nobody fills one."""

from datetime import date

from mingtang.events.log import SYSTEM, record_all
from mingtang.oversight.actions import CLOSED, FOLLOWED, MEASURED, OPENED, facts
from mingtang.oversight.enums import Source, Trigger
from mingtang.oversight.models import Duty, Slot
from mingtang.oversight.promises import Measured, of_items, of_tenants, promised, sentence
from mingtang.rulebook.models import ItemFacts
from mingtang.towns.models import Jurisdiction

BASIS = {"item": "办事指南公布的承诺时限", "tenant": "公用单位公布的答复时限"}
LONGEST_NAME = 100


def follow(town: Jurisdiction, today: date) -> int:
    """A duty for each promise that is made now; name and owner go with it, and it ends with its item or utility. Inside
    the round. How many were opened."""
    held = {_key(row): row for row in _duties(town)}
    new, changed = [], []
    for one in promised(town):
        if one.owner is None:
            continue  # a unit without a post: the register shows it all the same
        name = f"{one.name[:LONGEST_NAME]}：按承诺时限"
        row = held.pop(one.key, None)
        if row is None:
            kind, key = one.key
            about = {f"{kind}_id": key, "code": f"promise-{kind}-{key}", "basis": BASIS[kind]}
            row = Duty(
                town=town, name=name, source=Source.PROMISE, owner=one.owner, trigger=Trigger.QUARTER, opened_on=today,
                **about,
            )  # fmt: skip
            new.append(row)
        elif row.closed_on or (row.name, row.owner_id) != (name, one.owner.pk):
            row.name, row.owner, row.closed_on = name, one.owner, None
            changed.append(row)
    standing = set(ItemFacts.objects.filter(town=town).values_list("item_id", flat=True))
    gone = [row for row in held.values() if row.closed_on is None and row.item_id not in standing]
    for row in gone:
        row.closed_on = today
    Duty.objects.bulk_create(new, batch_size=500)
    Duty.objects.bulk_update([*changed, *gone], ["name", "owner", "closed_on"], batch_size=200)
    rows = [(OPENED, row) for row in new] + [(FOLLOWED, row) for row in changed] + [(CLOSED, row) for row in gone]
    record_all(town=town, by=SYSTEM, rows=[(type, row.subject, facts(row)) for type, row in rows])
    return len(new)


def _duties(town: Jurisdiction) -> list[Duty]:
    rows = Duty.objects.filter(town=town, source=Source.PROMISE).select_related("owner", "item", "tenant__unit")
    return [row for row in rows if row.measured]


def _key(row: Duty) -> tuple[str, int]:
    return ("item", row.item_id) if row.item_id else ("tenant", row.tenant_id)


def measure(town: Jurisdiction, today: date) -> int:
    """Fill the slots of quarters that are over; one without a promise that fell due says so. How many."""
    slots = Slot.objects.filter(town=town, due_on__lt=today, duty__source=Source.PROMISE).waiting()
    waiting = [slot for slot in slots.select_related("duty") if slot.duty.measured]
    spans: dict[tuple[date, date], dict[tuple[str, int], Measured]] = {}
    rows = []
    for slot in waiting:
        span = slot.first_on, slot.due_on
        if span not in spans:
            spans[span] = {("item", key): one for key, one in of_items(town, *span).items()}
            spans[span] |= {("tenant", key): one for key, one in of_tenants(town, *span).items()}
        found = spans[span].get(_key(slot.duty), Measured())
        told = {"kept": found.kept, "broken": len(found.broken), "longest": found.longest}
        if found.kept or found.broken:
            slot.proved_on, slot.statement, slot.broken = slot.due_on, sentence(**told), len(found.broken)
        else:
            slot.excused_on, slot.excuse = today, sentence(**told)
        rows.append((MEASURED, slot.duty.subject, {"period": slot.period, "due": slot.due_on.isoformat(), **told}))
    fields = ["proved_on", "statement", "broken", "excused_on", "excuse"]
    Slot.objects.bulk_update(waiting, fields, batch_size=200)
    record_all(town=town, by=SYSTEM, rows=rows)
    return len(waiting)
