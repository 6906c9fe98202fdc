"""Text messages through a gateway of the operator's: an HTTP POST whose form the environment describes."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings

from mingtang.notices.enums import Problem
from mingtang.notices.transports import Answer, Outcome, Parcel
from mingtang.notices.transports.http import NoAnswer, code_of, judged, post


def _filled(template: Any, fill: Callable[[str], str]) -> Any:
    """The template with each string filled; a value can never change the shape of what is sent."""
    if isinstance(template, dict):
        return {key: _filled(value, fill) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, fill) for value in template]
    return fill(template) if isinstance(template, str) else template


def body_for(parcel: Parcel, template: str) -> tuple[bytes, str]:
    """Body and content type: JSON where the template is an object, else a form (``mobile={phone}&content={text}``)."""
    words = {"{phone}": parcel.to, "{text}": parcel.text, "{id}": parcel.once}

    def fill(text: str) -> str:
        # Split at the places first: what stands in one of them is never read as another.
        for place, value in words.items():
            if place in text:
                return value.join(fill(part) for part in text.split(place))
        return text

    if template.lstrip().startswith("{") and template.rstrip().endswith("}") and '"' in template:
        whole = json.dumps(_filled(json.loads(template), fill), ensure_ascii=False)
        return whole.encode(), "application/json; charset=utf-8"
    pairs = [(name, fill(value)) for name, value in parse_qsl(template, keep_blank_values=True)]
    return urlencode(pairs).encode(), "application/x-www-form-urlencoded; charset=utf-8"


def said(body: bytes, accepted: str) -> Answer:
    """What a success says in its body. ``accepted``: ``code=0``, the field and the value that mean yes; empty: any."""
    if not accepted:
        return Answer(Outcome.SENT)
    field, _, wanted = accepted.partition("=")
    try:
        found = json.loads(body)
    except ValueError:
        return Answer(Outcome.UNCLEAR, Problem.UNCLEAR)
    if not isinstance(found, dict) or not isinstance(found.get(field), str | int):
        return Answer(Outcome.UNCLEAR, Problem.UNCLEAR)
    value = found[field]
    if str(value) == wanted:
        return Answer(Outcome.SENT)
    return Answer(Outcome.REFUSED, Problem.REFUSED, code_of(value))


def send(parcel: Parcel) -> Answer:
    """Hand one message to the gateway. What is not a clear yes or no is told as unclear."""
    body, kind = body_for(parcel, settings.SMS_BODY)
    headers = {"Content-Type": kind, "Idempotency-Key": parcel.once, **settings.SMS_HEADERS}
    try:
        status, read = post(settings.SMS_URL, body, headers, settings.NOTICE_TIME_LIMIT)
    except NoAnswer as none:
        return none.answer
    return judged(status) or said(read, settings.SMS_ACCEPTED)
