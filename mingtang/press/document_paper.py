"""A published document as PDF, in the manner of GB/T 9704."""

from html import escape
from typing import Any

from django.utils import timezone

from mingtang.disclosure.kinds import kind_of
from mingtang.disclosure.kinds.facts import laid_out
from mingtang.disclosure.models import Edition
from mingtang.disclosure.stories.claims import line
from mingtang.disclosure.stories.reading import told
from mingtang.disclosure.stories.reprints import origin
from mingtang.ledger import service as ledger
from mingtang.lib.text import chinese_date
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
        "source": origin(document, edition.revision)[0],
        "theme": document.theme_said,
        "body": body_of(edition),
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


def body_of(edition: Edition) -> list[dict[str, Any]]:
    """All that the document says, as blocks of a paper."""
    return blocks(_text(edition) + _stated(edition)) or [{"type": "p", "text": "正文见附件。"}]


def _text(edition: Edition) -> str:
    """The body; of a story with the numbers of its sources, and these behind it."""
    if not kind_of(edition.document.kind).claims:
        return edition.revision.body_html
    story, base = told(edition.document.town, edition.revision), edition.document.town.base_url
    parts = [f"<p>{escape(line(claim))}{f'[{cited.number}]' if cited else ''}</p>" for claim, cited in story.paragraphs]
    for one in story.sources:
        said = [one.title or "（已撤下的信息）", one.version, chinese_date(one.on), f"{base}{one.url}", one.since]
        parts.append(f"<p>[{one.number}] {escape('　'.join(filter(None, said)))}</p>")
    return "".join(parts)


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
