"""Notices: issued from the bill of a case, ended when nobody has to pay any more; and the accounts they name."""

import re

from django.utils import timezone

from mingtang.events.log import APPLICANT, record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.money import numbers
from mingtang.money.actions import kinds
from mingtang.money.enums import NoticeState as S
from mingtang.money.models import Account, Notice
from mingtang.money.policies import check_can
from mingtang.money.states import LIVE, NOTICE
from mingtang.people.enums import Permission as P
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor, check_may, held_by
from mingtang.rulebook.enums import FundWay
from mingtang.rulebook.fees import Bill, in_force
from mingtang.rulebook.models import Version
from mingtang.towns.models import Jurisdiction
from mingtang.workdays.tables import calendar_for

PAY_DAYS = 20  # working days, as for the fee of an answer to a request (国办函〔2020〕109号)
MAX_NAME = 60
_ACCOUNT = re.compile(r"\d{6,32}")
_FROZEN = ("name", "code", "nature", "fund", "basis", "receipt")


def set_account(
    *, town: Jurisdiction, payee: str, bank: str, number: str, by: Staff, unit: Unit | None = None, pay_text: str = ""
) -> Account:
    """Let notices name this account from now on. ``unit``: whose own income is paid here; none for the treasury.

    ``pay_text`` is what a payment code holds, an address of the bank or the treasury.
    """
    check_may(by, P.MONEY_APPROVE, town)
    payee = clear_text(payee, "请填写户名，和开户许可证上的一样。", "payee", MAX_NAME, town=by.town_id)
    bank = clear_text(bank, "请填写开户行。", "bank", MAX_NAME, town=by.town_id)
    number = re.sub(r"[\s-]", "", number)
    if not _ACCOUNT.fullmatch(number):
        raise Refused("账号只能是数字，6 到 32 位。请对照开户许可证再填。", field="number")
    if pay_text and not re.fullmatch(r"https://[\x21-\x7e]{1,192}", pay_text):
        raise Refused("扫码缴款的网址要以 https:// 开头，最多 200 个字符。没有的不填。", field="pay_text")
    if unit is not None and unit.town_id != town.pk:
        raise Refused("这个单位不属于本镇。", field="unit")
    with act():
        # One lock for the accounts of a town.
        Jurisdiction.objects.select_for_update().get(pk=town.pk)
        Account.objects.filter(town=town, unit=unit, ended_at__isnull=True).update(ended_at=timezone.now())
        account = Account.objects.create(
            town=town, unit=unit, payee=payee, bank=bank, number=number, pay_text=pay_text,
            set_at=timezone.now(), set_by=by,
        )  # fmt: skip
        record(
            town=town,
            type=kinds.ACCOUNT,
            subject=f"account:{unit.code if unit else 'treasury'}",
            by=actor(by),
            data={"payee": payee, "bank": bank, "number": number, "pay_text": pay_text},
        )
    return account


def account_for(version: Version, bill: Bill) -> Account:
    """Where the bill is paid: own income of a utility into its account, everything else into the treasury's.

    Raises ``Refused`` when the bill is both, or no account is set.
    """
    ways = {line.fee.fund == FundWay.OWN for line in bill.lines if line.amount}
    if len(ways) > 1:
        raise Refused("这一件的收费有的缴国库，有的归单位，开不到一张通知上。请把事项分开收费，再按新版办理。")
    unit = version.item.unit if ways == {True} else None
    found = Account.objects.filter(town=version.item.town, unit=unit, ended_at__isnull=True).first()
    if found is None:
        whose = unit.name if unit else "国库"
        raise Refused(f"还没有设{whose}的收款账户，不能发缴款通知。请党政办先设账户。")
    return found


def issue(*, version: Version, case_number: str, bill: Bill, by: Staff) -> Notice:
    """Ask for what the fees of the version come to. What was published is what is charged: each line is a fee of the
    version, in force today. A zero bill needs no notice, and a case has one that is open or paid at most."""
    town, now = version.item.town, timezone.now()
    held, needed = held_by(by), NOTICE["issue"].powers
    if by.town_id != town.pk or held.powers.isdisjoint(needed):
        raise Refused("您的岗位没有“发出缴款通知”的权限，请由窗口或者收费岗位办理。")
    for line in bill.lines:
        if line.fee not in version.spec.fees:
            raise Refused(f"收费“{line.fee.name}”没有列在办事指南里，不能收。")
        if not in_force(line.fee, timezone.localdate(now)):
            raise Refused(f"收费“{line.fee.name}”现在没有施行，不能收。")
    if not bill.total:
        raise Refused("这一件不收费，不用发缴款通知。")
    account = account_for(version, bill)
    with act():
        number = numbers.next_number(town, timezone.localdate(now).year)  # the lock under which the next line is asked
        if Notice.objects.filter(town=town, case_number=case_number, state__in=LIVE).exists():
            raise Refused("这一件已经有缴款通知，不能再发一份。")
        notice = Notice.objects.create(
            town=town,
            number=number,
            case_number=case_number,
            version=version,
            account=account,
            lines=[
                {**{name: getattr(line.fee, name) for name in _FROZEN}, "amount": line.amount} for line in bill.lines
            ],
            total=bill.total,
            issued_at=now,
            issued_by=by,
            due_on=calendar_for(town).last_day(timezone.localdate(now), PAY_DAYS).day,
        )
        record(
            town=town,
            type=kinds.ISSUED,
            subject=notice.subject,
            by=held.actor(powers=needed),
            happened_at=now,
            data={"case": case_number, "total": notice.total, "account": account.number},
        )
    return notice


def locked(notice: Notice) -> Notice:
    """The notice, locked: two people acting at once meet here, one after the other."""
    rows = Notice.objects.select_for_update(of=("self",)).select_related("town", "account", "version")
    return rows.get(pk=notice.pk)


def _end(notice: Notice, state: str, kind: str, reason: str, by: Staff | None) -> Notice:
    event = record(
        town=notice.town, type=kind, subject=notice.subject, by=actor(by) if by else APPLICANT, reason=reason
    )
    notice.state, notice.ended_at, notice.ended_by, notice.ended_reason = state, event.recorded_at, by, reason
    notice.save(update_fields=["state", "ended_at", "ended_by", "ended_reason"])
    return notice


def cancel(*, notice: Notice, reason: str, by: Staff) -> Notice:
    """Nobody has to pay it any more; the reason is told to the payer."""
    with act():
        notice = locked(notice)
        check_can("cancel", notice, by)
        reason = clear_text(reason, "请写明为什么取消，缴款人看得到这句话。", "reason", town=by.town_id)
        return _end(notice, S.CANCELLED, kinds.CANCELLED, reason, by)


def expire(*, notice: Notice, by: Staff) -> Notice:
    """Note that the last day has passed and nothing came. Signed by a person; the case runs on all the same."""
    with act():
        notice = locked(notice)
        check_can("expire", notice, by)
        if timezone.localdate() <= notice.due_on:
            raise Refused(f"缴款期限到 {notice.due_on} 为止，还没有过。")
        return _end(notice, S.EXPIRED, kinds.EXPIRED, "过了缴款期限，没有缴款", by)


def drop(*, town: Jurisdiction, case_number: str, by: Staff | None = None) -> None:
    """The application was taken back: what is still unpaid need not be paid. Part of the act that ends the case."""
    with act():
        for notice in Notice.objects.select_for_update().filter(town=town, case_number=case_number, state=S.ISSUED):
            _end(notice, S.CANCELLED, kinds.CANCELLED, "申请已经撤回", by)
