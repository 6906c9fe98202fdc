"""Orders in every state, reached by the real acts."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from mingtang.agents import actions
from mingtang.agents.actions import Taking
from mingtang.agents.enums import Asked, Need, Place
from mingtang.agents.models import Order, Original
from mingtang.agents.originals import Paper
from mingtang.agents.principals import Principal, Terms
from mingtang.cases import actions as cases
from mingtang.cases.actions.intake import Received, Submission, new_case_key
from mingtang.hall import sites
from mingtang.hall.models import Site, Window
from mingtang.people.models import Post, Staff
from mingtang.towns.models import Jurisdiction
from tests.factories.acts import APPLICANT, in_force
from tests.factories.cast import AGENT, CENTRE, CLERK_1, staff
from tests.factories.hall import items

PERSON = Principal(
    name="欧阳代办（演示）", phone="07305550199", address="长堤村九组（演示）", id_number=APPLICANT.id_number
)
AT_HOME = Principal(name="欧阳代办（演示）", address="长堤村九组（演示）", need=Need.OLD, asker="女儿（演示）")
PAPERS = (Paper("身份证"), Paper("户口本", 4))
_tokens = count(1)


def station_of(town: Jurisdiction) -> Site:
    """The village station with its agent's window."""
    if found := Site.objects.filter(town=town, code="changdi").select_related("town").first():
        return found
    site = sites.keep_site(
        town=town, code="changdi", kind="station", name="长堤村便民服务站", address="村部", phone="0730-5550021",
        market_calendar="", days="", by=staff(CENTRE),
    )  # fmt: skip
    post = Post.objects.get(town=town, code="station-changdi")
    sites.keep_window(site=site, number=1, kind="general", name="帮办代办", post=post, by=staff(CENTRE))
    return site


def window_post(number: int = 1) -> Post:
    return Window.objects.select_related("post__unit").get(site__code="hall", number=number).post


def terms(**changes: Any) -> Terms:
    return Terms(**{"until": timezone.localdate() + timedelta(days=90), **changes})


def taking(*codes: str, papers: tuple[Paper, ...] = PAPERS, **changes: Any) -> Taking:
    return Taking(items=items(*(codes or ("LN-001",))), terms=terms(**changes), papers=papers)


def asked(town: Jurisdiction, *, by: Staff | None = None, token: str = "") -> Order:
    """A visit at home that a daughter asked for."""
    return actions.ask(
        station=station_of(town), person=AT_HOME, place=Place.HOME, asked_by=Asked.PHONE if by else Asked.ONLINE,
        submission=token or f"ask-{next(_tokens)}", wanted=items("LN-001")[0], by=by,
    )  # fmt: skip


def begun(town: Jurisdiction, *codes: str, papers: tuple[Paper, ...] = PAPERS, **changes: Any) -> Order:
    """Taken on the spot, with two originals unless told otherwise."""
    return actions.begin(
        station=station_of(town), person=PERSON, place=Place.STATION, by=staff(AGENT),
        taking=taking(*codes, papers=papers, **changes), submission=f"begin-{next(_tokens)}",
    )  # fmt: skip


def originals(order: Order) -> list[Original]:
    return list(order.originals.order_by("line"))


def handing_in(town: Jurisdiction, *codes: str) -> Order:
    order = begun(town, *codes)
    return actions.hand_in(order=order, to=window_post(), papers=originals(order), by=staff(AGENT))


def received(town: Jurisdiction, *codes: str) -> Order:
    """The window has accepted order and originals."""
    order = handing_in(town, *codes)
    return actions.receive(order=order, papers=originals(order), by=staff(CLERK_1))


def submitted(order: Order, by: Staff, token: str = "") -> Submission:
    """The application of the order's first open errand."""
    errand = order.contact.errands.filter(outcome="").select_related("item", "contact").order_by("order").first()
    version = in_force(order.town, errand.item.code)
    return actions.submit(
        order=order, errand=errand, version=version, applicant=APPLICANT, answers={},
        received=Received(seen=frozenset({"id", "photo"})), submission=token or f"order-{next(_tokens)}",
        key=new_case_key(version), by=by,
    )  # fmt: skip


def ready(town: Jurisdiction) -> Order:
    """Taken in and decided on the spot; the originals are back with the agent."""
    order = received(town)
    clerk, agent = staff(CLERK_1), staff(AGENT)
    case = submitted(order, clerk).case
    post = Post.objects.get(town=town, code="station-changdi")
    actions.offer_papers(order=order, papers=originals(order), to=post, by=clerk)
    actions.accept_papers(order=order, papers=originals(order), by=agent)
    cases.accept(case=case, by=clerk)
    cases.decide(case=case, outcome="granted", reasons="", by=clerk)
    return fresh(order)


def collected(town: Jurisdiction) -> Order:
    return actions.collect(order=ready(town), results=[Paper("优待证")], by=staff(AGENT))


def fresh(order: Order) -> Order:
    return Order.objects.select_related("town", "station", "contact", "key", "window_post").get(pk=order.pk)
