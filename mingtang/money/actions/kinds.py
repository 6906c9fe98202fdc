"""The event types of money."""

from mingtang.events import types

ACCOUNT = types.define("money.account_set", "启用收款账户", public=True)
ISSUED = types.define("money.notice_issued", "发出缴款通知")
CANCELLED = types.define("money.notice_cancelled", "取消缴款通知")
EXPIRED = types.define("money.notice_expired", "登记逾期未缴")
READ_IN = types.define("money.statement_read_in", "导入银行流水")
PAID = types.define("money.paid", "登记缴款")
UNMATCHED = types.define("money.unmatched", "撤销核销")
RECEIPT = types.define("money.receipt_given", "登记票据")
REFUND_ASKED = types.define("money.refund_asked", "申请退款")
REFUND_APPROVED = types.define("money.refund_approved", "批准退款")
REFUND_REFUSED = types.define("money.refund_refused", "不批准退款")
REFUND_DONE = types.define("money.refund_done", "登记退款")
