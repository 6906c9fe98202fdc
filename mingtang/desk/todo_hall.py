"""What waits in the registers of the hall: letters that lack or run out, hand-overs to sign, exemptions run out."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.agents.enums import OrderState
from mingtang.agents.models import Handover, Order
from mingtang.agents.policies import stations_of
from mingtang.desk import orders_shown
from mingtang.desk.access import my_posts
from mingtang.hall import letters
from mingtang.hall.duty import RosterTable
from mingtang.hall.models import Exemption, Milestone
from mingtang.notices.enums import Channel as MessageChannel
from mingtang.notices.enums import MessageState
from mingtang.notices.models import Message
from mingtang.people.enums import DECIDE
from mingtang.people.enums import Permission as P
from mingtang.people.models import Delegation
from mingtang.rulebook.models import Item

Row = dict[str, Any]
MOST = 50


def letter_rows(request: HttpRequest) -> list[Row]:
    """授权书 of whoever issues them: items that nobody may decide, and letters that run out within the month."""
    units = letters.grantors(request.user, my_posts(request)) if request.viewer.may(P.DELEGATE) else []
    if not units:
        return []
    now, rows = timezone.now(), []
    lacking = Item.objects.none()
    for unit in units:
        unit.town = request.town
        lacking |= letters.undecidable(unit, now)
    if count := lacking.count():
        rows.append(
            _row("/desk/letters/", f"{count:,} 个事项没有人能作决定", "决定岗位没有有效的授权书", "缺授权", "late")
        )
    ending = _ending(units, now)
    if ending:
        first = letters.last_day(ending[0])
        last = f"最早的 {first.month}月{first.day}日到期"
        rows.append(_row("/desk/letters/", f"{len(ending)} 份授权书快到期", last, "要续办", "today"))
    return rows


def _ending(units: list[Any], now: datetime) -> list[Delegation]:
    """Letters that end within the month and that no later letter follows."""
    held = Delegation.objects.filter(grantor__in=units, step_code=DECIDE, revoked_at__isnull=True, valid_to__gt=now)
    last: dict[tuple[int, str], Delegation] = {}
    for letter in held.order_by("valid_to"):
        last[letter.post_id, letter.item_code] = letter
    soon = now + timedelta(days=letters.SOON)
    return [letter for letter in last.values() if letter.valid_to <= soon]


def roster_rows(request: HttpRequest) -> list[Row]:
    """值守表 of whoever keeps it: posts without A and B, and days on which nobody is left; they stand until mended."""
    holes = list(RosterTable(request.town).holes()) if request.viewer.may(P.ROSTER) else []
    rows = []
    if lacking := [hole for hole in holes if hole.day is None]:
        rows.append(_row("/desk/roster/", f"{len(lacking)} 个岗位的A岗、B岗要排", lacking[0].sentence, "缺B岗", "late"))
    if empty := sorted((hole for hole in holes if hole.day is not None), key=lambda hole: hole.day):
        word = "今天就缺" if empty[0].day == timezone.localdate() else "要补人"
        rows.append(_row("/desk/roster/", f"{len(empty)} 处没有人值守", empty[0].sentence, word, "late"))
    return rows


def milestones(request: HttpRequest) -> QuerySet[Milestone]:
    """进驻: the milestones that lack this person's signature."""
    units = [post.unit_id for post in my_posts(request)]
    mine = Q(plan__unit__in=units, unit_signed_at__isnull=True) & ~Q(centre_signed_by=request.user.pk)
    if request.viewer.may(P.WINDOW_RUN):
        mine |= Q(centre_signed_at__isnull=True) & ~Q(unit_signed_by=request.user.pk)
    return Milestone.objects.filter(mine, plan__town=request.town, plan__done_at__isnull=True)


def milestone_rows(request: HttpRequest) -> list[Row]:
    """Of each plan the next one."""
    today, rows, plans = timezone.localdate(), [], set()
    for row in milestones(request).select_related("plan__item__facts").order_by("due_on", "order")[:MOST]:
        if row.plan_id in plans:
            continue
        plans.add(row.plan_id)
        late = (today - row.due_on).days
        word, tone = (
            (f"晚了 {late} 天", "late") if late > 0 else ("今天到期", "today") if late == 0 else ("待签", "todo")
        )
        day = f"{row.due_on.month}月{row.due_on.day}日前"
        item = row.plan.item
        rows.append(
            _row(f"/desk/entry/{item.code}", f"签收移交节点：{row.title}", f"{item.facts.name}　{day}", word, tone)
        )
    return rows


def exemptions(request: HttpRequest) -> QuerySet[Exemption]:
    """What was let stay out too long."""
    rows = Exemption.objects.filter(town=request.town, ended_on__isnull=True, until_on__lt=timezone.localdate())
    return rows if request.viewer.may(P.WINDOW_RUN) else rows.none()


def exemption_rows(request: HttpRequest) -> list[Row]:
    """One row for all; asked for where there are any."""
    title = f"{exemptions(request).count()} 个事项暂缓到期，还没有进驻"
    return [_row("/desk/entry/?state=overdue", title, "登记进驻，或者重新报批", "到期", "late")]


def order_rows(request: HttpRequest) -> list[Row]:
    """代办: what this person does next with an order, and originals that should be home."""
    if not request.viewer.may(P.CASE_INTAKE):
        return []
    now, rows = timezone.now(), []
    mine = Order.objects.visible_to(request.viewer).unfinished().listed()
    waiting = Handover.objects.filter(original__order=OuterRef("pk"), taker__in=my_posts(request))
    waiting = waiting.filter(accepted_at__isnull=True, refused_at__isnull=True)
    agent = {site.pk for site in stations_of(request.user)}
    for order in mine.annotate(to_sign=Exists(waiting)).order_by("since")[:MOST]:
        shown = orders_shown.row(order, now)
        what, word, tone = f"代办：{shown['title']}", shown["word"], shown["tone"]
        by_window = order.state in (OrderState.HANDING_IN, OrderState.HANDED_IN) and order.station_id in agent
        if shown["red"]:
            what, word, tone = f"{shown['away']} 份原件没有还：{shown['title']}", "没有还", "late"
        elif order.to_sign:
            word, tone = "等您签收", "today"
        elif not word or (by_window and "窗口" in word):
            continue
        rows.append(_row(f"/desk/orders/{order.number}", what, f"{order.number}　{order.state_title}", word, tone))
    return rows


def notice_rows(request: HttpRequest) -> list[Row]:
    """通知 of the person's posts that did not arrive, and letters that wait to be printed."""
    if not request.viewer.may(P.NOTICE_SEND):
        return []
    codes = [post.code for post in my_posts(request)]
    mine = Message.objects.visible_to(request.viewer).filter(owner_post__in=codes)
    counts = mine.aggregate(
        failed=Count("pk", filter=Q(state=MessageState.FAILED)),
        letters=Count("pk", filter=Q(state=MessageState.WAITING, channel=MessageChannel.PRINT)),
    )
    rows = []
    if count := counts["failed"]:
        rows.append(_row("/desk/notices/", f"{count} 条通知没有发成", "再发一次，或者改成寄信", "没发成", "late"))
    if count := counts["letters"]:
        rows.append(_row("/desk/notices/letters", f"{count} 封信等着打印", "打印、装好、寄出", "要寄", "today"))
    return rows


def _row(url: str, title: str, sub: str, word: str, tone: str) -> Row:
    return {"url": url, "title": title, "sub": sub, "word": word, "tone": tone}
