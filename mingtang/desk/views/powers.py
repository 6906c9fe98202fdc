"""权力清单 at the desk: the list with what is to be done first, one power, and the items through which it is used."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.desk import shown
from mingtang.desk.access import ITEMS, done, page, staff_required
from mingtang.desk.powers import shown as power_shown
from mingtang.desk.powers import turns
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.models import Unit
from mingtang.rulebook.models import Item, Power
from mingtang.rulebook.powers import actions
from mingtang.rulebook.powers.actions import settled_change
from mingtang.rulebook.powers.enums import PlanClass, PowerStatus
from mingtang.rulebook.powers.findings import Finding, FindingKind, findings

PAGE, OFFERED = 50, 30
MISFITS, TO_CHANGE = "misfits", "to_change"
STATES = (
    (PowerStatus.LISTED, "在用"),
    (TO_CHANGE, "决定了还没改的"),
    (MISFITS, "对不上的"),
    (PowerStatus.CANCELLED, "已取消"),
    (PowerStatus.HANDED_UP, "已上交"),
)


def at_page(request: HttpRequest) -> int:
    """The page asked for, from 0."""
    number = request.GET.get("page", "1")
    return int(number) - 1 if number.isascii() and number.isdigit() and 0 < int(number) <= 1000 else 0


def units_of(request: HttpRequest) -> list[tuple[str, str]]:
    return list(
        Unit.objects.visible_to(request.viewer).filter(powers__isnull=False).distinct().values_list("code", "name")
    )


def narrowed(request: HttpRequest, rows: QuerySet[Power]) -> QuerySet[Power]:
    """By words, unit and class, as the address asks."""
    if asked := shown.asked(request):
        rows = rows.filter(Q(name__icontains=asked) | Q(code__icontains=asked) | Q(scope__icontains=asked))
    if unit := request.GET.get("unit", ""):
        rows = rows.filter(unit__code=unit)
    if (kind := request.GET.get("class", "")) in PlanClass.values:
        rows = rows.filter(plan_class=kind)
    return rows


def kept(request: HttpRequest, **changes: str | int) -> str:
    """An address on the same page with the choices that were made."""
    query = {name: request.GET.get(name, "") for name in ("state", "unit", "class")} | {"q": shown.asked(request)}
    return shown.link(**{**query, **changes})


def choices(request: HttpRequest) -> dict[str, Any]:
    """The form that narrows a list of powers."""
    return {
        "q": shown.asked(request),
        "units": units_of(request),
        "unit": request.GET.get("unit", ""),
        "classes": PlanClass.choices,
        "plan_class": request.GET.get("class", ""),
        "state": request.GET.get("state", ""),
        "narrowed": any(request.GET.get(name) for name in ("q", "unit", "class")),
    }


def _by_state(rows: QuerySet[Power], state: str, misfits: list[Finding]) -> QuerySet[Power]:
    if state == MISFITS:
        return rows.filter(pk__in={power.pk for one in misfits for power in one.powers})
    if state == TO_CHANGE:
        return rows.filter(pk__in=turns.unchanged().values("power"))
    return rows.filter(status=state)


@staff_required()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is to be done first, then the list by state, unit, class and words."""
    state = request.GET.get("state", "")
    state = state if state in dict(STATES) else PowerStatus.LISTED
    # What does not fit costs a walk over all powers and items: on the front of the list and where it is asked for.
    misfits = findings(request.town) if state == MISFITS or not request.GET else []
    rows = _by_state(Power.objects.visible_to(request.viewer), state, misfits)
    at, rows = at_page(request), narrowed(request, rows).select_related("unit").order_by("type", "code")
    listed = list(rows[at * PAGE : at * PAGE + PAGE + 1])
    campaign = turns.running(request)
    by_power: dict[int, list[str]] = {}
    for one in misfits:
        for power in one.powers:
            by_power.setdefault(power.pk, []).append(one.kind.label)
    context = {
        **choices(request),
        "state": state,
        "tabs": [(label, kept(request, state=key, page=0), key == state) for key, label in STATES],
        "total": rows.count(),
        "rows": [
            {
                "power": row,
                "tone": power_shown.TONES[PowerStatus(row.status)],
                "misfits": list(dict.fromkeys(by_power.get(row.pk, []))),
            }
            for row in listed[:PAGE]
        ],
        "newer_url": kept(request, state=state, page=at) if at else "",
        "older_url": kept(request, state=state, page=at + 2) if len(listed) > PAGE else "",
        "campaign": campaign,
        "waits": turns.waiting(request, campaign),
        "found": [(kind.label, count) for kind in FindingKind if (count := sum(one.kind == kind for one in misfits))],
        "may_edit": request.viewer.may(P.ITEM_EDIT),
    }
    return page(request, "desk/powers/index.html", context, active="powers")


