"""A code of six digits by which a person proves a telephone or mailbox: sent, checked, forgotten.

It is answered alike whether there is an account or not, because none is asked for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string

from mingtang.accounts.models import LoginCode
from mingtang.accounts.reach import WAYS, Reach, reach_of, ways
from mingtang.events import types, vault
from mingtang.events.log import APPLICANT, record
from mingtang.events.models import PayloadKey
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.notices import actions as notices
from mingtang.notices import wording
from mingtang.notices.enums import Channel
from mingtang.towns.models import Jurisdiction

SENT = types.define("account.code", "发出登录验证码")

DIGITS = 6
LIFE = timedelta(minutes=10)
TRIES = 5
PAUSE = timedelta(minutes=1)
MOST_A_DAY = 6  # to one telephone or mailbox
MOST_AN_HOUR = 120  # in one town
BATCH = 500
AGAIN = "请点“重新发一条”。"
WITHOUT = "不登录也一样办。"


@dataclass(frozen=True)
class Asked:
    """``shown``: the code itself, in a demo town that can send nothing; elsewhere empty."""

    code: LoginCode
    shown: str = ""


def check_way(town: Jurisdiction, reach: Reach) -> bool:
    """Whether it is really sent; a demo town without a gateway shows it instead. Raises ``Refused``."""
    connected = ways()
    if reach.channel in connected:
        return True
    if not connected and town.is_demo:
        return False
    other = next((way for way in WAYS if way in connected), None)
    here = Channel(reach.channel).label
    mend = {Channel.SMS: "请填手机号码。", Channel.EMAIL: "请填电子邮箱。"}.get(other, "现在不能登录，")
    raise Refused(f"这里没有接通{here}，{mend}{WITHOUT}", field="reach")


def ask(*, town: Jurisdiction, typed: str) -> Asked:
    """Send a code to what was typed. Raises ``Refused`` for what is no number, and when too many were asked for."""
    reach = reach_of(typed)
    is_sent = check_way(town, reach)
    plain, now = get_random_string(DIGITS, "0123456789"), timezone.now()
    with act():
        _check_limits(town, reach, now)
        LoginCode.objects.filter(reach_hash=reach.hashed, ended_at__isnull=True).update(ended_at=now)
        key = vault.new_key(town)
        code = LoginCode.objects.create(
            town=town,
            reach_hash=reach.hashed,
            reach_sealed=vault.seal(key, reach.to.encode()),
            code_hash=_hash(reach, plain),
            key=key,
            sent_at=now,
            expires_at=now + LIFE,
        )
        record(town=town, type=SENT, subject=code.subject, by=APPLICANT, data={"channel": reach.channel})
        if is_sent:
            _queue(code, reach, plain)
    return Asked(code, "" if is_sent else plain)


def _hash(reach: Reach, plain: str) -> str:
    return vault.keyed_hash(f"login:{reach.to}:{plain}")


def _check_limits(town: Jurisdiction, reach: Reach, now: datetime) -> None:
    mine = LoginCode.objects.filter(reach_hash=reach.hashed, sent_at__gt=now - timedelta(days=1)).order_by("sent_at")
    sent = list(mine.values_list("sent_at", flat=True))
    if sent and now - sent[-1] < PAUSE:
        raise Refused("刚刚发过一条，请等一分钟再要。先看看收到没有。", field="reach")
    if len(sent) >= MOST_A_DAY:
        raise Refused(f"这个号码今天要过 {MOST_A_DAY} 次验证码了，请明天再登录。{WITHOUT}", field="reach")
    if LoginCode.objects.filter(town=town, sent_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise Refused(f"现在要验证码的人太多，请过一会儿再来。{WITHOUT}", field="reach")


def _queue(code: LoginCode, reach: Reach, plain: str) -> None:
    minutes = int(LIFE.total_seconds() // 60)
    text = f"登录验证码 {plain}，{minutes} 分钟内有效。镇里的人不会问您要它，不要告诉任何人。不是您要的，不用理会。"
    notices.queue(
        town=code.town,
        subject=code.subject,
        kind=SENT,
        channel=reach.channel,
        key=code.key,
        to=reach.to,
        name="",
        title=f"{code.town.name}：登录验证码",
        text=wording.signed(code.town, text) if reach.channel == Channel.SMS else text,
        once=code.subject,
        until=code.expires_at,
    )


def live(town: Jurisdiction, pk: int | None) -> LoginCode | None:
    """The code that a session has asked for in this town, be it over or not; none after a day."""
    return LoginCode.objects.select_related("key", "town").filter(town=town, pk=pk).first() if pk else None


def prove(*, code: LoginCode, typed: str) -> Reach:
    """Whose code this is. Used up when it fits; ``TRIES`` wrong ones end it. Raises ``Refused`` at ``code``."""
    now, plain = timezone.now(), "".join(typed.split())
    with act():
        row = LoginCode.objects.select_for_update(of=("self",)).select_related("key").get(pk=code.pk)
        if row.ended_at is not None:
            said = f"这个验证码已经作废了。{AGAIN}"
        elif now > row.expires_at:
            said = f"验证码过了 {int(LIFE.total_seconds() // 60)} 分钟，不能用了。{AGAIN}"
        elif constant_time_compare(row.code_hash, _hash(row.reach, plain)):
            row.ended_at, said = now, ""
        else:
            row.failures += 1
            row.ended_at = now if row.failures >= TRIES else None
            said = (
                f"输错了 {TRIES} 次，这个验证码作废了。{AGAIN}" if row.ended_at else "验证码不对，请照着短信再输一次。"
            )
        row.save(update_fields=["failures", "ended_at"])
    if said:
        raise Refused(said, field="code")
    return row.reach


def forget_old(now: datetime | None = None) -> int:
    """Destroy the codes of yesterday and before, with the numbers they went to; returns how many."""
    old = LoginCode.objects.filter(sent_at__lt=(now or timezone.now()) - timedelta(days=1)).values_list("pk", "key")
    rows = list(old[:BATCH])
    if rows:
        with act():
            LoginCode.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
            keys = PayloadKey.objects.filter(pk__in=[key for _, key in rows], wrapped__isnull=False)
            keys.update(wrapped=None, destroyed_at=timezone.now())
    return len(rows)
