"""What `mingtang verify` compares of what is not published: clause, title shown or not, decision, next review."""

from collections.abc import Iterator
from typing import Any

from mingtang.disclosure import actions, withheld
from mingtang.disclosure.models import Withholding
from mingtang.events.log import iso
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, told
from mingtang.towns.models import Jurisdiction

ROW = "disclosure_withholding"
ACTS = (withheld.PROPOSED, withheld.WITHHELD, withheld.KEPT, withheld.OPENED, actions.RETURNED)


def check_withheld(town: Jurisdiction) -> Iterator[Finding]:
    """Each row is what its last events made of it, and none is missing."""
    left: dict[tuple[str, int], dict[str, Any]] = {}
    for event in Event.objects.filter(town=town, type__in=ACTS).order_by("pk"):
        _leave(left, (event.subject, event.data["edition"]), event)
    for row in Withholding.objects.filter(edition__document__town=town).select_related("edition__document"):
        document = row.edition.document
        if left.pop((document.subject, row.edition.number), None) != _kept(row):
            yield Finding(ROW, row.pk, f"{document.index_number} 为什么不公开、下次什么时候再审查和事件里记的不一样")
    for subject, _ in left:
        yield Finding(ROW, subject, "日志里定了不主动公开，表里没有")


def check_rhythm(town: Jurisdiction) -> Iterator[Finding]:
    """How often the town looks again is what its last event says, once there is one."""
    last = Event.objects.filter(town=town, type=withheld.RHYTHM).order_by("pk").last()
    if last and last.data["months"] != town.review_months:
        yield Finding("towns_jurisdiction", town.pk, "不公开的信息多久再审查一次，和事件里定的不一样")


def _leave(left: dict[tuple[str, int], dict[str, Any]], key: tuple[str, int], event: Event) -> None:
    if event.type == withheld.PROPOSED:
        stated = {name: event.data[name] for name in ("ground", "hide_title")}
        left[key] = {**stated, "reason": event.reason, "decided_at": "", "review_on": ""}
    elif event.type == withheld.WITHHELD:
        left[key] |= {"decided_at": iso(event.recorded_at), "review_on": event.data["review_on"]}
    elif event.type == withheld.KEPT:
        left[key]["review_on"] = event.data["review_on"]
    else:
        left.pop(key, None)


def _kept(row: Withholding) -> dict[str, Any]:
    return {
        "ground": row.ground,
        "hide_title": "yes" if row.hide_title else "",
        "reason": row.reason,
        "decided_at": iso(row.decided_at) if row.decided_at else "",
        "review_on": row.review_on.isoformat() if row.review_on else "",
    }


told("不主动公开", check_withheld)
told("再审查周期", check_rhythm)
