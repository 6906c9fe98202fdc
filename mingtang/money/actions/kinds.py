"""The event types of money."""

from mingtang.events import types

ACCOUNT = types.define("money.account_set", "启用收款账户", public=True)
ISSUED = types.define("money.notice_issued", "发出缴款通知")
CANCELLED = types.define("money.notice_cancelled", "取消缴款通知")
EXPIRED = types.define("money.notice_expired", "登记逾期未缴")
