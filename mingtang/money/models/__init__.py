from mingtang.money.models.deposits import Deposit, Receipt, Statement
from mingtang.money.models.notices import READERS, Account, Notice, NoticeSerial, ZeroBill
from mingtang.money.models.refunds import Refund

__all__ = ["READERS", "Account", "Deposit", "Notice", "NoticeSerial", "Receipt", "Refund", "Statement", "ZeroBill"]
