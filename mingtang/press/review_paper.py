"""审查表: the sheet of a secrecy review as it was filled in, with the event that carries its hash."""

import json
from typing import Any

from django.utils import timezone

from mingtang.disclosure.enums import Side
from mingtang.disclosure.models import Review
from mingtang.disclosure.reviewing import CONCERN, QUESTIONS
from mingtang.ledger import service as ledger
from mingtang.lib.canonical import canonical_json
from mingtang.press.render import render


def data_of(row: Review) -> dict[str, Any]:
    """What the sheet says, from the frozen record alone."""
    edition, document = row.edition, row.edition.document
    town, receipt = document.town, ledger.receipt_for(row.event)
    data: dict[str, Any] = {
        "organ": town.name,
        "number": f"{document.index_number} 第{edition.number}版",
        "issued_on": timezone.localdate(row.event.recorded_at).isoformat(),
        "demo": town.is_demo,
        "title": row.revision.title,
        "issuer": document.issuer,
        "scope": f"{document.get_scope_display()}，{document.method}",
        "author": row.revision.author.name if row.revision.author else "导入",
        "sides": [f"{question.asks}（{question.basis}）" for question in QUESTIONS.values()],
        "things": [
            {
                "name": part["name"],
                "sha256": part["sha256"],
                "answers": ["有" if part["sides"][side] == CONCERN else "没有" for side in Side.values],
                "note": part["note"],
            }
            for part in row.parts
        ],
        "warnings": row.warnings,
        "result": "审查通过" if row.passed else "退回修改",
        "reviewer": row.reviewer.name,
        "reviewed_at": timezone.localtime(row.event.recorded_at).strftime("%Y-%m-%dT%H:%M"),
        "sha256": row.sha256,
        "proof": {
            "commitment": receipt["commit"],
            "opening": canonical_json(receipt["opening"]).decode(),
            "file": json.dumps(receipt, ensure_ascii=False, indent=1),
        },
    }
    if waived := [
        f"{one.sentence}放行：{one.by.name}，{one.reason}" for one in row.revision.waivers.select_related("by")
    ]:
        data["waived"] = waived
    if document.doc_number:
        data["doc_number"] = document.doc_number
    if checkpoint := ledger.latest(town):
        words = ledger.words_of(checkpoint.root).split()
        data["checkpoint"] = {"origin": checkpoint.origin, "size": checkpoint.size, "words": words}
    return data


def pdf(row: Review) -> bytes:
    """PDF bytes. Raises ``PaperUnavailable`` when this machine cannot make it now."""
    return render("review", data_of(row))
