"""按您的情况看: the guide for one's own answers. They stand in the address alone; nothing is stored, logged or kept."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mingtang.cases import requirements
from mingtang.hall.wayfinding import Ways
from mingtang.lib.money import format_yuan
from mingtang.portal import common, guide_shown
from mingtang.portal.views.services import COLUMN, item_in_force
from mingtang.rulebook import fees, guide_words, in_person, situations
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.situations import Answers
from mingtang.rulebook.spec import Spec


@never_cache
@require_safe
def situation(request: HttpRequest, code: str) -> HttpResponse:
    """What to bring, how it goes, how long, how much, for these answers; to print and carry along."""
    item = item_in_force(request, code)
    context = situation_context(request, item, item.current, f"/services/{code}")
    return render(request, "portal/services/situation.html", context, status=422 if context["wrong"] else 200)


def situation_context(request: HttpRequest, item: Item, version: Version, base: str) -> dict[str, Any]:
    """The questions, and what the answers in the address select once each holds; ``base`` is the guide's address."""
    spec = version.spec
    fields = [situations.field_of(one.key) for one in spec.situations]
    answers, wrong = situations.from_form(spec, request.GET)
    said = any(field in request.GET for field in fields)
    return {
        "column": COLUMN,
        "trail": [("办事服务", "/services/"), (spec.name, base), ("按您的情况", None)],
        "item": {"title": spec.name, "code": item.code, "url": base, "version": version.number},
        "situations": spec.situations,
        "situation_url": f"{base}/situation",
        "given": {field: request.GET.get(field, "") for field in fields},
        "wrong": wrong if said else {},
        "guide": None if wrong else _guide(item, version.spec, answers, base),
    }


def _guide(item: Item, spec: Spec, answers: Answers, base: str) -> dict[str, Any]:
    selected, today = situations.selected(spec, answers), timezone.localdate()
    bill = fees.bill(spec, answers, today)
    query = urlencode({situations.field_of(key): value for key, value in answers.items()})
    way = Ways(item.town).of(spec.window_post)
    posts = guide_words.posts_of(item.town, spec)
    return {
        "answered": situations.words(spec, answers),
        "barred": requirements.barred(spec, answers),
        "figures": {
            "on_the_spot": not spec.promised_days,
            "days": spec.promised_days,
            "materials": len(selected.asked),
            "fee": format_yuan(bill.total) if bill.lines else "不收费",
        },
        "materials": guide_shown.materials(spec, [replace(row, when="") for row in selected.asked], item.code),
        "fetched": [material.name for material in selected.materials if material.fetched_by_us],
        "steps": guide_words.steps(spec, [replace(row, when="") for row in selected.steps], posts),
        "statutory": guide_words.statutory(spec),
        "promise": guide_words.days_text(spec),
        "above": guide_words.above(spec),
        "bill": bill,
        "where": [
            ("窗口", str(way.go_to or way.window or posts.get(spec.window_post, ""))),
            ("地点", spec.place),
            ("怎么去", spec.listing.traffic),
            ("时间", spec.hours),
            ("跑几趟", guide_words.visits(spec)),
            ("谁来办", in_person.told(spec)),
            ("咨询", spec.phone),
            ("投诉", spec.complaint_phone),
        ],
        "day": today,
        "apply_url": f"{base}/apply?{query}" if spec.online else "",
        "qr": common.qr(f"{item.town.base_url}/services/{item.code}", "扫一扫，看办事指南"),
    }
