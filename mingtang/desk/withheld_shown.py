"""What is not published, as the desk shows it: why, until when, and what is to be looked at again."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.disclosure import withheld
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Edition, Withholding
from mingtang.lib.text import chinese_date
from mingtang.people.enums import Permission as P

MOST = 200
WAITS = {EditionState.TO_WITHHOLD: (P.DOCUMENT_REVIEW, "待审查"), EditionState.WITHHOLD_OK: (P.DOCUMENT_SIGN, "待决定")}


def said(edition: Edition) -> dict[str, Any] | None:
    """Clause, reason and next review of an edition that is or shall be withheld."""
    row = Withholding.objects.filter(edition=edition).first()
    if row is None:
        return None
    late = (timezone.localdate() - row.review_on).days if row.review_on else 0
    return {
        "title": edition.state_title,
        "ground": f"{row.clause}：{row.get_ground_display()}",
        "reason": row.reason,
        "hidden": row.hide_title,
        "review_on": row.review_on,
        "late": f"晚了 {late} 天" if late > 0 else "",
    }


def proposed(request: HttpRequest) -> QuerySet[Withholding]:
    """What this person reviews or decides."""
    mine = [state for state, (power, _) in WAITS.items() if request.viewer.may(power)]
    return withheld.proposed(request.town).filter(edition__state__in=mine).exclude(edition__author=request.user)


def proposed_rows(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        _row(row, row.get_ground_display(), WAITS[EditionState(row.edition.state)][1], "now")
        for row in _read(proposed(request))
    ]


def again(request: HttpRequest) -> QuerySet[Withholding]:
    """What is to be looked at again (条例 18)."""
    rows = withheld.asked_again(request.town)
    return rows if request.viewer.powers & {P.DOCUMENT_REVIEW, P.DOCUMENT_SIGN} else rows.none()


def again_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """With the days it is late."""
    today = timezone.localdate()
    found = []
    for row in _read(again(request)):
        late = (today - row.review_on).days
        word, tone = (f"晚了 {late} 天", "late") if late > 0 else ("快到了", "today")
        found.append(_row(row, f"{chinese_date(row.review_on)}以前再审查一次", word, tone))
    return found


def _read(rows: QuerySet[Withholding]) -> QuerySet[Withholding]:
    named = ("edition__state", "edition__revision__title", "edition__document__index_number")
    return rows.select_related("edition__revision", "edition__document").only("ground", "review_on", *named)[:MOST]


def _row(row: Withholding, sub: str, word: str, tone: str) -> dict[str, Any]:
    return {
        "url": f"/desk/info/{row.edition_id}",
        "title": row.edition.revision.title,
        "sub": f"{row.edition.document.index_number}　{sub}",
        "word": word,
        "tone": tone,
    }
