"""转载: a text of another site as it stood there, with a link back (plan of 2018-10-18: the source of every text)."""

from collections.abc import Iterator

from mingtang.disclosure.kinds.facts import Facts, Fault
from mingtang.disclosure.models import Document, Revision

KIND = "reprint"
_OPEN = ("https://", "http://")


def origin(document: Document, revision: Revision) -> tuple[str, str]:
    """Where a document comes from, in words and as an address; without an address where there is none to lead to."""
    fields = revision.facts.get("fields", {}) if document.kind == KIND else {}
    name = fields.get("from") or document.source or document.issuer
    address = fields.get("address") or document.source_url
    return name, address if address.startswith(_OPEN) else ""


def faults(facts: Facts) -> Iterator[Fault]:
    """An address that leads nowhere."""
    address = facts.get("fields", {}).get("address", "")
    if address and not address.startswith(_OPEN):
        yield Fault("field-address", "原文网址要以 https:// 或者 http:// 开头。请从浏览器的地址栏里复制。")
