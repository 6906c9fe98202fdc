"""事项 on the desk: what each version still lacks, its text and flow, and what it changes for people."""

from typing import Any

from django.db.models import Count, Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from mingtang.desk import gate_shown, shown, todo, waivers_shown
from mingtang.desk.access import EDITORS, ITEMS, page, staff_required
from mingtang.flows import draw, wording
from mingtang.lib.errors import Refused
from mingtang.lib.money import format_yuan
from mingtang.rulebook import requirements
from mingtang.rulebook.enums import CaseKind, PowerHolder, PowerType, SilenceRule, VersionState, Visibility
from mingtang.rulebook.importing import SIX, asks
from mingtang.rulebook.laws.resolve import dead_bases
from mingtang.rulebook.models import Item, Version
from mingtang.rulebook.models.items import STANDING
from mingtang.rulebook.policies import can_keep
from mingtang.rulebook.process import bpmn_of
from mingtang.rulebook.spec import Spec
from mingtang.rulebook.states import UNDER_WAY

PAGE = 30
TONES = dict.fromkeys(UNDER_WAY, "now") | {
    "draft": "todo",
    "announced": "gold",
    "in_force": "done",
    "suspended": "paused",
    "cancelled": "stop",
    "refused": "stop",
}
LISTED = VersionState.values


