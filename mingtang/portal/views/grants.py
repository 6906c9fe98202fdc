"""办理结果: what was granted, as far as each item says that it is published; counts of everything else."""

import csv
import io
import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.cases.enums import ApplicantKind
from mingtang.cases.models import Grant
from mingtang.portal import common, grants_shown, keys
from mingtang.portal.stored import stored
from mingtang.rulebook.enums import DisclosedField

PAGE = 50
NAMES = {"item": "事项编码", "item_name": "事项", "shown_on": "公开日期", "status": "现在的状态"}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _link(**query: Any) -> str:
    said = {name: value for name, value in query.items() if value}
    return f"/grants/?{urlencode(said)}" if said else "/grants/"


@stored(keys.GRANTS, keys.SERVICES, keys.DAY)
def index(request: HttpRequest) -> HttpResponse:
    """Newest first, a page at a time, of one item or year where the address names one."""
    counts, today = grants_shown.counts(request.town), timezone.localdate()
    item, year = request.GET.get("item", ""), _number(request.GET.get("year", ""))
    item = item if any(row["code"] == item for row in counts) else ""
    year = year if any(row["year"] == year for row in counts) else None
    found = Grant.objects.visible_to(request.viewer)
    if item:
        found = found.filter(item__code=item)
    if year:
        found = found.filter(year=year)
    before = _number(request.GET.get("before", ""))
    listed = found.filter(pk__lt=before) if before else found
    shown = list(grants_shown.with_text(listed.order_by("-pk")[: PAGE + 1]))
    context = {
        "trail": [("办理结果", "/grants/" if item or year or before else None)],
        "rows": grants_shown.rows(shown[:PAGE], today),
        "persons": any(grant.kind == ApplicantKind.PERSON for grant in shown),
        "older_url": _link(item=item, year=year, before=shown[PAGE - 1].pk) if len(shown) > PAGE else "",
        "newer_url": _link(item=item, year=year) if before else "",
        "counts": [row for row in counts if item in ("", row["code"]) and year in (None, row["year"])],
        "facet_groups": _facets(counts, item, year),
        "clear_url": "/grants/" if item or year else "",
    }
    return render(request, "portal/grants/index.html", context)


def _facets(counts: list[dict[str, Any]], item: str, year: int | None) -> list[dict[str, Any]]:
    """Items and years, each with how many were granted within the other choice."""
    groups: list[dict[str, Any]] = []
    for name, title, label in (("item", "事项", "item"), ("year", "年份", "year")):
        key = "code" if name == "item" else "year"
        chosen, totals = {"item": item, "year": year}, {}
        for row in counts:
            other = year in (None, row["year"]) if name == "item" else item in ("", row["code"])
            totals.setdefault(row[key], [row[label], 0])[1] += row["count"] if other else 0
        items = [
            {
                "label": f"{words} 年" if name == "year" else words,
                "count": count,
                "active": value == chosen[name],
                "url": _link(**chosen | {name: None if value == chosen[name] else value}),
            }
            for value, (words, count) in totals.items()
        ]
        groups.append({"title": title, "items": items})
    return groups


@stored(keys.GRANTS, keys.SERVICES, keys.DAY)
def organisations_json(request: HttpRequest) -> HttpResponse:
    """Licences of organisations as data; persons are not in it."""
    rows = list(grants_shown.organisations(request.town, timezone.localdate()))
    return HttpResponse(json.dumps({"grants": rows}, ensure_ascii=False, indent=1), content_type="application/json")


@stored(keys.GRANTS, keys.SERVICES, keys.DAY)
def organisations_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    file = io.StringIO()
    columns = {**NAMES, **{field.value: field.label for field in DisclosedField}}
    writer = csv.writer(file)
    writer.writerow(columns.values())
    for row in grants_shown.organisations(request.town, timezone.localdate()):
        writer.writerow([common.cell(str(row[name])) for name in columns])
    return HttpResponse("﻿" + file.getvalue(), content_type="text/csv; charset=utf-8")
