"""日期可验: the public log, for people and for any client of static tile logs."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mingtang.events import types
from mingtang.events.models import Sequenced
from mingtang.ledger import service as ledger
from mingtang.portal import keys
from mingtang.portal.stored import depends_on, stored

PAGE = 20


# Where the thing of an event stands, and what names the link where its key says nothing to people.
PLACES = {
    "document": ("/info/{}", ""),
    "item": ("/services/{}", ""),
    "list": ("/lists/{}", ""),
    "power": ("/powers/{}", ""),
    "sampling": ("/board/samples/{}", ""),
    "column": ("/info/c/{}", "看这个栏目"),
    "duty": ("/board/{}", "看这项任务"),
    "board": ("/boards/{}", "看这块公示栏"),
    "law": ("/laws/{}", "看这部法规"),
    "learn": ("/learn/{}", "看这一页"),
    "interruption": ("/utilities/interruptions/{}", "看这份通知"),
    "tenant": ("/utilities/{}", "看这个单位"),
    "guide": ("/info/guide", "看公开指南"),
}
# Numbers that stand on papers in people's hands.
KNOWN = {"delegation", "matter", "order", "contact", "obstacle", "draw", "sample"}


def _named(subject: str) -> tuple[str, str]:
    """The words for what an event is about, and where it stands; a key that only the program knows is left out."""
    kind, _, name = subject.partition(":")
    url, words = PLACES.get(kind, ("", ""))
    return (words or name, url.format(name)) if url else (name if kind in KNOWN else "", "")


def _entry(row: Sequenced) -> dict[str, Any]:
    shown = types.is_public(row.event.type)
    words, url = _named(row.event.subject) if shown else (None, None)
    return {
        "index": row.index,
        "type": types.title(row.event.type) if shown else None,
        "subject": words,
        "url": url,
        "recorded_at": row.event.recorded_at if shown else row.logged_at,
    }


def _head(request: HttpRequest) -> dict[str, Any]:
    checkpoint = ledger.latest(request.town)
    verifiers = ledger.verifier_keys(request.town)
    if checkpoint is None:
        return {
            "size": 0,
            "words": [],
            "checkpoint_url": "/ledger/checkpoint",
            "key": verifiers[0] if verifiers else "",
        }
    return {
        "size": checkpoint.size,
        "words": checkpoint.words.split(),
        "root": checkpoint.root,
        "signed_at": checkpoint.signed_at,
        "origin": checkpoint.origin,
        "checkpoint_url": "/ledger/checkpoint",
        "key": verifiers[0],
    }


@stored(keys.LEDGER)
def index(request: HttpRequest) -> HttpResponse:
    """The head of the log, what it proves, and the newest entries."""
    head = _head(request)
    before = request.GET.get("before", "")
    upper = int(before) if before.isascii() and before.isdigit() and len(before) < 15 else head["size"]
    rows = list(
        Sequenced.objects.visible_to(request.viewer)
        .filter(index__lt=min(upper, head["size"]))
        .select_related("event")
        .order_by("-index")[:PAGE]
    )
    context = {
        "trail": [("日期可验", None)],
        "head": head,
        "entries": [_entry(row) for row in rows],
        "newer_url": f"/ledger/?before={upper + PAGE}" if upper < head["size"] else "",
        "older_url": f"/ledger/?before={rows[-1].index}" if rows and rows[-1].index else "",
    }
    return render(request, "portal/ledger/index.html", context)


def _found(request: HttpRequest, number: int) -> tuple[dict[str, Any], Sequenced]:
    """The proof of a leaf, with the opening where the log shows the event in clear."""
    found = ledger.entry_public(request.town, number)
    row = Sequenced.objects.visible_to(request.viewer).filter(index=number).select_related("event__town").first()
    if found is None or row is None:
        raise Http404
    if types.is_public(row.event.type):
        found |= {"opening": ledger.opening_public(row.event)}
    return found, row


@require_safe
def entry_json(request: HttpRequest, number: int) -> HttpResponse:
    """The proof as a file that `mingtang verify` reads."""
    found, _ = _found(request, number)
    response = HttpResponse(json.dumps(found, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="ledger-entry-{number}.json"'
    return response


@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One leaf with its proof: JSON for programs, a page for a browser."""
    found, row = _found(request, number)
    if "text/html" in request.headers.get("Accept", ""):
        context = {
            "trail": [("日期可验", "/ledger/"), (f"第 {number} 号", None)],
            "entry": {
                **_entry(row),
                "commit": found["envelope"]["commit"],
                "leaf_hash": found["leaf_hash"],
                "json_url": f"/ledger/entry/{number}.json",
            },
            "head": _head(request),
            "path": found["inclusion"],
        }
        response = render(request, "portal/ledger/entry.html", context)
    else:
        response = HttpResponse(json.dumps(found, ensure_ascii=False, indent=1), content_type="application/json")
    response["Vary"] = "Accept"
    return response


@stored()
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The last signed checkpoint, a C2SP signed note."""
    depends_on(keys.LEDGER)
    found = ledger.latest(request.town)
    if found is None:
        raise Http404
    return HttpResponse(found.note, content_type="text/plain; charset=utf-8")


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile or entry bundle (C2SP tlog-tiles); a full tile never changes."""
    found = ledger.tile_bytes(request.town, f"tile/{path}")
    if found is None:
        raise Http404
    response = HttpResponse(found, content_type="application/octet-stream")
    response["Cache-Control"] = "public, max-age=31536000, immutable" if ".p/" not in path else "public, max-age=60"
    return response
