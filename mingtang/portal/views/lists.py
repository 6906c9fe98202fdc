"""公示表: lists from records as everybody reads them, and the one row that only its person can open."""

import csv
import io
import json
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingtang.disclosure.derived import commit, penalties, reading
from mingtang.disclosure.derived.draws import called
from mingtang.disclosure.derived.template import templates
from mingtang.disclosure.enums import ListState
from mingtang.disclosure.models import DerivedList, Draw
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.portal import challenged, common, keys, opened, samples_shown
from mingtang.portal.forms import DecisionForm, FindForm
from mingtang.portal.stored import depends_on, stored
from mingtang.voices.challenges import tallies

PAGE, NEWEST, OLDER = 100, 6, 50
TRAIL = [("政府信息公开", "/info/"), ("公示表", "/lists/")]
TONES = {"shown": "done", "superseded": "todo", "ended": "paused", "withdrawn": "stop"}


class OpeningForm(forms.Form):
    """What somebody kept of their row."""

    opening = forms.CharField(
        label="核对凭据",
        max_length=commit.MOST,
        widget=forms.Textarea,
        help_text="当时保存的那一段文字，从“{”到“}”，整段贴进来。",
        error_messages={"required": "请贴上核对凭据的整段文字。"},
    )


def _line(row: DerivedList) -> dict[str, Any]:
    return {
        "row": row,
        "title": reading.title(row),
        "url": f"/lists/{row.number}",
        "tone": TONES[row.state],
        "on": timezone.localdate(row.shown_at),
    }


