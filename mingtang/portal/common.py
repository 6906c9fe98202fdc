"""Small things several pages show."""

import io
from typing import Any

import segno
from markupsafe import Markup

from mingtang.events.models import Event
from mingtang.ledger import service as ledger
from mingtang.portal.keys import LEDGER
from mingtang.portal.stored import depends_on
from mingtang.towns.models import Jurisdiction


def qr(text: str, alt: str = "二维码") -> dict[str, Any]:
    """A QR code as inline SVG without styles, for the ``qr`` component."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, dark="#000", light="#fff"
    )
    return {"svg": Markup(out.getvalue().decode()), "alt": alt}  # noqa: S704 (our own drawing of an escaped address)


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
