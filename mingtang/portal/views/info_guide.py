"""公开指南: its page, the same as data, and on paper."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.disclosure.guide_composed import BASIS, Guide, compose
from mingtang.disclosure.standing import leaves, of_town
from mingtang.portal import keys
from mingtang.portal.stored import depends_on, stored
from mingtang.press import guide_paper
from mingtang.press.render import PaperUnavailable

COLUMN = {
    "name": "政府信息公开指南",
    "description": "政府信息怎样分类、怎样查找、怎样申请，由谁负责",
    "keywords": "政府信息公开指南;依申请公开;索引号",
    "type": "信息公开指南",
}
# What the parts say of columns, hours, numbers and days changes with these.
SHOWN = (keys.GUIDE, keys.COLUMNS, keys.EMPTIED, keys.NUMBERING, keys.HALL, keys.SITE, keys.DAY)


def _composed(request: HttpRequest) -> Guide:
    """The guide, which counts the columns that are not empty. Those that are come first: one filled meanwhile tells."""
    empty = [one.column.subject for one in leaves(of_town(request.viewer)) if not one.count]
    depends_on(*empty)
    return compose(request.viewer)


@stored(*SHOWN)
def page(request: HttpRequest) -> HttpResponse:
    guide = _composed(request)
    context = {
        "column": COLUMN,
        "article": {
            "title": f"{request.town.site_name}政府信息公开指南",
            "published": _changed(guide),
            "source": request.town.site_name,
            "url": f"{request.town.base_url}/info/guide",
        },
        "trail": [("政府信息公开", "/info/"), ("公开指南", None)],
        "guide": guide,
        "basis": BASIS,
    }
    return render(request, "portal/info/guide.html", context)


@stored(*SHOWN)
def as_json(request: HttpRequest) -> HttpResponse:
    """The nine parts; a line is a text, with an address where it leads on; a gap is a sentence or null."""
    guide = _composed(request)
    data = {
        "town": request.town.name,
        "basis": BASIS,
        "edition": guide.edition.number if guide.edition else None,
        "published_at": timezone.localtime(guide.edition.reviewed_at).isoformat() if guide.edition else None,
        "parts": [
            {
                "code": part.code,
                "title": part.title,
                "lines": [{"text": line.text, "url": line.url or None, "heading": line.head} for line in part.lines],
                "gap": part.gap or None,
            }
            for part in guide.parts
        ],
    }
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")


@stored(*SHOWN)
def as_pdf(request: HttpRequest) -> HttpResponse:
    try:
        return HttpResponse(guide_paper.pdf(_composed(request)), content_type="application/pdf")
    except PaperUnavailable as refusal:
        return HttpResponse(refusal.message, status=503, content_type="text/plain; charset=utf-8")


def _changed(guide: Guide) -> str:
    moment = guide.edition.reviewed_at if guide.edition else timezone.now()
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
