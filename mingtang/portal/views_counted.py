"""浏览量: counted by a picture on the page, kept in memory, written once in a while, shown as of a date."""

import threading
from collections import Counter

from django.db.models import F
from django.utils import timezone

from mingtang.disclosure.models import Document, ViewCount
from mingtang.lib.tx import act

LARGEST, MOST = 2**63 - 1, 50_000  # what the database can hold as a key, what memory holds between two flushes
_counts: Counter[int] = Counter()
_guard = threading.Lock()


def count(document_id: int) -> None:
    """One more view; costs no write. Numbers that no document bears are not worth remembering."""
    with _guard:
        if document_id <= LARGEST and (document_id in _counts or len(_counts) < MOST):
            _counts[document_id] += 1


def flush() -> None:
    """Write what was counted to the day's row of each document that exists."""
    with _guard:
        counted = dict(_counts)
        _counts.clear()
    if not counted:
        return
    today = timezone.localdate()
    with act():
        for document_id in Document.objects.filter(pk__in=counted).values_list("pk", flat=True):
            row, _ = ViewCount.objects.get_or_create(document_id=document_id, day=today)
            ViewCount.objects.filter(pk=row.pk).update(count=F("count") + counted[document_id])