@staff_required(*ITEMS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Versions by state; a draft says which of the six disclosures it lacks."""
    query, state = shown.asked(request, 60), request.GET.get("state", "")
    found = Version.objects.visible_to(request.viewer)
    if query:
        words = Q(name__icontains=query) | Q(item__code__icontains=query) | Q(item__unit__name__icontains=query)
        found = found.filter(words)
    counts = dict(found.values_list("state").annotate(count=Count("pk")).order_by())
    labels = [("", "全部", sum(counts.values()))]
    labels += [(key, VersionState(key).label, counts.get(key, 0)) for key in LISTED if counts.get(key) or key == state]
    rows = found.filter(state=state) if state in LISTED else found
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        rows = rows.filter(pk__lt=int(before))
    # What is sorted stands in the index; whole versions are read for one page only.
    wanted = Version.objects.filter(pk__in=rows.order_by("-pk").values("pk")[: PAGE + 1])
    listed = list(wanted.select_related("item__unit").defer("bpmn").order_by("-pk"))
    context = {
        "may_keep": bool(request.viewer.powers.intersection(EDITORS)),
        "q": query,
        "state": state if state in LISTED else "",
        "tabs": shown.tabs(state, labels, query),
        "rows": [
            {
                "version": row,
                "tone": TONES.get(row.state, "todo"),
                "kind": CaseKind(row.kind).label if row.kind in CaseKind.values else "没有写明",
                "lacks": lacks(row),
            }
            for row in listed[:PAGE]
        ],
        "older_url": shown.link(q=query, state=state, before=listed[PAGE - 1].pk) if len(listed) > PAGE else "",
        "newer_url": shown.link(q=query, state=state) if before else "",
    }
    return page(request, "desk/items/index.html", context, active="items")


def lacks(version: Version) -> list[str]:
    """Which of the six disclosures a draft still lacks something of, in their order."""
    if version.state != VersionState.DRAFT:
        return []
    found = {issue.disclosure for issue in requirements.alone(version.spec)}
    return [name for name in SIX if name in found]


def version_of(request: HttpRequest, code: str, number: int) -> Version:
    return get_object_or_404(
        Version.objects.visible_to(request.viewer).select_related(
            "item__town", "item__unit", "item__current", *gate_shown.PERSONS
        ),
        item__code=code,
        number=number,
    )


def _choice(words: Any, value: str) -> str:
    return words(value).label if value in words.values else value


def _facts(spec: Spec, posts: dict[str, str]) -> list[tuple[str, Any]]:
    statutory = "法律没有规定" if spec.statutory_days is None else f"{spec.statutory_days} 个工作日"
    return [
        ("办件类型", _choice(CaseKind, spec.kind)),
        ("事项类型", _choice(PowerType, spec.power_type)),
        ("行使方式", _choice(PowerHolder, spec.power_holder)),
        ("实施机关", spec.holder),
        ("办什么", spec.summary),
        ("面向", "、".join(spec.served)),
        ("得到什么", "、".join(result.name for result in spec.results)),
        ("法定时限", statutory),
        ("承诺时限", f"{spec.promised_days} 个工作日" if spec.promised_days else "当场办结"),
        ("收件审查", f"{spec.intake_days} 个工作日"),
        ("逾期不告知", _choice(SilenceRule, spec.silence_rule)),
        ("进度", _choice(Visibility, spec.visibility)),
        ("收费", "；".join(f"{f.name} {format_yuan(f.amount)}／{f.per}（{f.basis}）" for f in spec.fees) or "不收费"),
        ("收件岗位", posts.get(spec.window_post, spec.window_post)),
        ("决定岗位", posts.get(spec.decider_post, spec.decider_post)),
        ("地点", spec.place),
        ("时间", spec.hours),
        ("咨询电话", spec.phone),
        ("监督电话", spec.complaint_phone),
    ]


def _names(item: Item, spec: Spec) -> list[tuple[str, Any]]:
    """Everyday names, and what people said that was linked to the item and is not among them yet."""
    said = item.wanted.values_list("text", flat=True).order_by("pk")
    return [
        ("通俗名称", "、".join(spec.synonyms)),
        ("群众还这样说，建议编进去", "、".join(text for text in said if text not in spec.synonyms)),
    ]


def _dead(version: Version) -> list[str]:
    """What is wrong with the bases it stands on today, a sentence each."""
    return list(dict.fromkeys(why for _, why, _ in dead_bases(version.item.town, version.spec)))


def version_page(
    request: HttpRequest,
    version: Version,
    *,
    form: Form | None = None,
    act: str = "",
    not_waived: tuple[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """One version: what keeps it from being published, its text, its flow in words and drawn."""
    spec, issues = version.spec, requirements.gate(version) if version.state == VersionState.DRAFT else []
    posts = requirements.lanes(version.item.town, spec)
    try:
        flow = wording.as_text(bpmn_of(version))
    except Refused:
        flow = []
    context = gate_shown.context(request, version, form, act) | waivers_shown.context(
        request, version, issues, not_waived
    )
    context |= {
        "version": version,
        "item": version.item,
        "spec": spec,
        "tone": TONES.get(version.state, "todo"),
        "asks": asks(issues),
        "dead": _dead(version) if version.state in STANDING else [],
        "may_keep": can_keep(request.user, request.town, version.item.unit),
        "may_copy": bool(request.viewer.powers.intersection(EDITORS)),
        "facts": _facts(spec, posts) + _names(version.item, spec),
        "posts": posts,
        "flow": flow,
        "others": version.item.versions.exclude(pk=version.pk).defer("bpmn", "data").order_by("-number"),
        "history": shown.history(request.town, version.item.subject),
        "work": todo.groups(request, current=f"/desk/items/{version.item.code}/{version.number}"),
    }
    return page(request, "desk/items/show.html", context, active="items", status=status)


@staff_required(*ITEMS)
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """The newest version of an item."""
    newest = Version.objects.visible_to(request.viewer).filter(item__code=code).order_by("-number").first()
    if newest is None:
        raise Http404
    return HttpResponseRedirect(f"/desk/items/{code}/{newest.number}")


@staff_required(*ITEMS)
@require_safe
def show(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return version_page(request, version_of(request, code, number))


@staff_required(*ITEMS)
@require_safe
def flow(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The process drawn from the bytes that run, or would run."""
    try:
        body = draw.svg(bpmn_of(version_of(request, code, number)))
    except Refused as refusal:
        raise Http404 from refusal
    return HttpResponse(body, content_type="image/svg+xml")
