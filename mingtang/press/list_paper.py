"""The sheet of a list for a village's board: rows in large type, what they are known by, how to check one's own."""

from typing import Any

from django.utils import timezone

from mingtang.disclosure.derived import penalties, reading
from mingtang.disclosure.derived.template import templates
from mingtang.disclosure.models import DerivedList
from mingtang.ledger import service as ledger
from mingtang.lib.money import format_yuan
from mingtang.press.render import render


def data_of(row: DerivedList, size: str) -> dict[str, Any]:
    """What the sheet prints. Raises ``Refused`` where its rows are gone."""
    town, template = row.town, templates()[row.template]
    assert row.shown_at is not None  # only what is shown is hung up
    data: dict[str, Any] = {
        "organ": town.site_name,
        "title": reading.title(row),
        "number": row.number,
        "edition": row.edition,
        "size": size,
        "columns": ["序号", *(column.label for column in template.columns), *(["校验码"] if row.key_id else [])],
        "rows": [
            [str(one.number), *one.cells, *([one.mark] if row.key_id else [])]
            for one in reading.shown(row, list(row.rows.all()))
        ],
        "count": row.count,
        "left_out": row.left_out,
        "basis": template.basis,
        "shown_on": timezone.localdate(row.shown_at).isoformat(),
        "root": row.root,
        "phone": town.complaint_phone or town.phone,
        "personal": row.key_id is not None,
        "opened_by": "处罚决定书的文号" if row.template == penalties.TEMPLATE else "收件凭证上的编号",
        "demo": town.is_demo,
        "check_url": f"{town.base_url}/lists/{row.number}" + ("/check" if row.key_id else ""),
    }
    if row.total is not None:
        data["total"] = format_yuan(row.total)
    if row.until:
        data["until"] = row.until.isoformat()
    if checkpoint := ledger.latest(town):
        words = ledger.words_of(checkpoint.root).split()
        data["checkpoint"] = {"origin": checkpoint.origin, "size": checkpoint.size, "words": words}
    return data


def pdf(row: DerivedList, size: str) -> bytes:
    """PDF bytes, ``size`` a3 or a4, across. Raises ``PaperUnavailable`` when this machine cannot make it now."""
    return render("list", data_of(row, size))
