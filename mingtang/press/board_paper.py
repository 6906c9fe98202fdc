"""The sheet for a board: the fee table of a public utility, a document, a list, or the guide of an item, with the last
day it may hang."""

from datetime import date
from typing import Any

from django.utils import timezone

from mingtang.boards.models import Sheet
from mingtang.boards.newest import FEES_KIND, Newest
from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import shown
from mingtang.disclosure.models import Edition
from mingtang.ledger import service as ledger
from mingtang.press import item_paper, list_paper
from mingtang.press.document_paper import body_of
from mingtang.press.render import render
from mingtang.rulebook.models import Version

HEADS = ["项目", "标准", "依据", "定价", "减免"]
WIDTHS = [5, 5, 8, 5, 5]


def data_of(sheet: Sheet, newest: Newest, size: str) -> dict[str, Any]:
    """What the sheet of a document or of a guide prints today."""
    town, today = sheet.board.town, timezone.localdate()
    data: dict[str, Any] = {
        **(_of_guide(newest.version, today) if newest.version else _of_document(newest.edition)),
        "title": newest.title,
        "edition": newest.number,
        "size": size,
        "published_on": newest.on.isoformat(),
        "until": newest.until(today).isoformat(),
        "phone": town.complaint_phone or town.phone,
        "demo": town.is_demo,
        "check_url": f"{town.base_url}/boards/s/{sheet.pk}/{newest.key}",
    }
    if checkpoint := ledger.latest(town):
        words = ledger.words_of(checkpoint.root).split()
        data["checkpoint"] = {"origin": checkpoint.origin, "size": checkpoint.size, "words": words}
    return data


def _of_document(edition: Edition | None) -> dict[str, Any]:
    assert edition is not None  # a list has its own sheet
    document, fees = edition.document, edition.document.kind == FEES_KIND
    body = fee_table(edition) if fees else body_of(edition)
    return {"organ": document.issuer, "number": document.index_number, "across": fees, "body": body, "began": "公开"}


def _of_guide(version: Version, today: date) -> dict[str, Any]:
    organ, body = version.spec.holder or version.item.town.site_name, item_paper.body_of(version, today)
    return {"organ": organ, "number": version.item.code, "across": False, "body": body, "began": "施行"}


def fee_table(edition: Edition) -> list[dict[str, Any]]:
    """项目、标准、依据 of every price, and what costs nothing."""
    kind, facts = kind_of(FEES_KIND), edition.revision.facts
    rows = {}
    for code in ("fees", "free"):
        columns = kind.sheet(code).columns
        rows[code] = [
            {column.code: shown(column, value) for column, value in zip(columns, row, strict=False)}
            for row in facts["sheets"][code]["rows"]
        ]
    prices = [
        [
            row["item"],
            row["standard"],
            " ".join(part for part in (row["basis"], row.get("number", "")) if part),
            " ".join(part for part in (row.get("priced", ""), row.get("authority", "")) if part),
            row["relief"] or "无",
        ]
        for row in rows["fees"]
    ]
    none = facts["sheets"]["fees"]["none"]
    found: list[dict[str, Any]] = (
        [{"type": "table", "rows": [HEADS, *prices], "header": 1, "widths": WIDTHS}]
        if prices
        else [{"type": "p", "text": f"不收任何费用。{none}"}]
    )
    if rows["free"]:
        free = "；".join(row["what"] + (f"（{row['who']}）" if row["who"] else "") for row in rows["free"])
        found.append({"type": "p", "text": f"不收费的：{free}。"})
    return [*found, {"type": "p", "text": "没有列的、比这里多的，可以不交。和您遇到的不一样，扫码写下来。"}]


def pdf(sheet: Sheet, newest: Newest, size: str) -> bytes:
    """PDF bytes, ``size`` a3 or a4. Raises ``PaperUnavailable`` when this machine cannot make it now."""
    return list_paper.pdf(newest.list, size) if newest.list else render("board", data_of(sheet, newest, size))
