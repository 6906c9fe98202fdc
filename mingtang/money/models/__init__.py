from mingtang.money.models.notices import Account, Notice, NoticeSerial

__all__ = ["Account", "Notice", "NoticeSerial"]
