"""Whether a document is in force, as its page says it."""

from typing import Any

from django.utils import timezone

from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.models import Edition
from mingtang.lib.text import chinese_date
from mingtang.portal.stored import depends_on


def said(edition: Edition) -> dict[str, Any]:
    """In force, not yet, or no longer, with both days; nothing for what has no term and was not repealed."""
    return {
        "validity": _word(edition),
        "valid_from": edition.in_force_from,
        "valid_until": edition.in_force_until,
        "ended": _ended(edition),
        "restated": _restated(edition),
    }


def _restated(edition: Edition) -> dict[str, Any] | None:
    """What was said last of a document after it was published, with its basis and the document that says so."""
    if edition.in_force_from is None and kind_of(edition.document.kind).life is None:
        return None
    row = edition.restatements.agreed().select_related("paper").order_by("-pk").first()
    if row is None:
        return None
    if row.paper:
        depends_on(row.paper.subject)
    return {
        "verdict": row.get_verdict_display(),
        "text": f"{chinese_date(timezone.localdate(row.settled_at))}定：{row.basis}",
        "url": f"/info/{row.paper.index_number}" if row.paper else "",
    }


def _word(edition: Edition) -> str:
    if edition.state in {EditionState.EXPIRED, EditionState.REPEALED}:
        return edition.state_title
    if edition.state != EditionState.PUBLISHED or edition.in_force_from is None:
        return ""
    return "现行有效" if edition.in_force_from <= timezone.localdate() else "还没有施行"


def _ended(edition: Edition) -> dict[str, str] | None:
    """Since when it is no longer in force, on what basis, and the document that says so."""
    if edition.state == EditionState.EXPIRED:
        life = kind_of(edition.document.kind).life
        text = f"有效期到{chinese_date(edition.in_force_until)}为止" + (f"，依据：{life.basis}" if life else "")
        return {"title": "已失效", "text": text, "url": ""}
    if edition.state != EditionState.REPEALED:
        return None
    paper = edition.repealed_by
    if paper:
        depends_on(paper.subject)
    text = f"{chinese_date(timezone.localdate(edition.ended_at))}废止：{edition.ended_reason}"
    return {"title": "已废止", "text": text, "url": f"/info/{paper.index_number}" if paper else ""}
