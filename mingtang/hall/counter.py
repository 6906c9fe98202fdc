"""What the clerk does: call the next, serve, write down what came of it, hand over. Nobody calls a number by choice."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from mingtang.events.log import Actor
from mingtang.guard.clear import clear_text
from mingtang.hall import numbers
from mingtang.hall.contacts import (
    MAX_ERRANDS,
    check,
    check_by,
    check_owner,
    check_powers,
    errands_of,
    finish,
    locked,
    opened_as,
    own,
    owner_of,
    tell,
    words_of,
)
from mingtang.hall.enums import ContactChannel, ContactState, ErrandOutcome
from mingtang.hall.models import Contact, Errand, Owner, Window
from mingtang.hall.policies import open_window_of
from mingtang.hall.presence import touched
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff
from mingtang.people.policies import Held
from mingtang.rulebook.models import Item

# What an owner may write; the rest is the resident's or comes by itself. Who left is counted for everybody to read.
WRITTEN = (ErrandOutcome.ANSWERED, ErrandOutcome.NOTICE, ErrandOutcome.REFUSED, ErrandOutcome.LEFT)
CALLS_BEFORE_PASS = 2


def queue(window: Window) -> QuerySet[Contact]:
    """Who waits today for what this window takes in, in the order of calling.

    A general window takes in all; another what the guides send to its post, questions, and what no window here takes.
    """
    waiting = Contact.objects.filter(site=window.site_id, day=timezone.localdate(), state=ContactState.WAITING)
    if not window.is_general:
        here = Window.objects.filter(site=window.site_id).values("post__code")
        mine = Q(item__isnull=True) | Q(item__facts__window_post=window.post.code)
        nobodys = ~Q(item__facts__window_post__in=here)
        errands = Errand.objects.filter(contact=OuterRef("pk"), outcome="").filter(mine | nobodys)
        waiting = waiting.filter(Exists(errands))
    return waiting.order_by("place_at", "serial")


def _window(by: Staff, held: Held, window: Window) -> Window:
    """The window this person works at, open: raises ``Refused`` for another's or a closed one."""
    window = Window.objects.select_related("site__town", "post__unit", "town").get(pk=window.pk)
    if window.post.code not in held.served:
        raise Refused(f"您的岗位不在{window}。请到自己的窗口叫号。")
    if not window.is_open:
        open_window_of(by)  # says why it is closed and who stands in
        raise Refused(f"{window}现在关闭（{window.closed_reason}），请先开窗。")
    return window


def call_next(*, window: Window, by: Staff) -> Contact:
    """The next in order is called to this window. Two windows at once get two different numbers."""
    held = check_powers("call", window.town_id, by)
    with act():
        window = _window(by, held, window)
        numbers.lock(window.site)
        if busy := Contact.objects.filter(window=window, state=ContactState.CALLED).first():
            raise Refused(f"{busy.label}号还在叫。请先接待，或者记过号，再叫下一个。")
        first = queue(window).first()
        if first is None:
            raise Refused("现在没有人等这个窗口的号。")
        contact = locked(first)
        check("call", contact)
        contact.state, contact.window = ContactState.CALLED, window
        contact.calls, contact.called_at = 1, timezone.now()
        contact.save(update_fields=["state", "window", "calls", "called_at"])
        touched(window)
        tell("call", contact, held.actor([window.post.code]), waited=contact.waited(contact.called_at))
    return contact


def _at_my_window(name: str, contact: Contact, by: Staff) -> tuple[Contact, Actor]:
    contact = locked(contact)
    held = check_by(name, contact, by)
    if contact.window is None or contact.window.post.code not in held.served:
        raise Refused(f"{contact.label}号是{contact.window}叫的，请由那里办理。")
    return contact, held.actor([contact.window.post.code])


def recall(*, contact: Contact, by: Staff) -> Contact:
    """Call the same number once more."""
    with act():
        contact, author = _at_my_window("recall", contact, by)
        contact.calls, contact.called_at = contact.calls + 1, timezone.now()
        contact.save(update_fields=["calls", "called_at"])
        touched(contact.window)
        tell("recall", contact, author, calls=contact.calls)
    return contact


