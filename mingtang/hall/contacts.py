"""What every act on a contact shares: the locked row, the table of states, who owns it, how it ends."""

from collections.abc import Sequence
from datetime import datetime

from mingtang.events import types
from mingtang.events.log import Actor, iso, record
from mingtang.hall.enums import ContactState, ErrandOutcome
from mingtang.hall.models import Contact, Errand, Owner, Window
from mingtang.hall.states import CONTACT
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.people.models import Post, Staff
from mingtang.people.policies import Held, held_by
from mingtang.rulebook.models import Item

MAX_ERRANDS = 6
# The log shows them all: a number that was given can be missed.
EVENTS = {
    "take": types.define("contact.take", "取号", public=True),
    "book": types.define("contact.book", "预约", public=True),
    "enter_slip": types.define("contact.enter_slip", "登记号单", public=True),
    "receive": types.define("contact.receive", "当面接待", public=True),
    "check_in": types.define("contact.check_in", "报到", public=True),
    "call": types.define("contact.call", "叫号", public=True),
    "recall": types.define("contact.recall", "再叫一次", public=True),
    "skip": types.define("contact.skip", "过号", public=True),
    "come_back": types.define("contact.come_back", "过号回来", public=True),
    "start": types.define("contact.start", "开始接待", public=True),
    "add": types.define("contact.add", "加办一件", public=True),
    "settle": types.define("contact.settle", "写明下落", public=True),
    "forward": types.define("contact.forward", "到别的窗口接着办", public=True),
    "offer": types.define("contact.offer", "转交", public=True),
    "take_over": types.define("contact.take_over", "接下", public=True),
    "decline": types.define("contact.decline", "退回", public=True),
    "leave": types.define("contact.leave", "不等了", public=True),
    "nobody": types.define("contact.nobody", "窗口没人，走了", public=True),
    "cancel": types.define("contact.cancel", "取消预约", public=True),
    "withdraw": types.define("contact.withdraw", "收回委托", public=True),
    "close_day": types.define("contact.close_day", "当天没等到", public=True),
}


def locked(contact: Contact) -> Contact:
    """The row, locked: two who act at once meet here."""
    rows = Contact.objects.select_for_update(of=("self",)).select_related("town", "site", "window__post", "pad")
    return rows.get(pk=contact.pk)


def check(act: str, contact: Contact) -> None:
    """Raise ``Refused`` unless the table names the act for this state."""
    row = CONTACT[act]
    if contact.state not in row.sources:
        now = ContactState(contact.state).label
        raise Refused(f"{contact.label}号现在是“{now}”，不能{row.title}。可能有同事刚刚办理过，请刷新再看。")


def check_by(act: str, contact: Contact, by: Staff) -> Held:
    """``check``, and that this person holds a power for it, or stands in for who does; what they hold."""
    held = check_powers(act, contact.town_id, by)
    check(act, contact)
    return held


def check_powers(act: str, town: int, by: Staff) -> Held:
    row, held = CONTACT[act], held_by(by)
    if by.town_id != town or (row.powers and held.powers.isdisjoint(row.powers)):
        raise Refused(f"您的岗位不能{row.title}。请由窗口人员办理。")
    return held


def errands_of(items: Sequence[Item | None], contact: Contact, first: int = 1) -> list[Errand]:
    """The errands of a contact, in the order they were named; none at all is one question."""
    if len(items) > MAX_ERRANDS:
        raise Refused(f"一个号最多办 {MAX_ERRANDS} 件事。多的请再取一个号。", field="item")
    if any(item is not None and item.town_id != contact.town_id for item in items):
        raise Refused("这件事不是本镇办的，请另选。", field="item")
    return [Errand(contact=contact, order=n, item=item) for n, item in enumerate(items or [None], first)]


def opened_as(contact: Contact, items: Sequence[Item | None], post: Post | None = None) -> dict[str, str]:
    """What the event that opens a contact says of it, so that its row can be proved: when, for what, who owns it."""
    codes = ",".join(item.code if item else "" for item in items)
    said = {"opened_at": iso(contact.opened_at), "site": contact.site.code, "items": codes}
    return said | ({"post": post.code} if post else {})


def words_of(errand: Errand) -> str:
    """The hash of what an errand's owner wrote: what was told cannot become another word afterwards."""
    return sha256_hex(canonical_json([errand.clause, errand.note]))


def owner_of(contact: Contact) -> Owner | None:
    """Who owns it now: the last who accepted."""
    rows = contact.owners.filter(accepted_at__isnull=False).select_related("post__unit", "staff", "window")
    return rows.order_by("order").last()


def check_owner(contact: Contact, by: Staff, held: Held) -> Owner:
    """Raise ``Refused`` unless this person owns the contact: in person, or as who acts for the post that owns it."""
    owner = owner_of(contact)
    if owner is None or (owner.staff_id != by.pk and owner.post.code not in held.served):
        who = f"现在由{owner.post}负责" if owner else "还没有人负责"
        raise Refused(f"{contact.label}号{who}，请由负责的人办理，或者先转交给您。")
    return owner


def own(contact: Contact, post: Post, by: Staff, window: Window | None, at: datetime) -> Owner:
    """A new owner who has accepted; the first is who was asked first."""
    order = contact.owners.count() + 1
    return Owner.objects.create(
        contact=contact, order=order, post=post, staff=by, window=window, offered_at=at, accepted_at=at
    )


def finish(errand: Errand, outcome: str, at: datetime, by: Staff | None = None, **words: str) -> None:
    """One errand ends, with its ``clause`` and ``note``."""
    errand.outcome, errand.ended_at, errand.ended_by = outcome, at, by
    errand.clause, errand.note = words.get("clause", ""), words.get("note", "")
    errand.window = errand.contact.window
    errand.save(update_fields=["outcome", "ended_at", "ended_by", "clause", "note", "window"])


def close(contact: Contact, outcome: ErrandOutcome, at: datetime) -> None:
    """What is still open of a contact ends alike, and so does the contact."""
    for errand in contact.errands.filter(outcome="").select_related("contact"):
        finish(errand, outcome, at)
    contact.state, contact.ended_at = ContactState.ENDED, at
    contact.save(update_fields=["state", "ended_at"])


def tell(act: str, contact: Contact, by: Actor, *, reason: str = "", **data: str | int | bool) -> None:
    """The event of an act."""
    record(
        town=contact.town,
        type=EVENTS[act],
        subject=contact.subject,
        by=by,
        place=contact.window.subject if contact.window else contact.site.subject,
        reason=reason,
        data=data,
    )
