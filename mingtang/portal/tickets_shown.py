"""Contacts as pages show them: the number, its place, the chain of who is asked. Posts, never names."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from mingtang.hall import counter, numbers
from mingtang.hall.contacts import owner_of
from mingtang.hall.enums import ContactState
from mingtang.hall.models import Contact, Errand, Site, Window
from mingtang.lib.text import month_day_time
from mingtang.portal import common

TONES = {
    ContactState.BOOKED: "todo",
    ContactState.WAITING: "paused",
    ContactState.CALLED: "today",
    ContactState.PASSED: "late",
    ContactState.OWNED: "now",
    ContactState.HANDING_OVER: "now",
    ContactState.ENDED: "done",
}
SHOWN_CALLS = 8
NEXT_SCREEN, SAME_SCREEN = 5, 10  # seconds until a display without scripts comes anew
# act → (what the button says, its kind, whether it needs a second thought)
ACTS = {
    "check_in": ("我到了，报到", ""),
    "come_back": ("我回来了，重新排队", ""),
    "leave": ("不等了", "quieter"),
    "nobody": ("窗口没人，我走了", "quieter"),
    "cancel": ("取消预约", "quieter"),
}


def ahead(contact: Contact) -> int | None:
    """How many are called before, by the window where the fewest are; None unless it waits."""
    if contact.state != ContactState.WAITING:
        return None
    windows = Window.objects.filter(site=contact.site_id, is_open=True).select_related("post", "site")
    places = []
    for window in windows:
        rows = list(counter.queue(window).values_list("pk", flat=True))
        if contact.pk in rows:
            places.append(rows.index(contact.pk))
    return min(places, default=None)


def errands(contact: Contact) -> list[dict[str, Any]]:
    rows = Errand.objects.filter(contact=contact).select_related("item__facts").order_by("order")
    return [
        {
            "name": row.name,
            "word": row.outcome_title,
            "tone": "late" if row.with_nothing else "done" if row.outcome else "todo",
            "said": row.said,
        }
        for row in rows
    ]


def chain(contact: Contact) -> list[dict[str, str]]:
    """来访 → 首问 → 转交: who was asked, when, who has accepted."""
    rows = [
        {"what": f"{contact.get_channel_display()}", "who": "您", "at": month_day_time(contact.opened_at), "note": ""}
    ]
    first = True
    for row in contact.owners.select_related("post__unit", "window").order_by("order"):
        who = f"{row.window}，{row.post}" if row.window else str(row.post)
        if row.declined_at:
            note = f"没有接：{row.declined_why}"
            rows.append({"what": "转交", "who": who, "at": month_day_time(row.offered_at), "note": note})
        elif row.accepted_at is None:
            note = f"{row.reason}。还没有接下，仍由前一个岗位负责。"
            rows.append({"what": "转交", "who": who, "at": month_day_time(row.offered_at), "note": note})
        else:
            what = "首问负责" if first else "接下，由它负责"
            rows.append({"what": what, "who": who, "at": month_day_time(row.accepted_at), "note": row.reason})
            first = False
    if contact.ended_at:
        rows.append({"what": "都有下落", "who": "", "at": month_day_time(contact.ended_at), "note": ""})
    return rows


def ticket(contact: Contact, now: datetime) -> dict[str, Any]:
    """A number for its holder."""
    code = numbers.code_of(contact.town, contact.number)
    owner = owner_of(contact)
    return {
        "label": contact.label,
        "number": contact.number,
        "code": code,
        "state": contact.get_state_display(),
        "tone": TONES[ContactState(contact.state)],
        "site": contact.site.name,
        "site_url": f"/hall/{contact.site.code}",
        "at": month_day_time(contact.opened_at),
        "booked": month_day_time(contact.booked_for),
        "ahead": ahead(contact),
        "window": str(contact.window) if contact.window else "",
        "owner": str(owner.post) if owner else "",
        "rule": f"{contact.rule.name}，提前 {contact.rule.minutes} 分钟排（{contact.rule.basis}）"
        if contact.rule
        else "",
        "errands": errands(contact),
        "chain": chain(contact),
        "acts": [(act, *words) for act, words in ACTS.items() if _open(act, contact)],
        "url": f"/tickets/{contact.number}?code={code}",
        "qr": common.qr(f"{contact.town.base_url}/tickets/{contact.number}?code={code}", "扫一扫，看叫到哪一号"),
    }


def _open(act: str, contact: Contact) -> bool:
    if act in ("leave", "nobody"):
        return contact.state in (ContactState.WAITING, ContactState.CALLED, ContactState.PASSED)
    wanted = {"check_in": ContactState.BOOKED, "cancel": ContactState.BOOKED, "come_back": ContactState.PASSED}
    return contact.state == wanted[act]


def calls(site: Site) -> dict[str, Any]:
    """Whom the display of a site shows: called last first, and how many wait. No more than what is called out.

    Everybody who is called and has not come yet is there, however many; who has come fills up the first screen.
    """
    today = timezone.localdate()
    rows = Contact.objects.filter(site=site, day=today, called_at__isnull=False, window__isnull=False)
    rows = rows.select_related("window").order_by("-called_at", "-pk")
    standing = list(rows.filter(state=ContactState.CALLED))
    shown = standing if len(standing) >= SHOWN_CALLS else list(rows[:SHOWN_CALLS])
    shown += [row for row in standing if row not in shown]
    waiting = Contact.objects.filter(site=site, day=today, state=ContactState.WAITING).count()
    return {
        "waiting": waiting,
        "calls": [
            {
                "key": f"{row.number}/{row.calls}/{row.window.number}",
                "label": row.label,
                "window": row.window.number,
                "name": row.window.name,
                "now": row.state == ContactState.CALLED,
                "say": f"请{row.label[0]}{' '.join(row.label[1:])}号，到{row.window.number}号窗口",
            }
            for row in shown
        ],
    }


def one_screen(told: dict[str, Any], path: str, wanted: str) -> dict[str, Any]:
    """What of ``calls`` a display without scripts shows now, and the refresh that brings the next screen."""
    rows = told["calls"]
    count = max(1, -(-len(rows) // SHOWN_CALLS))
    at = int(wanted) if wanted.isascii() and wanted.isdigit() and 0 < int(wanted) <= count else 1
    return {
        **told,
        "calls": rows[(at - 1) * SHOWN_CALLS : at * SHOWN_CALLS],
        "all": len(rows),
        "rows": SHOWN_CALLS,
        "again": f"{NEXT_SCREEN};url={path}?screen={at % count + 1}" if count > 1 else str(SAME_SCREEN),
    }
