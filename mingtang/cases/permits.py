"""证照 after the grant: its table of acts, its dates, and who may act."""

from calendar import monthrange
from datetime import date, timedelta

from mingtang.cases.enums import Asked, PermitAct, PermitState
from mingtang.cases.models import Permit
from mingtang.cases.policies import Entitled, recused
from mingtang.cases.states import DECIDE, INTAKE
from mingtang.events.log import Actor
from mingtang.lib.errors import Refused
from mingtang.lib.lifecycle import Row
from mingtang.people.enums import DECIDE as DECIDES
from mingtang.people.models import Delegation, Staff
from mingtang.people.policies import delegation_for, held_by
from mingtang.rulebook.spec import Result
from mingtang.workdays.calendar import LAST_YEAR, WorkCalendar

PAPERS = ("证照", "批文")
ASK_BEFORE, ANSWER_WITHIN, HEARD_AFTER, SOON = 30, 20, 5, 60
V = PermitState.VALID

PERMIT: dict[str, Row] = {
    "issue": Row((), V, ("decider", "office"), DECIDE, "发给证照", "许可法 39"),
    "ask_change": Row((V,), None, ("applicant", "clerk"), INTAKE, "申请变更", "许可法 49"),
    "ask_renewal": Row((V,), None, ("applicant", "clerk"), INTAKE, "申请延续", "许可法 50"),
    "change": Row((V,), None, ("decider",), DECIDE, "变更", "许可法 49"),
    "renew": Row((V,), None, ("decider",), DECIDE, "延续", "许可法 50"),
    "refuse_ask": Row((V,), None, ("decider",), DECIDE, "不予变更或者延续", "许可法 38, 49, 50"),
    "deem_renewed": Row((V,), None, ("system",), (), "逾期没有答复，视为准予延续", "许可法 50"),
    "warn": Row((V,), None, ("decider",), DECIDE, "告知拟撤销或者撤回", "许可法 7, 47"),
    "serve_warning": Row((V,), None, ("clerk", "decider"), INTAKE + DECIDE, "登记告知书送达", "许可法 7, 44"),
    "withdraw_permit": Row((V,), PermitState.WITHDRAWN, ("decider",), DECIDE, "撤回", "许可法 8"),
    "revoke": Row((V,), PermitState.REVOKED, ("decider",), DECIDE, "撤销", "许可法 69"),
    "cancel": Row(
        (V, PermitState.WITHDRAWN, PermitState.REVOKED),
        PermitState.CANCELLED,
        ("decider",),
        DECIDE,
        "注销",
        "许可法 70",
    ),
    "reissue": Row((V,), None, ("decider",), DECIDE, "补发", "house rule: lost or spoiled, nothing of substance"),
}


def check_permit_state(act: str, permit: Permit) -> None:
    """Raise ``Refused`` unless the table has this act from the permit's state."""
    if permit.state not in PERMIT[act].sources:
        said = f"这个证照{permit.get_state_display()}，不能{PERMIT[act].title}。"
        raise Refused(f"{said}可能有同事刚刚办理过，请刷新后再看。")


def check_permit(act: str, permit: Permit, by: Staff) -> Entitled:
    """That this member of staff may do this to the permit now, or stands in for who may. Raises ``Refused``."""
    if permit.town_id != by.town_id:
        raise Refused("这个证照不属于您所在的乡镇。")
    held = held_by(by)
    if not held.powers.intersection(PERMIT[act].powers):
        raise Refused(f"您的岗位没有“{PERMIT[act].title}”的权限，请由有此职责的岗位办理。")
    if recused(permit.case, by):
        raise Refused("您在这一件里要回避，不能办理，请由别的人办理。")
    check_permit_state(act, permit)
    return Entitled(held, PERMIT[act].powers)


def check_permit_head(act: str, permit: Permit, by: Staff) -> tuple[Delegation, Actor]:
    """``check_permit``, and the letter under which this person decides the item, with who acts under it. Raises
    ``Refused``."""
    who = check_permit(act, permit, by)
    letter = delegation_for(by, item_code=permit.case.item.code, step_code=DECIDES)
    return letter, who.actor(letter.post.code)


def may(act: str, permit: Permit, by: Staff) -> bool:
    try:
        check_permit(act, permit, by)
    except Refused:
        return False
    return True


def last_day(start: date, months: int) -> date | None:
    """The last day of ``months`` from ``start``, which is not counted (民法典 201, 202); None without an end."""
    if not months:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def days_of(result: Result, start: date) -> dict[str, str]:
    """From when until when, as papers keep it."""
    return dated(start, last_day(start, result.months))


def dated(start: date, last: date | None) -> dict[str, str]:
    return {"valid_from": start.isoformat()} | ({"valid_to": last.isoformat()} if last else {})


def ask_by(permit: Permit, calendar: WorkCalendar) -> date | None:
    """The last day on which a renewal is asked in time: thirty days before the end, or the next working day."""
    if permit.valid_to is None:
        return None
    last = permit.valid_to - timedelta(days=ASK_BEFORE)
    # Some hold for seventy years: no calendar knows those days.
    return max(permit.valid_from, last if last.year > LAST_YEAR else calendar.workday_on_or_after(last))


def answer_by(permit: Permit, kind: str, asked_on: date, calendar: WorkCalendar) -> date:
    """The organ's last day: twenty working days, for a renewal not after the permit's own end (许可法 42, 50)."""
    due = calendar.add_working_days(asked_on, ANSWER_WITHIN)
    return min(due, permit.valid_to) if kind == Asked.RENEW and permit.valid_to else due


def heard_from(served_on: date, calendar: WorkCalendar) -> date:
    """The first day on which a permit may be taken after its holder was told (许可法 47)."""
    return calendar.add_working_days(served_on, HEARD_AFTER) + timedelta(days=1)


QUESTIONED = "重新审查中"
# What an entry adds to the word “有效”.
_SINCE = {
    PermitAct.CHANGED: "，已变更",
    PermitAct.RENEWED: "，已延续",
    PermitAct.DEEMED: "，已延续",
    PermitAct.REISSUED: "，已补发",
}


def status(permit: Permit, last_act: str, today: date) -> str:
    """How it stands, in words for everybody; ``last_act``: what happened to it last."""
    if permit.state != PermitState.VALID:
        return permit.get_state_display()
    if permit.expired(today):
        return "已过有效期"
    if permit.case.questioned:
        return QUESTIONED
    return permit.get_state_display() + _SINCE.get(PermitAct(last_act), "")
