"""权力清单: what the town may do, on what basis, with which responsibilities; its clean-up; and what does not fit."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from mingtang.cases import usage
from mingtang.events.models import Event
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import posts_of
from mingtang.portal import common, keys
from mingtang.portal.stored import depends_on, stored
from mingtang.portal.views.laws import basis_shown, resolved
from mingtang.rulebook.models import Campaign, Item, Power, PowerDecision
from mingtang.rulebook.powers import cleanup
from mingtang.rulebook.powers.enums import DecisionState, DutyKind, PlanClass, PowerKind, PowerStatus, Verdict
from mingtang.rulebook.powers.findings import Finding, FindingKind, findings

PAGE = 50
SHOWN = 100  # of one kind of finding; what is mended makes room for the next
LINKED = 20  # powers of one finding
COLUMN = {
    "name": "权力清单",
    "description": "行政权力和责任清单、权力清理、进驻大厅和授权书",
    "keywords": "权力清单;责任清单;权责清单",
    "type": "信息公开目录",
}
SECTION = (
    ("权力清单", "/powers/"),
    ("权力清理", "/powers/cleanup"),
    ("对不上的", "/powers/findings"),
    ("进驻大厅", "/entry/"),
    ("授权书", "/entry/delegations"),
)
TONES = {PowerStatus.LISTED: "done", PowerStatus.CANCELLED: "stop", PowerStatus.HANDED_UP: "gold"}
VERDICT_TONES = {Verdict.KEEP: "done", Verdict.CHANGE: "now", Verdict.CANCEL: "stop", Verdict.HAND_UP: "gold"}
CHOICES: tuple[tuple[str, str, str, Any], ...] = (
    ("type", "权力类型", "type", PowerKind),
    ("class", "清理类别", "plan_class", PlanClass),
    ("unit", "行使单位", "unit__code", None),
    ("status", "状态", "status", PowerStatus),
)


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """The pages of this section, for the ``tabs`` component."""
    return [(label, href, href == current) for label, href in SECTION]


def _chosen(request: HttpRequest, name: str, kind: Any) -> str:
    """What the address asks for, where it is a value there is; powers in use unless it says otherwise."""
    value = request.GET.get(name, "")[:40]
    if kind is not None and value not in kind.values:
        value = ""
    return value or (PowerStatus.LISTED if name == "status" else "")


def _narrow(request: HttpRequest, rows: QuerySet, without: str = "") -> QuerySet:
    for name, _, field, kind in CHOICES:
        if name != without and (value := _chosen(request, name, kind)):
            rows = rows.filter(**{field: value})
    return rows


def _link(request: HttpRequest, **changes: str) -> str:
    names = [name for name, *_ in CHOICES]
    query = {name: value for name, value in request.GET.items() if name in names} | changes
    query = {name: value for name, value in query.items() if value}
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _facets(request: HttpRequest, rows: QuerySet) -> list[dict[str, Any]]:
    """Each choice with its count within the others."""
    units = dict(Unit.objects.visible_to(request.viewer).values_list("code", "name"))
    groups = []
    for name, title, field, kind in CHOICES:
        chosen = _chosen(request, name, kind)
        counted = _narrow(request, rows, without=name).order_by().values_list(field).annotate(count=Count("pk"))
        items = [
            {
                "label": kind(value).label if kind else units.get(value, value),
                "count": count,
                "active": value == chosen,
                "url": _link(request, **{name: "" if value == chosen else value}),
            }
            for value, count in sorted(counted)
        ]
        groups.append({"title": title, "items": items})
    return groups


def _items_in_force() -> Prefetch:
    rows = Item.objects.filter(facts__suspended=False).select_related("facts").order_by("code")
    return Prefetch("items", rows, to_attr="in_force")


def _last_used(row: Power, decided: dict[int, Any]) -> Any:
    return max((decided[item.pk] for item in row.in_force if item.pk in decided), default=None)


def _links(items: list[Item]) -> list[tuple[str, str]]:
    return [(item.facts.name, f"/services/{item.code}") for item in items]


@stored(keys.POWERS, keys.SERVICES, keys.SITE, keys.LAWS)
def index(request: HttpRequest) -> HttpResponse:
    """Every power with holder, basis, responsibilities and items, licences first; every choice is a link."""
    everything = Power.objects.visible_to(request.viewer)
    rows = _narrow(request, everything)
    # Keyset paging: the last row's type and code.
    total, after = rows.count(), request.GET.get("after", "")[:43]
    type_, _, code = after.partition("_")
    wanted = rows.filter(Q(type__gt=type_) | Q(type=type_, code__gt=code)) if after else rows
    wanted = wanted.select_related("unit").prefetch_related("basis", _items_in_force())
    shown = list(wanted.annotate(duty_count=Count("duties")).order_by("type", "code")[: PAGE + 1])
    decided = usage.last_decided(request.town)
    powers = [
        {
            "title": row.name,
            "url": f"/powers/{row.code}",
            "status": row.get_status_display(),
            "tone": TONES[PowerStatus(row.status)],
            "listed": row.is_listed,
            "where": [row.get_type_display(), row.unit.name, row.code],
            "basis": "、".join(str(basis) for basis in row.basis.all()),
            "duties": row.duty_count,
            "items": _links(row.in_force),
            "last_used": _last_used(row, decided),
        }
        for row in shown[:PAGE]
    ]
    context = {
        "column": COLUMN,
        "trail": [("权力清单", None)],
        "tabs": tabs("/powers/"),
        "powers": powers,
        "total": total,
        "groups": _facets(request, everything),
        "clear_url": request.path if any(request.GET.get(name) for name, *_ in CHOICES) else "",
        "first_url": _link(request) if after else "",
        "next_url": _link(request, after=f"{shown[PAGE - 1].type}_{shown[PAGE - 1].code}") if len(shown) > PAGE else "",
        # Compared with all items: on the front of the list, which is stored, and on no other page of it.
        "misfits": 0 if request.GET else len(findings(request.town)),
        "non_licence": len(cleanup.non_licence(request.town)),
    }
    depends_on(keys.DAY)
    return render(request, "portal/powers/index.html", context)


def _post_of(staff: Staff | None, at: Any) -> str:
    """Pages show posts, not persons."""
    posts = posts_of(staff, at) if staff else []
    return str(posts[0]) if posts else "工作人员"


def decision_shown(row: PowerDecision) -> dict[str, Any]:
    """A decision with who had a hand in it, by post."""
    steps = [("提出", row.proposed_by, row.proposed_at), ("审核", row.reviewed_by, row.reviewed_at)]
    who = [f"{title}：{_post_of(staff, at)}，{timezone.localdate(at)}" for title, staff, at in steps if at]
    if row.settled_at:
        who.append(f"集体决定：{row.minutes_number}，{timezone.localdate(row.settled_at)}")
    return {
        "campaign": row.campaign.title,
        "verdict": row.get_verdict_display(),
        "tone": VERDICT_TONES[Verdict(row.verdict)],
        "state": row.state_title,
        "reason": row.reason,
        "change": row.change_note,
        "carried_out": row.carried_out_at,
        "handed_to": row.handed_to,
        "returned": row.returned_reason,
        "who": who,
    }


@stored(keys.POWERS, keys.SERVICES, keys.SITE, keys.DAY)
def power(request: HttpRequest, code: str) -> HttpResponse:
    """One power: basis, boundaries, responsibilities, items, redress, last use, and what its clean-ups said."""
    depends_on(f"power:{code}")
    rows = Power.objects.visible_to(request.viewer).select_related("unit", "post__unit", "town")
    row = get_object_or_404(rows.prefetch_related("basis", "duties", _items_in_force()), code=code)
    depends_on(*(item.subject for item in row.in_force))
    decisions = row.decisions.select_related("campaign", "proposed_by", "reviewed_by").order_by("-pk")
    events = Event.objects.filter(town=row.town, subject=row.subject).select_related("town", "sequenced")
    answers = resolved(row.town, [(basis.law, basis.article) for basis in row.basis.all()])
    context = {
        "column": COLUMN,
        "trail": [("权力清单", "/powers/"), (row.name, None)],
        "power": row,
        "basis": [shown for answer in answers.values() for shown in basis_shown(answer)],
        "status": (row.get_status_display(), TONES[PowerStatus(row.status)]),
        "facts": [
            ("权力编码", row.code),
            ("权力类型", row.get_type_display()),
            ("清理类别", row.get_plan_class_display()),
            ("行使单位", row.unit.name),
            ("行使岗位", row.post.name if row.post else ""),
            ("行使层级", row.get_level_display()),
            ("权力来源", row.get_source_display()),
            ("上级主管", row.above),
            ("列入清单的决定", row.minutes_number),
            ("最近一次使用", _last_used(row, usage.last_decided(request.town)) or "还没有记录"),
        ],
        "duties": [
            (kind.label, [duty for duty in row.duties.all() if duty.kind == kind])
            for kind in (DutyKind.DUTY, DutyKind.BLAME)
        ],
        "items": _links(row.in_force),
        "decisions": [decision_shown(decision) for decision in decisions],
        "findings": [one.sentence for one in findings(request.town, about=row)],
        "proof": common.proof(events.order_by("-pk").first()),
    }
    return render(request, "portal/powers/power.html", context)


def _figures(tally: cleanup.Tally) -> list[dict[str, Any]]:
    decided = tally.total - len(tally.undecided)
    rows = [{"label": "全部权力", "figure": tally.total, "unit": "项", "note": f"已决定 {decided} 项"}]
    rows += [
        {"label": Verdict(value).label, "figure": count, "unit": "项"} for value, count in tally.by_verdict.items()
    ]
    rows.append({"label": "还没决定", "figure": len(tally.undecided), "unit": "项"})
    return rows


@stored(keys.POWERS, keys.SITE, keys.DAY)
def clean_up(request: HttpRequest) -> HttpResponse:
    """The public tally: how many, per unit, with reasons; what is undecided, whose turn it is, days left."""
    context: dict[str, Any] = {
        "column": COLUMN,
        "trail": [("权力清单", "/powers/"), ("权力清理", None)],
        "tabs": tabs("/powers/cleanup"),
        "campaign": None,
    }
    campaign = cleanup.latest(request.town)
    if campaign is None:
        return render(request, "portal/powers/cleanup.html", context)
    today = timezone.localdate()
    tally, left = cleanup.tally(campaign, today), campaign.days_left(today)
    settled = campaign.decisions.filter(state=DecisionState.SETTLED).select_related("power__unit")
    context |= {
        "campaign": campaign,
        "days_left": left,
        "figures": _figures(tally),
        "verdict_columns": [{"label": label, "num": True} for label in Verdict.labels],
        "units": [
            [row.unit.name, row.total, *(row.by_verdict[value] for value in Verdict.values), row.undecided]
            for row in tally.units
        ],
        "undecided": [
            {
                "what": f"{row.power.name}（{row.power.unit.name}）",
                "url": f"/powers/{row.power.code}",
                "owner": row.owner,
                "days_late": -row.days_left,
            }
            for row in tally.undecided
        ],
        "to_carry_out": [(row.power, row.change_note) for row in tally.to_carry_out],
        "non_licence": tally.non_licence,
        "decisions": [
            {
                "power": row.power,
                "verdict": row.get_verdict_display(),
                "tone": VERDICT_TONES[Verdict(row.verdict)],
                "reason": row.reason,
                "note": row.change_note or (f"上交{row.handed_to}" if row.handed_to else ""),
                "minutes": row.minutes_number,
            }
            for row in settled
        ],
        "earlier": Campaign.objects.visible_to(request.viewer).exclude(pk=campaign.pk),
        "proof": common.proof(
            Event.objects.filter(town=request.town, subject=campaign.subject).order_by("-pk").first()
        ),
    }
    return render(request, "portal/powers/cleanup.html", context)


def _misfit(one: Finding) -> dict[str, Any]:
    links = [(f"{row.name}（{row.unit.name}）", f"/powers/{row.code}") for row in one.powers[:LINKED]]
    return {"sentence": one.sentence, "owner": one.owner, "links": links + _links(list(one.items))}


@stored(keys.POWERS, keys.SERVICES, keys.SITE, keys.LAWS, keys.DAY)
def misfits(request: HttpRequest) -> HttpResponse:
    """Overlaps, orphans, powers nobody can use, a power or a basis that is gone: each with who must mend it."""
    found = findings(request.town)
    groups = []
    for kind in FindingKind:
        rows = [one for one in found if one.kind == kind]
        groups.append((kind.label, len(rows), [_misfit(one) for one in rows[:SHOWN]]))
    context = {
        "column": COLUMN,
        "trail": [("权力清单", "/powers/"), ("对不上的", None)],
        "tabs": tabs("/powers/findings"),
        "total": len(found),
        "groups": [group for group in groups if group[1]],
        "clean": [label for label, count, _ in groups if not count],
    }
    return render(request, "portal/powers/findings.html", context)
