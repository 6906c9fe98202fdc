"""An order begins: asked for by anybody who needs it, or taken on the spot by an agent."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError
from django.utils import timezone

from mingtang.agents import numbers, originals
from mingtang.agents.actions.kinds import locked, step, tell
from mingtang.agents.enums import Asked, OrderState, Place, Way
from mingtang.agents.models import Consent, Order
from mingtang.agents.originals import Moves, Paper
from mingtang.agents.policies import agent_at, check_can, check_powers
from mingtang.agents.principals import Principal, Terms, as_payload, check, check_terms
from mingtang.events import vault
from mingtang.events.log import APPLICANT
from mingtang.guard.clear import clear_text
from mingtang.hall import counter, pads
from mingtang.hall.enums import SiteKind
from mingtang.hall.models import Contact, Pad, Site, Window
from mingtang.lib.canonical import canonical_json
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff
from mingtang.people.policies import actor
from mingtang.rulebook import in_person
from mingtang.rulebook.models import Item


@dataclass(frozen=True)
class Slip:
    """A pre-numbered slip that was filled in, and the time written on it: the order is that contact's."""

    pad: Pad
    number: int
    came_at: datetime


@dataclass(frozen=True)
class Taking:
    """What an agent writes down with a resident: for what, on what terms, which originals were handed over."""

    items: Sequence[Item]
    terms: Terms
    papers: Sequence[Paper] = ()
    slip: Slip | None = None


def ask(
    *,
    station: Site,
    person: Principal,
    place: str,
    asked_by: str,
    submission: str,
    wanted: Item | None = None,
    by: Staff | None = None,
) -> Order:
    """Somebody asks a station to carry an errand, or to come home for it: online, at the kiosk, by telephone to a
    clerk ``by``, for oneself or for a relative. The same form sent twice is one order.
    """
    if by is not None:
        check_powers("ask", station.town_id, by)
    if station.kind != SiteKind.STATION:
        raise Refused("请选一个村级服务站。", field="station")
    if place not in Place.values:
        raise Refused("请选到服务站办，还是上门办。", field="place")
    now = timezone.now()
    person = check(person, at_home=place == Place.HOME, today=timezone.localdate(now))
    if not (person.phone or person.address):
        raise Refused("请留电话或者住址，代办员好找到您。", field="phone")
    return _once(
        station.town_id,
        submission,
        lambda: _ask(_new(station, person, place, asked_by, OrderState.ASKED, submission, now, wanted), by),
    )


def _ask(order: Order, by: Staff | None) -> Order:
    data = {"station": order.station.code, "place": order.place, "item": order.wanted.code if order.wanted else ""}
    tell("ask", order, actor(by) if by else APPLICANT, way=order.asked_by, **data)
    return order


def _once(town: int, submission: str, make: Callable[[], Order]) -> Order:
    """The order that this very form led to, or the one it makes now."""
    known = Order.objects.filter(town=town, submission=submission).select_related("town", "station", "contact", "key")
    try:
        with act():
            return known.first() or make()
    except IntegrityError:
        # The same form sent twice at the same moment: the other one was quicker.
        if found := known.first():
            return found
        raise


def _new(
    station: Site,
    person: Principal,
    place: str,
    asked_by: str,
    state: str,
    submission: str,
    now: datetime,
    wanted: Item | None,
    contact: Contact | None = None,
) -> Order:
    if wanted is not None and wanted.town_id != station.town_id:
        raise Refused("这件事不是本镇办的，请另选。", field="item")
    if wanted is not None:
        _check_carried([wanted])
    key = vault.new_key(station.town)
    return Order.objects.create(
        town=station.town,
        number=numbers.issue(station.town, timezone.localdate(now).year),
        station=station,
        place=place,
        asked_by=asked_by,
        state=state,
        wanted=wanted,
        contact=contact,
        key=key,
        person_sealed=vault.seal(key, canonical_json(as_payload(person))),
        submission=submission,
        asked_at=contact.opened_at if contact else now,
        since=now,
    )


