"""发放: entered from the bank's list, all lines or none; a wrong one is voided by another person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from mingtang.cases.actions import kinds
from mingtang.cases.enums import Outcome
from mingtang.cases.models import Case, Payout
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.money import parse_yuan
from mingtang.lib.text import parse_date
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, check_may
from mingtang.towns.models import Jurisdiction

MOST_LINES, MAX_SERIAL, GIVEN = 5000, 64, (Outcome.GRANTED, Outcome.PARTLY)
HOW = "每行写：办件编号、金额（元）、发放日期、银行流水号，中间用空格或者逗号隔开"


@dataclass(frozen=True)
class Line:
    """``amount`` in fen."""

    number: str
    amount: int
    paid_on: date
    serial: str


def read(text: str) -> list[Line]:
    """The lines somebody pasted, from a spreadsheet too. Raises ``Refused`` naming the first line that is wrong."""
    found = []
    for place, line in enumerate(text.splitlines(), 1):
        cells = line.replace("，", " ").replace(",", " ").split()
        if not cells:
            continue
        if len(cells) != 4:
            raise Refused(f"第 {place} 行有 {len(cells)} 栏，要 4 栏。{HOW}。金额里不写逗号。", field="lines")
        number, amount, day, serial = cells
        try:
            paid_on, fen = parse_date(day), parse_yuan(amount)
        except Refused as refusal:
            raise Refused(f"第 {place} 行：{refusal.message}", field="lines") from refusal
        if fen == 0 or len(serial) > MAX_SERIAL:
            raise Refused(f"第 {place} 行的金额要大于零，流水号最多 {MAX_SERIAL} 个字。", field="lines")
        found.append(Line(number.upper(), fen, paid_on, serial))
    if not found or len(found) > MOST_LINES:
        raise Refused(f"请写 1 到 {MOST_LINES} 行。{HOW}。", field="lines")
    return found


def pay_out(*, town: Jurisdiction, lines: Sequence[Line], by: Staff) -> list[Payout]:
    """Enter payments of granted cases, all of them or none."""
    check_may(by, Permission.MONEY_MATCH, town)
    with act():
        wanted = {line.number for line in lines}
        cases = Case.objects.select_for_update(of=("self",), no_key=True).select_related("town")
        held = {case.number: case for case in cases.filter(town=town, number__in=wanted).order_by("pk")}
        return [_enter(held.get(line.number), line, by) for line in lines]


def _enter(case: Case | None, line: Line, by: Staff) -> Payout:
    where = f"办件 {line.number[:24]}（流水号 {line.serial}）"
    if case is None or case.outcome not in GIVEN:
        raise Refused(f"{where}没有准予的决定，不能登记发放。请核对办件编号；一笔也没有登记。", field="lines")
    first = timezone.localdate(case.decided_at)
    if not first <= line.paid_on <= timezone.localdate():
        raise Refused(f"{where}的发放日期要在决定以后、今天以前。一笔也没有登记。", field="lines")
    if case.payouts.standing().filter(serial=line.serial).exists():
        raise Refused(f"{where}已经登记过这一笔。一笔也没有登记。", field="lines")
    data = {"amount": line.amount, "paid_on": line.paid_on.isoformat(), "serial": line.serial}
    event = record(town=case.town, type=kinds.PAID_OUT, subject=case.subject, by=actor(by), data=data)
    return Payout.objects.create(
        case=case, amount=line.amount, paid_on=line.paid_on, serial=line.serial, entered_by=by, event=event
    )


def void_payout(*, payout: Payout, reason: str, by: Staff) -> Payout:
    """作废: the entry stays and no longer counts. What was entered wrong is entered anew."""
    reason = clear_text(reason, "请写明为什么作废。", "reason", town=by.town_id)
    with act():
        payout = Payout.objects.select_for_update(of=("self",)).select_related("case__town").get(pk=payout.pk)
        check_may(by, Permission.MONEY_APPROVE, payout.case.town)
        if payout.voided_at:
            raise Refused("这一笔已经作废了。")
        if by.pk == payout.entered_by_id:
            raise Refused("登记的人不能作废自己登记的，请由另一位同事办理。")
        data = {"payout": payout.event_id}
        event = record(
            town=payout.case.town,
            type=kinds.PAYOUT_VOIDED,
            subject=payout.case.subject,
            by=actor(by),
            reason=reason,
            data=data,
        )
        payout.voided_by, payout.voided_at, payout.voided_reason = by, event.recorded_at, reason
        payout.save(update_fields=["voided_by", "voided_at", "voided_reason"])
    return payout
