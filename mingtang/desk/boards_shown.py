"""公示栏 as the desk's lists want them."""

from typing import Any

from django.http import HttpRequest

from mingtang.boards.enums import SheetState
from mingtang.boards.models import Board
from mingtang.boards.newest import NEAR, BoardStanding, Standing, standings
from mingtang.desk.access import served_posts
from mingtang.lib.text import chinese_date

TONES = {SheetState.NEWEST: "done", SheetState.NOTHING: "todo"}


def sheet_tag(row: Standing) -> tuple[str, str]:
    """What the tag of a sheet says, and its tone."""
    word = row.state.label
    return (f"{word}，{row.days} 天了" if row.days else word), TONES.get(row.state, "late")


def check_tag(row: BoardStanding) -> tuple[str, str]:
    """When somebody must look at it again."""
    if row.check_left < 0:
        return f"查看晚了 {-row.check_left} 天", "late"
    if row.check_left == 0:
        return "今天该查看", "today"
    return f"{chinese_date(row.check_due)}前查看", "today" if row.check_left <= NEAR else "done"


def todo_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """For whoever keeps a board: what to hang, to change, to take down; a look that is near."""
    posts = [post.pk for post in served_posts(request)]
    boards = Board.objects.visible_to(request.viewer).filter(keeper__in=posts, closed_on__isnull=True)
    found = []
    for one in standings(boards.select_related("village")):
        url = f"/desk/boards/{one.board.pk}"
        for sheet in one.due:
            word, tone = sheet_tag(sheet)
            found.append({"url": url, "title": sheet.title, "sub": str(one.board), "word": word, "tone": tone})
        if one.check_left <= NEAR:
            word, tone = check_tag(one)
            found.append({"url": url, "title": f"查看{one.board}", "sub": one.board.place, "word": word, "tone": tone})
    return found
