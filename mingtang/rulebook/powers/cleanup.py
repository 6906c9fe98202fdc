"""清理: the campaign that goes through every power, and its public tally."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor
from mingtang.rulebook.minutes import check_minutes
from mingtang.rulebook.models import Campaign, Power, PowerDecision
from mingtang.rulebook.powers import policies
from mingtang.rulebook.powers.enums import DecisionState, PlanClass, PowerStatus, Verdict
from mingtang.rulebook.powers.states import DECISION
from mingtang.towns.models import Jurisdiction

OPENED = types.define("cleanup.opened", "启动权力清理", public=True)
PROPOSED = types.define("cleanup.proposed", "提出清理意见", public=True)
RETURNED = types.define("cleanup.returned", "退回清理意见", public=True)
REVIEWED = types.define("cleanup.reviewed", "清理意见合法性审核通过", public=True)
SETTLED = types.define("cleanup.settled", "集体决定清理结果", public=True)
CLOSED = types.define("cleanup.closed", "权力清理结束", public=True)
MAX_TITLE, MAX_REASON, MAX_TARGET = 80, 300, 60
NAMED = 10  # of what keeps a campaign open, by name
ENDS = {Verdict.CANCEL: PowerStatus.CANCELLED, Verdict.HAND_UP: PowerStatus.HANDED_UP}


def open_campaign(
    *, town: Jurisdiction, title: str, minutes_number: str, from_on: date, to_on: date, by: Staff
) -> Campaign:
    """Begin a clean-up of all powers. One at a time; numbered by the year it begins in."""
    policies.check_edit(by, town)
    title = clear_text(title, "请写明清理的名称，这句话会公开。", "title", MAX_TITLE, town=by.town_id)
    minutes_number = check_minutes(minutes_number, "不能启动清理", by.town_id)
    if to_on <= from_on:
        raise Refused("清理的截止日期要晚于开始日期。请改正日期。", field="to_on")
    with act():
        if running := Campaign.objects.filter(town=town, closed_at__isnull=True).first():
            raise Refused(f"“{running.title}”还没有结束，不能再启动一次。")
        serial = Campaign.objects.filter(town=town, number__startswith=f"{from_on.year}-").count() + 1
        campaign = Campaign.objects.create(
            town=town,
            number=f"{from_on.year}-{serial}",
            title=title,
            minutes_number=minutes_number,
            from_on=from_on,
            to_on=to_on,
            opened_by=by,
        )
        record(
            town=town,
            type=OPENED,
            subject=campaign.subject,
            by=actor(by),
            reason=title,
            data={"minutes": minutes_number},
        )
    return campaign


def propose(
    *,
    campaign: Campaign,
    power: Power,
    verdict: str,
    reason: str,
    by: Staff,
    change_note: str = "",
    handed_to: str = "",
) -> PowerDecision:
    """Say what should become of a power; again, while nobody has reviewed it or after it was sent back."""
    policies.check_propose(power, by)
    reason = clear_text(reason, "请写明理由，这句话会公开。", "reason", MAX_REASON, town=by.town_id)
    change_note = clear_text(change_note, "", "change_note", MAX_REASON, town=by.town_id)
    handed_to = clear_text(handed_to, "", "handed_to", MAX_TARGET, town=by.town_id)
    policies.check_verdict(power, verdict, change_note=change_note, handed_to=handed_to)
    with act():
        campaign = Campaign.objects.select_for_update(of=("self",)).select_related("town").get(pk=campaign.pk)
        policies.check_open(campaign)
        power = Power.objects.select_for_update(of=("self",)).get(pk=power.pk)
        if power.town_id != campaign.town_id:
            raise Refused("这项权力不属于本镇，不在这次清理之内。")
        decision = PowerDecision.objects.filter(campaign=campaign, power=power).first()
        if decision is not None:
            policies.check_state("propose", decision)
        elif not power.is_listed:
            raise Refused(f"这项权力{power.get_status_display()}，不用再清理。")
        decision, _ = PowerDecision.objects.update_or_create(
            campaign=campaign,
            power=power,
            defaults={
                "plan_class": power.plan_class,
                "verdict": verdict,
                "reason": reason,
                "change_note": change_note,
                "handed_to": handed_to,
                "state": DECISION["propose"].target,
                "returned_reason": "",
                "proposed_by": by,
                "proposed_at": timezone.now(),
            },
        )
        _event(decision, PROPOSED, by)
    return decision


def _locked(decision: PowerDecision) -> PowerDecision:
    """The row, locked, with its campaign still open."""
    decision = (
        PowerDecision.objects.select_for_update(of=("self",))
        .select_related("campaign", "power__town", "power__unit")
        .get(pk=decision.pk)
    )
    policies.check_open(decision.campaign)
    return decision


def _event(decision: PowerDecision, type: str, by: Staff, reason: str = "") -> None:
    data = {"campaign": decision.campaign.number, "verdict": decision.verdict}
    if decision.minutes_number:
        data["minutes"] = decision.minutes_number
    power = decision.power
    record(town=power.town, type=type, subject=power.subject, by=actor(by), reason=reason, data=data)


def review(*, decision: PowerDecision, by: Staff) -> PowerDecision:
    """The justice office passes the proposal of another person."""
    with act():
        decision = _locked(decision)
        policies.check_act("review", decision, by)
        if by.pk == decision.proposed_by_id:
            raise Refused("提出意见的人不能审核自己的意见，请由司法所另一位同志审核。")
        decision.state = DECISION["review"].target
        decision.reviewed_by, decision.reviewed_at = by, timezone.now()
        decision.save()
        _event(decision, REVIEWED, by)
    return decision


def send_back(*, decision: PowerDecision, by: Staff, reason: str) -> PowerDecision:
    """The justice office returns a proposal with a reason the public reads."""
    reason = clear_text(reason, "请写明退回的理由，这句话会公开。", "reason", town=by.town_id)
    with act():
        decision = _locked(decision)
        policies.check_act("send_back", decision, by)
        decision.state, decision.returned_reason = DECISION["send_back"].target, reason
        decision.reviewed_by, decision.reviewed_at = None, None
        decision.save()
        _event(decision, RETURNED, by, reason)
    return decision


def settle(*, decision: PowerDecision, minutes_number: str, by: Staff) -> PowerDecision:
    """Record what the leading group decided, by a third person. A cancelled or handed-up power ends today."""
    minutes_number = check_minutes(minutes_number, "清理结果不能生效", by.town_id)
    with act():
        decision = _locked(decision)
        policies.check_act("settle", decision, by)
        if by.pk in (decision.proposed_by_id, decision.reviewed_by_id):
            raise Refused("提出意见、审核、登记集体决定要由三个人办。请换一位同志登记。")
        decision.state, decision.minutes_number = DECISION["settle"].target, minutes_number
        decision.settled_by, decision.settled_at = by, timezone.now()
        decision.save()
        if status := ENDS.get(Verdict(decision.verdict)):
            Power.objects.filter(pk=decision.power_id).update(status=status, ended_on=timezone.localdate())
        _event(decision, SETTLED, by)
    return decision


def settle_all(*, decisions: Sequence[PowerDecision], minutes_number: str, by: Staff) -> list[PowerDecision]:
    """Record what one meeting decided about several powers: all of them or, with the first that is refused, none."""
    if not decisions:
        raise Refused("请先勾选会议决定了的权力。", field="power")
    with act():
        return [_settle_named(decision, minutes_number, by) for decision in decisions]


def _settle_named(decision: PowerDecision, minutes_number: str, by: Staff) -> PowerDecision:
    try:
        return settle(decision=decision, minutes_number=minutes_number, by=by)
    except Refused as refusal:
        if refusal.field:
            raise
        raise Refused(f"“{decision.power.name}”：{refusal.message}一项都没有登记。", field="power") from refusal


def _named(powers: Sequence[Power]) -> str:
    """“甲”“乙”, the first few of many."""
    names = "".join(f"“{power.name}”" for power in powers[:NAMED])
    return names + (f"等 {len(powers)} 项" if len(powers) > NAMED else "")


def close_campaign(*, campaign: Campaign, by: Staff) -> Campaign:
    """End it: every power decided, every change carried out, 非行政许可审批 at zero."""
    policies.check_edit(by, campaign.town)
    with act():
        campaign = Campaign.objects.select_for_update(of=("self",)).select_related("town").get(pk=campaign.pk)
        policies.check_open(campaign)
        found = tally(campaign, timezone.localdate())
        if found.non_licence:
            raise Refused(
                f"“非行政许可审批”还有 {len(found.non_licence)} 项，要清零才能结束：{_named(found.non_licence)}。"
            )
        if found.undecided:
            names = _named([row.power for row in found.undecided])
            raise Refused(f"还有 {len(found.undecided)} 项权力没有决定，不能结束：{names}。请先逐项办完。")
        if found.to_carry_out:
            names = _named([row.power for row in found.to_carry_out])
            raise Refused(f"还有 {len(found.to_carry_out)} 项决定调整的权力没有改好，不能结束：{names}。")
        campaign.closed_at, campaign.closed_by = timezone.now(), by
        campaign.save(update_fields=["closed_at", "closed_by"])
        record(town=campaign.town, type=CLOSED, subject=campaign.subject, by=actor(by), reason=campaign.title)
    return campaign


@dataclass(frozen=True)
class Undecided:
    """A power that waits for ``owner`` to act. ``days_left`` is below zero once the date has passed."""

    power: Power
    state: str
    owner: str
    days_left: int


@dataclass(frozen=True)
class UnitRow:
    unit: Unit
    total: int
    by_verdict: dict[str, int]
    undecided: int


@dataclass(frozen=True)
class Tally:
    """``total`` = sum of ``by_verdict`` + ``undecided``; ``non_licence``: powers of the abolished class still there."""

    total: int
    by_verdict: dict[str, int]
    units: tuple[UnitRow, ...]
    undecided: tuple[Undecided, ...]
    to_carry_out: tuple[PowerDecision, ...]
    non_licence: tuple[Power, ...]


_NEXT = {
    DecisionState.PROPOSED: "司法所审核",
    DecisionState.REVIEWED: "领导小组集体决定",
    DecisionState.RETURNED: "重新提出意见",
}


def _undecided(power: Power, decision: PowerDecision | None, days_left: int) -> Undecided:
    state = "还没有提出意见" if decision is None else decision.state_title
    owner = _NEXT[DecisionState(decision.state)] if decision else "提出意见"
    if decision is None or decision.state == DecisionState.RETURNED:
        owner = f"{power.unit.name}{owner}"
    return Undecided(power, state, owner, days_left)


def tally(campaign: Campaign, today: date) -> Tally:
    """Count a campaign: the powers it has decided, and those listed now that it has not (none once it is closed)."""
    decisions = {
        row.power_id: row for row in campaign.decisions.select_related("power__unit", "power__town").order_by("pk")
    }
    settled = [row for row in decisions.values() if row.state == DecisionState.SETTLED]
    done = {row.power_id for row in settled}
    listed: Sequence[Power] = ()
    if campaign.is_open:
        listed = (
            Power.objects.filter(town=campaign.town_id, status=PowerStatus.LISTED)
            .exclude(pk__in=done)
            .select_related("unit")
        )
    left = campaign.days_left(today)
    waiting = [_undecided(power, decisions.get(power.pk), left) for power in listed]
    verdicts = Counter(row.verdict for row in settled)
    units = {row.power.unit.pk: row.power.unit for row in settled} | {
        row.power.unit.pk: row.power.unit for row in waiting
    }
    rows = []
    for unit in sorted(units.values(), key=lambda unit: (unit.order, unit.pk)):
        mine = Counter(row.verdict for row in settled if row.power.unit_id == unit.pk)
        open_here = sum(row.power.unit_id == unit.pk for row in waiting)
        rows.append(UnitRow(unit, mine.total() + open_here, {v: mine[v] for v in Verdict.values}, open_here))
    return Tally(
        total=len(settled) + len(waiting),
        by_verdict={value: verdicts[value] for value in Verdict.values},
        units=tuple(rows),
        undecided=tuple(waiting),
        to_carry_out=tuple(row for row in settled if row.verdict == Verdict.CHANGE and row.carried_out_at is None),
        non_licence=tuple(non_licence(campaign.town)),
    )


def non_licence(town: Jurisdiction) -> list[Power]:
    """Powers of the abolished class that are still on the list. Must be empty."""
    rows = Power.objects.filter(town=town, status=PowerStatus.LISTED, plan_class=PlanClass.NON_LICENCE)
    return list(rows.select_related("unit"))


def latest(town: Jurisdiction) -> Campaign | None:
    """The campaign that runs, else the last one."""
    rows = Campaign.objects.filter(town=town).select_related("town")
    return rows.filter(closed_at__isnull=True).first() or rows.first()
