"""What `mingtang verify` computes again: every order and the way of every original, from their events."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mingtang.agents.actions.kinds import EVENTS
from mingtang.agents.models import Handover, Order
from mingtang.agents.originals import ACCEPTED, OFFERED, REFUSED, listed, move
from mingtang.agents.states import ORDER
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.towns.models import Jurisdiction

BATCH = 500
_ACTS = {type: act for act, type in EVENTS.items()}


def _as_told(events: list[Event]) -> dict[str, Any]:
    found: dict[str, Any] = {"状态": "", "来访": "", "窗口": "", "晚了几次": 0, "原件": [], "交接": {}}
    for event in events:
        act, data = _ACTS[event.type], event.data
        found["状态"] = ORDER[act].target or found["状态"]
        found["晚了几次"] = data["late"]
        found["来访"] = data.get("contact", found["来访"])
        found["窗口"] = {"hand_in": data.get("to"), "take_back": "", "send_back": ""}.get(act, found["窗口"])
        found["原件"] += data.get("papers", [])
        for text in data.get("moves", []):
            way, what = text.rsplit(":", 1)
            found["交接"][way] = what
    return found


def _as_kept(order: Order) -> dict[str, Any]:
    rows = [(paper, row) for paper in order.originals.all() for row in paper.handovers.all()]
    ways = [move(paper.line, row, "").removesuffix(":") for paper, row in rows]
    states = [row.ending or _answer(row) for _, row in rows]
    return {
        "状态": order.state,
        "来访": order.contact.number if order.contact else "",
        "窗口": order.window_post.code if order.window_post else "",
        "晚了几次": order.late,
        "原件": [listed(row.line, row.name, row.sheets) for row in order.originals.all()],
        "交接": dict(zip(ways, states, strict=True)),
    }


def _answer(row: Handover) -> str:
    return ACCEPTED if row.accepted_at else REFUSED if row.refused_at else OFFERED


def check_orders(town: Jurisdiction) -> Iterator[Finding]:
    """Every order is what its events made of it: state, contact, originals, and who handed each of them to whom; and
    every one that was opened is there.
    """
    opened = Event.objects.filter(town=town, type__in=[EVENTS["ask"], EVENTS["begin"]])
    gone = set(opened.values_list("subject", flat=True))
    rows = Order.objects.filter(town=town).select_related("contact", "window_post")
    rows = rows.prefetch_related("originals__handovers__giver", "originals__handovers__taker").order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        events: dict[str, list[Event]] = {row.subject: [] for row in batch}
        for event in Event.objects.filter(town=town, subject__in=list(events)).order_by("pk"):
            events[event.subject].append(event)
        for row in batch:
            gone.discard(row.subject)
            yield from readable("agents_order", row.pk, partial(_check, row, events[row.subject]))
    for subject in sorted(gone):
        yield Finding("agents_order", subject, "事件里的代办单不见了")


def _check(order: Order, events: list[Event]) -> Iterator[Finding]:
    expected = _as_told(events)
    differ = [title for title, value in _as_kept(order).items() if value != expected[title]]
    if differ:
        yield Finding("agents_order", order.pk, f"代办单 {order.number} 的{'、'.join(differ)}和事件里记的不一样")


told("代办单", check_orders)
