"""What happens to a message: queued by the rooms above, then what staff do when it did not arrive."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from mingtang.events import types, vault
from mingtang.events.log import Actor, record
from mingtang.events.models import PayloadKey
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.notices import transports
from mingtang.notices.enums import Channel, MessageState
from mingtang.notices.models import Message
from mingtang.notices.policies import check_can
from mingtang.notices.states import MESSAGE
from mingtang.people.models import Staff
from mingtang.people.policies import actor
from mingtang.towns.models import Jurisdiction

SENT = types.define("notice.sent", "通知已发出")
FAILED = types.define("notice.failed", "通知没有发成")
RETRIED = types.define("notice.retried", "再发一次通知")
TO_PAPER = types.define("notice.to_paper", "通知改成寄信")
GIVEN_UP = types.define("notice.given_up", "不再发通知")
PRINTED = types.define("notice.printed", "通知已打印寄出")
# So long after its end the address and the text of a message are destroyed.
KEEP = timedelta(days=30)
# Nobody is woken by a text message.
DAY_FROM, DAY_TO = time(8), time(21)
NO_MORE = "本人不想再收。"
BATCH = 500


def at_daytime(channel: str, now: datetime) -> datetime:
    """When a message may go: a text message not at night, everything else at once."""
    local = timezone.localtime(now)
    if channel != Channel.SMS or DAY_FROM <= local.time() < DAY_TO:
        return now
    day = local.date() + timedelta(days=local.time() >= DAY_TO)
    return timezone.make_aware(datetime.combine(day, DAY_FROM))


def queue(
    *,
    town: Jurisdiction,
    subject: str,
    kind: str,
    channel: str,
    key: PayloadKey,
    to: str,
    name: str,
    title: str,
    text: str,
    once: str,
    owner_post: str = "",
    letter_to: str = "",
    until: datetime | None = None,
    unsubscribe: str = "",
) -> None:
    """Write a message in the caller's transaction; it leaves after the commit, or not at all.

    ``once`` is its idempotency key in the town: queued again, nothing is written. ``kind`` is the event type it tells
    of. Where the installation has no such transport the message becomes a letter to ``letter_to``, which may be empty:
    then it waits at the window. With ``until`` somebody waits for it now: it goes at night too, by this channel or not
    at all, and not later. ``unsubscribe``: the address that ends what the message belongs to by one press.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a message is queued in the transaction of its act")
    if until is None and channel != Channel.PRINT and channel not in transports.configured():
        channel, to = Channel.PRINT, letter_to
    now = timezone.now()
    due = now if until else at_daytime(channel, now)
    content = {"to": to, "name": name, "title": title, "text": text, "letter_to": letter_to}
    if unsubscribe:
        content["unsubscribe"] = unsubscribe
    message = Message(
        town=town,
        subject=subject,
        kind=kind,
        channel=channel,
        once=once,
        owner_post=owner_post,
        key=key,
        sealed=vault.seal(key, canonical_json(content)),
        queued_at=now,
        due_at=due,
        next_at=due,
        until=until,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)


def locked(message: Message) -> Message:
    return Message.objects.select_for_update(of=("self",)).select_related("town", "key").get(pk=message.pk)


def record_for(message: Message, type: str, **more) -> None:
    """The event of an act on a message: which one, by which way; never to whom or what."""
    facts = {"about": message.subject, "kind": message.kind, "channel": message.channel}
    data = facts | more.pop("data", {})
    record(town=message.town, type=type, subject=message.event_subject, data=data, **more)


def _wait_again(message: Message) -> None:
    now = timezone.now()
    message.state, message.attempts, message.problem, message.detail = MessageState.WAITING, 0, "", ""
    message.due_at = message.next_at = at_daytime(message.channel, now)


def retry(*, message: Message, by: Staff) -> Message:
    """Let the sender try again from the beginning, after what was wrong is mended."""
    with act():
        message = locked(message)
        check_can("retry", message, by)
        if message.channel not in transports.configured():
            raise Refused(f"这台服务器现在没有接通{message.get_channel_display()}。请改成寄信。")
        _wait_again(message)
        message.save()
        record_for(message, RETRIED, by=actor(by))
    return message


def to_paper(*, message: Message, by: Staff) -> Message:
    """Print it instead. The one who sends it may be at work on it just then: that act comes first."""
    with act():
        message = locked(message)
        check_can("to_paper", message, by)
        if message.channel == Channel.PRINT:
            raise Refused("这一条已经是信了。")
        if message.channel == Channel.WEBHOOK:
            raise Refused("这一条是推送给其他系统的，不能改成寄信。可以再发一次，或者写明理由不再发。")
        content = message.content
        content["to"] = content["letter_to"]
        message.channel = Channel.PRINT
        message.sealed = vault.seal(message.key, canonical_json(content))
        _wait_again(message)
        message.save()
        record_for(message, TO_PAPER, by=actor(by))
    return message


def give_up(*, message: Message, reason: str, by: Staff) -> Message:
    """Send it no more; the reason stays with the message."""
    reason = clear_text(reason, "请写明为什么不再发，例如：已经当面告诉本人。", "reason", town=by.town_id)
    with act():
        message = locked(message)
        check_can("give_up", message, by)
        message.state, message.ended_at, message.ended_by = MessageState.GIVEN_UP, timezone.now(), by
        message.reason = reason
        message.save()
        record_for(message, GIVEN_UP, by=actor(by), reason=reason)
    return message


def drop(*, town: Jurisdiction, subject: str, by: Actor) -> int:
    """The addressee wants no more: what waits or failed is not sent. Returns how many. Part of the caller's act."""
    rows = Message.objects.select_for_update(of=("self",)).select_related("town")
    rows = rows.filter(town=town, subject=subject, state__in=MESSAGE["drop"].sources).exclude(channel=Channel.WEBHOOK)
    dropped = list(rows)
    for message in dropped:
        message.state, message.ended_at, message.reason = MessageState.GIVEN_UP, timezone.now(), NO_MORE
        message.save()
        record_for(message, GIVEN_UP, by=by, reason=NO_MORE)
    return len(dropped)


def printed(*, messages: Iterable[Message], by: Staff) -> int:
    """The letters lie in their envelopes. Returns how many: what a colleague has marked before is not counted."""
    done = 0
    with act():
        for message in messages:
            message = locked(message)
            if message.channel != Channel.PRINT:
                raise Refused("这里面有一条不是信，不能登记打印。请刷新后再看。")
            if message.state == MessageState.PRINTED:
                continue
            check_can("printed", message, by)
            message.state, message.ended_at, message.ended_by = MessageState.PRINTED, timezone.now(), by
            message.save()
            record_for(message, PRINTED, by=actor(by))
            done += 1
    return done


def destroy_old(now: datetime | None = None) -> int:
    """Destroy address and text of what ended long enough ago; returns how many. That it was sent is kept."""
    now = now or timezone.now()
    old = Message.objects.filter(ended_at__lt=now - KEEP, destroyed_at__isnull=True)
    keys = list(old.values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    with act():
        return Message.objects.filter(pk__in=keys, destroyed_at__isnull=True).update(sealed=None, destroyed_at=now)
