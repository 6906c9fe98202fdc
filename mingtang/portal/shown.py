"""The head of a public case page."""

from typing import Any

from mingtang.cases.line import Line
from mingtang.cases.shown import TONES


def case(line: Line) -> dict[str, Any]:
    """The head of a case page."""
    row = line.case
    return {
        "number": row.number,
        "item": row.version.name,
        "item_url": f"/services/{row.item.code}",
        "version": row.version.number,
        "state": row.state_title,
        "tone": TONES.get(row.state, "now"),
        "received_on": row.submitted_at,
        "sentence": line.sentence,
        "resident_days": line.resident_days,
        "flow_sha256": row.flow_sha256,
    }
