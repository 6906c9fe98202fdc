"""办事服务: the guide of each item, all of it read from one published version."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from mingtang.cases.remedies import remedies
from mingtang.cases.timings import step_times
from mingtang.flows import draw, wording
from mingtang.flows.times import NO_TIMES, Times
from mingtang.hall.wayfinding import Way, Ways
from mingtang.lib.errors import Refused
from mingtang.portal import common, guide_shown, keys, samples_shown
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views import changes
from mingtang.portal.views.laws import guide_basis
from mingtang.rulebook import guide_words, in_person
from mingtang.rulebook.enums import CaseKind, VersionState
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.process import bpmn_of
from mingtang.rulebook.spec import Spec, as_json

COLUMN = {
    "name": "办事服务",
    "description": "行政许可和公共服务事项",
    "keywords": "办事指南;行政许可;公共服务",
    "type": "办事服务",
}


def item_known(request: HttpRequest, code: str) -> Item:
    """An item that the public knew, whether it can be applied for now or not; 404 for others."""
    return get_object_or_404(
        Item.objects.visible_to(request.viewer).select_related(
            "current__published_event__sequenced",
            "current__cancelled_event__sequenced",
            "current__item",
            "unit",
            "town__parent",
        ),
        code=code,
    )


def item_in_force(request: HttpRequest, code: str) -> Item:
    """An item with its version in force; 404 for one that has none."""
    return get_object_or_404(
        Item.objects.visible_to(request.viewer)
        .filter(current__state=VersionState.IN_FORCE)
        .select_related("current__published_event__sequenced", "current__item", "unit", "town__parent"),
        code=code,
    )


STOPPED = (VersionState.SUSPENDED, VersionState.CANCELLED)


def _parts(row: Item, spec: Spec) -> list[dict[str, str]]:
    """The items of a joint thing, which can be handled by themselves as well."""
    codes = [part.code for part in spec.parts]
    rows = Item.objects.filter(town=row.town, code__in=codes, current__state=VersionState.IN_FORCE)
    names = dict(rows.values_list("code", "current__name")) if codes else {}
    return [{"title": names[code], "url": f"/services/{code}"} for code in codes if code in names]


def guide_context(
    request: HttpRequest, row: Item, version: Version, base: str, times: Times = NO_TIMES
) -> dict[str, Any]:
    """What the guide's template is given of one version, in force or still a draft; ``base`` is its address."""
    spec, today = version.spec, timezone.localdate()
    posts = guide_words.posts_of(row.town, spec)
    ways = Ways(row.town)
    way = ways.of(spec.window_post)
    basis, dead = guide_basis(row.town, spec)
    item = {
        "title": spec.name,
        "code": row.code,
        "kind": guide_words.label(CaseKind, spec.kind),
        "version": version.number,
        "in_force_from": version.in_force_at,
        "hash": version.sha256,
        "flow_sha256": version.flow_sha256,
        "six": guide_shown.six(spec, today),
        "content": f"{spec.summary}面向：{'、'.join(spec.served)}。",
        "parts": _parts(row, spec),
        "basis": basis,
        "conditions": spec.conditions,
        "situations": spec.situations,
        "materials": guide_shown.materials(spec, spec.materials, row.code),
        "steps": guide_words.steps(spec, spec.steps, posts),
        "flow_svg_url": f"{base}/flow.svg",
        "flow_narrow_url": f"{base}/flow-narrow.svg",
        "flow_bpmn_url": f"{base}/flow.bpmn",
        **_flow(version, times),
        "statutory": guide_words.statutory(spec),
        "promise": guide_words.days_text(spec),
        "above": guide_words.above(spec),
        "fee_text": guide_words.fee_text(spec, today),
        "fees": guide_shown.fees(spec, today),
        "window": str(way.window) if way.window else posts.get(spec.window_post, ""),
        "place": spec.place,
        "hours": spec.hours,
        "phone": spec.phone,
        "complaint_phone": spec.complaint_phone,
        "traffic": spec.listing.traffic,
        "visits": guide_words.visits(spec),
        "in_person": in_person.told(spec),
        "results": guide_shown.results(spec, row.code),
        "more": guide_shown.more(spec),
        "remedies": remedies(county=row.town.parent.name if row.town.parent else "上一级", decided_on=today).sentence,
        "faq": [{"q": pair.question, "a": pair.answer} for pair in spec.questions],
        **_begin(version, base, ways),
    }
    return {
        "column": COLUMN,
        "trail": [("办事服务", "/services/"), (spec.name, None)],
        "item": item,
        "notice": _notice(version, way),
        "dead_basis": dead,
    }


def _notice(version: Version, way: Way) -> str:
    """Why it cannot be done now; empty where it can."""
    if version.state == VersionState.SUSPENDED:
        return f"这件事暂停办理：{version.suspended_reason}恢复的日期会写在这里，已经受理的照办。"
    if not way.closed:
        return ""
    instead = f"，请到{way.go_to}" if way.go_to else ""
    return f"{way.window}现在关闭：{way.window.closed_reason}{instead}。"


def _begin(version: Version, base: str, ways: Ways) -> dict[str, Any]:
    """Where one begins: online, by one's situation, with a village agent; nowhere while nothing is taken in."""
    if version.state in STOPPED:
        return {"situation_url": "", "apply_url": "", "stations": []}
    return {
        "situation_url": f"{base}/situation",
        "apply_url": f"{base}/apply" if version.spec.online else "",
        "stations": ways.stations(version.spec.window_post),
    }


def _flow(version: Version, times: Times) -> dict[str, Any]:
    """The process in words and how its drawing is shown; no words while the steps of a draft cannot be compiled."""
    try:
        bpmn = bpmn_of(version)
    except Refused:
        return {"flow_steps": []}
    return {
        "flow_is_long": draw.is_long(bpmn),
        "flow_steps": wording.steps(bpmn, times),
        "flow_specials": wording.specials(bpmn),
    }


@stored()
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The six disclosures at a glance, then each in full."""
    depends_on(f"item:{code}", keys.HALL, keys.DAY)
    row = item_known(request, code)
    if row.current.state == VersionState.CANCELLED:
        return _gone(request, row)
    context = guide_context(request, row, row.current, f"/services/{code}", step_times(row.current)) | {
        "flow_url": f"/services/{code}/flow",
        "fees_url": f"/services/{code}/fees",
        "upcoming": changes.upcoming(row),
        "slips": changes.slip_state(row),
        "changes_url": f"/services/{code}/changes",
        "proof": common.proof(row.current.published_event),
        "samples": samples_shown.under(request.viewer, row.subject),
    }
    return render(request, "portal/services/guide.html", context)


def _gone(request: HttpRequest, row: Item) -> HttpResponse:
    """The tombstone of a cancelled item: its name, why, by which decision, and what it was."""
    context = {
        "column": COLUMN,
        "trail": [("办事服务", "/services/"), (row.current.name, None)],
        "version": row.current,
        "unit": row.unit,
        "changes_url": f"/services/{row.code}/changes",
        "proof": common.proof(row.current.cancelled_event),
    }
    return render(request, "portal/services/gone.html", context)


@stored()
def guide_json(request: HttpRequest, code: str) -> HttpResponse:
    """The published version as data."""
    depends_on(f"item:{code}")
    row = item_in_force(request, code)
    version = row.current
    data = {
        "code": row.code,
        "unit": row.unit.name,
        "version": version.number,
        "in_force_at": timezone.localtime(version.in_force_at).isoformat(),
        "hash": version.sha256,
        "flow_sha256": version.flow_sha256,
        "minutes_number": version.minutes_number,
        **as_json(version.spec),
    }
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")
