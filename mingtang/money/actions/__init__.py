"""What people do with money: one function per act."""

from mingtang.money.actions.notices import cancel, drop, expire, issue, set_account

__all__ = ["cancel", "drop", "expire", "issue", "set_account"]
