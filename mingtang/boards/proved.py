"""What `mingtang verify` compares of this room: boards, what must hang, what hung and who looked, with their events."""

from collections.abc import Iterator
from typing import Any

from mingtang.boards import actions, hanging
from mingtang.boards.models import Board
from mingtang.events.models import Event
from mingtang.ledger.frozen import Finding, told
from mingtang.towns.models import Jurisdiction

BOARD, SHEET, HANGING, CHECK = "boards_board", "boards_sheet", "boards_hanging", "boards_check"


def check_boards(town: Jurisdiction) -> Iterator[Finding]:
    """Every board, sheet, hanging and look is what its events say, and none is missing."""
    events: dict[str, list[Event]] = {}
    for event in Event.objects.filter(town=town, type__startswith="board.").order_by("pk"):
        events.setdefault(event.subject, []).append(event)
    rows = Board.objects.filter(town=town).select_related("keeper", "unit")
    for board in rows.prefetch_related("sheets__document", "sheets__item", "checks__photo").order_by("pk"):
        yield from _board(board, events.pop(board.subject, []))
    for subject in events:
        yield Finding(BOARD, subject, "日志里有这块公示栏，表里没有")


def _board(board: Board, events: list[Event]) -> Iterator[Finding]:
    of = {type: [event.data for event in events if event.type == type] for type in {event.type for event in events}}
    written = [event.data for event in events if event.type in (actions.OPENED, actions.CHANGED)]
    closed = [event.reason for event in events if event.type == actions.CLOSED]
    if written[-1:] != [actions.told(board)] or closed != ([board.closed_reason] if board.closed_on else []):
        yield Finding(BOARD, board.pk, f"公示栏 {board} 的登记和事件里记的不一样")
    sheets = list(board.sheets.all())
    ended = [row for row in sheets if row.ended_on]
    if not _same(map(actions.sheet_facts, sheets), of.get(actions.REQUIRED, []), "sheet") or not _same(
        map(actions.sheet_facts, ended), of.get(actions.RELEASED, []), "sheet"
    ):
        yield Finding(SHEET, board.pk, f"公示栏 {board} 该贴的和事件里记的不一样")
    hung = list(hanging.Hanging.objects.filter(sheet__board=board).select_related("photo"))
    down = [{"hanging": row.pk, "sheet": row.sheet_id} for row in hung if row.down_at]
    if not _same(map(hanging.facts, hung), of.get(hanging.POSTED, []), "hanging") or not _same(
        down, of.get(hanging.TAKEN_DOWN, []), "hanging"
    ):
        yield Finding(HANGING, board.pk, f"公示栏 {board} 的张贴记录和事件里记的不一样")
    if not _same(map(hanging.check_facts, board.checks.all()), of.get(hanging.CHECKED, []), "check"):
        yield Finding(CHECK, board.pk, f"公示栏 {board} 的查看记录和事件里记的不一样")


def _same(rows: Any, told: list[dict[str, Any]], key: str) -> bool:
    return sorted(rows, key=lambda row: row[key]) == sorted(told, key=lambda row: row[key])


told("公示栏", check_boards)
