"""The lifecycle of a payment notice. A row that is not here is refused.

Nothing here stops a case: who has not paid is reminded, and the case runs on (lifecycles: non-payment is no ground to
suspend). ``target`` None: the state stays.
"""

from dataclasses import dataclass

from mingtang.money.enums import NoticeState as S
from mingtang.people.enums import Permission as P


@dataclass(frozen=True)
class Row:
    sources: tuple[str, ...]
    target: str | None
    who: tuple[str, ...]
    powers: tuple[str, ...]
    title: str
    basis: str


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
    "expire": Row((S.ISSUED,), S.EXPIRED, ("cashier",), MATCH, "登记逾期未缴", "个保法 24: signed by a person"),
}
