"""What the resident does, before the kiosk or with number and code; and what ends in the evening by itself."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from mingtang.events.log import APPLICANT, SYSTEM
from mingtang.hall import numbers
from mingtang.hall.contacts import check, check_powers, close, errands_of, locked, opened_as, tell
from mingtang.hall.enums import ContactChannel, ContactState, ErrandOutcome
from mingtang.hall.models import Contact, Errand, PriorityRule, Site
from mingtang.hall.opening import Opening
from mingtang.hall.states import CONTACT, INTAKE
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff
from mingtang.rulebook.enums import CaseKind
from mingtang.rulebook.models import Item

EARLY, LATE = timedelta(minutes=60), timedelta(minutes=15)
BOOKED_LEAD = timedelta(minutes=30)
BEHIND = 3  # who comes back after being called stands behind so many


def take(
    *,
    site: Site,
    items: Sequence[Item | None] = (),
    rule: PriorityRule | None = None,
    submission: UUID | None = None,
) -> Contact:
    """A number for who stands before the kiosk. No name is asked. Refused while the house is closed.

    ``submission`` is the form's own token: pressed twice, the button gives one number.
    """
    with act():
        site = numbers.lock(site)
        if again := numbers.given(site, submission):
            return again
        duty = Opening(site.town).duty(site.pk, timezone.now())
        if not duty.open:
            again = f"{timezone.localtime(duty.next):%m月%d日 %H:%M}开门" if duty.next else "请先打电话问开门的时间"
            raise Refused(f"{site.name}现在没有开，取不了号；{again}。")
        rule = check_rule(site, items, rule)
        day = timezone.localdate()
        serial, number, now = numbers.issue(site, day)
        contact = Contact.objects.create(
            town=site.town,
            site=site,
            number=number,
            day=day,
            serial=serial,
            channel=ContactChannel.KIOSK,
            state=ContactState.WAITING,
            rule=rule,
            opened_at=now,
            recorded_at=now,
            place_at=now - lead(rule),
            submission=submission,
        )
        Errand.objects.bulk_create(errands_of(items, contact))
        tell("take", contact, APPLICANT, **opened_as(contact, items), rule=rule.name if rule else "")
    return contact


def lead(rule: PriorityRule | None) -> timedelta:
    return timedelta(minutes=rule.minutes) if rule else timedelta()


def check_rule(site: Site, items: Sequence[Item | None], rule: PriorityRule | None) -> PriorityRule | None:
    """The rule that was claimed, or the quick one where the errand itself is quick. Only published rules count."""
    rules = PriorityRule.objects.filter(town=site.town, ended_on__isnull=True)
    if rule is not None:
        if rule.quick or not rules.filter(pk=rule.pk).exists():
            raise Refused("没有这条优先规则。优先的规则都公布在大厅的页面上。", field="rule")
        return rule
    if len(items) == 1 and items[0] is not None and items[0].facts.kind == CaseKind.INSTANT:
        return rules.filter(quick=True).first()
    return None


def check_in(*, contact: Contact, by: Staff | None = None) -> Contact:
    """Who booked is here, and says so at the kiosk or to a clerk. The place is kept from one hour before to a quarter
    of an hour after the time.
    """
    with act():
        numbers.lock(contact.site)
        contact, now = locked(contact), timezone.now()
        author = check_powers("check_in", contact.town_id, by).actor(powers=INTAKE) if by else APPLICANT
        check("check_in", contact)
        booked = contact.booked_for or now
        if contact.day != timezone.localdate(now):
            raise Refused(f"{contact.label}号约的是{contact.day:%m月%d日}，请那一天来报到。")
        if now < booked - EARLY:
            raise Refused(f"约的是 {timezone.localtime(booked):%H:%M}，提前一小时才能报到。现在就要办的，请取号排队。")
        contact.state = ContactState.WAITING
        contact.place_at = booked - BOOKED_LEAD if now <= booked + LATE else now
        contact.save(update_fields=["state", "place_at"])
        tell("check_in", contact, author, late=now > booked + LATE)
    return contact


def come_back(*, contact: Contact, by: Staff | None = None) -> Contact:
    """Who missed the call is here again, and says so at the kiosk or to a clerk: behind ``BEHIND`` that wait."""
    with act():
        numbers.lock(contact.site)
        contact = locked(contact)
        author = check_powers("come_back", contact.town_id, by).actor(powers=INTAKE) if by else APPLICANT
        check("come_back", contact)
        waiting = Contact.objects.filter(site=contact.site, day=contact.day, state=ContactState.WAITING)
        ahead = list(waiting.order_by("place_at", "serial").values_list("place_at", flat=True)[:BEHIND])
        contact.place_at = ahead[-1] + timedelta(microseconds=1) if ahead else timezone.now()
        contact.state, contact.window = ContactState.WAITING, None
        contact.calls, contact.called_at = 0, None
        contact.save(update_fields=["state", "place_at", "window", "calls", "called_at"])
        tell("come_back", contact, author)
    return contact


def _go(name: str, contact: Contact, outcome: ErrandOutcome) -> Contact:
    with act():
        contact = locked(contact)
        check(name, contact)
        now = timezone.now()
        close(contact, outcome, now)
        tell(name, contact, APPLICANT, waited=contact.waited(now))
    return contact


def leave(*, contact: Contact) -> Contact:
    """不等了: the waiting time stands in the public count."""
    return _go("leave", contact, ErrandOutcome.LEFT)


def nobody(*, contact: Contact) -> Contact:
    """窗口没人: the person goes, and why is counted apart."""
    return _go("nobody", contact, ErrandOutcome.NOBODY)


def cancel(*, contact: Contact) -> Contact:
    return _go("cancel", contact, ErrandOutcome.CANCELLED)


def withdraw(*, contact: Contact, by: Staff | None = None) -> Contact:
    """Who had sent an agent takes the errand back, themselves or by the agent: what is open of it ends as cancelled."""
    with act():
        contact = locked(contact)
        powers = CONTACT["withdraw"].powers
        author = check_powers("withdraw", contact.town_id, by).actor(powers=powers) if by else APPLICANT
        check("withdraw", contact)
        now = timezone.now()
        close(contact, ErrandOutcome.CANCELLED, now)
        tell("withdraw", contact, author, waited=contact.waited(now))
    return contact


def close_days() -> int:
    """What only waited on a day that is over ends as *left*, a booking nobody came for as *absent*; returns how many.

    What somebody owns stays open: only its owner can say what came of it.
    """
    today, closed = timezone.localdate(), 0
    waiting = [ContactState.BOOKED, ContactState.WAITING, ContactState.CALLED, ContactState.PASSED]
    for row in Contact.objects.filter(day__lt=today, state__in=waiting).select_related("site", "town"):
        with act():
            contact = locked(row)
            if contact.state not in waiting:
                continue
            booked = contact.state == ContactState.BOOKED
            at = max(contact.opened_at, _end_of_day(contact))
            close(contact, ErrandOutcome.ABSENT if booked else ErrandOutcome.LEFT, at)
            tell("close_day", contact, SYSTEM, waited=contact.waited(at))
            closed += 1
    return closed


def _end_of_day(contact: Contact) -> datetime:
    """When the house closed that day; midnight where no hours are kept."""
    bands = Opening(contact.town).on(contact.site_id, contact.day)
    end = max((band.ends for band in bands), default=time.max)
    return timezone.make_aware(datetime.combine(contact.day, end))
