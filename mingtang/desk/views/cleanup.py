"""权力清理 at the desk: open and close a campaign, its tally, its powers by whose turn it is, one after another."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingtang.cases import usage
from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import ReasonForm, said
from mingtang.desk.powers import shown as power_shown
from mingtang.desk.powers import turns
from mingtang.desk.powers.forms import CampaignForm, ProposeForm, SettleForm
from mingtang.desk.views.powers import at_page, choices, codes, kept, narrowed, power_of
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.rulebook.models import Campaign, Power, PowerDecision
from mingtang.rulebook.powers import cleanup
from mingtang.rulebook.powers.enums import DecisionState, Verdict
from mingtang.rulebook.powers.findings import findings

HERE, PAGE, MOST_AT_ONCE, USED_REASONS, LENGTH = "/desk/powers/cleanup/", 50, 200, 12, 60
Problems = Sequence[tuple[str | None, str]]


def _chosen(request: HttpRequest) -> Campaign | None:
    """The campaign the address names, else the one that runs, else the last one."""
    number = request.GET.get("number", "")[:12]
    if number:
        rows = Campaign.objects.visible_to(request.viewer).select_related("town")
        return get_object_or_404(rows, number=number)
    return cleanup.latest(request.town)


def _running(request: HttpRequest) -> Campaign:
    campaign = turns.running(request)
    if campaign is None:
        raise Http404
    return campaign


def _stage(request: HttpRequest, campaign: Campaign) -> str:
    """The stage asked for; else the first at which something waits for this person."""
    asked = request.GET.get("state", "")
    if asked in turns.STAGES or not campaign.is_open:
        return asked if asked in turns.STAGES else turns.DONE
    stages = (turns.SETTLE, turns.REVIEW, turns.PROPOSE, turns.CARRY_OUT)
    return next((stage for stage in stages if turns.mine(request, campaign, stage).exists()), turns.PROPOSE)


def _row(request: HttpRequest, campaign: Campaign, power: Power, ticked: Collection[str]) -> dict[str, Any]:
    row = power.now[0] if power.now else None
    acts = turns.open_acts(request, campaign, power, row)
    return {
        "power": power,
        "said": row,
        "tone": power_shown.VERDICT_TONES[Verdict(row.verdict)] if row else "",
        "state_tone": power_shown.STATE_TONES[DecisionState(row.state)] if row else "todo",
        "note": power_shown.note(row) if row else "",
        "acts": acts,
        "ticked": power.code in ticked,
    }


def _tallied(tally: cleanup.Tally) -> dict[str, Any]:
    """The tally in one line, and by unit."""
    verdicts = [(Verdict(value).label, count) for value, count in tally.by_verdict.items()]
    return {
        "total_all": tally.total,
        "figures": [*verdicts, ("还没决定", len(tally.undecided))],
        "verdict_columns": [{"label": label, "num": True} for label in Verdict.labels],
        "by_unit": [
            [row.unit.name, row.total, *(row.by_verdict[value] for value in Verdict.values), row.undecided]
            for row in tally.units
        ],
        "non_licence": tally.non_licence,
        "left": tally.undecided,
    }


def _index(
    request: HttpRequest,
    campaign: Campaign,
    *,
    problems: Problems = (),
    ticked: Collection[str] = (),
    form: SettleForm | None = None,
    unsaved: bool = False,
) -> HttpResponse:
    today = timezone.localdate()
    tally, stage = cleanup.tally(campaign, today), _stage(request, campaign)
    many = stage == turns.SETTLE and request.viewer.may(P.ITEM_DECIDE)
    size, at = MOST_AT_ONCE if many else PAGE, at_page(request)
    found = narrowed(request, turns.with_decision(turns.at_stage(request, campaign, stage), campaign))
    listed = list(found[at * size : at * size + size + 1])
    rows = [_row(request, campaign, power, ticked) for power in listed[:size]]
    number = request.GET.get("number", "")
    context = {
        **choices(request),
        **_tallied(tally),
        "campaign": campaign,
        "days_left": campaign.days_left(today),
        "stage": stage,
        "tabs": [
            (f"{title}（{turns.at_stage(request, campaign, key).count()}）", _link(request, key, number), key == stage)
            for key, title in turns.STAGES.items()
            if campaign.is_open or key == turns.DONE
        ],
        "rows": rows,
        "total": found.count(),
        "many": many and any("settle" in row["acts"] for row in rows),
        "form": form or SettleForm(),
        "query": _link(request, stage, number, page=at + 1),
        "newer_url": _link(request, stage, number, page=at) if at else "",
        "older_url": _link(request, stage, number, page=at + 2) if len(listed) > size else "",
        "waits": turns.waiting(request, campaign) if campaign.is_open else [],
        "may_edit": request.viewer.may(P.ITEM_EDIT),
        "problems": problems,
        "unsaved": unsaved,
        "earlier": Campaign.objects.visible_to(request.viewer).exclude(pk=campaign.pk),
    }
    return page(request, "desk/powers/cleanup.html", context, active="powers", status=422 if problems else 200)


def _link(request: HttpRequest, stage: str, number: str, page: int = 0) -> str:
    return kept(request, state=stage, number=number, page=page)


def _last_minutes(request: HttpRequest, campaign: Campaign) -> str:
    """The minutes this person registered last today: mostly one meeting decides about many powers."""
    rows = campaign.decisions.filter(settled_by=request.user, settled_at__date=timezone.localdate())
    return rows.order_by("-settled_at").values_list("minutes_number", flat=True).first() or ""


@staff_required()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The tally, and the powers by whose turn it is."""
    campaign = _chosen(request)
    if campaign is None:
        may = request.viewer.may(P.ITEM_EDIT)
        return page(request, "desk/powers/cleanup.html", {"campaign": None, "may_edit": may}, active="powers")
    return _index(request, campaign)


