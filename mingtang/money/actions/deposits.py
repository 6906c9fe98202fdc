"""What the bank tells: read in, matched with the notices, and the receipts that were given."""

import re
from datetime import date

from django.utils import timezone

from mingtang.events import vault
from mingtang.events.log import SYSTEM, record
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json, sha256_hex
from mingtang.lib.errors import Refused
from mingtang.lib.money import format_yuan
from mingtang.lib.tx import act
from mingtang.money import bank, numbers
from mingtang.money.actions import kinds
from mingtang.money.actions.notices import locked
from mingtang.money.enums import NoticeState as S
from mingtang.money.models import Account, Deposit, Notice, Receipt, Statement
from mingtang.money.policies import check_can
from mingtang.money.states import LIVE
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may

MOST_BYTES = 5_000_000
_RECEIPT = re.compile(r"[0-9A-Za-z-]{4,40}")


def read_in(*, account: Account, data: bytes, from_on: date, to_on: date, by: Staff) -> Statement:
    """Take over the bank's table of whole days: all of it or nothing, and each payment once however often it is told.

    What names an open notice and pays it exactly is matched; the rest waits for a person. The same file again is the
    statement it was. Raises ``Unreadable`` with a sentence per row that is wrong.
    """
    check_may(by, P.MONEY_MATCH, account.town)
    if to_on < from_on:
        raise Refused("最后一天早于第一天。请改正日期。", field="to_on")
    if to_on > timezone.localdate():
        raise Refused("最后一天在今天以后，银行还没有这些流水。请改正日期。", field="to_on")
    if len(data) > MOST_BYTES:
        raise Refused("文件超过 5 MB。请分几段日期导出，一段一段传。", field="file")
    reading, sha256 = bank.read(data, from_on=from_on, to_on=to_on), sha256_hex(data)
    with act():
        # One lock for what comes into an account: two files at once are read one after the other.
        account = Account.objects.select_for_update(of=("self",)).select_related("town").get(pk=account.pk)
        again = Statement.objects.filter(account=account, sha256=sha256, from_on=from_on, to_on=to_on).first()
        if again is not None:
            return again
        known = _known(account, reading)
        if reading.problems:
            raise bank.Unreadable(reading.problems[: bank.MOST_TOLD])
        fresh = [line for line in reading.lines if line.serial not in known]
        statement = Statement.objects.create(
            town=account.town,
            account=account,
            from_on=from_on,
            to_on=to_on,
            sha256=sha256,
            key=vault.new_key(account.town),
            count=len(fresh),
            total=sum(line.amount for line in fresh),
            known=len(known),
            imported_by=by,
            imported_at=timezone.now(),
        )
        record(
            town=account.town,
            type=kinds.READ_IN,
            subject=f"statement:{statement.pk}",
            by=actor(by),
            data={
                "account": account.number,
                "from": from_on.isoformat(),
                "to": to_on.isoformat(),
                "sha256": sha256,
                "count": statement.count,
                "total": statement.total,
            },
        )
        _keep(statement, fresh)
    return statement


def _known(account: Account, reading: bank.Reading) -> set[str]:
    """The serials that an earlier file has told; one that tells another day or sum now is a problem."""
    told = {line.serial: line for line in reading.lines}
    known = set()
    for row in Deposit.objects.filter(account=account, serial__in=list(told)):
        line = told[row.serial]
        known.add(row.serial)
        if (row.came_on, row.amount) != (line.on, line.amount):
            reading.problems.append(
                f"第{line.row}行“{bank.SERIAL}”：{row.serial} 以前登记的是 {row.came_on} {format_yuan(row.amount)}，"
                "和这一份不一样。请和银行核对。"
            )
    return known


def _keep(statement: Statement, lines: list[bank.Line]) -> None:
    names = {line.serial: numbers.said(line.reference) for line in lines}
    rows = Notice.objects.select_for_update(of=("self",)).select_related("town", "account")
    wanted = rows.filter(town=statement.town, number__in=[name for name in names.values() if name])
    notices = {row.number: row for row in wanted.order_by("pk")}
    for line in lines:
        named = notices.get(names[line.serial])
        said = canonical_json({"payer": line.payer, "reference": line.reference})
        deposit = Deposit.objects.create(
            town=statement.town,
            account=statement.account,
            statement=statement,
            serial=line.serial,
            came_on=line.on,
            amount=line.amount,
            said_sealed=vault.seal(statement.key, said),
            named=named,
        )
        if named and named.account_id == deposit.account_id and named.total == line.amount and _waits(named):
            _pay(deposit, named, by=None, reason="")


def _waits(notice: Notice) -> bool:
    """Whether a payment still pays it: it is open, or it lapsed and no other was issued or paid for the case since."""
    if notice.state != S.EXPIRED:
        return notice.state == S.ISSUED
    return not Notice.objects.filter(town=notice.town, case_number=notice.case_number, state__in=LIVE).exists()


