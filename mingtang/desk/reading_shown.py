"""看得懂吗 as the desk's lists want it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from mingtang.scrutiny.models import ReadCheck
from mingtang.scrutiny.reading import percent
from mingtang.scrutiny.states import READ_REVIEWERS

MOST = 50


def row(check: ReadCheck, mark: int) -> dict[str, Any]:
    """A line of a list; below ``mark`` percent it is marked. Edition, document and revision come with the row."""
    if check.returned_reason:
        word, tone = "退回了", "late"
    elif check.waits:
        word, tone = "等审核", "today"
    elif check.told:
        share = percent(check.told_right, check.told)
        word, tone = f"{check.told} 人，答对 {share}%", "late" if share < mark else "done"
    elif check.is_open:
        word, tone = "还不够五个人", "now"
    else:
        word, tone = "没有满五个人就换了版", "todo"
    document = check.edition.document
    return {
        "url": f"/desk/read/{check.pk}",
        "title": check.edition.revision.title,
        "sub": f"第 {check.number} 份　{document.index_number}　第 {check.edition.number} 版",
        "word": word,
        "tone": tone,
    }


def waiting(request: HttpRequest) -> QuerySet[ReadCheck]:
    """Questions of others that wait for this person."""
    rows = ReadCheck.objects.visible_to(request.viewer).waiting()
    asked = not request.viewer.tenant and request.viewer.powers.intersection(READ_REVIEWERS)
    return rows.exclude(author=request.user) if asked else rows.none()


def todo_rows(request: HttpRequest) -> list[dict[str, Any]]:
    rows = waiting(request).select_related("edition__document", "edition__revision")
    return [row(check, request.town.pass_mark) for check in rows.order_by("number")[:MOST]]
