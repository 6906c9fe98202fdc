"""What stands in an account: cases and drafts of this town, what was sent, what fills in forms; and its end."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages as told
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from mingtang.accounts import actions, session
from mingtang.accounts import profile as profiles
from mingtang.accounts.models import Resident
from mingtang.cases.models import ApplicationDraft, Case
from mingtang.cases.shown import TONES
from mingtang.lib.errors import Refused
from mingtang.notices.enums import Channel
from mingtang.notices.models import Message
from mingtang.portal import opened
from mingtang.portal.forms import FindForm, ProfileForm, ReachForm
from mingtang.portal.views import account
from mingtang.subscriptions.actions import of_reach

MOST = 100  # rows of a list
MINE = ("我的办件", "/account/")
CLOSED = "请先勾选“我确定注销”，再点注销。"
View = Callable[..., HttpResponse]


def resident_required(view: View) -> View:
    """Nobody else: whoever is not logged in is asked for the number, and comes back."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if session.current(request) is None:
            wanted = request.path if request.method in {"GET", "HEAD"} else account.HOME
            return HttpResponseRedirect(f"/account/enter?next={wanted}")
        return view(request)

    return never_cache(answer)


def _me(request: HttpRequest) -> Resident:
    resident = session.current(request)
    assert resident is not None  # resident_required
    return resident


def _cases(request: HttpRequest) -> QuerySet[Case]:
    rows = Case.objects.filter(town=request.town, pk__in=_me(request).links.values("case"))
    return rows.select_related("version", "item", "town").order_by("-submitted_at", "-pk")


def _drafts(request: HttpRequest) -> QuerySet[ApplicationDraft]:
    rows = ApplicationDraft.objects.filter(town=request.town, pk__in=_me(request).drafts.values("draft"))
    return rows.filter(kept_until__gte=timezone.localdate()).select_related("version", "item").order_by("-kept_at")


def _messages(request: HttpRequest, cases: list[Case]) -> list[dict[str, Any]]:
    """What was sent about these cases, newest first."""
    numbers = {case.subject: case for case in cases}
    rows = Message.objects.filter(town=request.town, subject__in=numbers).exclude(channel=Channel.WEBHOOK)
    found = []
    for row in rows.select_related("key").order_by("-pk")[:MOST]:
        try:
            text = row.content["text"]
        except Refused:
            text = "内容已经按期销毁。"
        found.append({"message": row, "text": text, "case": numbers[row.subject]})
    return found


@resident_required
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Cases and drafts of this town; posts ``act`` = add (number and code) | drop (``case``)."""
    form = FindForm(request.POST if request.POST.get("act") == "add" else None)
    if request.method == "POST" and (answer := _changed(request, form)):
        return answer
    context = {
        "trail": [(MINE[0], None)],
        "resident": _me(request),
        "cases": [{"case": case, "tone": TONES.get(case.state, "now")} for case in _cases(request)[:MOST]],
        "most": MOST,
        "subscription": of_reach(request.town, _me(request).reach_hash),
        "drafts": list(_drafts(request)[:MOST]),
        "form": form,
    }
    return render(request, "portal/account/home.html", context, status=422 if form.errors else 200)


def _changed(request: HttpRequest, form: FindForm) -> HttpResponse | None:
    """None where the form says what is wrong."""
    if request.POST.get("act") == "drop":
        case = _cases(request).filter(number=request.POST.get("case", "")[:24]).first()
        if case is not None:
            actions.drop_case(resident=_me(request), case=case)
            told.success(request, f"{case.number} 拿掉了。办件照常办，凭编号和查询码随时能查。")
        return HttpResponseRedirect(account.HOME)
    if request.POST.get("act") != "add":
        raise Http404
    if not form.is_valid():
        return None
    try:
        case = opened.open_with_code(request.town, form.cleaned_data["number"], form.cleaned_data["code"])
        actions.add_case(resident=_me(request), case=case)
    except Refused as refusal:
        account.refuse(form, refusal)
        return None
    told.success(request, f"{case.number} 放进来了。以后不用再输查询码。")
    return HttpResponseRedirect(account.HOME)


@resident_required
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """All that was sent about one's cases; what is not here, the town did not send."""
    context = {"trail": [MINE, ("通知", None)], "rows": _messages(request, list(_cases(request)[:MOST]))}
    return render(request, "portal/account/messages.html", context)