def _pay(deposit: Deposit, notice: Notice, *, by: Staff | None, reason: str) -> None:
    event = record(
        town=notice.town,
        type=kinds.PAID,
        subject=notice.subject,
        by=actor(by) if by else SYSTEM,
        reason=reason,
        data={"serial": deposit.serial, "amount": deposit.amount, "on": deposit.came_on.isoformat()},
    )
    deposit.notice, deposit.matched_at, deposit.matched_by = notice, event.recorded_at, by
    deposit.matched_reason = reason
    deposit.save(update_fields=["notice", "matched_at", "matched_by", "matched_reason"])
    notice.state, notice.paid_at = S.PAID, event.recorded_at
    notice.ended_at, notice.ended_by, notice.ended_reason = None, None, ""
    notice.save(update_fields=["state", "paid_at", "ended_at", "ended_by", "ended_reason"])


def locked_deposit(deposit: Deposit) -> Deposit:
    """The deposit, locked before its notice: the order in which all acts lock the two.

    What it pays is read afterwards, never joined: PostgreSQL hands out joined rows as they were before the wait.
    """
    rows = Deposit.objects.select_for_update(of=("self",)).select_related("town", "account", "statement__key")
    return rows.get(pk=deposit.pk)


def match(*, deposit: Deposit, number: str, reason: str, by: Staff) -> Notice:
    """By hand: this payment pays the notice of that number. What is more than was asked is to be paid back."""
    with act():
        deposit = locked_deposit(deposit)
        check_may(by, P.MONEY_MATCH, deposit.town)
        found = Notice.objects.filter(town=deposit.town, number="".join(number.split())).first()
        if found is None:
            raise Refused(f"没有缴款号是“{number[:20]}”的通知。请核对缴款号。", field="number")
        notice = locked(found)
        check_can("pay", notice, by)
        if deposit.notice_id:
            raise Refused("这一笔已经核销。请刷新后再看。")
        if deposit.refunds.live().exists():
            raise Refused("这一笔已经退款或者正在退款，不能再核销。")
        if notice.account_id != deposit.account_id:
            raise Refused("这一笔没有进这份通知的收款账户，不能核销。请退款，或者先由财政所划转。", field="number")
        if deposit.amount < notice.total:
            short = format_yuan(notice.total - deposit.amount)
            raise Refused(f"这一笔少 {short}，不够缴这份通知。请付款人照通知重新缴，这一笔退给他。", field="number")
        if not _waits(notice):
            raise Refused("这一件另外还有一份缴款通知，请核销到那一份上。", field="number")
        reason = clear_text(reason, "请写明为什么是这一份通知的款。", "reason", town=by.town_id)
        _pay(deposit, notice, by=by, reason=reason)
    return notice


def unmatch(*, notice: Notice, reason: str, by: Staff) -> Notice:
    """A match by hand was wrong: the notice is open again, the payment waits again. Not once a receipt was given."""
    with act():
        paying = Deposit.objects.filter(notice=notice).first()
        deposit = locked_deposit(paying) if paying else None
        notice = locked(notice)
        check_can("unmatch", notice, by)
        reason = clear_text(reason, "请写明为什么核销错了。", "reason", town=by.town_id)
        if deposit is None or deposit.notice_id != notice.pk:
            raise Refused("这份通知刚刚有同事改过。请刷新后再看。")
        if deposit.matched_by_id is None:
            raise Refused("这一笔是按缴款号和金额自动核销的，不会错认。要退钱的，请走退款。")
        if Receipt.objects.filter(notice=notice).exists():
            raise Refused("已经开了票据，不能撤销核销。请走退款。")
        if deposit.refunds.live().exists():
            raise Refused("这一笔已经退款或者正在退款，不能撤销核销。")
        deposit.notice, deposit.matched_at, deposit.matched_by, deposit.matched_reason = None, None, None, ""
        deposit.save(update_fields=["notice", "matched_at", "matched_by", "matched_reason"])
        notice.state, notice.paid_at = S.ISSUED, None
        notice.save(update_fields=["state", "paid_at"])
        record(
            town=notice.town,
            type=kinds.UNMATCHED,
            subject=notice.subject,
            by=actor(by),
            reason=reason,
            data={"serial": deposit.serial},
        )
    return notice


def give_receipt(*, notice: Notice, number: str, given_on: date, by: Staff) -> Receipt:
    """Enter the receipt that was given. Each number once: a receipt cannot stand for two payments."""
    with act():
        notice = locked(notice)
        check_can("receipt", notice, by)
        number = "".join(number.split())
        if not _RECEIPT.fullmatch(number):
            raise Refused("请照票据填号码，只有数字、字母和横线，4 到 40 位。", field="number")
        if not notice.deposit.came_on <= given_on <= timezone.localdate():
            raise Refused("开票日期要在到账以后、今天以前。请核对。", field="given_on")
        if Receipt.objects.filter(notice=notice).exists():
            raise Refused("这份通知已经登记过票据。请刷新后再看。")
        if Receipt.objects.filter(town=notice.town, number=number).exists():
            raise Refused(f"票据 {number} 已经登记在另一份通知上。请核对号码。", field="number")
        receipt = Receipt.objects.create(
            town=notice.town, notice=notice, number=number, given_on=given_on, entered_by=by, entered_at=timezone.now()
        )
        record(
            town=notice.town,
            type=kinds.RECEIPT,
            subject=notice.subject,
            by=actor(by),
            data={"receipt": number, "given_on": given_on.isoformat()},
        )
    return receipt
