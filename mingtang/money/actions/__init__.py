"""What people do with money: one function per act."""

from mingtang.money.actions.deposits import give_receipt, match, read_in, unmatch
from mingtang.money.actions.notices import cancel, drop, expire, issue, set_account
from mingtang.money.actions.refunds import approve_refund, ask_refund, left, pay_refund, refuse_refund

__all__ = [
    "approve_refund",
    "ask_refund",
    "cancel",
    "drop",
    "expire",
    "give_receipt",
    "issue",
    "left",
    "match",
    "pay_refund",
    "read_in",
    "refuse_refund",
    "set_account",
    "unmatch",
]
