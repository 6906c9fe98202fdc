"""Telling another system that something happened: JSON, signed, without a person's data."""

import hashlib
import hmac
import time

from django.conf import settings

from mingtang.notices.transports import Answer, Outcome, Parcel
from mingtang.notices.transports.http import NoAnswer, judged, post


def signature(secret: str, moment: int, body: bytes) -> str:
    """``t=…,v1=…``: HMAC-SHA-256 over the moment (seconds), a dot and the body; the receiver refuses old moments."""
    made = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={made}"


def send(parcel: Parcel) -> Answer:
    """Post the text, which is JSON already."""
    body = parcel.text.encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": parcel.once,
        "Mingtang-Signature": signature(settings.WEBHOOK_SECRET, int(time.time()), body),
    }
    try:
        status, _ = post(settings.WEBHOOK_URL, body, headers, settings.NOTICE_TIME_LIMIT)
    except NoAnswer as none:
        return none.answer
    return judged(status) or Answer(Outcome.SENT)
