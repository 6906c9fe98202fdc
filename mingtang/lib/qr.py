"""QR codes on pages."""

import io
from typing import Any

import segno
from markupsafe import Markup


def qr(text: str, alt: str = "二维码") -> dict[str, Any]:
    """A QR code as inline SVG without styles, for the ``qr`` component."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, dark="#000", light="#fff"
    )
    return {"svg": Markup(out.getvalue().decode()), "alt": alt}  # noqa: S704 (our own drawing of an escaped address)