@staff_required(P.ITEM_EDIT)
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Open a campaign that the leading group ordered."""
    today = timezone.localdate()
    first = {"title": f"{today.year}年行政权力全面清理", "from_on": today, "to_on": today + timedelta(days=LENGTH)}
    form = CampaignForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        try:
            campaign = cleanup.open_campaign(town=request.town, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            said(form, refusal)
        else:
            return done(request, HERE, f"“{campaign.title}”已经启动，各单位的待办里有了要提意见的权力。")
    context = {"form": form, "running": turns.running(request)}
    return page(request, "desk/powers/begin.html", context, active="powers", status=422 if form.errors else 200)


@staff_required(P.ITEM_EDIT)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    campaign = _running(request)
    try:
        cleanup.close_campaign(campaign=campaign, by=request.user)
    except Refused as refusal:
        return _index(request, campaign, problems=[(None, refusal.message)])
    return done(request, HERE, f"“{campaign.title}”已经结束，结果都公开了。")


@staff_required(P.ITEM_DECIDE)
@require_POST
def settle_many(request: HttpRequest) -> HttpResponse:
    """What one meeting decided about the powers that are ticked, under one number; 全部勾上 ticks what was listed."""
    campaign = _running(request)
    if request.POST.get("act") == "all":
        form = SettleForm(initial={"minutes_number": request.POST.get("minutes_number", "")})
        return _index(request, campaign, ticked=set(request.POST.getlist("listed")), form=form, unsaved=True)
    ticked = codes(request, "power")[:MOST_AT_ONCE]
    form, problems = SettleForm(request.POST), []
    if form.is_valid():
        rows = PowerDecision.objects.filter(campaign=campaign, power__code__in=ticked).select_related("power")
        try:
            settled = cleanup.settle_all(decisions=list(rows), by=request.user, **form.cleaned_data)
        except Refused as refusal:
            problems = [(refusal.field, refusal.message)]
        else:
            minutes = form.cleaned_data["minutes_number"]
            return done(
                request, f"{HERE}?state={turns.SETTLE}", f"{len(settled)} 项权力的集体决定已经登记（{minutes}）。"
            )
    problems += [(name, sentence) for name, sentences in form.errors.items() for sentence in sentences]
    return _index(request, campaign, problems=problems, ticked=set(ticked), form=form, unsaved=True)


def _used_reasons(power: Power, campaign: Campaign) -> list[str]:
    """Reasons the unit gave in this clean-up, the last first: many powers of a unit are kept for the same reason."""
    rows = campaign.decisions.filter(power__unit=power.unit).order_by("-proposed_at").values_list("reason", flat=True)
    return list(dict.fromkeys(rows[:MOST_AT_ONCE]))[:USED_REASONS]


def _form(act: str, power: Power, row: PowerDecision | None, data: Any = None, minutes: str = "") -> forms.Form | None:
    if act == "propose":
        names = ("verdict", "reason", "change_note", "handed_to")
        before = {name: getattr(row, name) for name in names} if row else {}
        return ProposeForm(data, power=power, initial=before)
    if act == "send_back":
        return ReasonForm(data, prefix="back")
    return SettleForm(data, initial={"minutes_number": minutes}) if act == "settle" else None


def _turn(
    request: HttpRequest,
    campaign: Campaign,
    power: Power,
    *,
    bad: forms.Form | None = None,
    act: str = "",
    trouble: str = "",
) -> HttpResponse:
    rows = campaign.decisions.select_related("campaign", "proposed_by", "reviewed_by", "settled_by")
    row = rows.filter(power=power).first()
    acts = turns.open_acts(request, campaign, power, row)
    minutes = _last_minutes(request, campaign)
    stage = next((one for one in acts if one in turns.STAGES), "")
    following, left = turns.following(request, campaign, stage, power.code) if stage else (None, 0)
    decided = usage.last_decided(request.town)
    items = [
        (item.pk, item.code, item.facts.name)
        for item in power.items.filter(facts__isnull=False).select_related("facts")
    ]
    context = {
        "campaign": campaign,
        "power": power,
        "said": power_shown.decision(row) if row else None,
        "bases": power_shown.bases(power),
        "facts": power_shown.facts(power),
        "duties": power_shown.duties(power),
        "items": items,
        "last_used": max((decided[pk] for pk, *_ in items if pk in decided), default=None),
        "findings": [one.sentence for one in findings(request.town, about=power)],
        "acts": {one: bad if one == act and bad else _form(one, power, row, None, minutes) for one in acts},
        "reasons": _used_reasons(power, campaign) if "propose" in acts else [],
        "bad": bad,
        "act": act,
        "trouble": trouble,
        "stage": stage,
        "following": following,
        "left": left,
    }
    failed = bool(trouble or (bad and bad.errors))
    return page(request, "desk/powers/turn.html", context, active="powers", status=422 if failed else 200)


@staff_required()
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One power in the clean-up that runs: what is known of it, and the act that is this person's."""
    return _turn(request, _running(request), power_of(request, code))


