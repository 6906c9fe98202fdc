"""What one's own case has to pay, was paid, and what came of it: for whoever opened the case with its code."""

from typing import Any

from mingtang.cases import charging
from mingtang.cases.models import Case
from mingtang.money.enums import NoticeState as S
from mingtang.money.enums import RefundState as R
from mingtang.money.models import Refund

TONES = {S.ISSUED: "today", S.PAID: "done", S.REFUNDED: "done", S.CANCELLED: "todo", S.EXPIRED: "late"}
# What a payer may know of a refund: it is asked for, agreed to, or has gone out.
TOLD = {R.ASKED: "正在审批", R.APPROVED: "已经批准，正在退", R.DONE: "已经退回原账户"}


def payment(case: Case) -> dict[str, Any] | None:
    """The latest notice of a case, what paid it, its receipt and what goes back; none where nothing was asked."""
    notice = charging.payment_of(case) if case.version.spec.fees else None
    if notice is None:
        return None
    deposit, receipt = getattr(notice, "deposit", None), getattr(notice, "receipt", None)
    refunds = Refund.objects.live().filter(deposit__notice=notice) | Refund.objects.live().filter(deposit__named=notice)
    account = notice.account
    return {
        "number": notice.number,
        "total": notice.total,
        "state": notice.state,
        "word": notice.get_state_display(),
        "tone": TONES[S(notice.state)],
        "due": notice.due_on,
        "account": [("户名", account.payee), ("开户行", account.bank), ("账号", account.number)],
        "pay_text": account.pay_text,
        "paid_on": deposit.came_on if deposit else None,
        "receipt": receipt,
        "reason": notice.ended_reason,
        "refunds": [
            {"amount": row.amount, "reason": row.reason, "word": TOLD[R(row.state)]}
            for row in refunds.distinct().order_by("pk")
        ],
        "report_url": f"/services/{case.item.code}/slip?case={case.number}&cash=1",
    }
