"""The ways out of the house. Each takes a parcel and answers; which ones there are, the environment says."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from mingtang.notices.enums import Channel


class Outcome(StrEnum):
    """``refused`` is final. ``unclear``: perhaps it went, perhaps not, so it is sent again with the same key."""

    SENT = "sent"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Parcel:
    """What a transport is given. ``once`` is the same at each attempt; ``unsubscribe`` the address that ends it."""

    to: str
    title: str
    text: str
    once: str
    town: str
    domain: str
    unsubscribe: str = ""


@dataclass(frozen=True)
class Answer:
    """``detail`` is a code such as ``HTTP 503``: never a text of the other side."""

    outcome: Outcome
    problem: str = ""
    detail: str = ""


Transport = Callable[[Parcel], Answer]


def configured() -> tuple[str, ...]:
    """The channels that this installation can send by; letters can always be printed."""
    ways = {
        Channel.SMS: settings.SMS_URL,
        Channel.EMAIL: settings.SMTP_URL,
        Channel.WEBHOOK: settings.WEBHOOK_URL,
    }
    return tuple(channel for channel, address in ways.items() if address)
