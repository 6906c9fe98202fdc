"""Orders of the village agent in every stage. The people are invented, marked （演示）."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from mingtang.agents import actions
from mingtang.agents.actions import Taking
from mingtang.agents.enums import Asked, Need, Place, Way
from mingtang.agents.models import Order
from mingtang.agents.originals import Paper
from mingtang.agents.principals import Principal, Terms
from mingtang.cases import actions as cases
from mingtang.cases.actions.intake import Received, new_case_key
from mingtang.cases.enums import Outcome, ServeMode
from mingtang.cases.models import Case
from mingtang.demo.cases import demo_id, person
from mingtang.hall.models import Site
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction

ASKED, TAKEN, AT_WINDOW, DELIVERED = (f"demo-order-{name}" for name in ("asked", "taken", "window", "delivered"))
# Who comes with these orders, by their place in the numbers of invented people.
SERIALS = {TAKEN: ("彭晚晴", 21), AT_WINDOW: ("胡秋生", 22), DELIVERED: ("沈月英", 23)}


def _staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def _station(town: Jurisdiction) -> Site:
    return Site.objects.select_related("town").get(town=town, code="changdi")


def _begin(town: Jurisdiction, token: str, *papers: Paper) -> Order:
    name, serial = SERIALS[token]
    resident = Principal(f"{name}（演示）", f"0730-555{100 + serial:04d}", "长堤村（演示地址）", demo_id(serial))
    items = list(Item.objects.filter(town=town, code="LN-001").select_related("facts"))
    terms = Terms(until=timezone.localdate() + timedelta(days=90))
    return actions.begin(
        station=_station(town),
        person=resident,
        place=Place.STATION,
        taking=Taking(items, terms, papers),
        submission=token,
        by=_staff("cunban"),
    )


def _asked(town: Jurisdiction) -> None:
    """A daughter asked for a visit, online."""
    actions.ask(
        station=_station(town),
        person=Principal("欧桂香（演示）", "0730-5550120", "长堤村三组（演示地址）", "", Need.OLD, "女儿（演示）"),
        place=Place.HOME,
        asked_by=Asked.ONLINE,
        submission=ASKED,
        wanted=Item.objects.get(town=town, code="LN-001"),
    )


def _taken(town: Jurisdiction) -> None:
    """Taken today; the originals are with the agent."""
    _begin(town, TAKEN, Paper("身份证"), Paper("户口本", 4))


def _at_window(town: Jurisdiction) -> Order:
    """Taken in at the window; the household register is on its way back and not signed for yet."""
    clerk = _staff("chuangkou1")
    order = _begin(town, AT_WINDOW, Paper("身份证"), Paper("户口本", 4))
    _through(town, order, AT_WINDOW, clerk)
    actions.offer_papers(order=order, papers=order.originals.filter(line=2), to=_agent(town), by=clerk)
    return order


def _agent(town: Jurisdiction) -> Post:
    return Post.objects.select_related("unit").get(town=town, code="station-changdi")


def _through(town: Jurisdiction, order: Order, token: str, clerk: Staff) -> Case:
    """Handed in with every original, accepted, taken in."""
    papers, post = list(order.originals.all()), Post.objects.select_related("unit").get(town=town, code="window-1")
    actions.hand_in(order=order, to=post, papers=papers, by=_staff("cunban"))
    actions.receive(order=order, papers=papers, by=clerk)
    version = Item.objects.get(town=town, code="LN-001").current
    name, serial = SERIALS[token]
    return actions.submit(
        order=order,
        errand=order.contact.errands.select_related("contact").get(),
        version=version,
        applicant=person(name, serial, "长堤村"),
        answers={},
        received=Received(seen=frozenset({"id", "photo"})),
        submission=f"{token}-case",
        key=new_case_key(version),
        by=clerk,
    ).case


def _delivered(town: Jurisdiction) -> None:
    """Decided on the spot; everything is home again."""
    clerk, agent = _staff("chuangkou1"), _staff("cunban")
    order = _begin(town, DELIVERED, Paper("身份证"))
    case = _through(town, order, DELIVERED, clerk)
    papers = list(order.originals.all())
    actions.offer_papers(order=order, papers=papers, to=_agent(town), by=clerk)
    actions.accept_papers(order=order, papers=papers, by=agent)
    cases.accept(case=case, by=clerk)
    cases.decide(case=case, outcome=Outcome.GRANTED, reasons="", by=clerk)
    cases.serve(case=case, mode=ServeMode.AGENT, receiver="乡音（演示）", by=clerk)
    actions.collect(order=order, results=[Paper("老年人优待证")], by=agent)
    actions.deliver(order=order, way=Way.SIGNED, by=agent)


_ORDERS: dict[str, Callable[[Jurisdiction], object]] = {
    ASKED: _asked,
    TAKEN: _taken,
    AT_WINDOW: _at_window,
    DELIVERED: _delivered,
}


def build_orders(town: Jurisdiction) -> None:
    """Each order whole or not at all; one that stands is left alone."""
    for token, tell in _ORDERS.items():
        with act():
            if not Order.objects.filter(town=town, submission=token).exists():
                tell(town)
