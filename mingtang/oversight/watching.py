"""What must be there on every day (持续公开): while something stands nothing is owed; from the day it is empty a slot
is open until it is filled again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from mingtang.disclosure import columns, guide
from mingtang.disclosure.derived.reading import newest_in
from mingtang.disclosure.due import last_day
from mingtang.disclosure.enums import EditionState, Provenance
from mingtang.disclosure.models import Column, DerivedList, Document, Edition, Withholding
from mingtang.events.log import SYSTEM
from mingtang.oversight.actions import SLOT_OPENED, prove, tell_slot
from mingtang.oversight.enums import Trigger
from mingtang.oversight.models import Duty, Slot
from mingtang.people.enums import UnitKind
from mingtang.people.models import Unit
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.tables import calendar_for


@dataclass(frozen=True)
class Watch:
    """``stands``: whether it is there today; ``filled`` is said on the day it is."""

    label: str
    filled: str
    stands: Callable[[Jurisdiction], bool]


def _guide(town: Jurisdiction) -> bool:
    return guide.current(town) is not None


def _catalogue(town: Jurisdiction) -> bool:
    """Every column that the law names is open."""
    lawful = {row.code for code in ("art20", "art21") for _, row in columns.schemes()[code].rows}
    held = Column.objects.filter(town=town, code__in=lawful, closed_on__isnull=True)
    return held.count() == len(lawful)


def _contacts(town: Jurisdiction) -> bool:
    """Every unit that people go to has a telephone and an address."""
    units = Unit.objects.filter(town=town, dissolved_on__isnull=True).exclude(kind=UnitKind.LEADING_GROUP)
    return units.exists() and not units.filter(Q(phone="") | Q(address="")).exists()


def _in_time(town: Jurisdiction) -> bool:
    """No document of the town's own is still on its way after its last day."""
    on_the_way = (EditionState.DRAFT, EditionState.IN_REVIEW, EditionState.REVIEWED, EditionState.SIGNED)
    rows = Edition.objects.filter(
        document__town=town, document__provenance=Provenance.OWN, number=1, state__in=on_the_way
    )
    today, calendar = timezone.localdate(), calendar_for(town)
    return all(last_day(row.document, calendar) >= today for row in rows.select_related("document"))


def _withheld(town: Jurisdiction) -> bool:
    """What is not public was judged again by its day."""
    rows = Withholding.objects.filter(edition__document__town=town, review_on__lt=timezone.localdate())
    return not rows.decided().exists()


WATCHES = {
    "guide": Watch("公开指南有没有公布", "公开指南已经公布。", _guide),
    "catalogue": Watch("法定的栏目是不是都开着", "法定的栏目都开着。", _catalogue),
    "contacts": Watch("各单位的电话和地址是不是都有", "各单位的电话和地址都有。", _contacts),
    "in-time": Watch("有没有信息过了期限还没有公开", "没有信息过了期限还没有公开。", _in_time),
    "withheld": Watch("不公开的信息是不是按期再审查过", "不公开的信息都按期再审查过。", _withheld),
}


def watch(town: Jurisdiction, today: date) -> tuple[int, int]:
    """Inside the round: a slot for each stretch of days on which something was not there; filled when it is again. The
    first is opened with the duty. How many were opened, how many filled."""
    duties = Duty.objects.filter(town=town, trigger=Trigger.CONTINUOUS, closed_on__isnull=True)
    opened = filled = 0
    for duty in duties.select_related("town", "owner", "column"):
        stands, last = _standing(duty), duty.slots.order_by("-first_on", "-pk").first()
        is_open = last is not None and last.proved_on is None
        if last is None or (not stands and not is_open and last.proved_on != today):
            last, is_open = _open(duty, today), True
            opened += 1
        if stands and is_open:
            last.duty = duty
            prove(slot=last, on=today, by=SYSTEM, **stands)
            filled += 1
    return opened, filled


def _open(duty: Duty, today: date) -> Slot:
    slot = Slot.objects.create(
        town=duty.town, duty=duty, period=f"e{today.isoformat()}", first_on=today, first_due_on=today, due_on=today
    )
    tell_slot(slot, SLOT_OPENED, SYSTEM)
    return slot


def _standing(duty: Duty) -> dict[str, str | Document | DerivedList]:
    """What stands there, as `prove` takes it; empty where nothing does."""
    if duty.watch:
        watched = WATCHES[duty.watch]
        return {"statement": watched.filled} if watched.stands(duty.town) else {}
    rows = Document.objects.filter(town=duty.town_id, current__state=EditionState.PUBLISHED)
    rows = rows.filter(filings__column=duty.column_id) if duty.column_id else rows.filter(kind=duty.kind)
    if newest := rows.order_by("-listed_at", "-pk").first():
        return {"document": newest}
    lists = newest_in(duty.town, duty.column.code, 1) if duty.column else []
    return {"listed": lists[0]} if lists else {}
