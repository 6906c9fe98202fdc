"""公示栏 as the public pages want them."""

from typing import Any

from django.utils import timezone

from mingtang.boards.enums import SheetState
from mingtang.boards.newest import BoardStanding, Standing
from mingtang.lib.text import chinese_date

TONES = {SheetState.NEWEST: "done", SheetState.NOTHING: "todo"}


def sheet(row: Standing) -> dict[str, Any]:
    """One sheet: what should hang, what does, since when it is wrong."""
    hanging, newest = row.hanging, row.newest
    return {
        "title": row.title,
        "url": newest.url if newest else "",
        "word": row.state.label,
        "tone": TONES.get(row.state, "late"),
        "days": row.days,
        "number": newest.number if newest else None,
        "began": "施行" if newest and newest.version else "公开",
        "on": newest.on if newest else None,
        "up": hanging.up_at if hanging else None,
        "until": hanging.until if hanging else None,
        "photo": f"/boards/hangings/{hanging.pk}/photo" if hanging else "",
    }


def board(row: BoardStanding) -> dict[str, Any]:
    """One board for a list, with what is not in order about it."""
    found, faults = row.board, [f"{one.title}：{one.state.label}" for one in row.due]
    if row.check_left < 0:
        faults.append(f"查看晚了 {-row.check_left} 天")
    if row.last and row.last.note:
        faults.append(f"看到的问题：{row.last.note}")
    return {
        "name": found.name,
        "url": f"/boards/{found.pk}",
        "place": found.place,
        "where": found.village or found.unit or found.site or "",
        "keeper": str(found.keeper),
        "kept": row.is_kept,
        "faults": faults,
        "count": len(row.sheets),
        "last": timezone.localdate(row.last.checked_at) if row.last else None,
        "check_due": row.check_due,
    }


def gap(row: BoardStanding) -> dict[str, Any]:
    """A board that is not as it should be, for ``gap_card``."""
    shown = board(row)
    what = f"{shown['name']}：{'；'.join(shown['faults'])}"
    return {"what": what, "owner": shown["keeper"], "days_late": row.worst, "url": shown["url"]}


def as_data(row: BoardStanding) -> dict[str, Any]:
    """A board for programs."""
    shown = board(row)
    sheets = [
        {
            "title": one.title,
            "state": str(one.state),
            "url": one.newest.url if one.newest else None,
            "check_url": f"/boards/s/{one.sheet.pk}/{one.newest.key}"
            if one.newest and one.newest.list is None
            else None,
            "edition": one.newest.number if one.newest else None,
            "hung_at": one.hanging.up_at.isoformat() if one.hanging else None,
            "photo_sha256": one.hanging.photo.sha256 if one.hanging else None,
        }
        for one in row.sheets
    ]
    last = row.last.checked_at.isoformat() if row.last else None
    told = {name: shown[name] for name in ("name", "place", "keeper")}
    return told | {"checked_at": last, "check_due": row.check_due.isoformat(), "sheets": sheets}


def check_sentence(row: BoardStanding) -> str:
    """When somebody looked last, and by when the next is due."""
    last = f"{chinese_date(timezone.localdate(row.last.checked_at))}有人查看过" if row.last else "还没有人查看过"
    if row.check_left < 0:
        return f"{last}，{chinese_date(row.check_due)}就该再看，晚了 {-row.check_left} 天。"
    return f"{last}，下一次最迟{chinese_date(row.check_due)}。"
