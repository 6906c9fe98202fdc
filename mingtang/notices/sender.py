"""Delivering the outbox: take one message under a lease, hand it to its transport, write down the answer.

Nothing is lost when a process is killed, because its lease runs out and the next one takes the message again; and
nobody sends what another is sending, because the lease is longer than any transport may take. So a message is sent at
least once; its idempotency key goes along, by which a gateway knows the second one.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from mingtang.events.log import SYSTEM
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.notices.actions import FAILED, GIVEN_UP, SENT, at_daytime, record_for
from mingtang.notices.enums import Channel, MessageState, Problem
from mingtang.notices.models import Message
from mingtang.notices.transports import Answer, Outcome, Parcel, Transport, mail, sms, webhook

log = logging.getLogger(__name__)
# How long after each attempt without a clear answer the next one comes; after the last a person decides.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
MOST = len(BACK_OFF) + 1
OVER = "过了时候，本人用不上了。"
TRANSPORTS: dict[str, Transport] = {Channel.SMS: sms.send, Channel.EMAIL: mail.send, Channel.WEBHOOK: webhook.send}


def lease_time() -> timedelta:
    """Longer than any transport may take: a mail server may use the limit at each of its dozen steps."""
    return timedelta(seconds=15 * settings.NOTICE_TIME_LIMIT)


def claim(channel: str, now: datetime) -> Message | None:
    """The next message that is due, leased to this caller; None when nothing is."""
    due = Q(state=MessageState.WAITING, next_at__lte=now) | Q(state=MessageState.SENDING, leased_until__lt=now)
    rows = Message.objects.filter(due, channel=channel)
    if not rows.exists():
        return None
    with act():
        free = rows.select_for_update(of=("self",), skip_locked=True).select_related("town", "key")
        message = free.order_by("next_at", "pk").first()
        if message is None:
            return None
        message.state, message.attempts = MessageState.SENDING, message.attempts + 1
        message.lease, message.leased_until = uuid.uuid4().hex, now + lease_time()
        message.save(update_fields=["state", "attempts", "lease", "leased_until"])
    return message


def settle(message: Message, answer: Answer, now: datetime) -> bool:
    """Write down how an attempt ended; False when its lease had run out and another has taken over."""
    with act():
        rows = Message.objects.select_for_update(of=("self",)).select_related("town")
        row = rows.filter(pk=message.pk, state=MessageState.SENDING, lease=message.lease).first()
        if row is None:
            log.warning("message %s: the answer came after its lease had ended", message.pk)
            return False
        row.lease, row.leased_until = "", None
        row.problem, row.detail = answer.problem, answer.detail[:40]
        if answer.outcome == Outcome.SENT:
            row.state, row.ended_at = MessageState.SENT, now
            record_for(row, SENT, by=SYSTEM, data={"attempts": row.attempts})
        elif answer.outcome == Outcome.UNCLEAR and (again := _again(row, now)):
            row.state, row.next_at = MessageState.WAITING, again
        elif row.until:
            row.state, row.ended_at, row.reason = MessageState.GIVEN_UP, now, OVER
            record_for(
                row, GIVEN_UP, by=SYSTEM, reason=OVER, data={"attempts": row.attempts, "problem": answer.problem}
            )
        else:
            row.state = MessageState.FAILED
            record_for(row, FAILED, by=SYSTEM, data={"attempts": row.attempts, "problem": answer.problem})
        if row.until and row.ended_at:
            row.sealed, row.destroyed_at = None, now
        row.save()
    return True


def _again(row: Message, now: datetime) -> datetime | None:
    """When to try once more; None when that was the last time."""
    if row.attempts >= MOST:
        return None
    again = now + BACK_OFF[row.attempts - 1]
    if row.until is None:
        return at_daytime(row.channel, again)
    return again if again <= row.until else None


def _answer(message: Message, transport: Transport) -> Answer:
    """What came of one attempt. What a transport throws is told by its kind alone: its text may hold an address."""
    if message.attempts > MOST:
        return Answer(Outcome.REFUSED, Problem.BROKEN)
    if message.key.wrapped is None:
        return Answer(Outcome.REFUSED, Problem.DESTROYED)
    try:
        content = message.content
    except Refused:
        # Sealed under another master key: the administrator's to mend, and the message must not be lost meanwhile.
        return Answer(Outcome.UNCLEAR, Problem.LOCKED)
    parcel = Parcel(
        to=content["to"],
        title=content["title"],
        text=content["text"],
        once=message.once,
        town=message.town.code,
        domain=message.town.domain,
        unsubscribe=content.get("unsubscribe", ""),
    )
    try:
        return transport(parcel)
    except Exception as error:
        log.error("message %s: %s failed with %s", message.pk, message.channel, type(error).__name__)
        return Answer(Outcome.UNCLEAR, Problem.UNCLEAR, type(error).__name__)


def run_once(channel: str, clock: Callable[[], datetime] = timezone.now) -> Answer | None:
    """Deliver one message of a channel that is due; None when there is none."""
    now = clock()
    message = claim(channel, now)
    if message is None:
        return None
    over = message.until is not None and now > message.until
    answer = Answer(Outcome.REFUSED, Problem.OVER) if over else _answer(message, TRANSPORTS[channel])
    settle(message, answer, clock())
    return answer
