"""要说清楚的: what of a day must be explained by somebody although its numbers are whole. Posts and numbers, no person.

A doubt is not a verdict: somebody who only asked may have been answered. It is there to be asked about.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from mingtang.hall.enums import ContactChannel, ContactState, ErrandOutcome
from mingtang.hall.models import Contact, Errand
from mingtang.people.models import Post
from mingtang.rulebook.models import Slip
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.calendar import WorkCalendar
from mingtang.workdays.tables import calendar_for

ENTERED_WITHIN = 1  # working days after the day on the slip


class DoubtKind(models.TextChoices):
    OPEN = "open", "过夜了还没有下落"
    NOT_TAKEN_OVER = "not_taken_over", "转交了，对方没有接"
    NOBODY = "nobody", "来的人说窗口没人，走了"
    ANSWERED = "answered", "要交材料的事，没有收件，只写了“当场答复”"
    LATE = "late", "号单过了下一个工作日才登记"
    OFF_LIST = "off_list", "要了清单以外的东西，有出格单"
    UNNUMBERED = "unnumbered", "没有取号就收了件"


@dataclass(frozen=True)
class Doubt:
    """One thing to explain: on which day, where, of which number (of a contact or a case), by which post."""

    kind: DoubtKind
    on: date
    place: str
    number: str
    post: str


def between(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments from the beginning of one day up to the end of another."""
    begin, end = (datetime.combine(day, time.min) for day in (first, last + timedelta(days=1)))
    return timezone.make_aware(begin), timezone.make_aware(end)


def doubts(town: Jurisdiction, first: date, last: date) -> list[Doubt]:
    """Of the contacts of two days and all between, and of the off-list slips made then, newest first. Six queries."""
    calendar, today = calendar_for(town), timezone.localdate()
    papers = Q(item__facts__materials__gt=0) | Q(item__facts__materials_vary=True)
    of_it = Errand.objects.filter(contact=OuterRef("pk"))
    rows = Contact.objects.filter(town=town, day__range=(first, last)).annotate(
        nobody=Exists(of_it.filter(outcome=ErrandOutcome.NOBODY)),
        answered=Exists(of_it.filter(papers, outcome=ErrandOutcome.ANSWERED)),
    )
    asked = ~Q(state=ContactState.ENDED) | Q(channel=ContactChannel.SLIP) | Q(nobody=True) | Q(answered=True)
    found = [
        Doubt(kind, row.day, row.site.name, row.label, _post(row))
        for row in rows.filter(asked)
        .select_related("site", "window__post__unit")
        .prefetch_related("owners__post__unit")
        for kind in _kinds(row, calendar, today)
    ]
    found += _off_list(town, first, last)
    return sorted(found, key=lambda doubt: (doubt.on, doubt.number), reverse=True)


def _kinds(contact: Contact, calendar: WorkCalendar, today: date) -> Iterator[DoubtKind]:
    if contact.state != ContactState.ENDED and contact.day < today:
        offered = contact.state == ContactState.HANDING_OVER
        yield DoubtKind.NOT_TAKEN_OVER if offered else DoubtKind.OPEN
    if contact.nobody:
        yield DoubtKind.NOBODY
    if contact.answered:
        yield DoubtKind.ANSWERED
    if contact.channel == ContactChannel.SLIP:
        entered = timezone.localdate(contact.recorded_at)
        if entered > calendar.add_working_days(contact.day, ENTERED_WITHIN):
            yield DoubtKind.LATE


def _post(contact: Contact) -> str:
    """Who owns it, and whom it was offered to; before anybody began, the post of the window that called."""
    owner: Post | None = contact.window.post if contact.window else None
    offered = ""
    for row in contact.owners.all():
        if row.accepted_at:
            owner = row.post
        elif not row.declined_at:
            offered = f"转给{row.post}"
    return f"{owner or '还没有人负责'}{'，' if offered else ''}{offered}"


def _off_list(town: Jurisdiction, first: date, last: date) -> Iterator[Doubt]:
    """The number of a slip opens it and belongs to its holder: the item's code stands for it."""
    begin, end = between(first, last)
    rows = Slip.objects.filter(town=town, made_at__gte=begin, made_at__lt=end)
    for slip in rows.select_related("version__item", "post__unit").defer("version__data", "version__bpmn"):
        post = str(slip.post) if slip.post else "来办事的人反映的，岗位待查"
        yield Doubt(DoubtKind.OFF_LIST, timezone.localdate(slip.made_at), "", slip.version.item.code, post)
