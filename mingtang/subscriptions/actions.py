"""What happens to a subscription: asked for, confirmed, changed, ended. Events say that, never who or what."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from mingtang.accounts.reach import Reach, reach_of
from mingtang.events import types, vault
from mingtang.events.log import APPLICANT, SYSTEM, Actor, record
from mingtang.events.models import PayloadKey, Sequenced
from mingtang.lib.canonical import canonical_json
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.notices import actions as notices
from mingtang.notices import transports
from mingtang.notices.enums import Channel
from mingtang.subscriptions.choosing import Choice
from mingtang.subscriptions.enums import Rhythm
from mingtang.subscriptions.models import Subscription
from mingtang.towns.models import Jurisdiction

ASKED = types.define("subscription.asked", "提出邮件订阅")
CONFIRMED = types.define("subscription.confirmed", "确认邮件订阅")
CHANGED = types.define("subscription.changed", "改邮件订阅")
ENDED = types.define("subscription.ended", "退订邮件")
STOPPED = types.define("subscription.stopped", "退信，停发邮件")

LIFE = timedelta(days=2)
PAUSE = timedelta(minutes=1)
MOST_A_DAY = 3  # to one address
MOST_AN_HOUR = 120  # in one town
BATCH = 200
WITHOUT = "不用邮箱，也可以用订阅源，或者常来看“上次看过以后”。"


@dataclass(frozen=True)
class Asked:
    """``shown``: the path of the link, in a demo town that can send nothing; elsewhere empty."""

    subscription: Subscription
    shown: str = ""


def address_of(typed: str) -> Reach:
    """A mailbox as it was typed, in one form. Raises ``Refused`` at ``to``."""
    if "@" not in typed:
        raise Refused(f"请填电子邮箱，例如 wang@example.com。{WITHOUT}", field="to")
    try:
        return reach_of(typed)
    except Refused as refusal:
        raise Refused(refusal.message, field="to") from None


def _hash(kind: str, plain: str) -> str:
    # A keyed hash folds case: the hexadecimal digits of our tokens have none to lose.
    return vault.keyed_hash(f"{kind}:{plain}")


def _check_limits(town: Jurisdiction, reach: Reach, now: datetime) -> None:
    mine = Subscription.objects.filter(reach_hash=reach.hashed, asked_at__gt=now - timedelta(days=1))
    asked = sorted(mine.values_list("asked_at", flat=True))
    if asked and now - asked[-1] < PAUSE:
        raise Refused("刚刚发过一封确认信，请等一分钟，先看看收到没有，也看看垃圾邮件里。", field="to")
    if len(asked) >= MOST_A_DAY:
        raise Refused(f"这个邮箱今天订过 {MOST_A_DAY} 次了，请明天再来。{WITHOUT}", field="to")
    if Subscription.objects.filter(town=town, asked_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise Refused(f"现在订的人太多，请过一会儿再来。{WITHOUT}", field="to")


def ask(*, town: Jurisdiction, to: str, choice: Choice, rhythm: str) -> Asked:
    """Send a link to confirm what is wanted; nothing is told before. The answer is the same for a known address."""
    reach, now = address_of(to), timezone.now()
    if rhythm not in Rhythm.values:
        raise Refused("请选择多久一次。", field="rhythm")
    is_sent = Channel.EMAIL in transports.configured()
    if not is_sent and not town.is_demo:
        raise Refused(f"这里还没有接通电子邮件，订不了。{WITHOUT}", field="to")
    handle, token = secrets.token_hex(16), secrets.token_hex(16)
    with act():
        _check_limits(town, reach, now)
        key = vault.new_key(town)
        row = Subscription.objects.create(
            town=town,
            reach_hash=reach.hashed,
            handle_hash=_hash("handle", handle),
            confirm_hash=_hash("confirm", token),
            sealed=_sealed(key, reach.to, handle, choice),
            key=key,
            rhythm=rhythm,
            asked_at=now,
            confirm_until=now + LIFE,
        )
        record(town=town, type=ASKED, subject=row.subject, by=APPLICANT)
        path = f"/subscribe/confirm?k={token}"
        if is_sent:
            _send_link(row, reach, town.base_url + path)
    return Asked(row, "" if is_sent else path)


def _sealed(key: PayloadKey, to: str, handle: str, choice: Choice) -> bytes:
    return vault.seal(key, canonical_json({"to": to, "handle": handle, "choice": asdict(choice)}))


def _send_link(row: Subscription, reach: Reach, link: str) -> None:
    hours = int(LIFE.total_seconds() // 3600)
    asked = f"有人用这个邮箱订了{row.town.site_name}公开的信息。"
    notices.queue(
        town=row.town,
        subject=row.subject,
        kind=ASKED,
        channel=Channel.EMAIL,
        key=row.key,
        to=reach.to,
        name="",
        title=f"{row.town.name}：请确认订阅",
        text=f"{asked}是您订的，请在 {hours} 小时内打开下面的链接，点“确认订阅”：\n\n"
        f"{link}\n\n不是您订的，不用理会，不会再收到。",
        once=row.subject,
        until=row.confirm_until,
    )


def waiting(town: Jurisdiction, token: str) -> Subscription | None:
    """What a link asks to confirm, be it too late or not."""
    rows = Subscription.objects.select_related("town", "key")
    return rows.filter(town=town, confirm_hash=_hash("confirm", token)).first() if token else None


def of_handle(town: Jurisdiction, handle: str) -> Subscription | None:
    """The subscription that the links of a letter lead to."""
    rows = Subscription.objects.select_related("town", "key").filter(town=town, confirmed_at__isnull=False)
    return rows.filter(handle_hash=_hash("handle", handle)).first() if handle else None


def of_reach(town: Jurisdiction, reach_hash: str) -> Subscription | None:
    """The subscription of an address that was proved elsewhere: an account is entered with it."""
    rows = Subscription.objects.select_related("town", "key").filter(town=town, confirmed_at__isnull=False)
    return rows.filter(reach_hash=reach_hash).first()


def _locked(row: Subscription) -> Subscription:
    """Raises ``Refused`` when it was ended meanwhile."""
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("town", "key")
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise Refused("这个订阅已经退了。")
    return found


def confirm(*, subscription: Subscription) -> Subscription:
    """From now on it is told. What the address had before is replaced, and goes on where that stood."""
    now = timezone.now()
    with act():
        row = _locked(subscription)
        if row.confirmed_at is not None:
            return row
        if now > row.confirm_until:
            raise Refused("这个链接过期了，请重新订一次。")
        before = Subscription.objects.select_for_update(of=("self",)).select_related("key")
        before = before.filter(town=row.town, reach_hash=row.reach_hash, confirmed_at__isnull=False).first()
        if before is not None:
            row.next_index, row.told_on = before.next_index, before.told_on
            _destroy(before)
        else:
            row.next_index = head_of(row.town)
        row.confirmed_at, row.confirm_hash = now, ""
        row.save()
        record(town=row.town, type=CONFIRMED, subject=row.subject, by=APPLICANT)
    return row


def head_of(town: Jurisdiction) -> int:
    """The number that the town's next event will get, of those that have one now."""
    last = Sequenced.objects.filter(town=town).order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def change(*, subscription: Subscription, choice: Choice, rhythm: str) -> None:
    """Want something else, or at another rhythm."""
    if rhythm not in Rhythm.values:
        raise Refused("请选择多久一次。", field="rhythm")
    with act():
        row = _locked(subscription)
        row.sealed = _sealed(row.key, row.to, row.content["handle"], choice)
        row.rhythm = rhythm
        row.save(update_fields=["sealed", "rhythm"])
        record(town=row.town, type=CHANGED, subject=row.subject, by=APPLICANT)


def _destroy(row: Subscription) -> None:
    PayloadKey.objects.filter(pk=row.key_id).update(wrapped=None, destroyed_at=timezone.now())
    row.delete()


def end(*, subscription: Subscription, by: Actor = APPLICANT) -> None:
    """Delete it with its key; what waits to be sent is not sent."""
    with act():
        row = _locked(subscription)
        record(town=row.town, type=ENDED, subject=row.subject, by=by)
        notices.drop(town=row.town, subject=row.subject, by=by)
        _destroy(row)


def forget_unconfirmed(now: datetime | None = None) -> int:
    """Destroy what nobody confirmed in time; returns how many. For the scheduled sweep."""
    old = Subscription.objects.filter(confirmed_at__isnull=True, confirm_until__lt=now or timezone.now())
    rows = list(old.select_related("town", "key")[:BATCH])
    for row in rows:
        end(subscription=row, by=SYSTEM)
    return len(rows)
