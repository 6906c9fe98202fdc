"""What `mingtang verify` recomputes of the one-time notice of a case: when, by whom, until when, reminded, supplied."""

from collections.abc import Iterator
from typing import Any

from mingtang.cases.actions import kinds
from mingtang.cases.models import Case
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding

TABLE = "cases_supplementnotice"
# What the events of an earlier release do not say.
LATER = {"reply_by": "最迟补齐日期", "lapse_basis": "逾期的依据"}


def check_notice(case: Case, events: list[Event]) -> Iterator[Finding]:
    """``case`` with its notice, and all its events in order."""
    notice, expected = getattr(case, "notice", None), _as_told(events)
    name = f"办件 {case.number} 的一次性告知"
    if notice is None or not expected:
        if notice or expected:
            yield Finding(TABLE, case.pk, f"{name}{'没有事件' if notice else '不见了'}")
        return
    kept = {
        "告知时间": notice.issued_at,
        "告知人": notice.issued_by.code,
        "最迟补齐日期": notice.reply_by.isoformat() if notice.reply_by else None,
        "逾期的依据": notice.lapse_basis,
        "补正完成时间": notice.completed_at,
        "提醒时间": notice.reminded_at,
    }
    if wrong := [title for title, value in expected.items() if kept[title] != value]:
        yield Finding(TABLE, case.pk, f"{name}，{'、'.join(wrong)}和事件里记的不一样")


def _as_told(events: list[Event]) -> dict[str, Any]:
    notice: dict[str, Any] = {}
    for event in events:
        if event.type == kinds.SUPPLEMENT:
            notice = {"告知时间": event.happened_at, "告知人": event.actor, "补正完成时间": None, "提醒时间": None}
            notice |= {title: event.data[key] for key, title in LATER.items() if key in event.data}
        elif event.type == kinds.SUPPLY_COMPLETE:
            notice["补正完成时间"] = event.happened_at
        elif event.type == kinds.REMINDED:
            notice["提醒时间"] = event.happened_at
    return notice
