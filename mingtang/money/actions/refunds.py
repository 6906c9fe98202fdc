"""退款: asked by the cashier, agreed to by another person, paid by the bank to where the money came from."""

from django.db.models import Sum
from django.utils import timezone

from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.money import format_yuan
from mingtang.lib.tx import act
from mingtang.money.actions import kinds
from mingtang.money.actions.deposits import locked_deposit
from mingtang.money.actions.notices import locked
from mingtang.money.enums import NoticeState as S
from mingtang.money.enums import RefundState as R
from mingtang.money.models import Deposit, Refund
from mingtang.money.policies import check_can, check_refund
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may

MAX_SERIAL = 64


def left(deposit: Deposit, *, of_fee: bool) -> int:
    """Fen of a deposit that may still go back."""
    whole = (deposit.notice.total if deposit.notice else 0) if of_fee else deposit.loose
    gone = deposit.refunds.live().filter(of_fee=of_fee).aggregate(sum=Sum("amount"))["sum"] or 0
    return whole - gone


def ask_refund(*, deposit: Deposit, amount: int, of_fee: bool, reason: str, by: Staff) -> Refund:
    """Ask that ``amount`` fen go back: of the fee that was paid, or of what pays no notice."""
    with act():
        deposit = locked_deposit(deposit)
        check_may(by, P.MONEY_MATCH, deposit.town)
        if of_fee and deposit.notice is None:
            raise Refused("这一笔没有缴任何通知，没有费可退。请退多收的款。")
        if of_fee:
            check_can("refund", locked(deposit.notice), by)
        most = left(deposit, of_fee=of_fee)
        if amount <= 0:
            raise Refused("请填写要退多少。", field="amount")
        if amount > most:
            raise Refused(f"这一笔最多还能退 {format_yuan(most)}。请改金额。", field="amount")
        reason = clear_text(reason, "请写明为什么退，缴款人看得到这句话。", "reason", town=by.town_id)
        refund = Refund.objects.create(
            town=deposit.town,
            deposit=deposit,
            of_fee=of_fee,
            amount=amount,
            reason=reason,
            asked_by=by,
            asked_at=timezone.now(),
        )
        _record(refund, kinds.REFUND_ASKED, by, reason)
    return refund


def _record(refund: Refund, kind: str, by: Staff, reason: str = "") -> None:
    """Of the notice that is concerned; of the deposit where there is none."""
    notice = refund.deposit.notice or refund.deposit.named
    record(
        town=refund.town,
        type=kind,
        subject=notice.subject if notice else f"deposit:{refund.deposit_id}",
        by=actor(by),
        reason=reason,
        data={"refund": refund.pk, "amount": refund.amount, "of_fee": refund.of_fee, "serial": refund.serial},
    )


def locked_refund(refund: Refund) -> Refund:
    """The refund, locked after its deposit: the order in which all acts of refunds lock."""
    locked_deposit(refund.deposit)
    rows = Refund.objects.select_for_update(of=("self",)).select_related("town", "deposit__notice", "deposit__named")
    return rows.get(pk=refund.pk)


def approve_refund(*, refund: Refund, by: Staff) -> Refund:
    """Agree, as another person than the one who asked."""
    with act():
        refund = locked_refund(refund)
        check_refund("approve", refund, by)
        refund.state, refund.decided_by, refund.decided_at = R.APPROVED, by, timezone.now()
        refund.save(update_fields=["state", "decided_by", "decided_at"])
        _record(refund, kinds.REFUND_APPROVED, by)
    return refund


def refuse_refund(*, refund: Refund, reason: str, by: Staff) -> Refund:
    """Do not agree; the money may be asked for again."""
    with act():
        refund = locked_refund(refund)
        check_refund("refuse", refund, by)
        reason = clear_text(reason, "请写明为什么不批准。", "reason", town=by.town_id)
        refund.state, refund.decided_by, refund.decided_at = R.REFUSED, by, timezone.now()
        refund.refused_reason = reason
        refund.save(update_fields=["state", "decided_by", "decided_at", "refused_reason"])
        _record(refund, kinds.REFUND_REFUSED, by, reason)
    return refund


def pay_refund(*, refund: Refund, serial: str, by: Staff) -> Refund:
    """The bank has paid it back, under this serial. A fee that went back whole leaves its notice refunded."""
    with act():
        refund = locked_refund(refund)
        check_refund("pay", refund, by)
        serial = "".join(serial.split())
        if not serial or len(serial) > MAX_SERIAL:
            raise Refused("请填写银行退款的流水号。", field="serial")
        if Refund.objects.filter(town=refund.town, serial=serial).exists():
            raise Refused(f"流水号 {serial} 已经登记在另一笔退款上。请核对。", field="serial")
        refund.state, refund.serial, refund.done_by, refund.done_at = R.DONE, serial, by, timezone.now()
        refund.save(update_fields=["state", "serial", "done_by", "done_at"])
        if refund.of_fee:
            _close(refund.deposit)
        _record(refund, kinds.REFUND_DONE, by)
    return refund


def _close(deposit: Deposit) -> None:
    done = deposit.refunds.filter(of_fee=True, state=R.DONE).aggregate(sum=Sum("amount"))["sum"] or 0
    notice = locked(deposit.notice)
    if done == notice.total:
        notice.state = S.REFUNDED
        notice.save(update_fields=["state"])
