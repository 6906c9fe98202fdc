"""The slip of an agent's order: made anew each time, since originals change hands; its last event proves it."""

import json
from typing import Any

from django.utils import timezone

from mingtang.agents import numbers, originals
from mingtang.agents.models import Order, Original
from mingtang.agents.states import PROMISES, SCOPE
from mingtang.events.models import Event
from mingtang.ledger import service as ledger
from mingtang.lib.canonical import canonical_json
from mingtang.lib.errors import Refused
from mingtang.press.render import render


def data_of(order: Order) -> dict[str, Any]:
    """What the slip says now. Raises ``Refused`` for an order that nobody has taken."""
    consent, contact, town = order.consents.last(), order.contact, order.town
    if consent is None or contact is None:
        raise Refused("还没有接单，没有代办单可以打印。")
    first = contact.owners.select_related("post__unit").order_by("order").first()
    event = Event.objects.filter(town=town, subject=order.subject).select_related("town").latest("pk")
    checkpoint, receipt = ledger.latest(town), ledger.receipt_for(event)
    data: dict[str, Any] = {
        "organ": f"{town.name}便民服务中心",
        "number": order.number,
        "issued_on": timezone.localdate().isoformat(),
        "demo": town.is_demo,
        "check_url": f"{town.base_url}/orders/{order.number}",
        "code": numbers.code_of(order),
        "resident": order.person["name"],
        "taken_at": timezone.localtime(contact.recorded_at).strftime("%Y-%m-%dT%H:%M"),
        "items": [errand.name for errand in contact.errands.select_related("item__facts")],
        "place": order.get_place_display(),
        "station": order.station.name,
        "agent_post": str(first.post),
        "station_phone": order.station.phone,
        "complaint_phone": town.complaint_phone,
        "scope": [words for name, words in SCOPE.items() if getattr(consent, name)],
        "valid_to": consent.until.isoformat(),
        "originals": [_original(paper) for paper in originals.of(order)],
        "promises": [f"{row.days} 个工作日内{row.who}{row.what}" for row in PROMISES.values()],
        "proof": {
            "commitment": receipt["commit"],
            "opening": canonical_json(receipt["opening"]).decode(),
            "file": json.dumps(receipt, ensure_ascii=False, indent=1),
        },
    }
    if checkpoint is not None:
        words = ledger.words_of(checkpoint.root).split()
        data["checkpoint"] = {"origin": checkpoint.origin, "size": checkpoint.size, "words": words}
    return data


def _original(paper: Original) -> dict[str, Any]:
    last, offer = originals.holder(paper), originals.offer_of(paper)
    holder = str(last.taker or last.get_ending_display() or "本人")
    shown = {"name": paper.name, "sheets": paper.sheets, "holder": holder}
    return shown | ({"offered": str(offer.taker)} if offer and offer.taker else {})


def pdf(order: Order) -> bytes:
    """The slip as PDF bytes. Raises ``PaperUnavailable`` when this machine cannot make it now."""
    return render("order", data_of(order))