@resident_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """What fills in forms; posts ``act`` = save | forget."""
    resident = _me(request)
    form = ProfileForm(request.POST if request.POST.get("act") == "save" else None, initial=resident.profile)
    if request.POST.get("act") == "forget":
        actions.save_profile(resident=resident, typed={})
        told.success(request, "删掉了，填过的信息已经销毁。")
        return HttpResponseRedirect("/account/profile")
    if form.is_bound and form.is_valid():
        try:
            typed = profiles.checked(form.cleaned_data, today=timezone.localdate())
            actions.save_profile(resident=resident, typed=typed)
        except Refused as refusal:
            account.refuse(form, refusal)
        else:
            told.success(request, "保存了。以后填申请，这些自动填好，当场还可以改。")
            return HttpResponseRedirect(account.HOME)
    context = {"trail": [MINE, ("常用信息", None)], "form": form, "saved": bool(resident.profile)}
    return render(request, "portal/account/profile.html", context, status=422 if form.errors else 200)


@resident_required
@require_http_methods(["GET", "POST"])
def number(request: HttpRequest) -> HttpResponse:
    """Another telephone or mailbox: first where the code goes."""
    form = ReachForm(request.POST or None)
    if request.method == "POST" and account.sent(request, form):
        return HttpResponseRedirect("/account/number/code")
    context = {"trail": [MINE, ("换号码", None)], "form": form, "now": _me(request).reach}
    return render(request, "portal/account/number.html", context, status=422 if form.errors else 200)


@resident_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def number_code(request: HttpRequest) -> HttpResponse:
    """Then the code. Every other browser is logged out."""
    held = account.waiting(request)
    if held is None:
        return HttpResponseRedirect("/account/number")

    def proved(typed: str) -> HttpResponse:
        resident = actions.move(resident=_me(request), code=held, typed=typed)
        session.begin(request, resident)
        account.forget(request)
        told.success(request, f"换好了，以后用 {resident.reach.masked} 登录。别的手机、电脑上都退出了。")
        return HttpResponseRedirect(account.HOME)

    page = {"trail": [MINE, ("换号码", None)], "title": "请输入新号码收到的验证码", "go": "换成这个号码"}
    return account.ask_code(request, held, proved, back="/account/number", **page)


@resident_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """All that the account holds in this town, to take along (个人信息保护法 45)."""
    resident, cases = _me(request), list(_cases(request))
    data = {
        "登录号码": resident.reach.to,
        "开立时间": timezone.localtime(resident.opened_at).isoformat(),
        "常用信息": resident.profile,
        "办件": [
            {
                "编号": case.number,
                "事项": case.version.name,
                "状态": case.state_title,
                "收件时间": timezone.localtime(case.submitted_at).isoformat(),
                "网址": f"{case.town.base_url}/cases/{case.number}/mine",
            }
            for case in cases
        ],
        "草稿": [{"事项": row.version.name, "保存到": row.kept_until.isoformat()} for row in _drafts(request)],
        "通知": [
            {"编号": row["case"].number, "方式": row["message"].get_channel_display(), "内容": row["text"]}
            for row in _messages(request, cases)
        ],
    }
    response = HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="account.json"'
    return response


@resident_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Delete the account. Cases and drafts stay and open with their codes."""
    unsure = CLOSED if request.method == "POST" and request.POST.get("confirm") != "yes" else ""
    if request.method == "POST" and not unsure:
        actions.close(resident=_me(request))
        session.end(request)
        return HttpResponseRedirect("/account/enter?closed=1")
    context = {"trail": [MINE, ("注销账户", None)], "unsure": unsure, "drafts": list(_drafts(request))}
    return render(request, "portal/account/close.html", context, status=422 if unsure else 200)
