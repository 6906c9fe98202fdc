"""Orders as whoever gave them sees them: where it stands, in whose hand each original is. Posts, never names."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from mingtang.agents import originals, promises
from mingtang.agents.enums import OrderState
from mingtang.agents.models import Handover, Order
from mingtang.agents.states import KEEP_DAYS, LIVE, SCOPE
from mingtang.hall.models import Errand
from mingtang.lib.text import month_day_time
from mingtang.workdays.tables import calendar_for

SENTENCES = {
    OrderState.ASKED: "代办员会来找您。见面才收原件，要当面登记。",
    OrderState.TAKEN: "代办员拿着您的材料，还没有交到窗口。",
    OrderState.HANDING_IN: "代办员交到窗口了，窗口还没有点收，现在仍由代办员负责。",
    OrderState.HANDED_IN: "窗口接下了。办到哪一步，看下面每件事。",
    OrderState.COLLECTED: "代办员领到结果了，正要送给您。",
    OrderState.DELIVERED: "办完了，原件和结果都还给您了。",
    OrderState.DECLINED: "服务站没有接：{why}",
    OrderState.WITHDRAWN: "委托收回了。还没有还的原件，代办员、窗口都要还给您。",
    OrderState.NOT_POSSIBLE: "办不了：{why}",
}
TONES = {
    OrderState.ASKED: "todo",
    OrderState.DELIVERED: "done",
    OrderState.DECLINED: "stop",
    OrderState.WITHDRAWN: "stop",
    OrderState.NOT_POSSIBLE: "stop",
}


def _papers(order: Order, now: datetime) -> list[dict[str, Any]]:
    gone = {one.original.pk: one for one in originals.away(order, now)}
    found = []
    for paper in originals.of(order):
        away, offer = gone.get(paper.pk), originals.offer_of(paper)
        days = away.days if away else 0
        found.append(
            {
                "name": paper.name,
                "sheets": paper.sheets,
                "holder": str(away.post) if away else "您自己",
                "offered": str(offer.taker) if offer and offer.taker else "",
                "home": away is None,
                "ended": originals.holder(paper).get_ending_display(),
                "days": days,
                "red": bool(away) and (order.state not in LIVE or days > KEEP_DAYS),
                "moves": [_move(row) for row in paper.handovers.all()],
            }
        )
    return found


def _move(row: Handover) -> dict[str, str]:
    giver, taker = (str(post) if post else "您" for post in (row.giver, row.taker))
    end = f"没有签收：{row.refused_why}" if row.refused_at else "签收了" if row.accepted_at else "还没有签收"
    if row.way:
        end = f"您签收的（{row.get_way_display()}）"
    if row.ending:
        end = f"丢失了，{row.get_ending_display()}（{row.get_way_display()}）"
    at = month_day_time(row.accepted_at or row.refused_at or row.offered_at)
    return {"way": f"{giver} → {taker}", "at": at, "end": end}


def _errands(order: Order) -> list[dict[str, Any]]:
    if order.contact is None:
        return [{"name": order.wanted.facts.name, "word": "等接单", "tone": "todo"}] if order.wanted else []
    rows = Errand.objects.filter(contact=order.contact).select_related("item__facts", "opened__case__version")
    found = []
    for row in rows.order_by("order"):
        case = row.opened.case if hasattr(row, "opened") else None
        word = case.state_title if case else row.outcome_title
        tone = "now" if case and case.ended_at is None else "done" if row.outcome else "todo"
        found.append(
            {"name": row.name, "word": word, "tone": tone, "said": row.said, "case": case.number if case else ""}
        )
    return found


def held(order: Order, now: datetime) -> dict[str, Any]:
    """An order for its holder."""
    found = promises.due(order, calendar_for(order.town), timezone.localdate(now))
    consent, state = order.consents.last(), OrderState(order.state)
    return {
        "number": order.number,
        "state": order.state_title,
        "tone": TONES.get(state, "now"),
        "sentence": SENTENCES[state].format(why=order.ended_why),
        "due": f"{found.promise.who}答应{found.day.month}月{found.day.day}日前{found.promise.what}" if found else "",
        "late": found.days_late if found else 0,
        "errands": _errands(order),
        "papers": _papers(order, now),
        "station": order.station,
        "place": order.get_place_display(),
        "at": month_day_time(order.asked_at),
        "scope": "、".join(words for name, words in SCOPE.items() if consent and getattr(consent, name)),
        "until": consent.until if consent else None,
        "open": order.state in LIVE,
    }
