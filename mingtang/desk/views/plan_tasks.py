"""从一份规划得出任务: every sentence of a published plan, what it seems to ask, and what the office decides."""

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.desk import shown
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.duty_forms import TermsForm
from mingtang.desk.forms import said
from mingtang.disclosure.enums import Theme
from mingtang.disclosure.models import Document
from mingtang.lib.errors import Refused
from mingtang.oversight import planning
from mingtang.oversight.planning import Line
from mingtang.people.enums import Permission as P

MOST = 50


def _document(request: HttpRequest, pk: int) -> Document:
    rows = Document.objects.visible_to(request.viewer).published().select_related("town", "current__revision")
    return get_object_or_404(rows, pk=pk)


@staff_required(P.DUTY_KEEP)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The published plans, newest first; any other document by its index number."""
    rows = Document.objects.visible_to(request.viewer).published().select_related("current__revision")
    asked = shown.asked(request, 60)
    found = rows.filter(index_number=asked) if asked else rows.filter(theme=Theme.PLAN)
    context = {"rows": found.order_by("-listed_at", "-pk")[:MOST], "q": asked}
    return page(request, "desk/duties/plans.html", context, active="duties")


def _page(request: HttpRequest, document: Document, trouble: str = "", chosen: tuple[str, ...] = ()) -> HttpResponse:
    named, titles = planning.lines(document)
    sections = []
    for paragraph, rows in groupby(named, key=lambda line: int(line.found.of.split(".")[0])):
        above = [titles.pop(number) for number in sorted(titles) if number < paragraph]
        told = [_sentence(group) for group in _by_sentence(rows)]
        sections.append({"titles": above, "paragraph": paragraph, "sentences": told})
    open_ones = [line for line in named if line.decided is None]
    context = {
        "document": document,
        "sections": sections,
        "titles_left": list(titles.values()),
        "total": len(named),
        "tasks": sum(line.decided is not None and line.decided.duty_id is not None for line in named),
        "no_tasks": sum(line.decided is not None and line.decided.duty_id is None for line in named),
        "open": len(open_ones),
        "linkable": sum(line.column is not None for line in open_ones),
        "trouble": trouble,
        "chosen": chosen,
    }
    return page(request, "desk/duties/plan.html", context, active="duties", status=422 if trouble else 200)


def _by_sentence(rows: Any) -> Any:
    return (list(group) for _, group in groupby(rows, key=lambda line: line.found.of))


def _sentence(group: list[Line]) -> dict[str, Any]:
    """One sentence whole, with the things of its list, if it is one."""
    first = group[0].found
    listed = first.anchor != first.of
    texts = dict.fromkeys(line.found.text for line in group)  # of units that each have a clause, the clauses
    return {
        "text": "；".join(texts),
        "clause": planning.clause(first),
        "listed": listed,
        "lines": [{"line": line, "guess": line.found.guess.value} for line in group],
    }


@staff_required(P.DUTY_KEEP)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _document(request, pk))


@staff_required(P.DUTY_KEEP)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """对上已有的栏目、不是任务、重新看."""
    document, url = _document(request, pk), f"/desk/duties/plans/{pk}"
    chosen = tuple(dict.fromkeys(request.POST.getlist("anchors")))
    try:
        if name == "link":
            count = planning.link_columns(document=document, by=request.user)
            return done(request, url, f"{count} 件对上了已有的公开栏目，由栏目的责任岗位负责。")
        if name == "none":
            count = planning.not_tasks(document=document, anchors=chosen, by=request.user)
            return done(request, url, f"{count} 句记为不是任务，记错了可以点“重新看”。")
        if name == "open":
            planning.look_again(document=document, anchor=request.POST.get("anchor", ""), by=request.user)
            return done(request, url, "这一句可以重新定了。")
    except Refused as refusal:
        return _page(request, document, refusal.message, chosen)
    raise Http404


@staff_required(P.DUTY_KEEP)
@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, pk: int, anchor: str) -> HttpResponse:
    """Owner, rhythm and day of one task; what the sentence says stands there already."""
    document = _document(request, pk)
    line = next((line for line in planning.lines(document)[0] if line.found.anchor == anchor), None)
    if line is None:
        raise Http404
    if request.method == "POST":
        form = TermsForm(request.POST, town=request.town, sourced=False)
        if form.is_valid():
            try:
                made = planning.make_task(document=document, anchor=anchor, terms=form.terms(), by=request.user)
            except Refused as refusal:
                said(form, refusal)
            else:
                return done(request, f"/desk/duties/plans/{pk}#s{line.found.of}", f"已经立为任务：{made.name}。")
    else:
        form = TermsForm(initial=planning.proposed(line.found, document), town=request.town, sourced=False)
    context = {"document": document, "line": line, "form": form}
    status = 422 if form.errors else 200
    return page(request, "desk/duties/task.html", context, active="duties", status=status)