def decline(*, order: Order, reason: str, by: Staff) -> Order:
    """The station does not take it, and says why to whoever asked."""
    reason = clear_text(reason, "请写明为什么不接，申请的人看得到这句话，也写上该找谁办。", "reason", town=by.town_id)
    with act():
        order = locked(order)
        check_can("decline", order, by)
        step(order, OrderState.DECLINED, timezone.now(), reason)
        tell("decline", order, actor(by), reason=reason)
    return order


def begin(*, station: Site, person: Principal, place: str, taking: Taking, submission: str, by: Staff) -> Order:
    """An agent takes an order from somebody at the station or at home. The same form sent twice is one order."""
    check_powers("begin", station.town_id, by)
    now = timezone.now()
    person = check(person, at_home=place == Place.HOME, today=timezone.localdate(now))
    if taking.terms.way != Way.SIGNED:
        raise Refused("当面接单的，请委托人在代办单上签字；查询码这时还没有。", field="way")
    return _once(station.town_id, submission, lambda: _begin(station, person, place, taking, submission, by))


def _begin(station: Site, person: Principal, place: str, taking: Taking, submission: str, by: Staff) -> Order:
    contact = _contact(station, "begin", taking, by)
    order = _new(station, person, place, Asked.IN_PERSON, OrderState.TAKEN, submission, timezone.now(), None, contact)
    _record("begin", order, taking, agent_at(station, "begin", by), by)
    return order


def take(*, order: Order, person: Principal, taking: Taking, by: Staff, code: str = "") -> Order:
    """An agent is with whoever asked: the consent, by signature or by the ``code`` that was told, and the originals."""
    person = check(person, at_home=order.place == Place.HOME, today=timezone.localdate())
    if taking.terms.way == Way.CODE:
        numbers.check_code(order, code)
    with act():
        order = locked(order)
        post = check_can("take", order, by)
        order.contact = _contact(order.station, "take", taking, by)
        order.person_sealed = order.seal(as_payload(person))
        order.save(update_fields=["person_sealed"])
        step(order, OrderState.TAKEN, timezone.now())
        _record("take", order, taking, post, by)
    return order


def _contact(station: Site, name: str, taking: Taking, by: Staff) -> Contact:
    """The contact of an order: that of a village slip, or a new one at the station's window."""
    if not taking.items:
        raise Refused("请选要办的事项，至少一件。", field="item")
    _check_carried(taking.items)
    post = agent_at(station, name, by)
    if slip := taking.slip:
        if slip.pad.site_id != station.pk:
            raise Refused(f"号单本 {slip.pad.code} 不是{station.name}的。请核对号单。", field="slip")
        return pads.enter_slip(pad=slip.pad, slip=slip.number, came_at=slip.came_at, items=taking.items, by=by)
    window = Window.objects.filter(site=station, post=post).order_by("number")[0]
    return counter.receive(window=window, items=taking.items, by=by)


def _check_carried(items: Iterable[Item]) -> None:
    """Raise ``Refused`` for what the law has people apply for themselves."""
    for item in items:
        if item.current and (why := in_person.refuses(item.current.spec, "apply")):
            raise Refused(why, field="item")


def _record(name: str, order: Order, taking: Taking, post: Post, by: Staff) -> None:
    moves = Moves(order, by)
    consent(order, taking.terms, by)
    moves.receive(originals.checked(taking.papers, order.town_id), None, post)
    assert order.contact is not None
    tell(
        name,
        order,
        actor(by),
        contact=order.contact.number,
        items=[item.code for item in taking.items],
        station=order.station.code,
        place=order.place,
        **said(taking.terms),
        **moves.data(),
    )


def said(terms: Terms) -> dict[str, str | bool]:
    """The terms as an event tells them."""
    return {
        "hands_in": terms.hands_in,
        "answers": terms.answers,
        "collects": terms.collects,
        "until": terms.until.isoformat() if terms.until else "",
        "way": terms.way,
    }


def consent(order: Order, terms: Terms, by: Staff) -> Consent:
    """A consent in the caller's act; the last one counts."""
    return Consent.objects.create(
        order=order,
        hands_in=terms.hands_in,
        answers=terms.answers,
        collects=terms.collects,
        until=check_terms(terms, timezone.localdate()),
        way=terms.way,
        given_at=timezone.now(),
        recorded_by=by,
    )
