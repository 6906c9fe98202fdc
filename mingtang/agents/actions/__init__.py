"""What people do with an order: one function per act."""

from mingtang.agents.actions.asking import Slip, Taking, ask, begin, decline, take
from mingtang.agents.actions.carrying import (
    collect,
    deliver,
    entrust,
    hand_in,
    receive,
    renew,
    send_back,
    submit,
    take_back,
    windows_for,
)
from mingtang.agents.actions.ending import not_possible, withdraw
from mingtang.agents.actions.papers import (
    accept_papers,
    offer_papers,
    refuse_papers,
    return_papers,
    settle_lost,
    takers,
)

__all__ = [
    "Slip",
    "Taking",
    "accept_papers",
    "ask",
    "begin",
    "collect",
    "decline",
    "deliver",
    "entrust",
    "hand_in",
    "not_possible",
    "offer_papers",
    "receive",
    "refuse_papers",
    "renew",
    "return_papers",
    "send_back",
    "settle_lost",
    "submit",
    "take",
    "take_back",
    "takers",
    "windows_for",
    "withdraw",
]
