"""Acts on the registers: an item enters or leaves the hall, is let stay outside for a time, is handed over."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from mingtang.events import types
from mingtang.events.log import record
from mingtang.guard.clear import clear_text
from mingtang.hall.models import Entry, Exemption, HandOver, Milestone, Window
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people.enums import Permission
from mingtang.people.models import Staff
from mingtang.people.policies import actor, can, check_may, posts_of
from mingtang.rulebook.enums import VersionState
from mingtang.rulebook.minutes import check_minutes
from mingtang.rulebook.models import Item

ENTERED = types.define("entry.entered", "事项进驻大厅", public=True)
LEFT = types.define("entry.left", "事项退出大厅", public=True)
EXEMPTED = types.define("entry.exempted", "批准暂缓进驻", public=True)
PLANNED = types.define("entry.hand_over_planned", "制订移交计划", public=True)
SIGNED = types.define("entry.milestone_signed", "签收移交节点", public=True)
MOVED = types.define("entry.milestone_moved", "移交节点改期", public=True)
MAX_TITLE, MAX_MILESTONES = 80, 20
UNIT_SIDE, CENTRE_SIDE = "unit", "centre"


def _locked(item: Item) -> Item:
    """The item, locked: entry and exemption of one item meet here. It must be in force and have a unit."""
    item = Item.objects.select_for_update(of=("self",)).select_related("town", "unit", "current__item").get(pk=item.pk)
    if item.current is None or item.current.state != VersionState.IN_FORCE:
        raise Refused("这个事项还没有发布施行，不能登记进驻。请先发布办事指南。")
    if item.unit is None:
        raise Refused("这个事项没有实施单位。请先在事项上选定单位。")
    return item


def entered(item: Item) -> bool:
    """Whether the register has the item at a window now."""
    return Entry.objects.filter(item=item, left_on__isnull=True).exists()


def enter(*, item: Item, window: Window, since_on: date, by: Staff) -> Entry:
    """The item is taken in at this window from a day on: the one its guide names. Ends an exemption by itself."""
    check_may(by, Permission.WINDOW_RUN, item.town)
    today = timezone.localdate()
    if since_on > today:
        raise Refused("进驻日期不能晚于今天。请到那一天再登记。", field="since_on")
    with act():
        item = _locked(item)
        window = Window.objects.select_related("post").get(pk=window.pk)
        if window.town_id != item.town_id:
            raise Refused("窗口不在本镇，请另选一个。", field="window")
        if window.post.code != item.current.spec.window_post:
            raise Refused(f"办事指南写的收件岗位不在{window}。请先改指南，或者登记指南写的窗口。", field="window")
        if Entry.objects.filter(item=item, window=window, left_on__isnull=True).exists():
            raise Refused(f"这个事项已经登记在{window}。", field="window")
        if HandOver.objects.filter(item=item, done_at__isnull=True).exists():
            raise Refused("移交计划还有没签收的节点，不能登记进驻。请两边先签完。")
        entry = Entry.objects.create(town=item.town, item=item, unit=item.unit, window=window, since_on=since_on)
        Exemption.objects.filter(item=item, ended_on__isnull=True).update(ended_on=today, ended_reason="已经进驻")
        record(town=item.town, type=ENTERED, subject=item.subject, by=actor(by), data={"window": window.number})
    return entry


def leave(*, entry: Entry, reason: str, minutes_number: str, by: Staff) -> Entry:
    """The item leaves the window: only by decision of the leading group, with a reason the public reads."""
    check_may(by, Permission.WINDOW_RUN, entry.town)
    reason = clear_text(reason, "请写明退出的原因，这句话会公开。", "reason", town=by.town_id)
    minutes_number = check_minutes(minutes_number, "不能登记", by.town_id)
    with act():
        entry = Entry.objects.select_for_update(of=("self",)).select_related("item", "town", "window").get(pk=entry.pk)
        if entry.left_on:
            raise Refused("这个事项已经退出这个窗口。")
        entry.left_on, entry.left_reason, entry.left_minutes = timezone.localdate(), reason, minutes_number
        entry.save(update_fields=["left_on", "left_reason", "left_minutes"])
        data = {"window": entry.window.number, "minutes": minutes_number}
        record(town=entry.town, type=LEFT, subject=entry.item.subject, by=actor(by), reason=reason, data=data)
    return entry


def exempt(*, item: Item, reason: str, minutes_number: str, from_on: date, until_on: date, by: Staff) -> Exemption:
    """Let an item stay outside until a day. One at a time; one that has expired is replaced, never prolonged."""
    check_may(by, Permission.WINDOW_RUN, item.town)
    reason = clear_text(reason, "请写明暂缓进驻的原因，这句话会公开。", "reason", town=by.town_id)
    minutes_number = check_minutes(minutes_number, "不能登记", by.town_id)
    today = timezone.localdate()
    if until_on <= from_on:
        raise Refused("到期日要晚于开始日期。请改正日期。", field="until_on")
    if until_on < today:
        raise Refused("到期日已经过去，不用再批。请登记进驻，或者另定到期日。", field="until_on")
    with act():
        item = _locked(item)
        if entered(item):
            raise Refused("这个事项已经进驻，不能再批准暂缓。")
        running = Exemption.objects.filter(item=item, ended_on__isnull=True).first()
        if running and running.days_late(today) <= 0:
            raise Refused(f"原来的批准到 {running.until_on} 才到期，现在不能再批。")
        if running:
            running.ended_on, running.ended_reason = today, "到期后重新批准"
            running.save(update_fields=["ended_on", "ended_reason"])
        exemption = Exemption.objects.create(
            town=item.town,
            item=item,
            unit=item.unit,
            reason=reason,
            minutes_number=minutes_number,
            from_on=from_on,
            until_on=until_on,
        )
        data = {"minutes": minutes_number, "until": until_on.isoformat()}
        record(town=item.town, type=EXEMPTED, subject=item.subject, by=actor(by), reason=reason, data=data)
    return exemption


def plan_hand_over(*, item: Item, milestones: Sequence[tuple[str, date]], by: Staff) -> HandOver:
    """How the item comes into the hall: (title, due day) in order of the days."""
    check_may(by, Permission.WINDOW_RUN, item.town)
    if not 1 <= len(milestones) <= MAX_MILESTONES:
        raise Refused(f"移交计划要有 1 到 {MAX_MILESTONES} 个节点。", field="milestones")
    titles = [
        clear_text(title, "请写明节点名称，这句话会公开。", "milestones", MAX_TITLE, town=by.town_id)
        for title, _ in milestones
    ]
    days = [day for _, day in milestones]
    if days != sorted(days):
        raise Refused("节点要按日期先后排列。请调整顺序。", field="milestones")
    if days[0] < timezone.localdate():
        raise Refused("节点日期不能早于今天。请改正日期。", field="milestones")
    with act():
        item = _locked(item)
        if entered(item):
            raise Refused("这个事项已经进驻，不用再移交。")
        if HandOver.objects.filter(item=item, done_at__isnull=True).exists():
            raise Refused("这个事项已经有一份没完成的移交计划。请在原计划上改期。")
        plan = HandOver.objects.create(town=item.town, item=item, unit=item.unit, begun_at=timezone.now())
        for order, (title, day) in enumerate(zip(titles, days, strict=True), 1):
            Milestone.objects.create(plan=plan, order=order, title=title, first_due_on=day, due_on=day)
        record(town=item.town, type=PLANNED, subject=item.subject, by=actor(by), data={"milestones": len(titles)})
    return plan


def _locked_milestone(milestone: Milestone) -> Milestone:
    # The plan's row is what two signatures on different milestones meet at.
    HandOver.objects.select_for_update().get(pk=milestone.plan_id)
    return Milestone.objects.select_related("plan__town", "plan__item", "plan__unit").get(pk=milestone.pk)


def may_sign(side: str, plan: HandOver, by: Staff) -> bool:
    """For the centre: whoever runs windows. For the unit: whoever holds a post of it."""
    if side == CENTRE_SIDE:
        return can(by, Permission.WINDOW_RUN, plan.town)
    return by.town_id == plan.town_id and any(post.unit_id == plan.unit_id for post in posts_of(by))


def sign(*, milestone: Milestone, side: str, by: Staff) -> Milestone:
    """One side signs; two sides are two persons. The last signature finishes the plan."""
    if side not in (UNIT_SIDE, CENTRE_SIDE):
        raise Refused("请选定替哪一边签字：移交单位，或者便民服务中心。", field="side")
    with act():
        milestone = _locked_milestone(milestone)
        plan = milestone.plan
        if not may_sign(side, plan, by):
            who = plan.unit.name if side == UNIT_SIDE else "便民服务中心管窗口的岗位"
            raise Refused(f"这一边要由{who}的同志签字。")
        if getattr(milestone, f"{side}_signed_at"):
            raise Refused("这一边已经签过字了。")
        other = CENTRE_SIDE if side == UNIT_SIDE else UNIT_SIDE
        if getattr(milestone, f"{other}_signed_by_id") == by.pk:
            raise Refused("两边要由两个人分别签字，您已经替另一边签过。")
        if plan.milestones.filter(order__lt=milestone.order, **{f"{side}_signed_at__isnull": True}).exists():
            raise Refused("前面的节点这一边还没有签字。请按顺序签。")
        setattr(milestone, f"{side}_signed_by", by)
        setattr(milestone, f"{side}_signed_at", timezone.now())
        milestone.save(update_fields=[f"{side}_signed_by", f"{side}_signed_at"])
        if all(row.is_done for row in plan.milestones.all()):
            plan.done_at = timezone.now()
            plan.save(update_fields=["done_at"])
        data = {"milestone": milestone.order, "side": side}
        record(town=plan.town, type=SIGNED, subject=plan.item.subject, by=actor(by), data=data)
    return milestone


def move(*, milestone: Milestone, due_on: date, reason: str, by: Staff) -> Milestone:
    """Another day for a milestone, with a reason the public reads; the first day stays on the page."""
    reason = clear_text(reason, "请写明改期的原因，这句话会公开。", "reason", town=by.town_id)
    with act():
        milestone = _locked_milestone(milestone)
        plan = milestone.plan
        check_may(by, Permission.WINDOW_RUN, plan.town)
        if milestone.is_done:
            raise Refused("这个节点两边都签过字了，不能改期。")
        if due_on < timezone.localdate():
            raise Refused("新的日期不能早于今天。请改正日期。", field="due_on")
        before = milestone.due_on
        milestone.due_on, milestone.moved_reason = due_on, reason
        milestone.save(update_fields=["due_on", "moved_reason"])
        data = {"milestone": milestone.order, "from": before.isoformat(), "to": due_on.isoformat()}
        record(town=plan.town, type=MOVED, subject=plan.item.subject, by=actor(by), reason=reason, data=data)
    return milestone
