"""A published document as PDF, in the manner of GB/T 9704."""

from html import escape
from typing import Any

from django.utils import timezone

from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import laid_out
from mingtang.disclosure.models import Edition
from mingtang.ledger import service as ledger
from mingtang.press.body import blocks
from mingtang.press.render import render


def data_of(edition: Edition) -> dict[str, Any]:
    """What the paper prints: the frozen text and the metadata of its page."""
    document = edition.document
    town = document.town
    published = timezone.localdate(edition.source_published_at or edition.published_at)
    data: dict[str, Any] = {
        "title": edition.revision.title,
        "issuer": document.issuer,
        "index_number": document.index_number,
        "scope": document.get_scope_display(),
        "published_on": published.isoformat(),
        "method": document.method,
        "source": document.source or document.issuer,
        "theme": document.theme_stated or document.get_theme_display(),
        "body": blocks(edition.revision.body_html + _stated(edition)) or [{"type": "p", "text": "正文见附件。"}],
        "demo": town.is_demo,
        "check_url": f"{town.base_url}/info/{document.index_number}",
    }
    if document.generated_on:
        data["generated_on"] = document.generated_on.isoformat()
    if document.doc_number:
        data["doc_number"] = document.doc_number
    if names := [row.name for row in edition.revision.attachments.all()]:
        data["attachments"] = names
    if checkpoint := ledger.latest(town):
        data["checkpoint"] = {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "words": ledger.words_of(checkpoint.root).split(),
        }
    return data


def _stated(edition: Edition) -> str:
    """What the document states beside its text, as more of its body."""
    said = laid_out(kind_of(edition.document.kind), edition.revision.facts)
    parts = [f"<p>{escape(label)}：{escape(text)}</p>" for label, text in said["fields"]]
    for sheet in said["sheets"]:
        parts.append(f"<h2>{escape(sheet['title'])}</h2>")
        if sheet["rows"]:
            heads = "".join(f"<th>{escape(column['label'])}</th>" for column in sheet["columns"])
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in sheet["rows"])
            parts.append(f"<table><tr>{heads}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
        else:
            parts.append(f"<p>本表没有数据：{escape(sheet['none'])}</p>")
    return "".join(parts)


def pdf(edition: Edition) -> bytes:
    """PDF bytes. Raises ``PaperUnavailable`` when this machine cannot make it now."""
    return render("document", data_of(edition))
