"""The lifecycles of a payment notice and of a refund. A row that is not here is refused.

Nothing here stops a case: who has not paid is reminded, and the case runs on (lifecycles: non-payment is no ground to
suspend). ``target`` None: the state stays.
"""

from mingtang.lib.lifecycle import Row
from mingtang.money.enums import NoticeState as S
from mingtang.money.enums import RefundState as R
from mingtang.people.enums import Permission as P

MATCH = (P.MONEY_MATCH,)
# A case has one of these at most: what is asked of the payer, or was paid.
LIVE = (S.ISSUED, S.PAID)

NOTICE: dict[str, Row] = {
    "issue": Row(
        (), S.ISSUED, ("clerk", "cashier"), (P.CASE_INTAKE, *MATCH), "发出缴款通知", "许可法 58–59；营商条例 25"
    ),
    "cancel": Row(
        (S.ISSUED,), S.CANCELLED, ("cashier", "applicant"), MATCH, "取消缴款通知", "house rule: with a reason"
    ),
    "pay": Row(
        (S.ISSUED, S.EXPIRED), S.PAID, ("system", "cashier"), MATCH, "登记缴款", "house rule: as the bank tells it"
    ),
    "unmatch": Row((S.PAID,), S.ISSUED, ("cashier",), MATCH, "撤销核销", "house rule: a match by hand was wrong"),
    "receipt": Row((S.PAID,), None, ("cashier",), MATCH, "登记票据", "plan 81: no payment without a receipt"),
    "refund": Row((S.PAID,), S.REFUNDED, ("cashier",), MATCH, "退款", "价格法 41; house rule: two persons"),
    "expire": Row((S.ISSUED,), S.EXPIRED, ("cashier",), MATCH, "登记逾期未缴", "个保法 24: signed by a person"),
}

REFUND: dict[str, Row] = {
    "ask": Row((), R.ASKED, ("cashier",), MATCH, "申请退款", "house rule: with a reason"),
    "approve": Row((R.ASKED,), R.APPROVED, ("head",), (P.MONEY_APPROVE,), "批准退款", "house rule: two persons"),
    "refuse": Row((R.ASKED,), R.REFUSED, ("head",), (P.MONEY_APPROVE,), "不批准退款", "house rule: with a reason"),
    "pay": Row((R.APPROVED,), R.DONE, ("cashier",), MATCH, "登记退款", "house rule: the bank's serial proves it"),
}
