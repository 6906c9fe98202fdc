from mingtang.money.models.deposits import Deposit, Receipt, Statement
from mingtang.money.models.notices import Account, Notice, NoticeSerial
from mingtang.money.models.refunds import Refund

__all__ = ["Account", "Deposit", "Notice", "NoticeSerial", "Receipt", "Refund", "Statement"]
