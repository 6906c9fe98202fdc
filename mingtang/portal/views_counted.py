"""How often documents arrive, by channel: kept in memory, written once a minute, shown as of a date.

No cookie, no address, no name of a browser is kept. A crash loses at most the last minute.
"""

import re
import threading
from collections import Counter

from django.http import HttpRequest
from django.utils import timezone

from mingtang.disclosure import reach
from mingtang.disclosure.enums import ReachChannel
from mingtang.lib.tx import act

LARGEST, MOST = 2**63 - 1, 50_000  # what the database can hold as a key, what memory holds between two flushes
# The mark in an address that led here (of the code on a page, of one at a board), and what it counts as.
VIA = {"code": ReachChannel.SCAN, "board": ReachChannel.SCAN, "feed": ReachChannel.FEED}
# Programs that say what they are. One that lies is counted: telling it apart would mean watching readers.
_PROGRAM = re.compile(r"(?i)bot\b|bot/|spider|crawl|slurp|archiver|curl/|wget/|python|java/|go-http")
_counts: Counter[tuple[int, str]] = Counter()
_guard = threading.Lock()


def is_person(request: HttpRequest) -> bool:
    """Whether an arrival counts: neither a program that names itself, nor a page fetched in advance."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" not in ahead and not _PROGRAM.search(request.headers.get("User-Agent", ""))


def via(request: HttpRequest) -> str:
    """The channel that the mark of an address means; without a mark of ours the page was simply opened."""
    return VIA.get(request.GET.get("via", ""), ReachChannel.PAGE)


def picture(request: HttpRequest, document_id: int) -> str:
    """The address of the picture that counts an opening, with the mark that led to the page."""
    mark = request.GET.get("via", "")
    return f"/hits/{document_id}.gif" + (f"?via={mark}" if mark in VIA else "")


def count(document_id: int, channel: str) -> None:
    """One more arrival; costs no write. Numbers that no document bears are not worth remembering."""
    key = (document_id, channel)
    with _guard:
        if document_id <= LARGEST and (key in _counts or len(_counts) < MOST):
            _counts[key] += 1


def flush() -> None:
    """Write what was counted to the day's numbers."""
    with _guard:
        counted = dict(_counts)
        _counts.clear()
    if counted:
        with act():
            reach.add(counted, timezone.localdate())
