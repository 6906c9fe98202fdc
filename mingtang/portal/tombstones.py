"""What stays of a withdrawn document, whichever of its addresses is asked: number, title and reason. Where the title is
itself the leak (个人信息, 国家秘密): number, category and reason, and none of the sentences of its past."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from mingtang.disclosure.enums import LEAKS, EditionState
from mingtang.disclosure.models import Document, Edition
from mingtang.portal import common


def is_withdrawn(document: Document) -> bool:
    return document.current.state == EditionState.WITHDRAWN


def is_leak(edition: Edition) -> bool:
    """Whether not even the title may be shown any more."""
    return edition.state == EditionState.WITHDRAWN and edition.withdrawn_ground in LEAKS


def tombstone(request: HttpRequest, document: Document, history: list[dict[str, Any]]) -> HttpResponse:
    """The page, with status 410."""
    edition = document.current
    leak = is_leak(edition)
    if leak:
        history = [row | {"note": row["note"] if row["is_end"] else "", "who": ""} for row in history]
    context = {
        "doc": {
            "title": "" if leak else edition.revision.title,
            "index_number": document.index_number,
            "category": document.get_theme_display(),
            "issuer": "" if leak else document.issuer,
            "published_on": document.published_at,
            "withdrawn_on": edition.withdrawn_at,
            "reason": _reason(edition),
        },
        "trail": [
            ("政府信息公开", "/info/"),
            (document.get_theme_display(), f"/info/?theme={document.theme}"),
            ("已撤下", None),
        ],
        "history": history,
        "proof": common.proof(edition.published_event),
    }
    return render(request, "portal/info/tombstone.html", context, status=410)


def tombstone_json(document: Document) -> JsonResponse:
    edition = document.current
    data = {
        "index_number": document.index_number,
        "withdrawn": True,
        "withdrawn_on": edition.withdrawn_at.date().isoformat(),
        "reason": _reason(edition),
        "title": None if is_leak(edition) else edition.revision.title,
    }
    return JsonResponse(data, status=410)


def _reason(edition: Edition) -> str:
    return f"{edition.get_withdrawn_ground_display()}：{edition.withdrawn_reason}"
