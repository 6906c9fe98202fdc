"""公用单位 as the public pages want them: what each has published, what is missing and whose it is."""

from datetime import date
from typing import Any

from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import laid_out, shown
from mingtang.disclosure.models import Document
from mingtang.disclosure.utilities import Standing
from mingtang.portal import challenged
from mingtang.voices.challenges import Tally, row_key

Tallies = dict[tuple[str, str], Tally]


def gap(standing: Standing) -> dict[str, Any]:
    """A duty that is not fulfilled, for ``gap_card``."""
    what = standing.duty.title if standing.document is None else f"{standing.duty.title}，该出新的一期"
    return {
        "what": f"{standing.tenant.unit}：{what}",
        "owner": str(standing.tenant.owner),
        "due": standing.due,
        "days_late": standing.days_late,
        "url": f"/utilities/{standing.tenant.unit.code}#{standing.duty.kind}",
    }


def section(standing: Standing, today: date, counted: Tallies) -> dict[str, Any]:
    """One duty on the page of its utility: what it states, or by when it must. ``counted``: challenges, answered."""
    document = standing.document
    found = {
        "code": standing.duty.kind,
        "name": standing.duty.title,
        "basis": standing.duty.basis,
        "state": standing.state,
        "due": standing.due,
        "days_late": standing.days_late,
        "document": None,
    }
    if document is not None:
        edition = document.current
        found["document"] = {
            "title": edition.revision.title,
            "url": f"/info/{document.index_number}",
            "number": edition.number,
            "on": edition.published_at,
            "stated": _stated(document, today, counted),
            "index_number": document.index_number,
        }
    return found


def _stated(document: Document, today: date, counted: Tallies) -> dict[str, Any]:
    """The facts as the board shows them: what has many columns row by row in words, the rest as the document does."""
    code, facts = document.kind, document.current.revision.facts
    said = laid_out(kind_of(code), facts)
    for sheet in said["sheets"]:
        entry = ENTRIES.get((code, sheet["code"]))
        if entry:
            sheet["entries"] = [entry(row, today) for row in _named(code, sheet["code"], facts)]
        if (code, sheet["code"]) in challenged.ROWS:
            for one in sheet["entries"]:
                row = row_key(one["title"])
                one["wrong_url"] = challenged.url("document", document.pk, row)
                one["tally"] = challenged.beside(counted, document.subject, row)
    said["fields"] = [pair for pair in said["fields"] if pair[0] != "单位名称"]
    return said


def _named(kind: str, sheet: str, facts: dict[str, Any]) -> list[dict[str, str]]:
    """The rows of a table: each cell in words under the code of its column, a day also as it is kept (``_on``)."""
    spec = kind_of(kind).sheet(sheet)
    found = []
    for row in facts["sheets"][sheet]["rows"]:
        cells = list(zip(spec.columns if spec else (), row, strict=False))
        days = {f"{column.code}_on": str(value) for column, value in cells if column.type == "day"}
        found.append({column.code: shown(column, value) for column, value in cells} | days)
    return found


def _fee(row: dict[str, str], today: date) -> dict[str, Any]:
    """A price as its entry on the board; one written down before prices had dates has less to say."""
    when = f"{row['start']}起" if row.get("start") else ""
    when += f"，到{row['end']}止" if row.get("end") else ""
    return {
        "title": row["item"],
        "price": row["standard"],
        "tag": standing_of(row, today),
        "lines": [
            ("减免", row["relief"]),
            ("依据", " ".join(part for part in (row["basis"], row.get("number")) if part)),
            ("定价", "，".join(part for part in (row.get("priced"), row.get("authority")) if part)),
            ("执行", when),
        ],
    }


def standing_of(fee: dict[str, str], today: date) -> tuple[str, str]:
    """Whether a price is charged on a day, and the tone of its tag. One without dates counts as in force."""
    if fee.get("start_on") and date.fromisoformat(fee["start_on"]) > today:
        return "还没有开始收", "todo"
    if fee.get("end_on") and date.fromisoformat(fee["end_on"]) < today:
        return "不能再收", "stop"
    return "现行", "done"


def _service(row: dict[str, str], today: date) -> dict[str, Any]:
    return {
        "title": row["name"],
        "price": "当场办好" if row["days"].startswith("0") else row["days"],
        "tag": None,
        "lines": [
            ("谁可以办", row["who"]),
            ("怎样办", row["how"]),
            ("带什么", row["papers"]),
            ("在哪里", f"{row['where']}，{row['hours']}"),
            ("电话", row["phone"]),
        ],
    }


def _promise(row: dict[str, str], today: date) -> dict[str, Any]:
    """Number and measure say the same as the limit, for programs."""
    lines = [("怎样办", row["steps"]), ("办不到怎样", row["fail"])]
    return {"title": row["service"], "price": row["limit"], "tag": None, "lines": lines}


ENTRIES = {
    ("utility-fees", "fees"): _fee,
    ("utility-services", "services"): _service,
    ("utility-promise", "promises"): _promise,
}


def as_data(standing: Standing) -> dict[str, Any]:
    """A duty for programs."""
    document = standing.document
    return {
        "kind": standing.duty.kind,
        "name": standing.duty.title,
        "basis": standing.duty.basis,
        "state": standing.state,
        "due": standing.due.isoformat() if standing.due else None,
        "index_number": document.index_number if document else None,
        "edition": document.current.number if document else None,
        "sha256": document.current.revision.sha256 if document else None,
        "facts": document.current.revision.facts if document else None,
    }