def power_of(request: HttpRequest, code: str) -> Power:
    rows = Power.objects.visible_to(request.viewer).select_related("unit", "post__unit", "town")
    return get_object_or_404(rows.prefetch_related("basis", "duties"), code=code)


def codes(request: HttpRequest, name: str) -> list[str]:
    """The codes that are ticked, without what a database refuses to compare."""
    return [code for code in request.POST.getlist(name)[:1000] if "\x00" not in code]


def _items(rows: QuerySet[Item], most: int | None = None) -> list[dict[str, Any]]:
    """Items as a list names them; one that is not in force says so."""
    rows = (
        rows.select_related("facts", "unit", "current").defer("current__data", "current__bpmn").order_by("code")[:most]
    )
    return [
        {
            "code": item.code,
            "name": item.current.name if item.current else item.code,
            "unit": item.unit.name if item.unit else "没有实施单位",
            "standing": hasattr(item, "facts"),
        }
        for item in rows
    ]


@staff_required()
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One power with all that is said of it, and what this person can do with it."""
    power = power_of(request, code)
    said = list(power.decisions.select_related("campaign", "proposed_by", "reviewed_by", "settled_by").order_by("-pk"))
    campaign = turns.running(request)
    now = next((row for row in said if row.campaign_id == campaign.pk), None) if campaign else None
    may_edit = request.viewer.may(P.ITEM_EDIT)
    context = {
        "power": power,
        "status": (power.get_status_display(), power_shown.TONES[PowerStatus(power.status)]),
        "facts": power_shown.facts(power),
        "bases": power_shown.bases(power),
        "duties": power_shown.duties(power),
        "items": _items(power.items.all()),
        # Whoever may not open an item at the desk reads its guide.
        "items_url": "/desk/items/" if request.viewer.powers.intersection(ITEMS) else "/services/",
        "decisions": [power_shown.decision(row) for row in said],
        "findings": [one.sentence for one in findings(request.town, about=power)],
        "campaign": campaign,
        "now": now,
        "acts": turns.open_acts(request, campaign, power, now),
        "may_link": may_edit and power.is_listed,
        "to_change": settled_change(power) if may_edit else None,
        "history": shown.history(request.town, power.subject),
    }
    return page(request, "desk/powers/show.html", context, active="powers")


@staff_required(P.ITEM_EDIT)
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, code: str) -> HttpResponse:
    """Through which items the power is used: those that are ticked, found by words."""
    power = power_of(request, code)
    sent, trouble = request.method == "POST", ""
    asked = request.POST.get("q", "").replace("\x00", "").strip()[:100]
    everything = Item.objects.visible_to(request.viewer)
    chosen = everything.filter(code__in=codes(request, "item")) if sent else power.items.all()
    if sent and request.POST.get("act") == "save":
        try:
            actions.link_items(power=power, items=chosen, by=request.user)
        except Refused as refusal:
            trouble = refusal.message
        else:
            count = len(chosen)
            said = f"已经对上 {count} 个办理事项。" if count else "已经写明：没有对应的办理事项。"
            return done(request, f"/desk/powers/{code}", said)
    offered = everything.filter(facts__isnull=False).exclude(pk__in=chosen.values("pk"))
    offered = offered.filter(
        Q(facts__name__icontains=asked) | Q(code__icontains=asked) if asked else Q(unit=power.unit)
    )
    found = _items(offered, OFFERED + 1)
    context = {
        "power": power,
        "q": asked,
        "chosen": _items(chosen),
        "offered": found[:OFFERED],
        "more": len(found) > OFFERED,
        "trouble": trouble,
        "unsaved": sent,
    }
    return page(request, "desk/powers/items.html", context, active="powers", status=422 if trouble else 200)
