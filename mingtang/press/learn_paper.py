"""A law page for the wall of a counter: few words in large type, and where to read the rest."""

from typing import Any

from django.utils import timezone

from mingtang.ledger import service as ledger
from mingtang.press.render import render
from mingtang.study.composed import LawPage

SIZES = ("a3", "a4")


def data_of(page: LawPage, size: str) -> dict[str, Any]:
    """What the poster prints. What is not the law any more is left out and said to be."""
    edition, town = page.edition, page.edition.town
    assert edition.reviewed_at is not None  # only what is public hangs on a wall
    data: dict[str, Any] = {
        "organ": town.site_name,
        "title": edition.title,
        "lead": edition.lead,
        "size": size,
        "edition": edition.number,
        "published_on": timezone.localdate(edition.reviewed_at).isoformat(),
        "printed_on": timezone.localdate().isoformat(),
        "points": [
            {"head": one.head, "text": one.text, "basis": "、".join(map(str, one.bases))}
            for one in page.statements
            if not one.gone
        ],
        "left_out": [one.head for one in page.gone],
        "phone": town.phone,
        "complaint_phone": town.complaint_phone,
        "demo": town.is_demo,
        "check_url": f"{town.base_url}/learn/{edition.subject}",
    }
    if checkpoint := ledger.latest(town):
        words = ledger.words_of(checkpoint.root).split()
        data["checkpoint"] = {"origin": checkpoint.origin, "size": checkpoint.size, "words": words}
    return data


def pdf(page: LawPage, size: str) -> bytes:
    """PDF bytes, ``size`` a3 or a4. Raises ``PaperUnavailable`` when this machine cannot make it now."""
    return render("poster", data_of(page, size))
