"""到达 at the desk: what people must know and did not get, the numbers of a document, copies, codes for boards."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import DOCUMENTS, done, page, staff_required
from mingtang.desk.forms import said
from mingtang.disclosure import reach
from mingtang.disclosure.enums import ReachChannel
from mingtang.disclosure.models import Document
from mingtang.lib.errors import Refused
from mingtang.lib.qr import qr
from mingtang.people.enums import Permission as P
from mingtang.search.service import SearchUnavailable, search

READERS = (*DOCUMENTS, P.CASE_INTAKE, P.CATALOGUE_KEEP, P.OVERSEE)
PAGE, NEWEST, DAYS = 50, 20, 14
TONES = {"missed": "late", "running": "now", "reached": "done"}
WORDS = {"missed": "到期没有到够", "running": "还在期限内", "reached": "到够了"}
COPIES = f"份数请写 1 到 {reach.MOST_COPIES:,} 之间的整数。"


class CopiesForm(forms.Form):
    copies = forms.IntegerField(
        label="今天印发了几份",
        min_value=1,
        max_value=reach.MOST_COPIES,
        help_text="在窗口发给群众的。贴到登记过的公示栏的，在“公示栏”里登记。",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), COPIES),
    )


def _published(request: HttpRequest) -> Any:
    return Document.objects.visible_to(request.viewer).published().select_related("current__revision", "town")


def _found(request: HttpRequest, query: str) -> list[Document]:
    """What was asked for, in the order of the search; the newest when nothing was."""
    rows = _published(request)
    if not query:
        return list(rows.order_by("-listed_at", "-pk")[:NEWEST])
    try:
        hits = search(request.town.pk, query, kind="document", size=NEWEST).hits
    except SearchUnavailable:
        return list(rows.filter(current__revision__title__contains=query).order_by("-listed_at")[:NEWEST])
    keys = [hit.key.partition(":")[2] for hit in hits]
    return sorted(rows.filter(index_number__in=keys), key=lambda row: keys.index(row.index_number))


@staff_required(*READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What must be known and is not, then a way to any document."""
    query, number = shown.asked(request, 60), request.GET.get("page", "1")
    at = int(number) if number.isascii() and number.isdigit() and 0 < int(number[:6]) < 10_000 else 1
    found = list(reach.must_know(request.viewer, timezone.localdate())[(at - 1) * PAGE : at * PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "newer_url": shown.link(q=query, page=str(at - 1)) if at > 1 else "",
        "older_url": shown.link(q=query, page=str(at + 1)) if len(found) > PAGE else "",
        "tones": TONES,
        "words": WORDS,
        "query": query,
        "documents": _found(request, query),
    }
    return page(request, "desk/reach/index.html", context, active="reach")


def _show(request: HttpRequest, document: Document, form: forms.Form) -> HttpResponse:
    by_day: dict[Any, dict[str, int]] = {}
    for row in document.views.order_by("-day")[: DAYS * len(ReachChannel.values)]:
        by_day.setdefault(row.day, {})[row.channel] = row.count
    edition = document.current
    scanned = f"{document.town.base_url}/info/e/{edition.number}/{document.index_number}?via=board"
    context = {
        "document": document,
        "total": reach.of(document),
        "channels": ReachChannel.choices,
        "by_day": list(by_day.items())[:DAYS],
        "form": form,
        "may_hand_out": not request.viewer.powers.isdisjoint(reach.HANDS),
        "qr": qr(scanned, "扫一扫，在手机上看这一版"),
    }
    return page(request, "desk/reach/show.html", context, active="reach", status=422 if form.errors else 200)


@staff_required(*READERS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, get_object_or_404(_published(request), pk=pk), CopiesForm())


@staff_required(*reach.HANDS)
@require_POST
def hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Copies that went over the counter."""
    document, form = get_object_or_404(_published(request), pk=pk), CopiesForm(request.POST)
    if form.is_valid():
        try:
            reach.hand_out(document=document, copies=form.cleaned_data["copies"], by=request.user)
        except Refused as refusal:
            said(form, refusal)
    if not form.errors:
        return done(request, f"/desk/reach/{pk}", f"已经登记 {form.cleaned_data['copies']} 份。")
    return _show(request, document, form)
