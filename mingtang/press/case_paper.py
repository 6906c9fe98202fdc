"""The PDF of a case document: made once from its frozen data, kept with its hash, served from then on."""

import json
from typing import Any

from mingtang.cases.models import CaseDocument, PaperFile
from mingtang.events import vault
from mingtang.events.log import SYSTEM
from mingtang.files.actions import content, store_own
from mingtang.ledger import service as ledger
from mingtang.lib.canonical import canonical_json
from mingtang.lib.tx import act
from mingtang.press.papers import LETTER, PAPERS
from mingtang.press.render import render


def data_of(document: CaseDocument) -> dict[str, Any]:
    """The frozen data with what opens its event, so that the paper can be checked with no server."""
    receipt = ledger.receipt_for(document.event)
    town = document.case.town
    return {
        **document.data,
        "check_url": f"{town.base_url}/cases/{document.case.number}" if not document.case.sealed else town.base_url,
        "proof": {
            "commitment": receipt["commit"],
            "opening": canonical_json(receipt["opening"]).decode(),
            "file": json.dumps(receipt, ensure_ascii=False, indent=1),
        },
    }


def pdf(document: CaseDocument) -> bytes:
    """The paper as PDF bytes. Raises ``PaperUnavailable`` when this machine cannot make it now."""
    key = vault.key_bytes(document.case.key)
    kept = PaperFile.objects.filter(document=document).select_related("file").first()
    if kept is not None:
        return content(kept.file, seal_key=key)[1]
    made = render(document.kind if document.kind in PAPERS else LETTER, data_of(document))
    file = store_own(
        town=document.case.town,
        name=f"{document.number}.pdf",
        data=made,
        by=SYSTEM,
        purpose="case_paper",
        seal_key=key,
    )
    with act():
        first, created = PaperFile.objects.get_or_create(document=document, defaults={"file": file})
    # Two asked at once: both get the one that was kept.
    return made if created else content(first.file, seal_key=key)[1]
