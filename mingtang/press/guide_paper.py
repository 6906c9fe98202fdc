"""The 公开指南 as PDF: the same nine parts as its page."""

from html import escape
from typing import Any

from django.utils import timezone

from mingtang.disclosure.guide_composed import BASIS, Guide
from mingtang.press.body import blocks
from mingtang.press.render import render


def data_of(guide: Guide) -> dict[str, Any]:
    """What the paper prints, a gap with its name like everything else."""
    town = guide.town
    html = [f"<p>依据{BASIS}编制。</p>"]
    for number, part in enumerate(guide.parts, 1):
        html.append(f"<h2>{'一二三四五六七八九'[number - 1]}、{escape(part.title)}</h2>")
        for line in part.lines:
            text = escape(f"{line.text}（{town.base_url}{line.url}）" if line.url else line.text)
            html.append(f"<h3>{text}</h3>" if line.head else f"<p>{text}</p>")
        if part.gap:
            html.append(f"<p>{escape(part.gap)}</p>")
    day = timezone.localdate(guide.edition.reviewed_at) if guide.edition else timezone.localdate()
    return {
        "title": f"{town.site_name}政府信息公开指南",
        "issuer": town.site_name,
        "scope": "全部公开",
        "published_on": day.isoformat(),
        "body": blocks("".join(html)),
        "demo": town.is_demo,
        "check_url": f"{town.base_url}/info/guide",
    }


def pdf(guide: Guide) -> bytes:
    """PDF bytes. Raises ``PaperUnavailable`` when this machine cannot make it now."""
    return render("document", data_of(guide))
