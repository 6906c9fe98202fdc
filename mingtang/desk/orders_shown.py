"""Orders as the desk shows them: where each stands, what is next, in whose hand each original is."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from mingtang.agents import actions, originals, promises
from mingtang.agents.enums import Need, OrderState
from mingtang.agents.models import Order
from mingtang.agents.originals import Away
from mingtang.agents.policies import can, stations_of
from mingtang.agents.states import KEEP_DAYS, LIVE, ORDER
from mingtang.cases.enums import ActsAs
from mingtang.desk.access import my_posts
from mingtang.hall.models import Errand
from mingtang.people.enums import Permission as P
from mingtang.workdays.tables import calendar_for

TONES = {
    OrderState.ASKED: "today",
    OrderState.TAKEN: "now",
    OrderState.HANDING_IN: "today",
    OrderState.HANDED_IN: "now",
    OrderState.COLLECTED: "now",
    OrderState.DELIVERED: "done",
    OrderState.DECLINED: "stop",
    OrderState.WITHDRAWN: "stop",
    OrderState.NOT_POSSIBLE: "stop",
}


def due_words(order: Order, now: datetime) -> tuple[str, str]:
    """What is promised next and its tone; both empty where nothing is."""
    found = promises.due(order, calendar_for(order.town), timezone.localdate(now))
    if found is None:
        return "", ""
    what = f"{found.promise.who}{found.promise.what}"
    if found.days_late:
        return f"{what}，晚了 {found.days_late} 天", "late"
    return f"{found.day.month}月{found.day.day}日前{what}", "today" if found.day == timezone.localdate(now) else "todo"


def is_red(row: Away, order: Order) -> bool:
    """An original that should be home by now."""
    return order.state not in LIVE or row.days > KEEP_DAYS


def row(order: Order, now: datetime) -> dict[str, Any]:
    """An order in a list; its number only, never the name."""
    word, tone = due_words(order, now)
    gone = originals.away(order, now)
    what = order.wanted.facts.name if order.contact is None and order.wanted else ""
    names = [errand.name for errand in order.contact.errands.all()] if order.contact else []
    return {
        "order": order,
        "title": "、".join(names) or what or "见面再说",
        "word": word,
        "tone": tone,
        "state_tone": TONES[OrderState(order.state)],
        "away": len(gone),
        "red": any(is_red(one, order) for one in gone),
    }


def papers(request: HttpRequest, order: Order, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """The originals of an order: to be signed for by this person, in their hand, offered by them; and all of them."""
    mine = {post.pk for post in my_posts(request)}
    known = {one.original.pk: one for one in originals.away(order, now)}
    every = []
    for paper in originals.of(order):
        last, offer = originals.holder(paper), originals.offer_of(paper)
        gone = known.get(paper.pk)
        every.append(
            {
                "paper": paper,
                "holder": str(last.taker) if last.taker else "本人",
                "home": last.taker is None,
                "ended": last.get_ending_display(),
                "offered": (str(offer.taker) if offer.taker else "本人") if offer else "",
                "days": gone.days if gone else 0,
                "red": bool(gone and is_red(gone, order)),
                "sign": bool(offer and offer.taker_id in mine),
                "hold": last.taker_id in mine and offer is None,
                "back": last.taker_id in mine and offer is not None,
            }
        )
    return {
        "all": every,
        **{name: [one for one in every if one[name]] for name in ("sign", "hold", "back")},
    }


def errands(request: HttpRequest, order: Order) -> list[dict[str, Any]]:
    """What is to be done, with the case it became and where to take it in."""
    if order.contact is None:
        return []
    rows = Errand.objects.filter(contact=order.contact).select_related("item__facts", "opened__case").order_by("order")
    may = can("submit", order, request.user)
    found = []
    for one in rows:
        case = one.opened.case if hasattr(one, "opened") else None
        found.append(
            {
                "row": one,
                "case": case,
                "take_in": f"/desk/cases/new/{one.item.code}?ticket={one.pk}"
                if may and not one.outcome and one.item
                else "",
            }
        )
    return found


def person(request: HttpRequest, order: Order) -> list[tuple[str, str]]:
    """Whose order it is, for those who carry or take it in; who runs or oversees the hall needs no name."""
    mine = {post.pk for post in my_posts(request)}
    carries = request.viewer.may(P.CASE_INTAKE) and (
        order.window_post_id in mine or order.station_id in {site.pk for site in stations_of(request.user)}
    )
    if not carries:
        return []
    known = order.person
    return [
        ("委托人", known["name"]),
        ("电话", known["phone"]),
        ("住址", known["address"]),
        ("身份证号码", known["id_number"]),
        ("为什么上门", Need(known["need"]).label if known["need"] else ""),
        ("替他申请的人", known["asker"]),
    ]


def acts(request: HttpRequest, order: Order) -> dict[str, bool]:
    """Which acts on the whole order this person may do now."""
    found = {name: can(name, order, request.user) for name, one in ORDER.items() if order.state in one.sources}
    if found.get("collect"):
        found["collect"] = promises.ready_at(order) is not None
    if found.get("not_possible"):
        found["not_possible"] = not order.cases.exists()
    return found


def windows(order: Order) -> list[tuple[str, str]]:
    """Where an order can be handed in; the window its first errand belongs to comes first."""
    first = order.contact.errands.select_related("item__facts").first() if order.contact else None
    code = first.item.facts.window_post if first and first.item and hasattr(first.item, "facts") else ""
    rows = sorted(actions.windows_for(order), key=lambda post: post.code != code)
    return [(str(post.pk), str(post)) for post in rows]


def prefill(order: Order) -> dict[str, Any]:
    """What the window's form is begun with: the resident as applicant, the agent as who comes with their authority."""
    known, consent = order.person, order.consents.last()
    found: dict[str, Any] = {name: known[name] for name in ("name", "id_number", "phone", "address")}
    if consent is not None:
        found |= {
            "acts_as": ActsAs.AGENT,
            "acting_name": consent.recorded_by.name,
            "acting_until": consent.until.isoformat(),
            "acting_may_collect": consent.collects,
        }
    return found
