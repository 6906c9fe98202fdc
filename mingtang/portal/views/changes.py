"""历次变动: every version of an item, what each changed in words, who approved it; and the off-list slips 出格单."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.lib.errors import Refused
from mingtang.lib.forms import form_token
from mingtang.lib.text import chinese_date
from mingtang.people.policies import posts_of
from mingtang.portal import common, keys, opened
from mingtang.portal.stored import depends_on, stored
from mingtang.rulebook import slips
from mingtang.rulebook.enums import Burden, VersionState
from mingtang.rulebook.models import Item, SlipDuty, Version
from mingtang.rulebook.states import VERSION

# Who did which act, as columns of a version, and the act whose powers the post must carry.
APPROVALS = (
    ("proposed", "提出", "propose"),
    ("basis", "核对依据", "check_basis"),
    ("reviewed", "合法性审核", "review"),
    ("decided", "登记集体决定", "decide"),
    ("head", "实施单位同意", "agree_head"),
    ("office", "党政办同意", "agree_office"),
    ("announced", "公布", "announce"),
)
TONES = {"announced": "today", "refused": "stop", "in_force": "done", "suspended": "paused", "cancelled": "stop"}
BURDEN_TONES = {Burden.NEW: "gold", Burden.UP: "late", Burden.SAME: "todo", Burden.DOWN: "done"}
PERSONS = tuple(f"{name}_by" for name, _, _ in APPROVALS)
EVENTS = ("announced_event", "published_event", "refused_event")


def _post(version: Version, name: str, act: str) -> str:
    """The post in which an act was done: pages show posts, never persons."""
    held = posts_of(getattr(version, f"{name}_by"), getattr(version, f"{name}_at"))
    fitting = [post for post in held if post.permissions.intersection(VERSION[act].powers)]
    return str((fitting or held)[0]) if held else "（岗位已变动）"


def _when(version: Version) -> str:
    if version.state == VersionState.ANNOUNCED:
        return f"自{chinese_date(version.effective_on)}起施行"
    if version.state == VersionState.REFUSED:
        return f"{chinese_date(timezone.localdate(version.refused_at))}不予通过"
    return f"{chinese_date(timezone.localdate(version.in_force_at))}起施行"


def _ground(version: Version) -> str:
    """Why there was no notice period, or how long it ran."""
    if version.initial:
        return f"首次编入目录：事项早已在办，这次只是公布出来，没有新加负担，公布当天施行（{version.minutes_number}）。"
    if version.notice_days:
        return f"公布满 {version.notice_days} 天才施行，公布到{chinese_date(version.posted_until)}。"
    return "没有增加负担，公布以后就可以施行。" if version.announced_at else ""


def _row(version: Version) -> dict[str, Any]:
    event = version.published_event or version.refused_event or version.announced_event
    return {
        "number": version.number,
        "name": version.name,
        "state": version.state_title,
        "tone": TONES.get(version.state, "todo"),
        "burden": version.burden_title,
        "burden_tone": BURDEN_TONES.get(version.burden, "todo"),
        "against": version.replaces.number if version.replaces else None,
        "when": _when(version),
        "ground": _ground(version) if version.state != VersionState.REFUSED else "",
        "refused": version.refused_reason,
        "ended": version.suspended_reason or version.cancelled_reason,
        "changes": [
            {
                "word": change.get_direction_display(),
                "tone": BURDEN_TONES.get(change.direction, "todo"),
                "sentence": change.sentence,
                "basis": f"《{change.law}》{change.article}（{change.get_level_display()}）" if change.law else "",
            }
            for change in version.changes.all()
        ],
        "approvals": [
            (title, _post(version, name, act), getattr(version, f"{name}_at"))
            for name, title, act in APPROVALS
            if getattr(version, f"{name}_by_id")
        ],
        "minutes": version.minutes_number,
        "decided_on": version.decided_on,
        "proof": common.proof(event),
    }


def _public_versions(request: HttpRequest, code: str) -> list[Version]:
    rows = Version.objects.visible_to(request.viewer).filter(item__code=code)
    related = ("item__town", "replaces", *PERSONS, *(f"{name}__sequenced" for name in EVENTS))
    return list(
        rows.select_related(*related)
        .prefetch_related("changes")
        .defer("data", "bpmn", "replaces__data", "replaces__bpmn")
        .order_by("-number")
    )


@stored()
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """All versions of an item that ran, are announced or were refused."""
    depends_on(f"item:{code}", keys.SITE)
    versions = _public_versions(request, code)
    if not versions:
        raise Http404
    item = Item.objects.select_related("current").get(pk=versions[0].item_id)
    name = item.current.name if item.current else versions[0].name
    known = item.current is not None
    context = {
        "trail": [("办事服务", "/services/"), (name, f"/services/{code}" if known else None), ("历次变动", None)],
        "item": {"title": name, "code": code, "url": f"/services/{code}" if known else ""},
        "versions": [_row(version) for version in versions],
        "slips": slip_state(item),
    }
    return render(request, "portal/changes/index.html", context)


def upcoming(item: Item) -> dict[str, Any] | None:
    """What is announced and not yet in force: shown on the guide while the notice runs."""
    version = (
        Version.objects.filter(item=item, state=VersionState.ANNOUNCED)
        .prefetch_related("changes")
        .defer("data", "bpmn")
        .order_by("effective_on")
        .first()
    )
    if version is None:
        return None
    return {
        "from": chinese_date(version.effective_on),
        "burden": version.burden_title,
        "sentences": [change.sentence for change in version.changes.all()],
        "url": f"/services/{item.code}/changes",
    }


def slip_state(item: Item) -> dict[str, Any]:
    """How often more was asked than the rule holds, and what its owner has to answer, with the days it is late."""
    duty = SlipDuty.objects.filter(item=item).select_related("unit").order_by("-pk").first()
    found: dict[str, Any] = {
        "recent": slips.recent(item),
        "url": f"/services/{item.code}/slip",
        "obstacle_url": f"/obstacles/new?item={item.code}",
    }
    if duty is None:
        return found
    if duty.closed_at is None:
        depends_on(keys.DAY)
    found["duty"] = {
        "unit": duty.unit.name,
        "due": duty.due_on,
        "open": duty.closed_at is None,
        "late": slips.days_late(duty),
        "answer": f"{duty.get_outcome_display()}{f'：{duty.note}' if duty.note else ''}" if duty.closed_at else "",
    }
    return found


# Slips ---------------------------------------------------------------------------------------------------------------


CASH = "在窗口要我交现金　　元。"


class SlipForm(forms.Form):
    """What a resident reports. No name is asked: the slip's number is their copy."""

    asked = forms.CharField(
        label="多要了什么",
        max_length=200,
        widget=forms.Textarea,
        help_text="例如：还要交一张村里的证明；多收了二十元。请不要写姓名、电话和身份证号码。",
        error_messages={"required": "请写明多要了什么。"},
    )
    why = forms.CharField(label="他们说为什么要", max_length=200, required=False, widget=forms.Textarea)