def skip(*, contact: Contact, by: Staff) -> Contact:
    """过号: after two calls nobody came. The number can come back the same day."""
    with act():
        contact, author = _at_my_window("skip", contact, by)
        if contact.calls < CALLS_BEFORE_PASS:
            raise Refused(f"{contact.label}号只叫过 {contact.calls} 次，叫满 {CALLS_BEFORE_PASS} 次没人来才能记过号。")
        contact.state = ContactState.PASSED
        contact.save(update_fields=["state"])
        touched(contact.window)
        tell("skip", contact, author, calls=contact.calls)
    return contact


def start(*, contact: Contact, by: Staff) -> Contact:
    """The person sits down: who asks first owns it from now on."""
    with act():
        contact, author = _at_my_window("start", contact, by)
        now = timezone.now()
        contact.state, contact.started_at = ContactState.OWNED, contact.started_at or now
        contact.save(update_fields=["state", "started_at"])
        own(contact, contact.window.post, by, contact.window, now)
        touched(contact.window)
        tell("start", contact, author, post=contact.window.post.code, waited=contact.waited(now))
    return contact


def receive(*, window: Window, items: Sequence[Item | None], by: Staff, submission: UUID | None = None) -> Contact:
    """Somebody without a number is served at the window: a contact all the same, owned from the start. ``submission``
    is the form's own token: sent twice it is one contact.
    """
    held = check_powers("receive", window.town_id, by)
    with act():
        window = _window(by, held, window)
        site, day = numbers.lock(window.site), timezone.localdate()
        if again := numbers.given(site, submission):
            return again
        serial, number, now = numbers.issue(site, day)
        contact = Contact.objects.create(
            town=site.town,
            site=site,
            number=number,
            day=day,
            serial=serial,
            channel=ContactChannel.WALK_IN,
            state=ContactState.OWNED,
            opened_at=now,
            recorded_at=now,
            place_at=now,
            window=window,
            started_at=now,
            submission=submission,
        )
        Errand.objects.bulk_create(errands_of(items, contact))
        own(contact, window.post, by, window, now)
        touched(window)
        tell("receive", contact, held.actor([window.post.code]), **opened_as(contact, items, window.post))
    return contact


def add(*, contact: Contact, item: Item | None, by: Staff) -> Errand:
    """One more errand in the same visit."""
    with act():
        contact = locked(contact)
        held = check_by("add", contact, by)
        owner = check_owner(contact, by, held)
        count = contact.errands.count()
        if count >= MAX_ERRANDS:
            raise Refused(f"一个号最多办 {MAX_ERRANDS} 件事。多的请再取一个号。", field="item")
        (errand,) = errands_of([item], contact, count + 1)
        errand.save()
        tell("add", contact, held.actor([owner.post.code]), item=item.code if item else "")
    return errand


def settle(*, errand: Errand, outcome: str, by: Staff, clause: str = "", note: str = "") -> Contact:
    """What came of one errand. A refusal names its clause, a notice says all that is missing; both are shown to whoever
    holds number and code. The last errand ends the contact.
    """
    if outcome not in WRITTEN:
        raise Refused("请选择这件事的下落：当场答复、一次性告知、不能办，或者人走了。", field="outcome")
    needs_clause, needs_note = outcome == ErrandOutcome.REFUSED, outcome == ErrandOutcome.NOTICE
    clause = clear_text(
        clause, "不能办的，要写明是哪部规定第几条。" if needs_clause else "", "clause", 100, town=by.town_id
    )
    note = clear_text(note, "一次性告知要写明还差什么，一次写全。" if needs_note else "", "note", town=by.town_id)
    with act():
        return _settle(errand, outcome, by, clause=clause if needs_clause else "", note=note)


def settle_with_case(*, errand: Errand, number: str, by: Staff) -> Contact:
    """A case was taken in for this errand; in the transaction that takes it in."""
    with act():
        return _settle(errand, ErrandOutcome.CASE, by, case=number)


def _settle(errand: Errand, outcome: str, by: Staff, case: str = "", **typed: str) -> Contact:
    contact = locked(errand.contact)
    held = check_by("settle", contact, by)
    owner = check_owner(contact, by, held)
    errand = Errand.objects.select_related("contact__window").get(pk=errand.pk)
    if errand.outcome:
        raise Refused(f"这件事已经有下落：{ErrandOutcome(errand.outcome).label}。请刷新再看。")
    now = timezone.now()
    finish(errand, outcome, now, by, **typed)
    if not contact.errands.filter(outcome="").exists():
        contact.state, contact.ended_at = ContactState.ENDED, now
        contact.save(update_fields=["state", "ended_at"])
    touched(contact.window)
    author, words = held.actor([owner.post.code]), words_of(errand)
    tell("settle", contact, author, errand=errand.order, outcome=str(outcome), case=case, words=words)
    return contact