_DONE = {
    "propose": "意见已经提出，等司法所审核",
    "review": "审核通过，等集体决定",
    "send_back": "已经退回，理由公开",
    "settle": "集体决定已经登记",
}
# Where the next one is looked for after an act.
_QUEUE = {"propose": turns.PROPOSE, "review": turns.REVIEW, "send_back": turns.REVIEW, "settle": turns.SETTLE}


@staff_required()
@require_POST
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """提意见, 审核, 退回, 登记集体决定; then the next power that waits for this person."""
    if act not in _DONE:
        raise Http404
    campaign, power = _running(request), power_of(request, code)
    row = campaign.decisions.filter(power=power).first()
    if row is None and act != "propose":
        return _turn(request, campaign, power, act=act, trouble="这项权力还没有提出意见。请刷新后再看。")
    form = _form(act, power, row, request.POST)
    if form is not None and not form.is_valid():
        return _turn(request, campaign, power, bad=form, act=act)
    try:
        _do(request, act, campaign, power, row, form.cleaned_data if form else {})
    except Refused as refusal:
        if form is None:
            return _turn(request, campaign, power, act=act, trouble=refusal.message)
        said(form, refusal)
        return _turn(request, campaign, power, bad=form, act=act)
    following, left = turns.following(request, campaign, _QUEUE[act], code)
    if following is None:
        return done(request, f"{HERE}?state={_QUEUE[act]}", f"“{power.name}”{_DONE[act]}。等您办的都办完了。")
    return done(request, f"{HERE}{following.code}", f"“{power.name}”{_DONE[act]}。下一项在这里，还有 {left} 项。")


def _do(
    request: HttpRequest, act: str, campaign: Campaign, power: Power, row: PowerDecision, typed: dict[str, Any]
) -> None:
    if act == "propose":
        cleanup.propose(campaign=campaign, power=power, by=request.user, **typed)
    elif act == "review":
        cleanup.review(decision=row, by=request.user)
    elif act == "send_back":
        cleanup.send_back(decision=row, by=request.user, **typed)
    else:
        cleanup.settle(decision=row, by=request.user, **typed)
