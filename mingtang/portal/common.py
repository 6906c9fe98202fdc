"""Small things several pages show."""

from typing import Any

from mingtang.events.models import Event
from mingtang.ledger import service as ledger
from mingtang.lib.qr import qr as qr
from mingtang.portal.keys import LEDGER
from mingtang.portal.stored import depends_on
from mingtang.towns.models import Jurisdiction


def proof(event: Event | None) -> dict[str, Any] | None:
    """The proof card of an event: its number in the log and the words of the last checkpoint."""
    if event is None:
        return None
    depends_on(event.subject)
    index = ledger.index_of(event)
    if index is None:
        return {"index": None, "words": None}
    checkpoint = ledger.latest(event.town)
    return {
        "index": index,
        "logged_at": event.sequenced.logged_at,
        "words": ledger.words_of(checkpoint.root).split() if checkpoint else None,
        "url": f"/ledger/entry/{index}",
    }


def head(town: Jurisdiction) -> dict[str, Any] | None:
    """The front page's card: the last number and the words of the last checkpoint."""
    depends_on(LEDGER)
    checkpoint = ledger.latest(town)
    if checkpoint is None or not checkpoint.size:
        return None
    return {
        "index": checkpoint.size - 1,
        "logged_at": checkpoint.signed_at,
        "words": ledger.words_of(checkpoint.root).split(),
        "url": f"/ledger/entry/{checkpoint.size - 1}",
    }


def cell(text: str) -> str:
    """A cell of a table for spreadsheets: what begins like a formula is text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