def forward(*, contact: Contact, by: Staff) -> Contact:
    """What is left of the errands belongs to other windows: back among those who wait, at the old place. Who has owned
    it stays the owner until the other window begins.
    """
    with act():
        numbers.lock(contact.site)
        contact = locked(contact)
        held = check_by("forward", contact, by)
        owner = check_owner(contact, by, held)
        window = contact.window
        contact.state, contact.window = ContactState.WAITING, None
        contact.calls, contact.called_at = 0, None
        contact.save(update_fields=["state", "window", "calls", "called_at"])
        open_elsewhere = Window.objects.filter(site=contact.site, is_open=True).exclude(pk=window.pk if window else 0)
        others = open_elsewhere.select_related("post", "site")
        if not any(queue(other).filter(pk=contact.pk).exists() for other in others):
            raise Refused("这里没有别的窗口能接着办。请自己办，或者转交给负责的岗位。")
        touched(window)
        tell("forward", contact, held.actor([owner.post.code]))
    return contact


def offer(*, contact: Contact, post: Post, reason: str, by: Staff) -> Owner:
    """Ask another post to take the contact over. Until it does, whoever offers stays the owner."""
    reason = clear_text(reason, "请写明为什么转交，来办事的人看得到这句话。", "reason", town=by.town_id)
    with act():
        contact = locked(contact)
        held = check_by("offer", contact, by)
        owner = check_owner(contact, by, held)
        if post.town_id != contact.town_id or post.unit.dissolved_on is not None:
            raise Refused("请选择本镇现有的岗位。", field="post")
        if post.pk == owner.post_id:
            raise Refused("这个号本来就由这个岗位负责，不用转交。", field="post")
        contact.state = ContactState.HANDING_OVER
        contact.save(update_fields=["state"])
        made = Owner.objects.create(
            contact=contact,
            order=contact.owners.count() + 1,
            post=post,
            reason=reason,
            offered_at=timezone.now(),
        )
        touched(contact.window)
        tell("offer", contact, held.actor([owner.post.code]), reason=reason, to=post.code)
    return made


def _offered(contact: Contact, held: Held) -> Owner:
    """The waiting offer, which this person may answer: who acts for the post it was made to."""
    row = contact.owners.select_related("post__unit").get(accepted_at__isnull=True, declined_at__isnull=True)
    if row.post.code not in held.served:
        raise Refused(f"{contact.label}号是转给{row.post}的，请由那个岗位的人接。")
    return row


def take_over(*, contact: Contact, by: Staff) -> Contact:
    """Accept: from now on this post owns it."""
    with act():
        contact = locked(contact)
        held = check_by("take_over", contact, by)
        row = _offered(contact, held)
        window = Window.objects.filter(site=contact.site, post=row.post).first()
        row.staff, row.accepted_at, row.window = by, timezone.now(), window
        row.save(update_fields=["staff", "accepted_at", "window"])
        contact.state, contact.window = ContactState.OWNED, window
        contact.save(update_fields=["state", "window"])
        touched(window)
        tell("take_over", contact, held.actor([row.post.code]), post=row.post.code)
    return contact


def decline(*, contact: Contact, reason: str, by: Staff) -> Contact:
    """Give an offer back with a reason; who offered it takes it back likewise. The owner stays who it was."""
    reason = clear_text(reason, "请写明为什么退回，来办事的人看得到这句话。", "reason", town=by.town_id)
    with act():
        contact = locked(contact)
        held = check_by("decline", contact, by)
        owner = owner_of(contact)
        row = contact.owners.select_related("post").get(accepted_at__isnull=True, declined_at__isnull=True)
        answering = {row.post.code, *([owner.post.code] if owner else [])}
        if held.served.isdisjoint(answering):
            raise Refused(f"{contact.label}号不是转给您的，也不是您转出的。")
        row.declined_at, row.declined_why = timezone.now(), reason
        row.save(update_fields=["declined_at", "declined_why"])
        contact.state = ContactState.OWNED
        contact.save(update_fields=["state"])
        tell("decline", contact, held.actor(answering), reason=reason, post=row.post.code)
    return contact
