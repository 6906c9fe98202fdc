"""What `mingtang verify` recomputes of lists from records: rows, root, sums, who showed them, what went."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mingtang.disclosure.derived import actions, commit
from mingtang.disclosure.derived.reading import still_there
from mingtang.disclosure.enums import ListState as S
from mingtang.disclosure.models import DerivedList, DerivedRow
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, readable, told
from mingtang.towns.models import Jurisdiction

LIST, ROW, POSTING = "disclosure_derivedlist", "disclosure_derivedrow", "disclosure_posting"
LEAVES = {
    actions.MADE: S.MADE,
    actions.CHECKED: S.CHECKED,
    actions.SHOWN: S.SHOWN,
    actions.DROPPED: S.DROPPED,
    actions.SUPERSEDED: S.SUPERSEDED,
    actions.ENDED: S.ENDED,
    actions.TAKEN_BACK: S.WITHDRAWN,
}


def check_lists(town: Jurisdiction) -> Iterator[Finding]:
    """Every list is what its events say, its rows make its root, and no row of a person outlived its list."""
    events: dict[str, list[Event]] = {}
    for event in Event.objects.filter(town=town, type__startswith="list.").order_by("pk"):
        events.setdefault(event.subject, []).append(event)
    rows = DerivedList.objects.filter(town=town).select_related("key", "made_by", "checked_by", "shown_by")
    for row in rows.order_by("pk").iterator(chunk_size=200):
        yield from readable(LIST, row.pk, partial(_list, row, events.pop(row.subject, [])))
        yield from readable(ROW, row.number, partial(_rows, row))
    for subject in events:
        yield Finding(LIST, subject, "日志里有这张公示表，表里没有")


def _as_told(events: list[Event]) -> dict[str, Any]:
    """What the events leave of a list, as its columns hold it."""
    left: dict[str, Any] = dict.fromkeys(("checked_by", "checked_at", "shown_by", "shown_at", "gone_at"))
    left |= {"until": "", "reason": "", "state": ""}
    for event in events:
        state = LEAVES.get(event.type, "")
        left["state"] = state or left["state"]
        left["until"] = event.data.get("until", left["until"])
        if event.type == actions.MADE:
            left |= {"made_by": event.actor}
        elif event.type == actions.CHECKED:
            left |= {"checked_by": event.actor, "checked_at": event.recorded_at}
        elif event.type == actions.SHOWN:
            left |= {"shown_by": event.actor, "shown_at": event.recorded_at}
        elif state:
            left |= {"gone_at": event.recorded_at, "reason": event.reason}
    return left


def _list(row: DerivedList, events: list[Event]) -> Iterator[Finding]:
    held = {
        "state": row.state,
        "made_by": row.made_by.code,
        "checked_by": row.checked_by.code if row.checked_by else None,
        "checked_at": row.checked_at,
        "shown_by": row.shown_by.code if row.shown_by else None,
        "shown_at": row.shown_at,
        "gone_at": row.gone_at,
        "until": row.until.isoformat() if row.until else "",
        "reason": row.reason,
    }
    if held != _as_told(events):
        yield Finding(LIST, row.pk, f"公示表 {row.number} 的状态、日期或者经办人和事件里记的不一样")
    now = row.frozen()
    if any(event.data[name] != value for event in events for name, value in now.items()):
        yield Finding(LIST, row.pk, f"公示表 {row.number} 的期间、行数、合计或者校验值和事件里记的不一样")
    hung = sorted((one.place, one.up_on.isoformat()) for one in row.postings.all())
    down = sorted((one.place, one.down_on.isoformat()) for one in row.postings.all() if one.down_on)
    for kind, of_rows in ((actions.POSTED, hung), (actions.TAKEN_DOWN, down)):
        if of_rows != sorted((event.data["place"], event.data["on"]) for event in events if event.type == kind):
            yield Finding(POSTING, row.number, f"公示表 {row.number} 的张贴记录和事件里记的不一样")


def _rows(row: DerivedList) -> Iterator[Finding]:
    rows = actions.rows_of(row)
    if [one.number for one in rows] != list(range(1, row.count + 1)):
        yield Finding(ROW, row.number, f"公示表 {row.number} 多了或者少了行")
    elif commit.root([one.commitment for one in rows]) != row.root:
        yield Finding(ROW, row.number, f"公示表 {row.number} 的校验码和公开时不一样")
    for one in rows:
        yield from readable(ROW, one.pk, partial(_row, row, one))


def _row(row: DerivedList, one: DerivedRow) -> Iterator[Finding]:
    if row.key and not still_there(row):
        if one.row_sealed is not None or one.case_id is not None or row.key.wrapped is not None:
            yield Finding(ROW, one.pk, f"公示表 {row.number} 已经撤下，第 {one.number} 行却还留着")
        return
    salt, whole = one.opened() if row.key else (b"", {"list": row.number, "no": one.number, "cells": one.cells})
    if commit.commitment(salt, whole) != one.commitment:
        yield Finding(ROW, one.pk, f"公示表 {row.number} 第 {one.number} 行的内容和公开时不一样")


told("公示表", check_lists)