@never_cache
@require_http_methods(["GET", "POST"])
def slip_form(request: HttpRequest, code: str) -> HttpResponse:
    """Report what was asked beyond the guide: from the guide, or from one's own case (``?case=``)."""
    rows = Item.objects.visible_to(request.viewer).select_related("current__item__town")
    item = rows.filter(code=code).first()
    if item is None:
        raise Http404
    case = opened.opened_case(request, request.GET.get("case", "")[:24])
    case = case if case and case.item_id == item.pk else None
    begun = {"asked": CASH if request.GET.get("cash") else ""}
    form = SlipForm(request.POST if request.method == "POST" else None, initial=begun)
    token = str(form_token(request.POST.get("form_token", "")))
    if request.method == "POST" and form.is_valid():
        try:
            slip = slips.report(
                version=case.version if case else item.current,
                submission=token,
                case_number=case.number if case else "",
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return HttpResponseRedirect(f"/slips/{slip.number}")
    context = {
        "trail": [
            ("办事服务", "/services/"),
            (item.current.name, f"/services/{code}"),
            ("反映多要的材料、多收的钱", None),
        ],
        "item": {"title": item.current.name, "url": f"/services/{code}"},
        "case_number": case.number if case else "",
        "form": form,
        "form_token": token,
    }
    return render(request, "portal/changes/slip_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """The resident's copy: whoever holds the number may read it."""
    found = slips.held(request.town, number)
    if found is None:
        raise Http404
    code, name = found.version.item.code, found.version.name
    context = {
        "trail": [("办事服务", "/services/"), (name, f"/services/{code}"), ("出格单", None)],
        "slip": {
            "number": found.number,
            "item": name,
            "url": f"/services/{code}",
            "version": found.version.number,
            "source": found.get_source_display(),
            "asked": found.asked,
            "why": found.why,
            "post": str(found.post) if found.post else "",
            "case_number": found.case_number,
            "at": found.made_at,
        },
        "state": slip_state(found.version.item),
        "proof": common.proof(found.event),
        "qr": common.qr(f"{request.town.base_url}/slips/{found.number}", "扫一扫，看这张出格单"),
    }
    return render(request, "portal/changes/slip.html", context)