@stored(keys.LISTS, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """Every kind of list with its newest; of one kind all, a page at a time."""
    visible = DerivedList.objects.visible_to(request.viewer).filter(shown_at__isnull=False).order_by("-pk")
    chosen = templates().get(request.GET.get("kind", ""))
    older, groups = "", []
    for template in [chosen] if chosen else templates().values():
        rows = visible.filter(template=template.code)
        before = request.GET.get("before", "")
        if chosen and before.isascii() and before.isdigit() and len(before) < 19:
            rows = rows.filter(pk__lt=int(before))
        most = OLDER if chosen else NEWEST
        found = list(rows[: most + 1])
        if len(found) > most:
            older = f"/lists/?kind={template.code}" + (f"&before={found[most - 1].pk}" if chosen else "")
        more = older if len(found) > most and not chosen else ""
        groups.append({"template": template, "lists": [_line(row) for row in found[:most]], "more": more})
    context = {
        "trail": [TRAIL[0], (TRAIL[1][0], "/lists/" if chosen else None)],
        "groups": groups,
        "chosen": chosen,
        "older_url": older if chosen else "",
        "draws": [] if chosen else list(Draw.objects.visible_to(request.viewer)[:NEWEST]),
    }
    return render(request, "portal/lists/index.html", context)


def _found(request: HttpRequest, number: str) -> DerivedList:
    row = get_object_or_404(
        DerivedList.objects.visible_to(request.viewer).select_related("town", "key").filter(shown_at__isnull=False),
        number=number,
    )
    depends_on(row.subject)
    return row


def _on_the_net(row: DerivedList) -> bool:
    """Whether its rows stand on this page: those of a village's board stand there alone."""
    return templates()[row.template].scope == "web" and reading.still_there(row)


@stored(keys.DAY)
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One list: rows where they may be on the net, else what everybody may know of it."""
    row = _found(request, number)
    template, after = templates()[row.template], request.GET.get("after", "")
    after = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    rows, older = [], ""
    if _on_the_net(row):
        listed = list(row.rows.filter(number__gt=after)[: PAGE + 1])
        rows = reading.shown(row, listed[:PAGE])
        older = f"/lists/{row.number}?after={rows[-1].number}" if len(listed) > PAGE else ""
    counted = tallies(row.town, [row.subject]) if rows else {}
    event = Event.objects.filter(town=row.town, subject=row.subject, type="list.shown").select_related("town").first()
    context = {
        "trail": [*TRAIL, (template.name, None)],
        "line": _line(row),
        "row": row,
        "template": template,
        "rows": rows,
        "on_the_net": _on_the_net(row),
        "wrong": {one.number: challenged.url("list", row.number, challenged.line_key(one.number)) for one in rows},
        "tallies": {
            one.number: challenged.beside(counted, row.subject, challenged.line_key(one.number)) for one in rows
        },
        "personal": row.key_id is not None,
        "older_url": older,
        "newer_url": f"/lists/{row.number}" if after else "",
        "postings": list(row.postings.all()),
        "difference": None if row.key_id else reading.difference(row),
        "later": _later(row),
        "samples": samples_shown.under(request.viewer, row.subject),
        "proof": common.proof(event),
    }
    return render(request, "portal/lists/show.html", context)


def _later(row: DerivedList) -> DerivedList | None:
    if row.state != ListState.SUPERSEDED:
        return None
    same = DerivedList.objects.filter(
        town=row.town, template=row.template, village=row.village, from_on=row.from_on, edition__gt=row.edition
    )
    return same.filter(shown_at__isnull=False).order_by("-edition").first()


@stored(keys.DAY)
def draw(request: HttpRequest, number: str) -> HttpResponse:
    """One draw of experts, and how anybody computes it again."""
    row = get_object_or_404(
        Draw.objects.visible_to(request.viewer).select_related("announced_event__town", "drawn_event__town"),
        number=number,
    )
    depends_on(row.subject)
    context = {
        "trail": [*TRAIL, ("抽取专家", None)],
        "row": row,
        "called": called(row),
        "later": (row.order or [])[row.wanted :],
        "announced": common.proof(row.announced_event),
        "drawn": common.proof(row.drawn_event),
    }
    return render(request, "portal/lists/draw.html", context)


@stored()
def table_csv(request: HttpRequest, number: str) -> HttpResponse:
    """The list for a spreadsheet, unless it tells of persons. Sums in yuan."""
    row = _found(request, number)
    if row.key_id is not None or not reading.still_there(row):
        raise Http404
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["序号", *(column.label for column in templates()[row.template].columns)])
    for one in reading.shown(row, list(row.rows.all())):
        writer.writerow([one.number, *map(common.cell, one.cells)])
    return HttpResponse("﻿" + file.getvalue(), content_type="text/csv; charset=utf-8")


@stored()
def commitments(request: HttpRequest, number: str) -> HttpResponse:
    """Every commitment in order, a line each: enough to compute the root, too little to find anybody.

    Those of a list that names no person have no salt: once it is taken back they would tell whoever guesses a row.
    """
    row = _found(request, number)
    if row.key_id is None and not reading.still_there(row):
        raise Http404
    text = "".join(f"{one}\n" for one in reading.commitments(row))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: str) -> HttpResponse:
    """查我的一行: with number and code of one's own case, or with what one kept of the row."""
    row = _found(request, number)
    if row.key_id is None:
        raise Http404
    by_decision = row.template == penalties.TEMPLATE
    by_code = (DecisionForm if by_decision else FindForm)(request.POST if "code" in request.POST else None)
    by_opening = OpeningForm(request.POST if "opening" in request.POST else None)
    checked, decision = None, None
    if by_code.is_bound and by_code.is_valid():
        try:
            if by_decision:
                decision = penalties.opened_by(town=row.town, **by_code.cleaned_data)
            else:
                case = opened.open_with_code(row.town, **by_code.cleaned_data)
                opened.remember(request, case)
                return HttpResponseRedirect(f"/lists/{row.number}/check?case={quote(case.number)}")
        except Refused as refusal:
            by_code.add_error(refusal.field if refusal.field in by_code.fields else None, refusal.message)
    elif by_opening.is_bound and by_opening.is_valid():
        checked = _recomputed(row, by_opening)
    asked = request.GET.get("case", "").replace("\x00", "")[:24]
    case = opened.opened_case(request, asked) if asked and not (by_code.is_bound or by_opening.is_bound) else None
    mine = reading.opening_for(row, case) if case else []
    if decision:
        mine = reading.opening_of_decision(row, decision.number)
    if mine and request.GET.get("file"):
        return _file(row, mine)
    context = {
        "trail": [*TRAIL, (templates()[row.template].name, f"/lists/{row.number}"), ("查我的一行", None)],
        "row": row,
        "title": reading.title(row),
        "by_code": by_code,
        "by_opening": by_opening,
        "there": reading.still_there(row),
        "case": case,
        "by_decision": by_decision,
        "asked": case or decision,
        "mine": [_mine(row, one) for one in mine],
        "checked": checked and {"stands": checked.stands, "said": _said(row, checked.row)},
    }
    status = 422 if by_code.errors or by_opening.errors else 200
    return render(request, "portal/lists/check.html", context, status=status)


def _recomputed(row: DerivedList, form: OpeningForm) -> commit.Checked | None:
    try:
        return commit.check(json.loads(form.cleaned_data["opening"]), row.root, row.count)
    except (ValueError, RecursionError):
        form.add_error("opening", "这段文字不完整，或者不是核对凭据。请从“{”到“}”整段复制再贴一次。")
        return None


def _said(row: DerivedList, whole: dict[str, Any]) -> list[tuple[str, str]]:
    """An opened row in words: who, then what the sheet says."""
    of_case = row.template != penalties.TEMPLATE
    who = [("办件编号", whole["case"])] if of_case else []
    who += [("姓名" if of_case else "当事人", whole["name"]), ("表里第几行", str(whole["no"]))]
    return [*who, *((f"表上写的{label}", words) for label, words in reading.words_of(row, whole))]


def _mine(row: DerivedList, opening: dict[str, Any]) -> dict[str, Any]:
    return {
        "said": _said(row, opening["row"]),
        "stands": commit.check(opening, row.root, row.count).stands,
        "opening": json.dumps(opening, ensure_ascii=False),
    }


def _file(row: DerivedList, mine: list[dict[str, Any]]) -> HttpResponse:
    """What to keep: the opening of the first row of this case."""
    answer = HttpResponse(json.dumps(mine[0], ensure_ascii=False), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="list-{row.number}-row.json"'
    return answer
