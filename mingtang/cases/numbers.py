"""Case numbers and receipt codes."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from mingtang.cases.models import CodeAttempts, NumberSerial
from mingtang.lib.codes import ALPHABET, letters, plain
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.towns.models import Jurisdiction

CODE_LENGTH = 10  # 49 bits
FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
# How long wrong tries are counted. What people type where a number belongs may be anything, their own ID number too.
COUNTED = timedelta(days=1)


def check_character(body: str) -> str:
    """ISO 7064 MOD 37,2 over letters and digits: one wrong or swapped character is noticed."""
    order = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
    rest = 0
    for character in body:
        rest = (rest + order.index(character)) * 2 % 37
    return order[(38 - rest) % 37]


def next_public(town: Jurisdiction, year: int) -> str:
    """Town prefix, year, serial, check character (``WY2026000318K``), in the caller's transaction."""
    NumberSerial.objects.get_or_create(town=town, year=year)
    serial = NumberSerial.objects.select_for_update().get(town=town, year=year)
    while True:
        serial.last += 1
        body = f"{town.prefix}{year}{serial.last:06d}"
        # The sign * does not read well over the telephone: such serials are left out.
        if (check := check_character(body)) != "*":
            break
    serial.save(update_fields=["last"])
    return body + check


def new_sealed(town: Jurisdiction) -> str:
    """A number that tells neither order nor kind."""
    return f"{town.prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(12))


def code_for(submission: str) -> str:
    """The receipt code of a submission: the same when the same form is sent twice, unguessable otherwise."""
    digest = hmac.new(settings.PAYLOAD_KEY.encode(), b"receipt:" + submission.encode(), hashlib.sha256).digest()
    return letters(digest, CODE_LENGTH)


def code_hash(number: str, code: str) -> str:
    """What is stored: a keyed hash bound to the case number."""
    return hmac.new(settings.PAYLOAD_KEY.encode(), f"code:{number}:{plain(code)}".encode(), hashlib.sha256).hexdigest()


def check_code(town: Jurisdiction, number: str, code: str, stored: str | None) -> None:
    """Compare a typed code; after some wrong tries each further one must wait, twice as long each time.

    ``stored`` None (no such case) behaves exactly like a wrong code. Raises ``Refused``.
    """
    now = timezone.now()
    wait = None
    with act():
        row, _ = CodeAttempts.objects.get_or_create(town=town, number=number[:24], defaults={"last_at": now})
        row = CodeAttempts.objects.select_for_update().get(pk=row.pk)
        over = row.failures - FREE_TRIES
        if over >= 0 and now < (until := row.last_at + min(timedelta(seconds=2 ** min(over, 12)), LONGEST_WAIT)):
            wait = until - now
        elif stored is not None and hmac.compare_digest(stored, code_hash(number, code)):
            row.failures, row.last_at = 0, now
            row.save(update_fields=["failures", "last_at"])
            return
        else:
            row.failures, row.last_at = row.failures + 1, now
            row.save(update_fields=["failures", "last_at"])
    if wait is not None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        raise Refused(f"输错的次数太多，请过 {minutes} 分钟再试，或者带身份证到窗口查询。", field="code")
    raise Refused("编号或者查询码不对。请对照收件凭证再输一次；凭证丢了，可以带身份证到窗口查询。", field="code")


def forget_attempts() -> None:
    """Drop the counts of wrong tries that are over, with what was typed as a number. For the scheduler."""
    CodeAttempts.objects.filter(last_at__lt=timezone.now() - COUNTED).delete()
