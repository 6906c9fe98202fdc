"""Whose turn it is in a clean-up: what waits for an opinion, a review, a decision or the change itself."""

from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mingtang.desk.access import my_posts, offered
from mingtang.people.enums import Permission as P
from mingtang.rulebook.models import Campaign, Power, PowerDecision
from mingtang.rulebook.powers.enums import DecisionState as S
from mingtang.rulebook.powers.enums import PowerStatus, Verdict
from mingtang.rulebook.powers.states import DECISION

PROPOSE, REVIEW, SETTLE, CARRY_OUT, DONE = "propose", "review", "settle", "carry_out", "done"
PAGE, SOON = "/desk/powers/cleanup/", 7
# stage: what its powers wait for
STAGES = {
    PROPOSE: "没有提意见的",
    REVIEW: "等审核的",
    SETTLE: "等集体决定的",
    CARRY_OUT: "决定调整、没改好的",
    DONE: "决定了的",
}


def running(request: HttpRequest) -> Campaign | None:
    """The clean-up that is open in the viewer's town."""
    rows = Campaign.objects.visible_to(request.viewer).filter(closed_at__isnull=True)
    return rows.select_related("town").first()


def with_decision(rows: QuerySet[Power], campaign: Campaign) -> QuerySet[Power]:
    """Each power with what this clean-up says of it in ``now``: a list of one decision or none."""
    said = PowerDecision.objects.filter(campaign=campaign).select_related("proposed_by", "reviewed_by", "settled_by")
    return rows.select_related("unit").prefetch_related(Prefetch("decisions", said, to_attr="now"))


def unchanged() -> QuerySet[PowerDecision]:
    """Decided changes that nobody has carried out yet."""
    return PowerDecision.objects.filter(state=S.SETTLED, verdict=Verdict.CHANGE, carried_out_at__isnull=True)


def at_stage(request: HttpRequest, campaign: Campaign, stage: str) -> QuerySet[Power]:
    """The town's powers that stand at a stage of a clean-up, by code; nothing waits in one that is closed."""
    powers = Power.objects.visible_to(request.viewer).order_by("code")
    said = PowerDecision.objects.filter(campaign=campaign)
    if stage == DONE:
        return powers.filter(pk__in=said.filter(state=S.SETTLED).values("power"))
    if not campaign.is_open:
        return powers.none()
    if stage == PROPOSE:
        return powers.filter(status=PowerStatus.LISTED).exclude(pk__in=said.exclude(state=S.RETURNED).values("power"))
    if stage == CARRY_OUT:
        return powers.filter(pk__in=unchanged().filter(campaign=campaign).values("power"))
    state = {REVIEW: S.PROPOSED, SETTLE: S.REVIEWED}[stage]
    return powers.filter(pk__in=said.filter(state=state).values("power"))


def own_units(request: HttpRequest) -> set[int]:
    return {post.unit_id for post in my_posts(request)}


def mine(request: HttpRequest, campaign: Campaign, stage: str) -> QuerySet[Power]:
    """Those at a stage that wait for this person: three persons propose, review and settle each of them."""
    rows, me = at_stage(request, campaign, stage), request.user.pk
    if stage == PROPOSE:
        return rows if request.viewer.may(P.ITEM_EDIT) else rows.filter(unit__in=own_units(request))
    if stage == DONE or request.viewer.powers.isdisjoint(DECISION[stage].powers):
        return rows.none()
    said = PowerDecision.objects.filter(campaign=campaign)
    if stage in {REVIEW, SETTLE}:
        rows = rows.exclude(pk__in=said.filter(proposed_by=me).values("power"))
    if stage == SETTLE:
        rows = rows.exclude(pk__in=said.filter(reviewed_by=me).values("power"))
    return rows


def open_acts(request: HttpRequest, campaign: Campaign | None, power: Power, said: PowerDecision | None) -> list[str]:
    """The acts on a power that are open to this person in this clean-up, the most wanted first."""
    if campaign is None or not campaign.is_open or not (power.is_listed or said):
        return []
    state, me = said.state if said else S.RETURNED, request.user.pk
    found = [act for act in ("settle", "review", "send_back") if offered(DECISION[act], state, request.viewer)]
    if said and me == said.proposed_by_id:
        found = [act for act in found if act not in {"settle", "review"}]
    if said and me == said.reviewed_by_id:
        found = [act for act in found if act != "settle"]
    holds = power.unit_id in own_units(request) or request.viewer.may(P.ITEM_EDIT)
    if holds and state in DECISION["propose"].sources:
        found.append("propose")
    if said and said.verdict == Verdict.CHANGE and not said.carried_out_at:
        found += ["carry_out"] if offered(DECISION["carry_out"], state, request.viewer) else []
    return found


def following(request: HttpRequest, campaign: Campaign, stage: str, code: str) -> tuple[Power | None, int]:
    """The next one that waits for this person at a stage, from a code on and round again; and how many there are."""
    rows = mine(request, campaign, stage).exclude(code=code)
    return rows.filter(code__gt=code).first() or rows.first(), rows.count()


_ASKED = {
    REVIEW: "等您审核的清理意见 {count} 项",
    SETTLE: "等您登记集体决定的权力 {count} 项",
    CARRY_OUT: "决定调整、等您改好的权力 {count} 项",
}
_WORDS = {PROPOSE: "提意见", REVIEW: "审核", SETTLE: "登记", CARRY_OUT: "改好"}


def waiting(request: HttpRequest, campaign: Campaign | None) -> list[dict[str, Any]]:
    """What of a clean-up waits for this person, as rows of a worklist."""
    if campaign is None:
        return []
    left = campaign.days_left(timezone.localdate())
    sub = f"{campaign.title}，" + (f"还有 {left} 天" if left >= 0 else f"已经超过 {-left} 天")
    tone = "late" if left < 0 else "today" if left < SOON else "now"
    found = []
    if own := own_units(request):
        rows = at_stage(request, campaign, PROPOSE).filter(unit__in=own).order_by("unit__order")
        counted = rows.values_list("unit__code", "unit__name").annotate(count=Count("pk"))
        found += [(PROPOSE, f"&unit={code}", f"等{name}提意见的权力 {count} 项") for code, name, count in counted]
    for stage, words in _ASKED.items():
        if request.viewer.powers.intersection(DECISION[stage].powers):
            count = mine(request, campaign, stage).count()
            found += [(stage, "", words.format(count=count))] if count else []
    return [
        {"url": f"{PAGE}?state={stage}{query}", "title": title, "sub": sub, "word": _WORDS[stage], "tone": tone}
        for stage, query, title in found
    ]
