"""办事服务: the guide of each item, all of it read from one published version."""

import json
from itertools import groupby
from typing import Any

from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from mingtang.cases.timings import step_times
from mingtang.flows import draw, wording
from mingtang.flows.times import NO_TIMES, Times
from mingtang.hall.wayfinding import Ways
from mingtang.lib.errors import Refused
from mingtang.lib.money import format_yuan
from mingtang.people.models import Post
from mingtang.portal import common, keys
from mingtang.portal.offered import files_of
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views import changes
from mingtang.portal.views.laws import guide_basis
from mingtang.rulebook.enums import CaseKind, FileRole, VersionState
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
            "town",
        ),
        code=code,
    )


def item_in_force(request: HttpRequest, code: str) -> Item:
    """An item with its version in force; 404 for one that has none."""
    return get_object_or_404(
        Item.objects.visible_to(request.viewer)
        .filter(current__state=VersionState.IN_FORCE)
        .select_related("current__published_event__sequenced", "current__item", "unit", "town"),
        code=code,
    )


def days_text(spec: Spec) -> str:
    return f"承诺 {spec.promised_days} 个工作日" if spec.promised_days else "当场办结"


def fee_text(spec: Spec) -> str:
    return (
        "不收费"
        if not spec.fees
        else "、".join(f"{fee.name} {format_yuan(fee.amount)}／{fee.per}" for fee in spec.fees)
    )


def _six(spec: Spec) -> list[dict[str, Any]]:
    asked = [material for material in spec.materials if not material.fetched_by_us]
    together = {step.group for step in spec.steps if step.group}
    offices = len({step.post for step in spec.steps})
    flow = f"{offices} 个所同时审查" if together else "窗口一次办完" if not spec.steps else "一步接一步"
    limit = (
        {"label": "多久", "value": "当场办结"}
        if not spec.promised_days
        else {"label": "多久", "before": "承诺", "figure": spec.promised_days, "unit": "个工作日"}
    )
    return [
        {"label": "办什么", "value": "、".join(result.name for result in spec.results)},
        {"label": "依据", "value": "".join(f"{row.law} {row.article}" for row in spec.basis[:1])},
        {"label": "带什么", "figure": len(asked), "unit": "份材料"},
        {"label": "怎么走", "figure": len(spec.steps) + 3, "unit": "步", "note": flow},
        {**limit, "note": f"法定 {spec.statutory_days} 个工作日" if spec.statutory_days is not None else ""},
        {"label": "收多少", "value": fee_text(spec)},
    ]


def _steps(spec: Spec, posts: dict[str, str]) -> list[dict[str, Any]]:
    """Intake, the steps with parallel ones together, decision, service."""

    def owner(post: str) -> str:
        return posts.get(post, "")

    rows: list[dict[str, Any]] = [
        {
            "title": "提交、收件审查",
            "owner": owner(spec.window_post),
            "days": "当场" if spec.kind == CaseKind.INSTANT else f"最多 {spec.intake_days} 个工作日",
            "note": "缺材料一次说完；超过时限不说，就算受理。",
        }
    ]
    for group, members in groupby(spec.steps, key=lambda step: step.group):
        found = [
            {
                "title": step.name,
                "owner": owner(step.post),
                "days": f"{step.working_days} 个工作日",
                "note": step.standard,
            }
            for step in members
        ]
        if group is None:
            rows += found
        else:
            rows.append({"title": "同时审查", "owner": "", "parallel": found, "note": "几个所同时办，不用您跑。"})
    rows.append({"title": "作出决定", "owner": owner(spec.decider_post)})
    rows.append({"title": "送达", "owner": owner(spec.window_post), "days": "最多 10 个工作日"})
    return rows


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
    spec = version.spec
    codes = {spec.window_post, spec.decider_post, *(step.post for step in spec.steps)}
    posts = {post.code: str(post) for post in Post.objects.filter(town=row.town, code__in=codes).select_related("unit")}
    way = Ways(row.town).of(spec.window_post)
    basis, dead = guide_basis(row.town, spec)
    item = {
        "title": spec.name,
        "code": row.code,
        "kind": _label(CaseKind, spec.kind),
        "version": version.number,
        "in_force_from": version.in_force_at,
        "hash": version.sha256,
        "flow_sha256": version.flow_sha256,
        "six": _six(spec),
        "content": f"{spec.summary}面向：{'、'.join(spec.served)}。",
        "parts": _parts(row, spec),
        "basis": basis,
        "conditions": spec.conditions,
        "materials": [
            {
                "name": material.name,
                "form": material.form,
                "copies": 0 if material.fetched_by_us else material.copies,
                "source": "不用您带，我们自己调取" if material.fetched_by_us else f"由{material.issuer}出具",
                "basis": material.basis,
                "note": material.standard,
                "files": files_of(spec, row.code, material.key, FileRole.FORM, FileRole.SAMPLE),
            }
            for material in spec.materials
        ],
        "steps": _steps(spec, posts),
        "flow_svg_url": f"{base}/flow.svg",
        "flow_narrow_url": f"{base}/flow-narrow.svg",
        "flow_bpmn_url": f"{base}/flow.bpmn",
        **_flow(version, times),
        "statutory": f"受理之日起 {spec.statutory_days} 个工作日"
        if spec.statutory_days is not None
        else "法律没有规定时限",
        "promise": days_text(spec),
        "fee_text": fee_text(spec),
        "fees": [
            {"name": fee.name, "standard": f"{format_yuan(fee.amount)}／{fee.per}", "basis": fee.basis}
            for fee in spec.fees
        ],
        "window": str(way.window) if way.window else posts.get(spec.window_post, ""),
        "place": spec.place,
        "hours": spec.hours,
        "phone": spec.phone,
        "complaint_phone": spec.complaint_phone,
        "results": [
            {
                "name": f"{result.name}（{result.kind}）",
                "files": files_of(spec, row.code, result.name, FileRole.RESULT),
            }
            for result in spec.results
        ],
        "faq": [{"q": pair.question, "a": pair.answer} for pair in spec.questions],
        "apply_url": f"{base}/apply" if spec.online and version.state not in STOPPED else "",
    }
    notice = ""
    if version.state == VersionState.SUSPENDED:
        notice = f"这件事暂停办理：{version.suspended_reason}恢复的日期会写在这里，已经受理的照办。"
    elif way.closed:
        instead = f"，请到{way.go_to}" if way.go_to else ""
        notice = f"{way.window}现在关闭：{way.window.closed_reason}{instead}。"
    return {
        "column": COLUMN,
        "trail": [("办事服务", "/services/"), (spec.name, None)],
        "item": item,
        "notice": notice,
        "dead_basis": dead,
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


def _label(words: type[TextChoices], value: str) -> str:
    """The word for a code; a draft may not have chosen one yet."""
    return words(value).label if value in words.values else ""


@stored()
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The six disclosures at a glance, then each in full."""
    depends_on(f"item:{code}", keys.HALL, keys.DAY)
    row = item_known(request, code)
    if row.current.state == VersionState.CANCELLED:
        return _gone(request, row)
    context = guide_context(request, row, row.current, f"/services/{code}", step_times(row.current)) | {
        "flow_url": f"/services/{code}/flow",
        "upcoming": changes.upcoming(row),
        "slips": changes.slip_state(row),
        "changes_url": f"/services/{code}/changes",
        "proof": common.proof(row.current.published_event),
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
