"""What every act on an order shares: the locked row, the step to the next state, the event."""

from datetime import datetime

from django.utils import timezone

from mingtang.agents.models import Order
from mingtang.agents.promises import due
from mingtang.agents.states import LIVE
from mingtang.events import types
from mingtang.events.log import Actor, record
from mingtang.workdays.tables import calendar_for

# The log shows them all: an order that was given can be missed.
EVENTS = {
    "ask": types.define("order.ask", "申请代办", public=True),
    "begin": types.define("order.begin", "当面接单", public=True),
    "take": types.define("order.take", "接单", public=True),
    "decline": types.define("order.decline", "不接单", public=True),
    "renew": types.define("order.renew", "重新签委托", public=True),
    "entrust": types.define("order.entrust", "再收原件", public=True),
    "hand_in": types.define("order.hand_in", "交窗口", public=True),
    "take_back": types.define("order.take_back", "取回", public=True),
    "receive": types.define("order.receive", "接收", public=True),
    "send_back": types.define("order.send_back", "退回代办员", public=True),
    "submit": types.define("order.submit", "收件", public=True),
    "collect": types.define("order.collect", "领取结果", public=True),
    "deliver": types.define("order.deliver", "送到本人", public=True),
    "not_possible": types.define("order.not_possible", "办不了", public=True),
    "withdraw": types.define("order.withdraw", "收回委托", public=True),
    "offer_papers": types.define("order.offer_papers", "交出原件", public=True),
    "accept_papers": types.define("order.accept_papers", "签收原件", public=True),
    "refuse_papers": types.define("order.refuse_papers", "不签收原件", public=True),
    "settle_lost": types.define("order.settle_lost", "了结丢失的原件", public=True),
    "return_papers": types.define("order.return_papers", "还给本人", public=True),
}


def locked(order: Order) -> Order:
    """The row, locked: two who act at once meet here."""
    rows = Order.objects.select_for_update(of=("self",))
    return rows.select_related("town", "station", "contact", "key", "window_post__unit").get(pk=order.pk)


def step(order: Order, state: str, now: datetime, why: str = "") -> None:
    """The order goes on to a state. Whether what was promised for the last one was kept is counted here."""
    found = due(order, calendar_for(order.town), timezone.localdate(now))
    order.late += bool(found and found.days_late)
    order.state, order.since = state, now
    if state not in LIVE:
        order.ended_at, order.ended_why = now, why
    order.save(update_fields=["state", "since", "late", "ended_at", "ended_why", "contact", "window_post"])


def tell(act: str, order: Order, by: Actor, *, reason: str = "", **data: str | int | bool | list[str]) -> None:
    """The event of an act."""
    record(
        town=order.town,
        type=EVENTS[act],
        subject=order.subject,
        by=by,
        place=order.station.subject,
        reason=reason,
        data={"late": order.late, **data},
    )
