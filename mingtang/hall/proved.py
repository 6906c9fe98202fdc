"""What `mingtang verify` compares of this room: contacts, pads of slips and presses with what their events say."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from mingtang.events.log import iso
from mingtang.events.models import Event
from mingtang.hall import pads
from mingtang.hall.contacts import EVENTS, words_of
from mingtang.hall.enums import ContactChannel, ContactState, ErrandOutcome
from mingtang.hall.models import Contact, Pad
from mingtang.hall.proved_presses import check_presses
from mingtang.hall.states import CONTACT
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.towns.models import Jurisdiction

BATCH = 500
ACTS = {type: act for act, type in EVENTS.items()}
OPENS = {
    "take": ContactChannel.KIOSK,
    "book": ContactChannel.BOOKING,
    "enter_slip": ContactChannel.SLIP,
    "receive": ContactChannel.WALK_IN,
}
# The acts that end what is still open of a contact alike.
ENDS = {
    "leave": ErrandOutcome.LEFT,
    "nobody": ErrandOutcome.NOBODY,
    "cancel": ErrandOutcome.CANCELLED,
    "withdraw": ErrandOutcome.CANCELLED,
    "close_day": ErrandOutcome.LEFT,
}


class _Life:
    """A contact as its events leave it, act by act. What the events of an earlier release do not say is not told."""

    def __init__(self, contact: Contact) -> None:
        self.first_owner = next((row.post.code for row in contact.owners.all()), "")
        self.orders = [row.order for row in contact.errands.all()]
        self.told: dict[str, Any] = {"状态": "", "责任人": [], "下落": {}, "写的话": {}}

    def act(self, event: Event) -> None:
        act, data, told = ACTS[event.type], event.data, self.told
        owners, outcomes = told["责任人"], told["下落"]
        if act in OPENS:
            self._open(act, data)
        if act in ("receive", "start", "enter_slip"):
            # An earlier release did not name the post of whoever entered a slip.
            owners.append((data.get("post", self.first_owner), event.actor, "", ""))
        elif act == "offer":
            owners.append((data["to"], "", event.reason, ""))
        elif act == "take_over":
            owners[-1] = (data["post"], event.actor, *owners[-1][2:])
        elif act == "decline":
            owners[-1] = (*owners[-1][:3], event.reason)
        elif act == "add" and "要办的事" in told:
            told["要办的事"].append(data["item"])
        elif act == "settle":
            outcomes[data["errand"]] = (data["outcome"], event.actor)
            told["写的话"] |= {data["errand"]: data["words"]} if "words" in data else {}
        elif act in ENDS:
            absent = act == "close_day" and told["状态"] == ContactState.BOOKED
            outcome = ErrandOutcome.ABSENT if absent else ENDS[act]
            told["下落"] = dict.fromkeys(self.orders, (outcome, "")) | outcomes
        if act in ("start", *ENDS):
            told.setdefault("等候", data["waited"])
        if act != "settle" or set(self.orders) <= set(outcomes):
            told["状态"] = CONTACT[act].target or told["状态"]

    def _open(self, act: str, data: dict[str, Any]) -> None:
        self.told["怎么来的"] = OPENS[act]
        if "items" in data:
            self.told["要办的事"] = data["items"].split(",")
        if "opened_at" in data:
            self.told |= {"来访时间": data["opened_at"], "地方": data["site"]}
        if act == "enter_slip" and "opened_at" in data:
            self.told["日期"] = timezone.localdate(datetime.fromisoformat(data["opened_at"]))
        if act == "book":
            self.told["预约时间"] = data["at"]
        if act == "take":
            self.told["优先"] = data["rule"]


def _kept(contact: Contact, told: dict[str, Any]) -> dict[str, Any]:
    """The same of the tables."""
    errands = list(contact.errands.all())
    booked = contact.booked_for
    return {
        "怎么来的": contact.channel,
        "地方": contact.site.code,
        "日期": contact.day,
        "来访时间": iso(contact.opened_at),
        "预约时间": timezone.localtime(booked).isoformat() if booked else "",
        "优先": contact.rule.name if contact.rule else "",
        "状态": contact.state,
        "等候": contact.waited(contact.opened_at),
        "要办的事": [row.item.code if row.item else "" for row in errands],
        "下落": {row.order: (row.outcome, row.ended_by.code if row.ended_by else "") for row in errands if row.outcome},
        "写的话": {row.order: words_of(row) for row in errands if row.order in told["写的话"]},
        "责任人": [
            (row.post.code, row.staff.code if row.staff else "", row.reason, row.declined_why)
            for row in contact.owners.all()
        ],
    }


def _number(contact: Contact) -> str:
    """The number as site, day and serial, or pad and slip, make it."""
    if contact.serial is None:
        return contact.pad.number(contact.slip)
    return f"{contact.site.letter}-{contact.day:%y%m%d}-{contact.serial:03d}"


def _check(contact: Contact, events: list[Event]) -> Iterator[Finding]:
    name = f"来访 {contact.number} "
    if not events or ACTS[events[0].type] not in OPENS:
        yield Finding("hall_contact", contact.pk, f"{name}没有开号的事件")
        return
    life = _Life(contact)
    for event in events:
        life.act(event)
    kept = _kept(contact, life.told)
    wrong = [title for title, value in life.told.items() if kept[title] != value]
    wrong += [] if _number(contact) == contact.number else ["号"]
    if wrong:
        yield Finding("hall_contact", contact.pk, f"{name}的{'、'.join(wrong)}和事件里记的不一样")


def check_contacts(town: Jurisdiction) -> Iterator[Finding]:
    """Every contact is what its events made of it, and every one that was opened is there: number, site, day, how and
    when it came, state, each errand with its outcome and who wrote it, the owners in order.
    """
    opened = Event.objects.filter(town=town, type__in=[EVENTS[act] for act in OPENS])
    gone = set(opened.values_list("subject", flat=True))
    rows, last = Contact.objects.filter(town=town).select_related("site", "pad", "rule").order_by("pk"), 0
    rows = rows.prefetch_related("errands__item", "errands__ended_by", "owners__post", "owners__staff")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        events = _events(town, [row.subject for row in batch])
        for row in batch:
            gone.discard(row.subject)
            yield from readable("hall_contact", row.pk, partial(_check, row, events[row.subject]))
    for subject in sorted(gone):
        yield Finding("hall_contact", subject, "事件里的来访不见了")


def _events(town: Jurisdiction, subjects: list[str]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {subject: [] for subject in subjects}
    for event in Event.objects.filter(town=town, subject__in=subjects).order_by("pk"):
        found[event.subject].append(event)
    return found


def _check_pad(pad: Pad, events: list[Event]) -> Iterator[Finding]:
    issued = next((event.data for event in events if event.type == pads.ISSUED), {})
    spoiled = {event.data["slip"]: event.reason for event in events if event.type == pads.VOIDED}
    kept = {"site": pad.site.code, "first": pad.first, "last": pad.last}
    if issued != kept or spoiled != dict(pad.voids.values_list("slip", "reason")):
        yield Finding("hall_pad", pad.pk, f"号单本 {pad.code} 的服务站、号码或者作废的号和事件里记的不一样")


def check_pads(town: Jurisdiction) -> Iterator[Finding]:
    """Every pad has the numbers with which it was handed out: whoever moves its ends hides slips."""
    for pad in Pad.objects.filter(town=town).select_related("site").order_by("pk"):
        subject = f"pad:{pad.code}"
        yield from readable("hall_pad", pad.pk, partial(_check_pad, pad, _events(town, [subject])[subject]))


told("来访", check_contacts)
told("号单本", check_pads)
told("窗口没人", check_presses)
